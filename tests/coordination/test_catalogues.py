"""Every sentence is there in every language, says the same, and is used."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from msgspec import Struct

import coordination
from coordination import catalogues, short_forms
from coordination.access import Role
from coordination.bus.trouble import Trouble
from coordination.catalogues import label, say
from coordination.conversion import fields_of, kinds_by_tag, shape_of
from coordination.mailroom.asked import State
from coordination.mailroom.kept import Door, Reason, Settled
from coordination.service import SUBJECTS
from coordination.settings import LANGUAGES
from coordination.store.receiving import What
from coordination.upkeep import BuildState, Why
from coordination.web.application import PROBLEMS
from coordination.web.areas import Area
from coordination.web.blanks import Sort, item_of, sort_of
from coordination.web.form import without
from coordination.web.pages import TEMPLATES
from coordination.web.plan import FILTERS, VIEWS
from projections.editions import Removal
from projections.explanation import FACTS
from projections.mission_line import MissionLine
from projections.network import Waits
from projections.network_changes import ChangeKind
from projections.offices import ExplanationKind
from projections.policies import Documented
from projections.post_line import Basis, Cause, PostState
from schemas.action import ActionType, MissionChanges, MissionState, ProgrammeItem, Tag
from schemas.asking import Figure
from schemas.co_organisation import Standing, Terms
from schemas.policy import PolicyTopic
from schemas.post import PostChanges
from schemas.recorded_event import AnyCommand, AnyEvent
from schemas.review import Verdict
from schemas.vocabulary import THREE, Qualifier, Sector, Title

CODE = Path(coordination.__file__).parent
VOCABULARIES: dict[str, type[StrEnum] | tuple[type[StrEnum], ...]] = {
    "action": ActionType,
    "area": Area,
    "asked": State,
    "basis": Basis,
    "build": BuildState,
    "cause": Cause,
    "change": ChangeKind,
    "documented": Documented,
    "door": Door,
    "figure": Figure,
    "misfit": What,
    "offices": ExplanationKind,
    "parked": Why,
    "programme": ProgrammeItem,
    "qualifier": Qualifier,
    "removal": Removal,
    "role": Role,
    "sector": Sector,
    "settled": Settled,
    "standing": Standing,
    "state": (MissionState, PostState),
    "tag": Tag,
    "topic": PolicyTopic,
    "verdict": Verdict,
    "waits": Waits,
    "why": Reason,
}
# The fields of a mission that a difference between two plans never names.
NEVER_DIFFER = {"chain", "corrections"}
REASON = re.compile(r"(access|cycle|explain|mission|policy|post|review)\.[a-z-]+")
# Keys that code writes whole.
WRITTEN = re.compile(
    r"(asked|audit|bus|command|copy|demo|import|ledger|mailroom|message|node|parked|projections|setting"
    r"|store|token|verify|word|claim)"
    r"\.[a-z0-9-]+"
)
ON_A_PAGE = re.compile(r"web\.[a-z-]+")
# `say("web.skip")`; what stands in a vocabulary is said by its label.
SAID = re.compile(r"""\bsay\(\s*(["'])([a-z0-9.-]+)\1(?!\s*~)""")
ANSWERED = re.compile(r'label\("web\.say", "([a-z-]+)"\)')
SHOWN = re.compile(
    r"(plan|september|june|editions|difference|offices|coverage|review|policies|history"
    r"|explanation)\.[a-z-]+"
)


def vocabulary_keys() -> Iterator[str]:
    yield from (
        f"{vocabulary}.{agency}" for vocabulary in ("agency", "letters") for agency in THREE
    )
    for vocabulary, kinds in VOCABULARIES.items():
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            yield from (f"{vocabulary}.{member}" for member in kind)


def message_keys() -> Iterator[str]:
    yield from (f"event.{tag}" for tag in kinds_by_tag(AnyEvent))
    yield from (f"asks.{tag}" for tag in kinds_by_tag(AnyCommand))
    yield from Reason
    yield from (f"trouble.{one}" for one in Trouble)
    yield "event.with-reason"
    named = {field.name for field in (*fields_of(MissionChanges), *fields_of(PostChanges))}
    named |= {field.name for field in fields_of(MissionLine)} - NEVER_DIFFER
    named |= {"state", "tag", "regions"}
    named |= {name for of_line in FACTS.values() for name in of_line}
    named |= {name for kind in kinds_by_tag(AnyCommand).values() for name in asked_below(kind)}
    yield from ("field." + name.replace("_", "-") for name in named)
    yield from (f"ask.{tag}" for tag in kinds_by_tag(AnyCommand))
    yield from ("terms." + field.name.replace("_", "-") for field in fields_of(Terms))
    yield from ("period.half-1", "period.half-2", "period.undated", "claim")


def asked_below(kind: type[Struct]) -> Iterator[str]:
    """The blanks of a form; a title is asked by its languages, a period as a whole."""
    for field in fields_of(kind):
        if field.name in without(kind):
            continue
        yield field.name
        shape = shape_of(field.annotation)
        if sort_of(field.name, shape) is Sort.ROWS:
            shape = item_of(shape)
        if sort_of(field.name, shape) is Sort.GROUP and shape.alternatives[0] is not Title:
            yield from asked_below(shape.alternatives[0])


def expected_keys() -> Iterator[str]:
    """What conversion can ask for."""
    doors = ("commands.py", "other_commands.py", "copying.py")
    for tree in trees("conversion.py", *(f"cli/{file}" for file in doors)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in ("note", "Problem"):
                key = node.args[2]
                yield from (
                    f"expected.{one.value!s}" for one in [key] if isinstance(one, ast.Constant)
                )
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                key = node.value.elts[0]  # of what a leaf allows
                yield from (
                    f"expected.{one.value!s}" for one in [key] if isinstance(one, ast.Constant)
                )
    forms = {kind.__name__.lower() for kind in short_forms.READERS}
    yield from (f"expected.form-{form}" for form in (*forms, "period", "json", "agency", "country"))
    yield from ("expected.agency", "expected.country")
    yield from (f"expected.rule-{rule}" for rule in ("period", "title", "money"))
    for number in ("number", "whole-number"):
        yield from (f"expected.{number}{bound}" for bound in ("", "-from", "-between"))


def rejection_keys() -> Iterator[str]:
    for text in constants("deciders", "service.py", "questions.py"):
        if REASON.fullmatch(text):
            yield f"rejection.{text}"


def written_keys() -> Iterator[str]:
    for text in constants(
        "bus",
        "cli",
        "demo",
        "importing",
        "mailroom",
        "store",
        "reading.py",
        "wording.py",
        "sentences.py",
    ):
        if WRITTEN.fullmatch(text) and not text.endswith((".py", ".sqlite", ".nk", ".env")):
            yield text
    for text in constants("cli/tables"):
        if SHOWN.fullmatch(text):
            yield text


def page_keys() -> Iterator[str]:
    for file in TEMPLATES.glob("*.html"):
        yield from (key for _, key in SAID.findall(file.read_text()))
        yield from (f"web.say.{word}" for word in ANSWERED.findall(file.read_text()))
    said = constants("web", "cli/serving.py") - {"web.language", "web.say"}  # a vocabulary
    yield from (text for text in said if ON_A_PAGE.fullmatch(text))
    yield from (f"web.filter.{name}" for name in FILTERS)
    yield from (f"precision.{one}" for one in Qualifier)
    yield from (f"web.view.{name}" for name in VIEWS)
    yield from (f"web.language.{code}" for code in LANGUAGES)
    yield from (f"web.problem.{code}" for code in PROBLEMS)
    yield from (f"web.subject.{subject}" for subject in SUBJECTS)


def table_keys() -> Iterator[str]:
    """The headings: each tuple of words that a table is given as its columns."""
    for tree in trees("cli/tables"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple) and node.elts:
                words = [one.value for one in node.elts if isinstance(one, ast.Constant)]
                if len(words) == len(node.elts) and all(isinstance(word, str) for word in words):
                    yield from (f"table.{word!s}" for word in words)
    yield "table.illustrative-note"
    yield "table.country"  # before a column for each agency


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


@cache
def trees(*places: str) -> tuple[ast.Module, ...]:
    files = [
        file
        for place in places
        for file in ([CODE / place] if place.endswith(".py") else (CODE / place).rglob("*.py"))
    ]
    return tuple(ast.parse(file.read_text()) for file in files)


def constants(*places: str) -> set[str]:
    return {
        node.value
        for tree in trees(*places)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def needed() -> frozenset[str]:
    return frozenset(
        {
            *vocabulary_keys(),
            *message_keys(),
            *expected_keys(),
            *rejection_keys(),
            *written_keys(),
            *page_keys(),
            *table_keys(),
        }
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_written_and_none_is_for_nothing(language: str) -> None:
    written = set(catalogues.keys(language))
    assert {"missing": needed() - written, "unused": written - needed()} == {
        "missing": set(),
        "unused": set(),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_the_same_in_every_language(language: str) -> None:
    own, english = catalogues.keys(language), catalogues.keys("en")
    assert {key: placeholders(forms) for key, forms in own.items()} == {
        key: placeholders(forms) for key, forms in english.items()
    }


def test_every_form_of_a_sentence_names_the_same() -> None:
    for language in LANGUAGES:
        for key, forms in catalogues.keys(language).items():
            assert len({placeholders((form,)) for form in forms}) == 1, key


def test_a_rejection_names_only_what_its_rule_says() -> None:
    said: dict[str, set[str]] = {}
    for tree in trees("deciders", "questions.py"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == "Rejected":
                reason = node.args[0]
                if isinstance(reason, ast.Constant):
                    parameters = {str(keyword.arg) for keyword in node.keywords}
                    known = said.setdefault(str(reason.value), parameters)
                    said[str(reason.value)] = known & parameters
    sentences = catalogues.keys("en")
    unsaid = {
        reason: placeholders(sentences[f"rejection.{reason}"]) - parameters
        for reason, parameters in said.items()
    }
    assert {reason: missing for reason, missing in unsaid.items() if missing} == {}


def placeholders(forms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        field for form in forms for _, field, _, _ in Formatter().parse(form) if field is not None
    )


@pytest.mark.parametrize(
    "language, sentence",
    [
        ("fr", "Cela revient à hub.brussels, qui mène la mission, et non à AWEX."),
        ("nl", "Dit is aan hub.brussels, dat de zending leidt, en niet aan AWEX."),
        ("de", "Das ist Sache von hub.brussels, das die Mission leitet, nicht von AWEX."),
        ("en", "This is for hub.brussels, which leads the mission, and not for AWEX."),
    ],
)
def test_agencies_are_called_by_their_names(language: str, sentence: str) -> None:
    assert say("rejection.mission.not-the-leader", language, leader="hub", agency="awex") == (
        sentence
    )


@pytest.mark.parametrize(
    "language, posts, sentence",
    [
        ("fr", ("post-hub-oslo",), "pas encore passés en revue : post-hub-oslo."),
        (
            "fr",
            ("post-a", "post-b", "post-c"),
            "pas encore passés en revue : post-a, post-b et post-c.",
        ),
        ("nl", ("post-a", "post-b"), "nog niet doorgelicht: post-a en post-b."),
    ],
)
def test_several_values_are_listed(language: str, posts: tuple[str, ...], sentence: str) -> None:
    said = say("rejection.review.posts-not-gone-through", language, posts=posts)
    assert said.endswith(sentence)


def test_a_day_is_written_as_the_reader_does() -> None:
    assert say("rejection.post.closed", "nl", post="post-hub-oslo", on="2026-12-31") == (
        "De post post-hub-oslo is gesloten sinds 31 dec 2026."
    )


def test_what_somebody_wrote_stays_as_it_was_written() -> None:
    assert say(
        "command.problem", "en", field="--effective", given="2026-02-30", expected="a day"
    ) == ("--effective: “2026-02-30” – a day")


@pytest.mark.parametrize(
    "language, count, sentence",
    [
        ("en", 0, "0 events recorded."),
        ("en", 1, "1 event recorded."),
        ("en", 2, "2 events recorded."),
        ("fr", 0, "0 événement enregistré."),
        ("fr", 1, "1 événement enregistré."),
        ("fr", 2, "2 événements enregistrés."),
        ("nl", 1, "1 gebeurtenis geregistreerd."),
        ("de", 0, "0 Ereignisse aufgezeichnet."),
    ],
)
def test_a_count_decides_on_the_form(language: str, count: int, sentence: str) -> None:
    assert say("import.kept", language, count=count) == sentence


def test_a_code_of_a_new_agency_stands_for_itself() -> None:
    assert label("agency", "ostbelgien", "de") == "OSTBELGIEN"


def test_what_nobody_wrote_stays_visible() -> None:
    assert say("rejection.mission.dances", "fr") == "rejection.mission.dances"
    assert say("rejection.mission.unknown", "en") == "There is no mission {mission}."

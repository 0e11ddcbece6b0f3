"""A command as a form: one for all commands, made from the message itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

import msgspec
from msgspec import Struct

from coordination import reference
from coordination.conversion import (
    Field,
    Malformed,
    Problem,
    Shape,
    allowed,
    fields_of,
    kinds_by_tag,
    read,
    shape_of,
)
from coordination.web import blanks
from coordination.web.blanks import Gathered, Given, Sort
from coordination.web.visit import Visit
from coordination.wording import Reader
from schemas.action import MissionChanges
from schemas.cycle import PublishEdition
from schemas.message import Command
from schemas.post import PostChanges
from schemas.recorded_event import AnyCommand
from schemas.review import OpenReview
from schemas.vocabulary import Title

KINDS: Mapping[str, type[Command]] = MappingProxyType(kinds_by_tag(AnyCommand))  # type: ignore[arg-type]
CHANGES = (MissionChanges, PostChanges)

# What the door fills in, and what the service alone knows.
_FILLED: Mapping[type[Struct], tuple[str, ...]] = MappingProxyType(
    {PublishEdition: ("by", "heads"), OpenReview: ("by", "posts")}
)
_NEW = frozenset({"mission.publish", "post.announce", "policy.adopt"})  # begin a stream
_EXACTLY = ("latitude", "longitude")  # not asked of people; what came with them stays
FEW = 4  # blanks that may stay empty and need no fold


class Blank(Struct, frozen=True, kw_only=True):
    """One thing to fill in, as a template shows it; `within` are the parts of a group or the rows
    of a list."""

    sort: Sort
    name: str
    label: str
    hint: str = ""
    needed: bool = False
    values: tuple[str, ...] = ()
    usual: str = ""  # what stands there where nobody says anything else
    options: tuple[tuple[str, str], ...] = ()
    within: tuple["Blank", ...] = ()
    parts: Mapping[str, str] = {}  # of a period: what its days hold
    mistakes: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def used(self) -> bool:
        """Whether something stands there, right or wrong."""
        said = self.value != self.usual and self.sort is not Sort.GROUP
        return bool(said or self.mistakes or any(self.parts.values())) or any(
            one.used for one in self.within
        )

    @property
    def id(self) -> str:
        return f"blank-{self.name.replace('.', '-')}"


class Mistake(Struct, frozen=True):
    """`name` is the blank, empty where it is of the whole form."""

    name: str
    words: str


def without(kind: type[Struct]) -> tuple[str, ...]:
    return _FILLED.get(kind, ("by",))


def subject(kind: type[Command]) -> str:
    """The field that says which thing a command is about: `mission`."""
    return str(kind.__struct_config__.tag).partition(".")[0]


def read_form(
    kind: type[Command], given: Given, visit: Visit, before: Mapping[str, Any]
) -> tuple[AnyCommand | None, list[Mistake]]:
    """The command of a form, or all that is wrong with it. `before` is what the form said when it
    was handed out: of changes only those are asked that were made since."""
    found = blanks.gathered(kind, given, without(kind))
    plain = {**found.plain, "by": visit.agency}
    plain.setdefault("effective", visit.today.isoformat())
    if "changes" in {field.name for field in fields_of(kind)}:
        plain = _only_changes(kind, plain, before)
    if (of := subject(kind)) not in plain and str(kind.__struct_config__.tag) in _NEW:
        plain[of] = _proposed(of, plain, visit)
    try:
        command: AnyCommand = read(kind, plain, visit.service.known, text=True)  # type: ignore[assignment]
    except Malformed as malformed:
        return None, [_mistake(one, found, visit.reader) for one in malformed.problems]
    return command, []


def _mistake(problem: Problem, found: Gathered, reader: Reader) -> Mistake:
    allowed_words = reader.expected(f"expected.{problem.expected}", problem.parameters)
    if not problem.given:
        return Mistake(found.blank(problem.field), allowed_words)
    words = reader.say("web.given", given=problem.given, expected=allowed_words)
    return Mistake(found.blank(problem.field), words)


def _only_changes(
    kind: type[Struct], plain: dict[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """What was taken away is said, too: null, or none."""
    now: dict[str, Any] = plain.pop("changes", {})
    shapes = {
        field.name: shape_of(field.annotation)
        for outer in fields_of(kind)
        if outer.name == "changes"
        for field in fields_of(shape_of(outer.annotation).alternatives[0])
    }
    changes: dict[str, Any] = {}
    for name, shape in shapes.items():
        if now.get(name) != before.get(name):
            several = blanks.sort_of(name, shape) in (Sort.ROWS, Sort.CHOICES)
            changes[name] = now.get(name, [] if several else None)
    return {**plain, "changes": changes} if changes else plain


def _proposed(of: str, plain: Mapping[str, Any], visit: Visit) -> str:
    """An identifier for what is new, from what is said of it; its owner is who asks."""
    period = str(plain.get("period", ""))
    year = period[:4] if period[:4].isdecimal() else ""
    place: Mapping[str, Any] = next(iter(plain.get("places", [])), {})
    words = [place.get("city") or place.get("country") or "", plain.get("topic", "")]
    named = [_plain_letters(str(one)) for one in (year, *words) if one]
    return "-".join([of, visit.agency, *filter(None, named)])


def _plain_letters(words: str) -> str:
    letters = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(one if one.isalnum() else " " for one in letters).split())


class Form(Struct, frozen=True):
    """What is to be filled in of a command, with what was, and with its mistakes."""

    visit: Visit
    kind: type[Command]
    given: Given
    mistakes: Sequence[Mistake] = ()
    more: str = ""  # the list that is to have another row

    def blanks(self, fixed: Collection[str] = ()) -> tuple[list[Blank], list[Blank]]:
        """Those to be shown at once, and those that may stay empty where there are many."""
        found = list(self._of(self.kind, "", True, {*without(self.kind), *fixed}))
        found.sort(key=lambda one: one.name == "effective")
        further = [one for one in found if not one.needed]
        if len(further) <= FEW:
            return found, []
        return [one for one in found if one.needed], further

    def _of(
        self, kind: type[Struct], name: str, needed: bool, passed_over: Collection[str] = ()
    ) -> Iterator[Blank]:
        for field in fields_of(kind):
            at = blanks.below(name, field.name)
            if field.name not in passed_over and (field.name not in _EXACTLY or at in self.given):
                yield self._blank(field, shape_of(field.annotation), kind, name, needed)

    def _blank(
        self, field: Field, shape: Shape, kind: type[Struct], name: str, needed: bool
    ) -> Blank:
        new = field.name == subject(self.kind) and str(self.kind.__struct_config__.tag) in _NEW
        return self._one(
            field.name,
            shape,
            blanks.below(name, field.name),
            label=self._label(kind, field.name),
            needed=needed and field.required and not shape.optional and not new,
            by_itself=blanks.by_itself(field),
            new=new,
            nobody=blanks.may_be_null(field),
        )

    def _one(
        self,
        field: str,
        shape: Shape,
        name: str,
        *,
        label: str,
        needed: bool,
        by_itself: str | None = None,
        new: bool = False,
        nobody: bool = False,
    ) -> Blank:
        sort = blanks.sort_of(field, shape)
        values = tuple(self.given.get(name, ())) or ((by_itself,) if by_itself else ())
        if field == "effective" and not values:
            values = (self.visit.today.isoformat(),)
        within: tuple[Blank, ...] = ()
        parts = {}
        if sort is Sort.GROUP:
            within = tuple(self._of(shape.alternatives[0], name, needed))
        elif sort is Sort.ROWS:
            within = self._rows(field, blanks.item_of(shape), name, label)
        elif sort in (Sort.PERIOD, Sort.DAYS):
            parts = {
                part: next(iter(self.given.get(f"{name}.{part}", ())), "")
                for part in ("start", "end")
            }
        return Blank(
            sort=sort,
            name=name,
            label=label,
            hint=" ".join(self._hints(shape, sort, new, nobody)),
            needed=needed,
            values=values,
            usual=by_itself or "",
            options=self._options(shape, sort, values),
            within=within,
            parts=parts,
            mistakes=tuple(one.words for one in self.mistakes if one.name == name),
        )

    def _rows(self, field: str, item: Shape, name: str, label: str) -> tuple[Blank, ...]:
        numbers = blanks.rows_of(name, self.given) or [0]
        if self.more == name:
            numbers.append(numbers[-1] + 1)
        return tuple(
            self._one(
                field,
                item,
                f"{name}.{number}",
                label=self.visit.reader.say("web.row", label=label, number=str(place)),
                needed=False,
            )
            for place, number in enumerate(numbers, start=1)
        )

    def _label(self, kind: type[Struct], field: str) -> str:
        if kind is Title:
            return self.visit.reader.label("web.language", field)
        return self.visit.reader.say(f"field.{blanks.named(field)}")

    def _hints(self, shape: Shape, sort: Sort, new: bool, nobody: bool) -> Iterator[str]:
        reader = self.visit.reader
        if new:
            yield reader.say("web.hint-new", example=str(shape.said("examples")[0]))
        elif sort is Sort.PERIOD:
            yield reader.say("web.hint-period")
        elif (sort is Sort.TEXT and shape.said("pattern")) or shape.said("le") is not None:
            key, parameters = allowed(shape)
            yield reader.expected(f"expected.{key}", parameters)
        elif (shape.said("description") or "").startswith("an organisation"):
            yield reader.say("web.hint-organisation")
        if nobody:
            yield reader.say("web.hint-nobody")

    def _options(
        self, shape: Shape, sort: Sort, chosen: Sequence[str]
    ) -> tuple[tuple[str, str], ...]:
        """Of several, those that are chosen come first: their order says which matters most."""
        if sort is Sort.YES_NO:
            reader = self.visit.reader
            return ("true", reader.say("word.yes")), ("false", reader.say("word.no"))
        if sort is Sort.CHOICES:
            options = self._vocabulary(blanks.item_of(shape))
            places = {code: place for place, code in enumerate(chosen)}
            return tuple(sorted(options, key=lambda one: places.get(one[0], len(places))))
        return self._vocabulary(shape) if sort is Sort.CHOICE else ()

    def _vocabulary(self, shape: Shape) -> tuple[tuple[str, str], ...]:
        of = blanks.vocabulary_of(shape)
        match of:
            case "agency":
                known = self.visit.service.settings.known
                return tuple((one, self.visit.reader.agency(one)) for one in known)
            case "country":
                return countries(self.visit.reader.language)
        assert isinstance(of, type)
        vocabulary = _VOCABULARIES[of.__name__]
        return tuple((str(one), self.visit.reader.label(vocabulary, str(one))) for one in of)


# The labels of the enumerations that commands use.
_VOCABULARIES: Mapping[str, str] = MappingProxyType(
    {
        "ActionType": "action",
        "PolicyTopic": "topic",
        "ProgrammeItem": "programme",
        "Qualifier": "precision",
        "Sector": "sector",
        "Verdict": "verdict",
    }
)


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Every country with its name, in the order of its reader."""
    named = [(code, reference.country_name(code, language)) for code in reference.countries()]
    return tuple(sorted(named, key=lambda one: normalize("NFD", one[1])))


def encoded(plain: Mapping[str, Any]) -> str:
    return msgspec.json.encode(plain).decode()

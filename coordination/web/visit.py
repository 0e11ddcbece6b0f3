"""One request of one reader: what they ask, at which moment, and where their links lead."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias, TypeVar
from unicodedata import normalize
from urllib.parse import quote, urlencode

from litestar.di import NamedDependency
from msgspec import Struct
from msgspec.structs import replace

from coordination.conversion import read
from coordination.service import Service
from coordination.web.accounts import Person
from coordination.wording import Reader
from projections.post_line import PostLine
from projections.read_model import Moment
from schemas.asking import Question
from schemas.message import subject_of
from schemas.vocabulary import Agency, Country

Asked = TypeVar("Asked", bound=Question)

MOMENT = ("as-of", "known-on")  # carried along by every link


class Shown(Struct, frozen=True):
    """A figure on a page: its value, `words` for what it counts, and where its lines are."""

    value: int
    words: str
    address: str


class Times(Question, frozen=True, kw_only=True, tag="times"):
    """The moment alone, of a page that asks several questions or none."""


class Visit(Struct, frozen=True, kw_only=True):
    """`path` is below the language, `query` as it was written."""

    reader: Reader
    service: Service
    path: str
    query: Mapping[str, str]
    today: date
    person: Person | None
    csrf: str

    @property
    def agency(self) -> Agency:
        """The agency of who is signed in: what waits, waits for it."""
        assert self.person is not None, "only pages that anybody may see have no person"
        return self.person.agency

    def question(self, kind: type[Asked], *apart: str, **named: str) -> Asked:
        """
        The question of an address: `named` are in its path, the others in its query.

        `apart` are parameters of the page and not of the question. Raises Malformed.
        """
        said = {
            name.replace("-", "_"): value
            for name, value in self.query.items()
            if value and name not in apart
        }
        return read(kind, {**said, **named}, self.service.known, text=True)

    def times(self, *apart: str) -> Times:
        return self.question(Times, *apart)

    def moment(self, *apart: str) -> Moment:
        asked = self.times(*apart)
        return Moment(as_of=asked.as_of or self.today, known_on=asked.known_on)

    def posts(self, *apart: str) -> Mapping[str, PostLine]:
        """Every post by its stream, once all that is decided is so: pages call a post by its city,
        one that is still to open too."""
        later = replace(self.moment(*apart), as_of=None)
        return self.service.questions.posts(later).lines

    def countries(self, codes: Iterable[Country]) -> tuple[tuple[Country, str], ...]:
        """Each with its name, in the order in which the reader looks for it."""
        named = ((code, self.reader.country(code)) for code in codes)
        return tuple(sorted(named, key=lambda one: alphabetical(one[1])))

    @property
    def in_time(self) -> dict[str, str]:
        """What of the address says at which moment the reader looks."""
        return {name: self.query[name] for name in MOMENT if self.query.get(name)}

    @property
    def when(self) -> str:
        """The moment the reader looks at, in words; what is no day as it was written."""
        words = {"as-of": "web.time-as-of", "known-on": "web.time-known-on"}
        return " · ".join(
            self.reader.say(words[name], day=self._worded(written))
            for name, written in self.in_time.items()
        )

    def _worded(self, written: str) -> str:
        try:
            return self.reader.day(date.fromisoformat(written))
        except ValueError:
            return written

    @property
    def day(self) -> date:
        """The day the reader looks at, by which links choose their year."""
        try:
            return date.fromisoformat(self.in_time.get("as-of", ""))
        except ValueError:
            return self.today

    def to(self, *path: object, **query: object) -> str:
        """The address of a page in the reader's language, at the same moment."""
        return address(self.reader.language, path, {**_named(query), **self.in_time})

    def to_command(self, command: str, given: Mapping[str, Any]) -> str:
        """The form of a command with what is filled in already; not at another moment than now."""
        said = {name.replace("_", "-"): value for name, value in given.items()}
        query = urlencode(said, doseq=True)
        return address(self.reader.language, [command], {}) + (f"?{query}" if query else "")

    def to_stream(self, stream: str) -> str:
        page = "mission" if subject_of(stream) == "mission" else "explain"
        return self.to(page, stream)

    def here(self, **changes: object) -> str:
        """This page with other values of its query; None takes one away."""
        return address(self.reader.language, [self.path], {**self.query, **_named(changes)})

    def figure(self, name: str, value: int, words: str = "", **of: object) -> Shown:
        """Leads to the lines behind it, by its name, such as `plan.missions`."""
        words = words or self.reader.label("figure", name)
        return Shown(value, words, self.to("explain", "figure", name, **of))

    def now(self) -> str:
        """This page as things stand today."""
        kept = {name: value for name, value in self.query.items() if name not in MOMENT}
        return address(self.reader.language, [self.path], kept)

    def in_language(self, language: str) -> str:
        return address(language, [self.path], self.query)


Visiting: TypeAlias = NamedDependency[Visit]  # how a handler names it


def alphabetical(word: str) -> str:
    """É stands with E, where a reader looks for it."""
    return normalize("NFD", word).casefold()


def address(language: str, path: Iterable[object], query: Mapping[str, object]) -> str:
    parts = "/".join(quote(str(part), safe="/") for part in path)
    said = {name: value for name, value in query.items() if value not in (None, "")}
    return f"/{language}/{parts}" + (f"?{urlencode(said)}" if said else "")


def _named(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in query.items()}

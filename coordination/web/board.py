"""The September board, drawn in parts: what changed is sent to those who look, and nothing else.

What people of one agency see in one language is the same for all of them, so it is drawn once.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from threading import Lock
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from coordination.web import offers
from coordination.web.form import Mistake
from coordination.web.pages import drawn
from coordination.web.visit import Visit
from projections.mission_line import CoOrganisation
from projections.september import BoardRow, September
from schemas.asking import AskSeptember
from schemas.co_organisation import (
    AcceptCoOrganisation,
    CounterProposeCoOrganisation,
    DeclineCoOrganisation,
    RequestCoOrganisation,
    Standing,
    Terms,
    WithdrawCoOrganisation,
)
from schemas.message import name
from schemas.period import Year, bounds
from schemas.vocabulary import Agency

WISH, WITHDRAW, ACCEPT, COUNTER, NO = (
    name(kind)
    for kind in (
        RequestCoOrganisation,
        WithdrawCoOrganisation,
        AcceptCoOrganisation,
        CounterProposeCoOrganisation,
        DeclineCoOrganisation,
    )
)
IN_PLACE = (WISH, WITHDRAW, ACCEPT, COUNTER, NO)
TOKEN = "_the_token_of_who_looks_"  # each browser has its own, which is put in last
LAST = (9999, 12, 31)

Key: TypeAlias = tuple[Year, str, Agency | None, bool]


class Drawn(Struct, frozen=True):
    """Parts of the board by the id of their element, in order; `mark` tells one drawing from the
    next."""

    parts: Mapping[str, str]
    mark: str

    def since(self, before: "Drawn") -> str:
        """What brings a page that shows `before` up to here."""
        if [*self.parts] != [*before.parts]:
            return self.whole()
        return "".join(
            _sent(part, html) for part, html in self.parts.items() if before.parts[part] != html
        )

    def whole(self) -> str:
        rows = "".join(html for part, html in self.parts.items() if part.startswith("row-"))
        others = (part for part in self.parts if not part.startswith("row-"))
        return _sent("rows", rows, "innerMorph") + "".join(
            _sent(part, self.parts[part]) for part in others
        )

    def unless(self, mark: str) -> str:
        return "" if self.mark == mark else self.whole()

    def of(self, *parts: str) -> str:
        return "".join(_sent(part, self.parts[part]) for part in parts if part in self.parts)


def _sent(part: str, html: str, how: str = "outerMorph") -> str:
    return f'<hx-partial hx-target="#{escape(part)}" hx-swap="{how}">{html}</hx-partial>'


class Boards:
    """The last drawing of each board."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._last: dict[Key, tuple[int, list[tuple[BoardRow, str]], Drawn]] = {}

    def drawn(
        self, visit: Visit, year: Year, large: bool, rings: int, *, anew: bool = False
    ) -> Drawn:
        """As it was when the bell had rung so often, or later; `anew`: as it is now, for who knows
        of something that the bell has not rung for yet."""
        may = not large and offers.role_for(visit, WISH) is not None and not visit.in_time
        key = (year, visit.reader.language, visit.agency if may else None, large)
        with self._turn:
            known = self._last.get(key)
            if visit.in_time:
                return _draw(visit, year, large, may, {})[1]
            if known is not None and known[0] >= rings and not anew:
                return known[2]
            before = {row.mission: (row, html) for row, html in known[1]} if known else {}
            everybody = replace(visit, path=f"september/{year}", query={}, csrf=TOKEN)
            rows, last = _draw(everybody, year, large, may, before)
            self._last[key] = (rings, rows, last)
            return last


def _draw(
    visit: Visit,
    year: Year,
    large: bool,
    may: bool,
    before: Mapping[str, tuple[BoardRow, str]],
) -> tuple[list[tuple[BoardRow, str]], Drawn]:
    answer = asked(visit, year)
    rows = []
    for row in in_order(answer):
        known = before.get(row.mission)
        html = known[1] if known and known[0] == row else None
        rows.append((row, html or row_of(visit, year, row, may=may, large=large)))
    parts = {
        "counts": drawn(visit, "board_counts.html", answer=answer, year=year),
        "agenda": drawn(visit, "board_agenda.html", rows=open_ones(answer)),
        **{part(row.mission): html for row, html in rows},
    }
    mark = sha256("".join(parts.values()).encode()).hexdigest()[:16]
    return rows, Drawn(parts, mark)


def asked(visit: Visit, year: Year) -> September:
    moment = visit.moment("view")
    answer: September = visit.service.answer(
        AskSeptember(year=year, as_of=moment.as_of, known_on=moment.known_on)
    )
    return answer


class Said(Struct, frozen=True):
    """What somebody typed into a row, in answer to what, and what is wrong with it."""

    mistakes: Sequence[Mistake] = ()
    typed: Mapping[str, str] = {}
    opened: str = ""


UNSAID = Said()


def row_of(
    visit: Visit, year: Year, row: BoardRow, *, may: bool, large: bool = False, said: Said = UNSAID
) -> str:
    return drawn(
        visit,
        "board_row.html",
        row=row,
        year=year,
        part=part(row.mission),
        large=large,
        choices=choices(row, visit.agency) if may else [],
        terms=_terms_put(row, visit.agency),
        said=said,
    )


def corrected(visit: Visit, year: Year, row: BoardRow, said: Said) -> str:
    """The row with what was typed, for who typed it."""
    html = row_of(visit, year, row, may=True, said=said)
    return _sent(part(row.mission), html)


def part(mission: str) -> str:
    return f"row-{mission}"


def in_order(answer: September) -> list[BoardRow]:
    """Rows keep their place, whatever is decided: by first day, what has no date last."""
    return sorted(answer.rows, key=_by_day)


def _by_day(row: BoardRow) -> tuple[tuple[int, int, int], str]:
    days = bounds(row.period)
    start = days.start if days else None
    return (start.year, start.month, start.day) if start else LAST, row.mission


def open_ones(answer: September) -> list[BoardRow]:
    """The agenda of the meeting: what somebody has to answer, overdue first."""
    rows = [row for row in in_order(answer) if row.undecided]
    return sorted(rows, key=lambda row: not any(wish.overdue for wish in row.wishes))


def choices(row: BoardRow, agency: Agency) -> list[tuple[str, Agency | None]]:
    """What an agency may say of an action, with the agency it speaks with."""
    talks = [wish.co_organisation for wish in row.wishes]
    found: list[tuple[str, Agency | None]] = []
    for talk in talks:
        if talk.waits_for == agency:
            found += [(ACCEPT, talk.agency), (COUNTER, talk.agency), (NO, talk.agency)]
    own = next((talk for talk in talks if talk.agency == agency), None)
    if own is not None and own.standing not in (Standing.DECLINED, Standing.WITHDRAWN):
        found.append((WITHDRAW, None))
    elif agency != row.owner or row.coordinated_by is not None:
        found.append((WISH, None))
    return found


def _terms_put(row: BoardRow, agency: Agency) -> Mapping[Agency, Terms | None]:
    """The terms that wait for an agency, to be changed: by the agency they are talked of with."""
    talks: list[CoOrganisation] = [wish.co_organisation for wish in row.wishes]
    return {talk.agency: talk.terms for talk in talks if talk.waits_for == agency}

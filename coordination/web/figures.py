"""A figure of a page leads to the lines behind it."""

from msgspec import Struct

from coordination.web.visit import Visit
from schemas.asking import Figure
from schemas.vocabulary import Agency


class Shown(Struct, frozen=True):
    """`words` below the value, and where the lines are."""

    value: int
    words: str
    address: str


class Figures(Struct, frozen=True):
    visit: Visit

    def of(
        self,
        figure: str,
        value: int,
        *,
        year: int | None = None,
        agency: Agency | None = None,
        other: Agency | None = None,
    ) -> Shown:
        """By its name, such as `plan.missions`."""
        return Shown(
            value,
            self.visit.reader.label("figure", Figure(figure)),
            self.visit.to("explain", "figure", figure, year=year, agency=agency, other=other),
        )

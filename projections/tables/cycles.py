"""The table of cycles."""

from projections import editions
from projections.editions import CycleLine
from projections.engine.projection import Column, Kind, Projection, listed

CYCLES = Projection(
    name="cycles",
    subject="cycle",
    comment="Cycles of a year, with their meetings and editions",
    line=CycleLine,
    evolve=editions.evolve,
    columns=(
        Column("secretariat", Kind.TEXT, "agency that keeps it", lambda line: line.secretariat),
        Column("opened_on", Kind.DATE, "day it was opened", lambda line: line.opened_on),
        Column("meetings", Kind.INTEGER, "meetings held", lambda line: len(line.meetings)),
        Column(
            "editions",
            Kind.TEXT,
            "editions published",
            lambda line: listed(one.edition for one in line.editions),
        ),
        Column("closed_on", Kind.DATE, "day it was closed", lambda line: line.closed_on),
    ),
)

"""The table of policies."""

from projections import policies
from projections.engine.projection import Column, Kind, Projection
from projections.policies import PolicyLine

POLICIES = Projection(
    name="policies",
    subject="policy",
    comment="Policies that agencies adopted",
    line=PolicyLine,
    evolve=policies.evolve,
    columns=(
        Column("owner", Kind.TEXT, "agency that adopted it", lambda line: line.owner),
        Column("topic", Kind.TEXT, "what it is about", lambda line: line.topic.value),
        Column("value", Kind.INTEGER, "figure", lambda line: line.value.value),
        Column(
            "qualifier",
            Kind.TEXT,
            "exactly, at least, more than or about",
            lambda line: line.value.qualifier.value,
        ),
        Column("unit", Kind.TEXT, "unit of the figure", lambda line: line.value.unit),
        Column("source", Kind.TEXT, "where it stands", lambda line: line.source),
        Column("attributed_to", Kind.TEXT, "who states it", lambda line: line.attributed_to),
        Column("since", Kind.DATE, "day from which it holds", lambda line: line.since),
    ),
)

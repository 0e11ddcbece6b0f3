"""The table of reviews."""

from projections import review
from projections.engine.projection import Column, Kind, Projection
from projections.review import ReviewLine

REVIEWS = Projection(
    name="reviews",
    subject="review",
    comment="Yearly reviews of the chief executives",
    line=ReviewLine,
    evolve=review.evolve,
    columns=(
        Column("year", Kind.INTEGER, "year reviewed", lambda line: line.year),
        Column("secretariat", Kind.TEXT, "agency that keeps it", lambda line: line.secretariat),
        Column("opened_on", Kind.DATE, "day it was opened", lambda line: line.opened_on),
        Column("posts", Kind.INTEGER, "posts to go through", lambda line: len(line.posts)),
        Column(
            "gone_through", Kind.INTEGER, "posts gone through", lambda line: len(line.gone_through)
        ),
        Column("decisions", Kind.INTEGER, "decisions taken", lambda line: len(line.decisions)),
        Column("closed_on", Kind.DATE, "day it was closed", lambda line: line.closed_on),
    ),
)

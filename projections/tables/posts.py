"""The table of posts."""

from projections import posts
from projections.engine.projection import Column, Kind, Projection, listed
from projections.post_line import PostLine, where

POSTS = Projection(
    name="posts",
    subject="post",
    comment="Posts abroad of the agencies",
    line=PostLine,
    evolve=posts.evolve,
    columns=(
        Column("owner", Kind.TEXT, "agency that records it", lambda line: line.owner),
        Column(
            "operated_by",
            Kind.TEXT,
            "agency that operates it; empty: the source does not say",
            lambda line: line.operated_by,
        ),
        Column(
            "function",
            Kind.TEXT,
            "what it is, in the words of its agency",
            lambda line: line.function,
        ),
        Column(
            "state", Kind.TEXT, "where it stands, from what happened", lambda line: line.state.value
        ),
        Column("since", Kind.DATE, "day from which it is so", lambda line: line.since),
        Column(
            "country",
            Kind.TEXT,
            "ISO 3166-1 alpha-2 code",
            lambda line: where(line).country,
        ),
        Column(
            "city",
            Kind.TEXT,
            "city; empty: only the country is known",
            lambda line: where(line).city,
        ),
        Column(
            "shared_with",
            Kind.TEXT,
            "agencies it is shared with",
            lambda line: listed(line.shared_with),
        ),
        Column(
            "area_countries",
            Kind.TEXT,
            "countries of its area",
            lambda line: listed(dict.fromkeys(part.country for part in line.area)),
        ),
        Column(
            "announced_on", Kind.DATE, "day of its announcement", lambda line: line.announced_on
        ),
        Column("opened_on", Kind.DATE, "day of its opening", lambda line: line.opened_on),
        Column(
            "closed_on",
            Kind.DATE,
            "day of its closing",
            lambda line: line.closed.on if line.closed else None,
        ),
        Column(
            "vacant",
            Kind.BOOLEAN,
            "nobody staffs it at present",
            lambda line: line.vacancy is not None,
        ),
        Column(
            "serves",
            Kind.BOOLEAN,
            "it serves companies; also while vacant or closing",
            lambda line: line.serves,
        ),
        Column(
            "illustrative",
            Kind.BOOLEAN,
            "made up to show how it looks, of no source",
            lambda line: line.illustrative,
        ),
    ),
)

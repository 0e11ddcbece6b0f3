"""The joint list of offices, the cover of countries and the review, for people."""

from coordination.cli.tables.page import Page, footnote, marked, sheet
from coordination.wording import Reader
from projections.coverage import AgencyCover, Awaiting, Cover, Coverage, Gap
from projections.network_changes import NetworkChange
from projections.offices import DeclaredBeside, JointList, OfficeRow
from projections.review import Review, ReviewsOfYear


def joint_list(answer: JointList, reader: Reader) -> Page:
    say = reader.say
    key = "offices.headline-seen-by" if answer.seen_by else "offices.headline"
    headline = say(
        key,
        contributions=answer.contributions,
        offices=answer.offices,
        overlaps=len(answer.overlaps),
        agency=answer.seen_by or "",
    )
    by_agency = (
        (reader.agency(one.agency) or say("word.not-said"), str(one.contributions))
        for one in answer.by_agency
    )
    overlaps = (
        (reader.country(one.country), one.city or "", reader.listed(one.posts))
        for one in answer.overlaps
    )
    office = ("where", "post", "agency", "state", "area")
    return [
        headline,
        *sheet(reader, "offices.by-agency", ("agency", "contributions"), by_agency),
        *(_declared(one, reader) for one in answer.declared),
        *sheet(reader, "offices.overlaps", ("country", "city", "posts"), overlaps),
        *sheet(reader, "offices.posts", office, (_office(row, reader) for row in answer.posts)),
        *sheet(
            reader,
            "offices.not-yet-open",
            office,
            (_office(row, reader) for row in answer.not_yet_open),
        ),
        *sheet(
            reader,
            "offices.closed",
            ("where", "post", "agency", "closed-on", "reason"),
            (_closed(row, reader) for row in answer.closed),
        ),
        *sheet(
            reader,
            "offices.decided",
            ("day", "post", "change", "reason"),
            (_change(one, reader) for one in answer.decided),
        ),
        *footnote(reader, answer.of_which_illustrative),
    ]


def _declared(one: DeclaredBeside, reader: Reader) -> str:
    counts = one.explanation
    return reader.say(
        f"offices.{counts.kind}",
        claim=reader.claim(one.declared.claim),
        contributions=counts.contributions,
        offices=counts.offices,
        overlaps=counts.overlaps,
        declared=counts.declared,
        difference=abs(one.offices_difference),
    )


def _office(row: OfficeRow, reader: Reader) -> tuple[str, ...]:
    """The agency, and those its post is shared with."""
    agencies = [reader.agency(row.operated_by) or reader.say("word.not-said")]
    agencies += [f"+ {reader.agency(other)}" for other in row.shared_with]
    return (
        reader.place(row.place) if row.place else reader.places(row.places),
        f"{marked(row.post, row.illustrative)}\n{row.function}",
        "\n".join(agencies),
        _state(row, reader),
        reader.listed(map(reader.part, row.area)),
    )


def _state(row: OfficeRow, reader: Reader) -> str:
    state = reader.label("state", row.state)
    if row.closing_expected is None:
        return state
    return f"{state} ({reader.period(row.closing_expected)})"


def _closed(row: OfficeRow, reader: Reader) -> tuple[str, ...]:
    return (
        reader.place(row.place) if row.place else reader.places(row.places),
        marked(row.post, row.illustrative),
        reader.agency(row.operated_by) or reader.say("word.not-said"),
        reader.day(row.closed_on),
        row.reason or "",
    )


def _change(one: NetworkChange, reader: Reader) -> tuple[str, ...]:
    what = reader.label("change", one.kind)
    about = [
        reader.place(one.place),
        one.other or "",
        reader.agency(one.agency),
        reader.period(one.expected),
    ]
    said = [word for word in about if word]
    return (
        reader.day(one.on),
        one.post,
        reader.pair(what, reader.listed(said)) if said else what,
        one.reason or "",
    )


def coverage(answer: Coverage, reader: Reader) -> Page:
    covers = (
        (reader.country(line.country), *(_covers(one, reader) for one in line.agencies))
        for line in answer.countries
    )
    columns = ("country", *(f"agency:{agency}" for agency in answer.agencies))
    gap = ("country", "agency", "was-covered-by", "since", "cause", "successor")
    return [
        *sheet(reader, "coverage.countries", columns, covers),
        *sheet(reader, "coverage.gaps", gap, (_gap(one, reader) for one in answer.gaps)),
        *sheet(reader, "coverage.to-come", gap, (_gap(one, reader) for one in answer.to_come)),
        *(
            reader.say(
                "coverage.without-cover",
                agency=one.agency,
                count=len(one.countries),
                countries=reader.listed(map(reader.country, one.countries)),
            )
            for one in answer.without_cover
        ),
        *(
            [
                reader.say(
                    "coverage.covered-by-nobody",
                    countries=reader.listed(map(reader.country, answer.covered_by_nobody)),
                )
            ]
            if answer.covered_by_nobody
            else []
        ),
        *([] if answer.gaps else [reader.say("coverage.no-gap")]),
    ]


def _covers(one: AgencyCover, reader: Reader) -> str:
    told = [*(_cover(cover, reader) for cover in one.covers)]
    told += [_awaiting(each, reader) for each in one.awaiting]
    return "\n".join(told) or "-"


def _cover(cover: Cover, reader: Reader) -> str:
    about = [reader.label("basis", cover.basis)] if cover.basis != "own" else []
    about += [reader.label("state", "vacant")] if cover.vacant else []
    about += cover.within
    post = marked(cover.post, cover.illustrative)
    return f"{post} ({reader.listed(about)})" if about else post


def _awaiting(one: Awaiting, reader: Reader) -> str:
    return reader.say(
        "coverage.awaiting",
        post=one.post,
        day=reader.day(one.from_day),
        waits=reader.label("waits", one.waits),
    )


def _gap(gap: Gap, reader: Reader) -> tuple[str, ...]:
    country = reader.country(gap.country)
    cause = reader.label("cause", gap.cause)
    if gap.nobody:
        successor = reader.say("word.nobody")
    else:
        successor = "\n".join(_awaiting(one, reader) for one in gap.awaiting)
    return (
        f"{country} ({gap.within})" if gap.within else country,
        reader.agency(gap.agency),
        gap.post,
        reader.day(gap.on),
        reader.pair(cause, gap.reason) if gap.reason else cause,
        successor,
    )


def reviews(answer: ReviewsOfYear, reader: Reader) -> Page:
    if not answer.reviews:
        return [reader.say("review.none", year=str(answer.year))]
    return [part for one in answer.reviews for part in _review(one, reader)]


def _review(one: Review, reader: Reader) -> Page:
    closed = {"closed": reader.day(one.closed_on)} if one.closed_on else {}
    headline = reader.say(
        "review.headline-closed" if closed else "review.headline",
        review=one.review,
        opened=reader.day(one.opened_on),
        gone_through=len(one.posts) - len(one.not_gone_through),
        count=len(one.posts),
        **closed,
    )
    posts = (
        (
            marked(post.post, post.illustrative),
            reader.place(post.place),
            reader.label("verdict", post.verdict) or reader.say("review.not-yet"),
            post.remark or "",
        )
        for post in one.posts
    )
    decisions = ((reader.day(d.on), d.decision, reader.listed(d.posts)) for d in one.decisions)
    declared = ((reader.day(each.on), reader.claim(each.claim)) for each in one.declared)
    return [
        headline,
        *sheet(reader, "review.posts", ("post", "where", "verdict", "remark"), posts),
        *sheet(reader, "review.decisions", ("day", "decision", "posts"), decisions),
        *sheet(reader, "review.declared", ("day", "claim"), declared),
        *footnote(reader, sum(post.illustrative for post in one.posts)),
    ]

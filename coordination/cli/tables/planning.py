"""The June view, the editions of a plan and their differences, for people."""

from coordination.cli.tables.page import Page, footnote, marked, sheet
from coordination.fields import heading, worded_plain
from coordination.wording import Reader
from projections.editions import Changed, Difference, Edition, Editions, FieldChange, Removed
from projections.june import Intention, June, Meeting
from schemas.action import MissionId
from schemas.vocabulary import Agency

MEETING = ("own", "other", "country", "city", "sectors", "days-between")
INTENTION = ("when", "mission", "where", "sectors", "last-years")


def june(answer: June, reader: Reader) -> Page:
    def met(one: Meeting) -> tuple[str, ...]:
        return (
            f"{marked(reader.title(one.own_title), one.own_illustrative)}\n{one.own}",
            f"{marked(reader.title(one.other_title), one.other_illustrative)}\n{one.other}",
            reader.listed(map(reader.country, one.countries)),
            reader.listed(one.cities),
            reader.listed(reader.label("sector", sector) for sector in one.sectors),
            "" if one.days_between is None else str(one.days_between),
        )

    headline = reader.say(
        "june.headline",
        year=str(answer.year),
        agencies=(answer.agency, answer.other),
        count=len(answer.conflicts),
        synergies=len(answer.synergies),
    )
    return [
        headline,
        *sheet(reader, "june.conflicts", MEETING, map(met, answer.conflicts)),
        *sheet(reader, "june.synergies", MEETING, map(met, answer.synergies)),
        *_column(answer.agency, answer.own, reader),
        *_column(answer.other, answer.others, reader),
        *footnote(reader, len(_illustrative(answer))),
    ]


def _illustrative(answer: June) -> set[MissionId]:
    """A mission that is met may lie in another year, and be in neither column."""
    found = {one.mission for one in (*answer.own, *answer.others) if one.illustrative}
    for one in (*answer.conflicts, *answer.synergies):
        found |= {one.own} if one.own_illustrative else set()
        found |= {one.other} if one.other_illustrative else set()
    return found


def _column(agency: Agency, intentions: tuple[Intention, ...], reader: Reader) -> Page:
    rows = (_intention(one, reader) for one in intentions)
    return sheet(reader, "june.intentions", INTENTION, rows, agency=agency)


def _intention(one: Intention, reader: Reader) -> tuple[str, ...]:
    before = (
        reader.pair(reader.period(past.period), reader.agency(past.owner))
        for past in one.last_years
    )
    return (
        reader.period(one.period),
        f"{marked(reader.title(one.title), one.illustrative)}\n{one.mission}",
        reader.places(one.places),
        reader.listed(reader.label("sector", sector) for sector in one.sectors),
        "\n".join(before),
    )


def editions(answer: Editions, reader: Reader) -> Page:
    cycle = answer.cycle
    if cycle is None:
        return [reader.say("editions.no-cycle", year=str(answer.plan_year))]
    meetings = (
        (
            reader.day(one.on),
            one.meeting,
            reader.agencies(one.agencies),
            "\n".join(observation.text for observation in one.observations),
        )
        for one in cycle.meetings
    )
    return [
        reader.say(
            "editions.headline",
            cycle=cycle.cycle,
            year=str(answer.plan_year),
            count=len(cycle.editions),
        ),
        *sheet(
            reader, "editions.meetings", ("day", "meeting", "agencies", "observations"), meetings
        ),
        *sheet(
            reader,
            "editions.editions",
            ("number", "edition", "day", "heads"),
            (_edition(one, reader) for one in cycle.editions),
        ),
    ]


def _edition(one: Edition, reader: Reader) -> tuple[str, ...]:
    heads = reader.listed(f"{head.ledger}/{head.seq}" for head in one.heads)
    return str(one.number), one.edition, reader.day(one.published_on), heads


def difference(answer: Difference, reader: Reader) -> Page:
    changed = ("mission", "when", "what-changed", "behind")
    groups = {
        "difference.added": answer.added,
        "difference.moved": answer.moved,
        "difference.changed": answer.changed,
    }
    tables = [
        part
        for title, lines in groups.items()
        for part in sheet(reader, title, changed, (_changed(one, reader) for one in lines))
    ]
    removed = sheet(
        reader,
        "difference.removed",
        ("mission", "when", "cause", "reason", "behind"),
        (_removed(one, reader) for one in answer.removed),
    )
    headline = reader.say(
        "difference.headline",
        year=str(answer.plan_year),
        added=len(answer.added),
        moved=len(answer.moved),
        changed=len(answer.changed),
        removed=len(answer.removed),
    )
    return [headline, *tables, *removed]


def _changed(one: Changed, reader: Reader) -> tuple[str, ...]:
    return (
        f"{reader.title(one.title)}\n{one.mission}",
        reader.period(one.period),
        "\n".join(_field(change, reader) for change in one.changes),
        reader.listed(one.behind),
    )


def _removed(one: Removed, reader: Reader) -> tuple[str, ...]:
    return (
        f"{reader.title(one.title)}\n{one.mission}",
        reader.period(one.period),
        reader.label("removal", one.why),
        one.reason or "",
        reader.listed(one.behind),
    )


def _field(change: FieldChange, reader: Reader) -> str:
    values = (change.before, change.after)
    before, after = (worded_plain(change.field, each, reader) for each in values)
    return reader.pair(heading(change.field, reader), f"{before or '-'} → {after or '-'}")

"""The plan of a year and the September board, for people."""

from coordination.cli.tables.page import Page, footnote, marked, sheet
from coordination.fields import standing
from coordination.wording import Reader
from projections.mission_line import MissionLine
from projections.mission_plan import Plan, PlanRow
from projections.september import BoardRow, September, Wish
from schemas.vocabulary import Agency

PLANNED = ("when", "mission", "where", "sectors", "organised-by", "state")


def plan(answer: Plan, reader: Reader) -> Page:
    say = reader.say
    shown = (answer.missions, answer.undated, answer.moved_away, answer.ended)
    by_tag = reader.listed(
        say("plan.of-tag", count=one.missions, tag=reader.label("tag", one.tag))
        for one in answer.by_tag
    )
    headline = say(
        "plan.headline" if answer.by_tag else "plan.headline-empty",
        year=str(answer.year),
        count=len(answer.missions),
        tags=by_tag,
    )
    warning = answer.royal_warning
    return [
        headline,
        *sheet(reader, "plan.missions", PLANNED, (_planned(row, reader) for row in shown[0])),
        *sheet(reader, "plan.undated", PLANNED, (_planned(row, reader) for row in shown[1])),
        *sheet(reader, "plan.moved-away", PLANNED, (_planned(row, reader) for row in shown[2])),
        *sheet(
            reader,
            "plan.ended",
            ("when", "mission", "where", "state", "day", "reason"),
            (_ended(row, reader) for row in shown[3]),
        ),
        *(
            [
                say(
                    "plan.royal-warning",
                    count=len(warning.missions),
                    policy=warning.policy,
                    missions=reader.listed(warning.missions),
                )
            ]
            if warning
            else []
        ),
        *(
            [
                say(
                    "plan.area-manager-stays",
                    missions=reader.listed(answer.area_manager_stays),
                )
            ]
            if answer.area_manager_stays
            else []
        ),
        *footnote(reader, sum(row.illustrative for rows in shown for row in rows)),
    ]


def _planned(row: PlanRow, reader: Reader) -> tuple[str, ...]:
    line = row.line
    return (
        _when(line, reader),
        _named(row, reader),
        _where(line, reader),
        _sectors(line, reader),
        organised_by(row.regions, line.coordinated_by, reader)
        + f"\n{reader.label('tag', row.tag)}",
        reader.label("state", row.state),
    )


def _ended(row: PlanRow, reader: Reader) -> tuple[str, ...]:
    line, ending = row.line, row.line.ending
    state = reader.label("state", row.state)
    if ending and ending.replacement:
        state = f"{state} → {ending.replacement}"
    return (
        _when(line, reader),
        _named(row, reader),
        _where(line, reader),
        state,
        reader.day(ending.on) if ending else "",
        ending.reason if ending else "",
    )


def _when(line: MissionLine, reader: Reader) -> str:
    """The period, with the periods it had before it was moved, the latest first."""
    before = (f"← {reader.period(dated.period)}" for dated in reversed(line.chain))
    return "\n".join([reader.period(line.period), *before])


def _named(row: PlanRow, reader: Reader) -> str:
    title = marked(reader.title(row.line.title), row.illustrative)
    return f"{title}\n{row.line.mission}"


def _where(line: MissionLine, reader: Reader) -> str:
    legs = [
        reader.pair(reader.place(leg.place), reader.agency(leg.leader) or str(leg.coordinated_by))
        for leg in line.legs
        if leg.leader or leg.coordinated_by
    ]
    return "\n".join([reader.places(line.places), *legs])


def _sectors(line: MissionLine, reader: Reader) -> str:
    return reader.listed(reader.label("sector", sector) for sector in line.sectors)


def organised_by(regions: tuple[Agency, ...], coordinated_by: str | None, reader: Reader) -> str:
    agencies = " + ".join(map(reader.agency, regions))
    if coordinated_by is None:
        return agencies
    return f"{coordinated_by} ({agencies})" if agencies else coordinated_by


def september(answer: September, reader: Reader) -> Page:
    headline = reader.say(
        "september.headline",
        year=str(answer.year),
        count=answer.proposed,
        decided=answer.decided,
        undecided=answer.undecided,
    )
    columns = ("mission", "when", "where", "organised-by", "wishes", "state")
    return [
        headline,
        *sheet(
            reader, "september.board", columns, (_on_the_board(row, reader) for row in answer.rows)
        ),
        *footnote(reader, sum(row.illustrative for row in answer.rows)),
    ]


def _on_the_board(row: BoardRow, reader: Reader) -> tuple[str, ...]:
    title = marked(reader.title(row.title), row.illustrative)
    return (
        f"{title}\n{row.mission}",
        reader.period(row.period),
        reader.places(row.places),
        organised_by(row.regions, row.coordinated_by, reader) + f"\n{reader.label('tag', row.tag)}",
        "\n".join(_wish(wish, reader) for wish in row.wishes),
        reader.label("state", row.state),
    )


def _wish(wish: Wish, reader: Reader) -> str:
    one = wish.co_organisation
    told = [standing(one, reader)]
    if one.waits_for:
        told.append(reader.say("september.waits-for", agency=one.waits_for))
    if wish.overdue:
        told.append(reader.say("september.overdue"))
    if one.terms and (terms := reader.terms(one.terms)):
        told.append(terms)
    return reader.listed(told)

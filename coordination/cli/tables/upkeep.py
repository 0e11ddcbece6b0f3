"""How far the read models are, and what of them waits, for people."""

from coordination.cli.tables.page import Page, sheet
from coordination.upkeep import BuildList, BuildStanding, BuildState, ParkedEvent, ParkedList
from coordination.wording import Reader
from projections.engine.parking import SkippedEvent
from projections.read_model import civil_day


def builds(answer: BuildList, reader: Reader) -> Page:
    columns = ("read-model", "build", "position", "lag", "parked", "compared")
    rows = (_build(one, reader) for one in answer.builds)
    lacking = any(one.own and (one.behind or one.state in _UNREADY) for one in answer.builds)
    return [
        *sheet(reader, "projections.title", columns, rows),
        *([reader.say("projections.to-build")] if lacking else []),
        *([reader.say("projections.parked")] if any(one.parked for one in answer.builds) else []),
    ]


_UNREADY = (BuildState.TO_BUILD, BuildState.BUILDING)


def _build(one: BuildStanding, reader: Reader) -> tuple[str, ...]:
    state = [reader.label("build", one.state)]
    if not one.own:
        state.append(reader.say("projections.of-another-program"))
    if one.state in _UNREADY:
        state.append(reader.percent(one.progress))
    if one.seconds_left is not None:
        state.append(reader.say("projections.left", duration=reader.duration(one.seconds_left)))
    compared = ""
    if one.same_as_before is not None and one.unlike_before is not None:
        compared = reader.say(
            "projections.compared", same=one.same_as_before, unlike=one.unlike_before
        )
    return (
        f"{one.projection}\n{one.fingerprint}",
        "\n".join(state),
        f"{one.position} / {one.end}",
        str(one.behind),
        "\n".join(one.parked),
        compared,
    )


def parked(answer: ParkedList, reader: Reader) -> Page:
    """Sentences and no table, so that names stay whole and can be copied."""
    if not answer.parked:
        return [reader.say("parked.nothing"), *(_skipped(one, reader) for one in answer.skipped)]
    return [
        *(_waits(one, reader) for one in answer.parked),
        reader.say("parked.next", stream=answer.parked[0].stream),
        *(_skipped(one, reader) for one in answer.skipped),
    ]


def _waits(one: ParkedEvent, reader: Reader) -> str:
    waits = reader.say(
        "parked.waits",
        stream=one.stream,
        projection=one.projection,
        reference=one.reference,
        version=one.version,
        day=reader.day(civil_day(one.since)),
    )
    return f"{waits}\n{reason(one, reader)}\n"


def reason(one: ParkedEvent, reader: Reader) -> str:
    return reader.say(f"parked.{one.why}", reference=one.reference, reason=one.reason)


def _skipped(one: SkippedEvent, reader: Reader) -> str:
    return "\n" + reader.say(
        "parked.passed-over",
        stream=one.stream,
        projection=one.projection,
        version=one.version,
        day=reader.day(civil_day(one.at)),
        agency=one.agency,
        reason=one.reason,
    )

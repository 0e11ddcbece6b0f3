"""Three nodes beside each other, as the demonstration shows them."""

from collections.abc import Iterator

from coordination.bus.health import is_well
from coordination.cli.tables.letters import outcome
from coordination.cli.tables.page import Page, sheet
from coordination.demo.federation import Asked, Told
from coordination.demo.standing import Differing, NodeStanding, Standing
from coordination.mailroom.asked import STATES
from coordination.wording import Reader
from projections.mission_plan import PlanRow
from schemas.answer import AnswerRejected
from schemas.health import Health

SHOWN = 8  # characters of a hash
ASKED = ("who", "asked", "state", "seconds")
STANDING = ("who", "node", "plan")
DIFFERING = ("mission",)


def page_of(answer: Told, reader: Reader) -> Page:
    return [
        *(
            _asked("demo.asked", answer.asked, reader)
            if answer.listed
            else _counted(answer, reader)
        ),
        *_asked("demo.settled", answer.settled, reader),
        *_refused(answer.settled, reader),
        *(standing(answer.standing, reader) if answer.standing else []),
    ]


def _counted(answer: Told, reader: Reader) -> Page:
    if not answer.asked:
        return []
    crossed = sum(one.asker != one.owner for one in answer.asked)
    return [reader.say("demo.decided", count=len(answer.asked), crossed=crossed)]


def _asked(title: str, asked: tuple[Asked, ...], reader: Reader) -> Page:
    return sheet(reader, title, ASKED, (_row(one, reader) for one in asked))


def _row(one: Asked, reader: Reader) -> tuple[str, ...]:
    ways = dict.fromkeys((reader.agency(one.asker), reader.agency(one.owner)))
    return (
        " → ".join(ways),
        f"{reader.label('asks', one.tag)}\n{one.stream}",
        reader.label("asked", STATES[type(one.answer)].value),
        f"{one.seconds:.2f}",
    )


def _refused(asked: tuple[Asked, ...], reader: Reader) -> Iterator[str]:
    for one in asked:
        if isinstance(one.answer, AnswerRejected):
            for why in outcome(one.answer, one.stream, reader):
                yield reader.pair(reader.agency(one.owner), why)


def standing(answer: Standing, reader: Reader) -> Page:
    ledgers = tuple(f"agency:{node.agency}" for node in answer.nodes)
    nodes = (_node(node, answer, reader) for node in answer.nodes)
    differing = (_differing(one, reader) for one in answer.differing)
    return [
        *sheet(reader, "demo.standing", (*STANDING, *ledgers), nodes, year=str(answer.year)),
        reader.say("demo.standing-note"),
        *sheet(reader, "demo.differing", (*DIFFERING, *ledgers), differing),
        *([reader.say("demo.identical")] if answer.is_alike else []),
    ]


def _node(node: NodeStanding, among: Standing, reader: Reader) -> tuple[str, ...]:
    heads = (node.heads.get(one.agency, (0, "")) for one in among.nodes)
    return (
        reader.agency(node.agency),
        _health(node.health, reader),
        node.plan[:SHOWN],
        *(f"{seq}\n{link[:SHOWN]}" for seq, link in heads),
    )


def _health(health: Health, reader: Reader) -> str:
    if not is_well(health):
        return reader.say("demo.unwell")
    return reader.say("demo.well" if health.linked else "demo.node-cut-off")


def _differing(one: Differing, reader: Reader) -> tuple[str, ...]:
    return (one.mission, *(_seen(row, reader) for _, row in one.seen))


def _seen(row: PlanRow | None, reader: Reader) -> str:
    """As much of a mission as the story changes."""
    if row is None:
        return "–"
    state, tag = reader.label("state", row.state), reader.label("tag", row.tag)
    return f"{state}, {tag}\n{reader.period(row.line.period)}"

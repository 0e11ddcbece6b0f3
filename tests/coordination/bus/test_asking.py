"""What one agency asks of another waits until that one has answered, itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from nats.aio.msg import Msg

from coordination.bus import seal
from coordination.bus.connection import connect
from coordination.mailroom.asked import State, read_answer
from schemas.answer import AnswerDone, AnswerMalformed, AnswerNothingToDo, AnswerWaiting
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import OneNode, Three, one_node, settings_of, until
from tests.servers.federation import Federation

REQUEST = "mission.request-co-organisation"
HANOI = {"mission": "mission-awex-2027-hanoi"}
NOTHING = msgspec.json.encode(AnswerNothingToDo(id="1"))
Says = Callable[[Msg], tuple[bytes, dict[str, str] | None]]


@pytest.fixture
async def fit(federation: Federation, tmp_path: Path) -> AsyncIterator[OneNode]:
    async with one_node(federation, "fit", tmp_path) as one:
        yield one


@asynccontextmanager
async def awex_says(federation: Federation, says: Says) -> AsyncIterator[list[str]]:
    """Whoever sits at the node's place of AWEX: the identifiers that it was asked with."""
    client = await connect(settings_of(federation, "awex"), "node")
    asked: list[str] = []

    async def answer(message: Msg) -> None:
        asked.append((message.headers or {})["Command-Id"])
        said, headers = says(message)
        await client.publish(message.reply, said, headers=headers)

    await client.subscribe("cmd.awex.>", cb=answer)
    await client.flush()
    try:
        yield asked
    finally:
        await client.close()


def sealed(federation: Federation, answer: bytes, command_id: str = "1") -> dict[str, str]:
    """As AWEX seals it."""
    said = seal.of_answer("awex", "fit", command_id, answer)
    return {"Answer-Seal": settings_of(federation, "awex").sealer().seal(said)}


async def test_an_answer_is_believed_for_its_seal(federation: Federation, fit: OneNode) -> None:
    def by_awex(message: Msg) -> tuple[bytes, dict[str, str] | None]:
        return NOTHING, sealed(federation, NOTHING)

    async with awex_says(federation, by_awex):
        answer = await fit.ask("awex", REQUEST, HANOI, command_id="1")
    assert answer == AnswerNothingToDo(id="1")
    assert fit.mailroom.evidence() == []


async def test_an_answer_that_the_hub_made_up_settles_nothing(
    federation: Federation, fit: OneNode
) -> None:
    by_hub = sealed(federation, NOTHING, "2")
    forged = [None, {"Answer-Seal": "x"}, by_hub]

    def by_nobody(message: Msg) -> tuple[bytes, dict[str, str] | None]:
        return NOTHING, forged[len(fit.mailroom.evidence()) % len(forged)]

    async with awex_says(federation, by_nobody):
        answer = await fit.ask("awex", REQUEST, HANOI, command_id="1")
        assert isinstance(answer, AnswerWaiting)
        await until(lambda: len(fit.mailroom.evidence()) == len(forged))
    assert {(one.ledger, one.what) for one in fit.mailroom.evidence()} == {
        ("awex", "false-seal-of-answer")
    }
    assert [one.state for one in fit.mailroom.all()] == [State.WAITING]

    async with awex_says(federation, lambda _: (NOTHING, sealed(federation, NOTHING))):
        await until(lambda: [one.state for one in fit.mailroom.all()] == [State.NOTHING_TO_DO])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 60_000,
        b'{"answer": "done", "id": "1", "events": [{"no": "event"}]}',
        b'{"answer": "done", "id": "1", "events": [' + b"[" * 20_000 + b"]" * 20_000 + b"]}",
        msgspec.json.encode(AnswerNothingToDo(id="another")),
        b'{"answer": "waiting", "id": "1", "owner": "awex", "since": "2026-09-24T08:00:00Z"}',
    ],
    ids=range(8),
)
async def test_an_answer_that_is_none_settles_nothing_and_ends_nothing(
    federation: Federation, fit: OneNode, answer: bytes
) -> None:
    async with awex_says(federation, lambda _: (answer, sealed(federation, answer))) as asked:
        told = await fit.ask("awex", REQUEST, HANOI, command_id="1")
        assert isinstance(told, AnswerWaiting)
        await until(lambda: len(asked) > 1)  # it is still asked
    assert isinstance(await fit.ask("fit", "mission.publish", mission("fit", "oslo")), AnswerDone)


async def test_all_wait_at_once_where_nobody_can_be_reached(
    federation: Federation, fit: OneNode
) -> None:
    federation.links["fit"].cut()
    await until(lambda: not federation.linked("fit"))
    assert isinstance(await fit.ask("awex", REQUEST, HANOI, command_id="0"), AnswerWaiting)
    asked = [fit.ask("awex", REQUEST, HANOI, command_id=f"{number}") for number in range(1, 51)]
    assert all(isinstance(answer, AnswerWaiting) for answer in await asyncio.gather(*asked))
    federation.links["fit"].heal()

    def done(message: Msg) -> tuple[bytes, dict[str, str] | None]:
        command_id = (message.headers or {})["Command-Id"]
        answer = msgspec.json.encode(AnswerNothingToDo(id=command_id))
        return answer, sealed(federation, answer, command_id)

    async with awex_says(federation, done) as order:
        await until(lambda: not fit.mailroom.waiting())
    once = list(dict.fromkeys(order))
    assert sorted(once, key=int) == [f"{number}" for number in range(51)]
    assert once == [one.id for one in reversed(fit.mailroom.all())]


async def test_the_outcome_is_told_to_who_listens_and_kept_for_who_does_not(
    three: Three, federation: Federation
) -> None:
    awex, fit = three["awex"], three["fit"]
    await awex.ask("awex", "mission.publish", mission("awex", "hanoi"))
    told: list[Msg] = []

    async def hear(message: Msg) -> None:
        told.append(message)

    await fit.client.subscribe("answer.fit.>", cb=hear)
    await fit.client.flush()
    answer = await fit.ask("awex", REQUEST, HANOI, command_id="crm-1")
    await until(lambda: bool(told))
    assert [message.subject for message in told] == ["answer.fit.crm-1"]
    assert read_answer(told[0].data) == answer
    assert await fit.ask("awex", REQUEST, HANOI, command_id="crm-1") == answer


async def test_an_identifier_is_good_for_one_letter(three: Three) -> None:
    await three["awex"].ask("awex", "mission.publish", mission("awex", "hanoi"))
    fit = three["fit"]
    await fit.ask("awex", REQUEST, HANOI, command_id="crm-1")
    other = await fit.ask(
        "awex", REQUEST, {**HANOI, "terms": {"share-of-cost": 10}}, command_id="crm-1"
    )
    assert isinstance(other, AnswerMalformed)
    assert len(fit.mailroom.all()) == 1

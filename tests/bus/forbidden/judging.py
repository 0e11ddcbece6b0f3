"""Whether operations had an effect, whatever the server said of them."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from nats.aio.msg import Msg

from coordination.bus.keys.layout import HUB_SERVER
from tests.bus.forbidden.operation import Kind, Operation
from tests.bus.forbidden.scene import Scene, concerns, tidy

SILENCE = 0.1  # seconds; an answer over two servers and the hub takes 3 ms
PATIENCE = 10.0  # seconds, in which what is allowed has its effect on a busy machine
TOGETHER = 16  # operations whose silence is waited for at once


class Effect(Struct, frozen=True):
    """
    What came of it: nothing, when all but `heard` are empty, which may concern who heard it.
    `changed` is what all that were tried together changed.
    """

    answers: tuple[bytes, ...] = ()
    heard: tuple[bytes, ...] = ()
    overheard: tuple[bytes, ...] = ()
    arrived: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        return not (self.answers or self.overheard or self.arrived or self.changed)


async def had_effect(
    scene: Scene, operations: Iterable[Operation], together: int = TOGETHER
) -> dict[str, Effect]:
    """Those that had one, by the sentence of the operation."""
    judged = await _judged(scene, operations, together, SILENCE)
    return {told: effect for told, effect in judged if not effect.none}


async def had_none(scene: Scene, operations: Iterable[Operation]) -> list[str]:
    """Those that nobody answered, that arrived nowhere and heard nothing."""
    return [
        told
        for told, effect in await _judged(scene, operations, TOGETHER, PATIENCE)
        if not (effect.answers or effect.arrived or effect.heard)
    ]


async def _judged(
    scene: Scene, operations: Iterable[Operation], together: int, patience: float
) -> list[tuple[str, Effect]]:
    judged: list[tuple[str, Effect]] = []
    for batch in _batches(operations, together):
        judge = _bent if batch[0].bent else _heard if batch[0].kind is Kind.LISTEN else _sent
        judged += zip(map(str, batch), await judge(scene, batch, patience), strict=True)
    return judged


def _batches(operations: Iterable[Operation], together: int) -> Iterator[list[Operation]]:
    """Of one way to judge; who makes a consumer of a name that others make too, does it alone."""
    batch: list[Operation] = []
    for operation in operations:
        alike = batch and (operation.kind, operation.bent) == (batch[0].kind, batch[0].bent)
        if batch and (not alike or operation.bent or len(batch) == together):
            yield batch
            batch = []
        batch.append(operation)
    if batch:
        yield batch


async def _sent(scene: Scene, batch: Sequence[Operation], patience: float) -> list[Effect]:
    before = scene.known or scene.state()
    scene.heard.clear()
    answers: list[list[bytes]] = [[] for _ in batch]
    subscriptions = []
    for number, operation in enumerate(batch):
        actor = scene.actors[operation.agency, operation.user]

        async def keep(
            message: Msg, number: int = number, operation: Operation = operation
        ) -> None:
            if not (_is_no(message) or _from_home(operation, message.data)):
                answers[number].append(message.data)

        inbox = actor.new_inbox()
        subscriptions.append(await actor.subscribe(inbox, cb=keep))
        await actor.publish(operation.subject, operation.body, inbox, {"Mark": str(number)})
    await _wait(
        patience,
        lambda: (
            {number for number, came in enumerate(answers) if came}
            | {int(one.mark) for one in scene.heard if one.mark}
        ),
        len(batch),
    )
    changed = await _changed(scene, before)
    for subscription in subscriptions:
        await subscription.unsubscribe()
    return [
        Effect(
            answers=tuple(answers[number]),
            arrived=tuple(
                f"{one.where} {one.subject}"
                for one in scene.heard
                if one.mark == str(number)
                and not one.subject.startswith("$JS.EVENT.")
                and not _at_home(operation, one.where)
            ),
            changed=tuple(name for name in changed if not _at_home(operation, name)),
        )
        for number, operation in enumerate(batch)
    ]


async def _heard(scene: Scene, batch: Sequence[Operation], patience: float) -> list[Effect]:
    """What each heard while something confidential was said everywhere."""
    heard: list[list[bytes]] = [[] for _ in batch]
    subscriptions = []
    for number, operation in enumerate(batch):
        actor = scene.actors[operation.agency, operation.user]

        async def hear(message: Msg, number: int = number) -> None:
            heard[number].append(message.data)

        listens = actor.subscribe(operation.subject, queue=operation.queue, cb=hear)
        subscriptions.append(await listens)
        await actor.flush()
    await scene.bait()
    await _wait(patience, lambda: {n for n, came in enumerate(heard) if came}, len(batch))
    for subscription in subscriptions:
        await subscription.unsubscribe()
    scene.known = None
    return [
        Effect(
            heard=tuple(heard[number]),
            overheard=tuple(one for one in heard[number] if not _due(operation, one)),
        )
        for number, operation in enumerate(batch)
    ]


async def _bent(scene: Scene, batch: Sequence[Operation], _: float) -> list[Effect]:
    """To make the consumer is allowed; that it delivers to where others listen is not."""
    (operation,) = batch
    own = await tidy(scene, operation)
    before = scene.state()
    actor = scene.actors[operation.agency, operation.user]
    await actor.request(operation.subject, operation.body, timeout=5)
    await asyncio.sleep(SILENCE / 4)
    changed = await _changed(scene, before)
    _, delivered, *_ = (scene.known or {}).get(own, (None, 0))
    await tidy(scene, operation, again=True)
    return [
        Effect(
            arrived=(f"{delivered} events at {operation.lands}",) if delivered else (),
            changed=tuple(name for name in changed if name != own),
        )
    ]


async def _wait(patience: float, known: Callable[[], set[int]], wanted: int) -> None:
    """For silence; or, with more patience, until all had an effect."""
    await asyncio.sleep(SILENCE)
    end = time.monotonic() + patience - SILENCE
    while len(known()) < wanted and time.monotonic() < end:
        await asyncio.sleep(SILENCE / 4)


async def _changed(scene: Scene, before: dict[str, object]) -> list[str]:
    scene.known = await asyncio.to_thread(scene.state)
    after = scene.known
    return sorted(n for n in {*before, *after} if before.get(n) != after.get(n))


def _at_home(operation: Operation, where: str) -> bool:
    """Who administers a server can do anything in it; that is no effect on others."""
    homes = {"admin": f"leaf-{operation.agency}/", "hub-admin": f"{HUB_SERVER}/"}
    return operation.user in homes and where.startswith(homes[operation.user])


def _from_home(operation: Operation, answer: bytes) -> bool:
    """An administrator's own server, or who listens there, answered."""
    agency = operation.agency
    homes = {"admin": (f"leaf-{agency}", agency), "hub-admin": (HUB_SERVER, "common")}
    name, domain = homes.get(operation.user, ("", ""))
    named = (f"answered by {name}:", f'"name":"{name}"', f'"domain":"{domain}"')
    told = answer.decode(errors="replace")
    return bool(name) and any(text in told for text in named)


def _is_no(message: Msg) -> bool:
    """An error of JetStream, or a status instead of a message, as where nobody is there."""
    if (message.headers or {}).get("Status"):
        return True
    try:
        told = json.loads(message.data)
    except ValueError:
        return False
    return isinstance(told, dict) and "error" in told


def _due(operation: Operation, said: bytes) -> bool:
    """
    An administrator of a leaf hears what is said to his agency, one of the hub what agencies say to
    each other.
    """
    if operation.user == "admin":
        return concerns(said, operation.agency)
    return operation.user == "hub-admin" and b" and " in said

"""Asking other agencies: accepted durably here, sent as soon as they can be reached, in order.

Whoever asks is told at once what was decided, or that the command waits; the outcome is then told
on `answer.<asker>.<command id>`, and the mailroom has it for every page and paper.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from weakref import WeakValueDictionary

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.micro.request import ERROR_HEADER

from coordination import answering
from coordination.bus import seal, subjects
from coordination.bus.desk import Clerk, Desk
from coordination.bus.inbox import id_taken
from coordination.bus.seal import Sealer, Seals
from coordination.bus.trouble import TROUBLES
from coordination.bus.understanding import Wanted
from coordination.mailroom.asked import IdTaken, KeptLetter, Letter, read_answer
from coordination.mailroom.kept import CameBy, Door, Reason
from coordination.store.event_store import UNREADABLE
from schemas.answer import AnswerWaiting
from schemas.vocabulary import Agency
from schemas.wire import ANSWER_SEAL, COMMAND_ID, COMMAND_SEAL, MEETING, ROLE

PATIENCE = 5.0  # seconds until whoever asks is told that it waits
# Seconds for the answer of another node: through the hub, nobody there is a silence like any other,
# and so long a link may be whole again before it is noticed. Asking again is harmless.
ATTEMPT = 2.0
AGAIN = 0.5  # seconds until it is sent again
FALSE_SEAL_OF_ANSWER = "false-seal-of-answer"  # what such evidence is kept as
LOOKS = 1.0  # seconds between looks for what the command line accepted


class Asker(Desk):
    """Of all other agencies; each has its letters in the order in which they were accepted."""

    def __init__(
        self, client: Client, link: Client, clerk: Clerk, sealer: Sealer, seals: Seals
    ) -> None:
        super().__init__(client, clerk)
        self._link, self._sealer, self._seals = link, sealer, seals
        # Held by whoever waits for it, and gone with the last.
        self._told: WeakValueDictionary[str, asyncio.Future[bytes]] = WeakValueDictionary()
        self._news: dict[Agency, asyncio.Event] = {}
        self.unreached: set[Agency] = set()

    def came_by(self, subject: str) -> CameBy:
        return CameBy(Door.CLIENT, self.clerk.me)

    async def attend(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> bytes:
        letter = Letter(
            id=wanted.id,
            asker=wanted.asking.asker,
            owner=wanted.asking.owner,
            tag=wanted.asking.tag,
            command=wanted.raw,
            digest=sha256(raw).hexdigest(),
            role=wanted.role,
            meeting=wanted.meeting,
            asked_at=self.clerk.clock(),
        )
        # Before it is kept: it may be answered at once.
        told = self._told.setdefault(letter.id, asyncio.get_running_loop().create_future())
        try:
            kept = await asyncio.to_thread(self.clerk.mailroom.accept, letter)
        except IdTaken as taken:
            raise id_taken(wanted) from taken
        if kept.answer is not None:
            return kept.answer
        self._news.setdefault(kept.owner, asyncio.Event()).set()
        if kept.owner not in self.unreached:  # else others wait before it
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    return await asyncio.shield(told)
        return waiting(kept)

    async def run(self, owner: Agency) -> None:
        """Sends what waits for one agency, for ever."""
        news = self._news.setdefault(owner, asyncio.Event())
        while True:
            news.clear()
            letters = await asyncio.to_thread(self.clerk.mailroom.waiting)
            for letter in letters:
                if letter.owner == owner and not await self._is_settled(letter):
                    await asyncio.sleep(AGAIN)
                    break
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOKS):
                        await news.wait()

    async def _is_settled(self, letter: KeptLetter) -> bool:
        try:
            answer = await self._sent(letter)
            settle = self.clerk.mailroom.settle
            kept = await asyncio.to_thread(settle, letter.asker, letter.id, answer)
        except (*TROUBLES, *UNREADABLE):  # nobody is there, or what came is no answer
            self.unreached.add(letter.owner)
            self._tell(letter.id, waiting(letter))
            return False
        self.unreached.discard(letter.owner)
        self._tell(letter.id, kept)
        with suppress(*TROUBLES):  # the mailroom has it
            await self.client.publish(subjects.answer(letter.asker, letter.id), kept)
        return True

    async def _sent(self, letter: KeptLetter) -> bytes:
        """The answer of the agency that decides. Raises TimeoutError where it has none yet."""
        subject = subjects.command(letter.owner, letter.asker, letter.tag)
        said = seal.of_command(letter.owner, letter.asker, letter.tag, letter.id, letter.command)
        headers = {COMMAND_ID: letter.id, COMMAND_SEAL: self._sealer.seal(said)}
        if letter.role:
            headers[ROLE] = letter.role
        if letter.meeting:
            headers[MEETING] = letter.meeting
        answer: Msg = await self._link.request(
            subjects.over_the_link(subject), letter.command, timeout=ATTEMPT, headers=headers
        )
        beside = answer.headers or {}
        if ERROR_HEADER in beside:
            raise TimeoutError
        if not await self._is_sealed(letter, answer.data, beside.get(ANSWER_SEAL, "")):
            raise TimeoutError
        outcome = read_answer(answer.data)
        if isinstance(outcome, AnswerWaiting) or outcome.id != letter.id:
            raise TimeoutError
        return answer.data

    async def _is_sealed(self, letter: Letter, answer: bytes, found: str) -> bool:
        """The hub carries it, and could have made it up: what is not sealed is kept as evidence."""
        said = seal.of_answer(letter.owner, letter.asker, letter.id, answer)
        if self._seals.hold(letter.owner, said, found):
            return True
        await asyncio.to_thread(self._keep_answer, letter, answer, found)
        return False

    def _keep_answer(self, letter: Letter, answer: bytes, found: str) -> None:
        mailroom = self.clerk.mailroom
        mailroom.keep(
            CameBy(Door.LINK, letter.owner),
            subjects.answer(letter.asker, letter.id),
            {ANSWER_SEAL: found},
            answer,
            reason=Reason.FALSE_SEAL_OF_ANSWER,
            parameters={"owner": letter.owner},
        )
        mailroom.note_evidence(letter.owner, 0, FALSE_SEAL_OF_ANSWER, answer, seal=found)

    def _tell(self, command_id: str, answer: bytes) -> None:
        told = self._told.pop(command_id, None)
        if told is not None and not told.done():
            told.set_result(answer)


def waiting(letter: KeptLetter) -> bytes:
    return answering.encoded(AnswerWaiting(id=letter.id, owner=letter.owner, since=letter.asked_at))

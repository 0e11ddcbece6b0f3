"""Having a message that was not understood attended to again, once its cause is mended."""

import msgspec
from msgspec import Struct
from nats.errors import Error

from coordination.bus.connection import connect, leave
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.vocabulary import Agency

PATIENCE = 10.0  # seconds; another agency may have to answer


class Replay(Struct, frozen=True):
    """The number under which it is kept."""

    number: int


class Replayed(Struct, frozen=True):
    """The answer (schemas.answer); none where it is of a ledger, which is fetched again."""

    answer: msgspec.Raw | None = None


async def replayed(settings: BusSettings, me: Agency, number: int) -> Replayed:
    """By the running node, which has the message. Raises BusRefused where none runs."""
    client = await connect(settings, "node")
    try:
        asked = msgspec.json.encode(Replay(number))
        answer = await client.request(f"node.{me}.replay", asked, timeout=PATIENCE)
        return msgspec.json.decode(answer.data, type=Replayed)
    except (Error, TimeoutError) as error:
        raise BusRefused("bus.no-node", agency=me) from error
    finally:
        await leave(client)

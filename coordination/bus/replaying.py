"""Having a message that was not understood attended to again, once its cause is mended."""

import msgspec
from msgspec import Struct
from nats.errors import Error
from nats.micro.request import ERROR_HEADER

from coordination.bus.connection import connect, leave
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.answer import AnyAnswer
from schemas.vocabulary import Agency

PATIENCE = 10.0  # seconds; another agency may have to answer
NOT_REPLAYED = "node.no-such-message"


class Replay(Struct, frozen=True):
    """The number under which it is kept."""

    number: int


class Replayed(Struct, frozen=True):
    """The answer (schemas.answer); none where it is of a ledger, which is fetched again."""

    answer: AnyAnswer | None = None


async def replayed(settings: BusSettings, me: Agency, number: int) -> Replayed:
    """
    By the running node, which has the message.

    Raises BusRefused where none runs, or it could not attend to it.
    """
    client = await connect(settings, "node")
    try:
        asked = msgspec.json.encode(Replay(number))
        answer = await client.request(f"node.{me}.replay", asked, timeout=PATIENCE)
    except (Error, TimeoutError) as error:
        raise BusRefused("bus.no-node", agency=me) from error
    finally:
        await leave(client)
    if ERROR_HEADER in (headers := answer.headers or {}):
        fault = headers[ERROR_HEADER].removeprefix("node.")
        raise BusRefused("bus.not-replayed", number=number, fault=fault)
    return msgspec.json.decode(answer.data, type=Replayed)

"""The streams of an agency, made by code: once or often, the result is the same."""

from msgspec import Struct

from coordination.bus.connection import connect, leave
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.bus.stream import Copy, Shape, declared
from coordination.bus.trouble import TROUBLES
from schemas.vocabulary import Agency


class Made(Struct, frozen=True):
    """A stream that is there now, and how many messages it holds."""

    copy: Copy
    messages: int


async def setup(
    settings: BusSettings, me: Agency, known: tuple[Agency, ...], shape: Shape
) -> list[Made]:
    """
    The own ledger on the hub, all ledgers on the own server.

    Raises BusRefused where a server is not there, or does not keep what is asked of it.
    """
    client = await connect(settings, "node", inbox="link")  # heard on both sides of the link
    try:
        made = []
        for copy in (Copy(me, True, shape), *(Copy(one, False, shape) for one in known)):
            try:
                info = await declared(copy.api(client), copy)
            except BusRefused:
                raise
            except TROUBLES as error:
                said = str(error) or type(error).__name__
                raise BusRefused("bus.stream-not-made", stream=copy.name, reason=said) from error
            made.append(Made(copy, info.state.messages))
        return made
    finally:
        await leave(client)

"""A stream of JetStream that copies one ledger: event after event, sequence for sequence.

Each stream has one writer, the relay of one node. It never expires, nobody may delete or purge its
messages; only who owns it may delete it whole, to make it again.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from msgspec import Struct
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from coordination.bus import subjects
from coordination.bus.refusal import BusRefused
from schemas.vocabulary import Agency

PATIENCE = 5.0  # seconds for an answer of a server; a cluster needs them for a new leader
DUPLICATES = 120.0  # seconds in which the server itself knows a repeated message
LARGEST = 256 * 1024  # bytes of a message, as the servers have it (deploy/nats)
BESIDE = 2 * 1024  # of them for its headers: a server ends the connection of who sends more


class Shape(Struct, frozen=True):
    """How many servers of a hub keep each stream, and the seconds of its own window."""

    replicas: int = 1
    duplicate_window: float = DUPLICATES


class Copy(Struct, frozen=True):
    """
    Which copy of a ledger it is: the one on the hub, for the others, or one on the agency's own
    server, for its own programs, also while it is cut off.
    """

    ledger: Agency
    on_the_hub: bool
    shape: Shape

    @property
    def name(self) -> str:
        return subjects.ledger_stream(self.ledger)

    def subject(self, tag: str) -> str:
        own = subjects.event(self.ledger, tag)
        return subjects.over_the_link(own) if self.on_the_hub else own

    @property
    def prefix(self) -> str:
        """Of JetStream's API."""
        return subjects.API_ON_THE_HUB if self.on_the_hub else subjects.API_HERE

    def api(self, client: Client) -> JetStreamContext:
        return client.jetstream(prefix=self.prefix, timeout=PATIENCE)

    def wanted(self) -> StreamConfig:
        return StreamConfig(
            name=self.name,
            description=f"The shared ledger of {self.ledger}",
            subjects=[subjects.events_of(self.ledger)],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            max_msg_size=LARGEST,
            num_replicas=self.shape.replicas if self.on_the_hub else 1,
            duplicate_window=self.shape.duplicate_window,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
        )


async def declared(api: JetStreamContext, copy: Copy) -> StreamInfo:
    """
    The stream, made or brought to what is wanted; never kept by fewer servers than it was.

    Raises BusRefused where the server does not keep a setting: old ones drop what they do not know
    and say nothing.
    """
    wanted = copy.wanted()
    try:
        info = await api.stream_info(copy.name)
    except NotFoundError:
        info = await api.add_stream(wanted)
    wanted.num_replicas = max(wanted.num_replicas or 1, info.config.num_replicas or 1)
    if _unlike(info.config, wanted):
        info = await api.update_stream(wanted)
    for field in _unlike(info.config, wanted):
        raise BusRefused(
            "bus.stream-differs",
            stream=copy.name,
            field=field,
            wanted=str(getattr(wanted, field)),
            found=str(getattr(info.config, field)),
        )
    return info


def _unlike(found: StreamConfig, wanted: StreamConfig) -> list[str]:
    said: Callable[[StreamConfig, str], Any] = getattr
    return [
        field
        for field in (
            "subjects",
            "retention",
            "storage",
            "discard",
            "max_msg_size",
            "num_replicas",
            "duplicate_window",
            "deny_delete",
            "deny_purge",
            "allow_direct",
        )
        if said(found, field) != said(wanted, field)
    ]


async def made_again(api: JetStreamContext, copy: Copy) -> None:
    """The stream, empty: what it held is in the store of its owner."""
    with suppress(NotFoundError):
        await api.delete_stream(copy.name)
    await declared(api, copy)

"""One thing that somebody tries: a message that is sent, or a subject that is listened to."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct

from schemas.vocabulary import Agency

PULL = {"batch": 10, "expires": 10**9, "no_wait": True}


class Kind(Enum):
    SEND = "sends"
    LISTEN = "listens to"


class Operation(Struct, frozen=True, kw_only=True):
    """
    `user` is one of the agency's, or an administrator: `admin` of its leaf, `hub-admin` of its
    account on the hub. `bent`: the subject is allowed, for a consumer of one's own, what the body
    wants is not; `lands` is where that would show.
    """

    agency: Agency
    user: str
    subject: str
    kind: Kind = Kind.SEND
    body: bytes = b"{}"
    note: str = ""
    bent: bool = False
    lands: str = ""
    queue: str = ""

    def __str__(self) -> str:
        told = f" ({self.note})" if self.note else ""
        told += f" in the queue {self.queue}" if self.queue else ""
        return f"{self.user} of {self.agency} {self.kind.value} {self.subject}{told}"


def body(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content).encode()


def consumer(stream: str, name: str, **more: Any) -> bytes:
    """What asks for a consumer that pulls, or pushes where `deliver_subject` says."""
    config = {"name": name, "ack_policy": "none", "deliver_policy": "all", **more}
    return body({"stream_name": stream, "config": config, "action": ""})


def stream(name: str, **more: Any) -> bytes:
    config = {"name": name, "retention": "limits", "storage": "file", "num_replicas": 1, **more}
    return body(config)


def touching(stream_name: str, another: str, subject: str) -> list[tuple[str, bytes]]:
    """
    Every way to touch a stream and the consumer `another` on it, after `…API.`; `subject` is of an
    event in it.
    """
    changed = stream(stream_name, subjects=["ev.taken.>"], allow_direct=True)
    seized = consumer(stream_name, another, description="seized")
    return [
        (f"STREAM.CREATE.{stream_name}", changed),
        (f"STREAM.UPDATE.{stream_name}", changed),
        (f"STREAM.DELETE.{stream_name}", b""),
        (f"STREAM.PURGE.{stream_name}", b""),
        (f"STREAM.MSG.GET.{stream_name}", body({"seq": 1})),
        (f"STREAM.MSG.DELETE.{stream_name}", body({"seq": 1})),
        (f"STREAM.SNAPSHOT.{stream_name}", body({"deliver_subject": "taken", "chunk_size": 1024})),
        (f"STREAM.RESTORE.{stream_name}", body({"config": json.loads(changed), "state": {}})),
        (f"STREAM.LEADER.STEPDOWN.{stream_name}", b""),
        (f"STREAM.PEER.REMOVE.{stream_name}", body({"peer": "nats-hub"})),
        (f"DIRECT.GET.{stream_name}", body({"seq": 1})),
        (f"DIRECT.GET.{stream_name}.{subject}", b""),
        (f"CONSUMER.CREATE.{stream_name}", body({"stream_name": stream_name, "config": {}})),
        (f"CONSUMER.CREATE.{stream_name}.{another}", seized),
        (f"CONSUMER.CREATE.{stream_name}.{another}.ev.>", seized),
        (f"CONSUMER.DURABLE.CREATE.{stream_name}.{another}", seized),
        (f"CONSUMER.INFO.{stream_name}.{another}", b""),
        (f"CONSUMER.DELETE.{stream_name}.{another}", b""),
        (f"CONSUMER.PAUSE.{stream_name}.{another}", body({"pause_until": "2099-01-01T00:00:00Z"})),
        (f"CONSUMER.MSG.NEXT.{stream_name}.{another}", body(PULL)),
        (f"CONSUMER.NAMES.{stream_name}", b""),
        (f"CONSUMER.LIST.{stream_name}", b""),
    ]


def stealing(from_stream: str, onto: str, api: str) -> list[tuple[str, bytes, str]]:
    """Streams of one's own that would read another's, or write into another's subjects."""
    elsewhere = {"api": api, "deliver": "taken.here"}
    source = {"name": from_stream}
    return [
        ("STREAM.CREATE.TAKEN", stream("TAKEN", sources=[source]), "sources"),
        ("STREAM.CREATE.TAKEN", stream("TAKEN", mirror=source), "mirror"),
        (
            "STREAM.CREATE.TAKEN",
            stream("TAKEN", sources=[{**source, "external": elsewhere}]),
            "sources elsewhere",
        ),
        (
            "STREAM.CREATE.TAKEN",
            stream("TAKEN", subjects=["taken.>"], republish={"src": ">", "dest": onto}),
            "republish",
        ),
        (
            "STREAM.CREATE.TAKEN",
            stream("TAKEN", subjects=["t.>"], subject_transform={"src": "t.>", "dest": onto}),
            "subject_transform",
        ),
        ("STREAM.CREATE.TAKEN", stream("TAKEN", subjects=["cmd.>"]), "listens to commands"),
        ("STREAM.CREATE.TAKEN", stream("TAKEN", subjects=[">"], no_ack=True), "listens to all"),
    ]

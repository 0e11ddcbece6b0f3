"""Connecting with a key and a certificate, as a program or as a leaf: who is let in?"""

import asyncio
import base64
import json
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import nkeys  # type: ignore[import-untyped]
from msgspec import Struct

from coordination.bus.keys.environment import LOOPBACK
from coordination.bus.keys.layout import HUB_SERVER, others
from schemas.vocabulary import Agency
from tests.servers.sovereign import Sovereign, tls

PATIENCE = 2.0  # seconds; a server says no within 10 ms
STRANGER = "stranger"  # a folder of keys made the same way by somebody else


class Knock(Struct, frozen=True, kw_only=True):
    """
    `key` and `certificate` are files of the folder of keys, without their ends; `at` is the leaf of
    an agency, or the hub. `claims`: a key whose name is given while `key` signs.
    """

    at: str
    key: str | None
    certificate: str | None
    as_leaf: bool = False
    claims: str | None = None

    def __str__(self) -> str:
        how = "the link" if self.as_leaf else "a program"
        named = f" as {self.claims}" if self.claims else ""
        return f"{how} at {self.at} with key {self.key}{named}, certificate {self.certificate}"


def forbidden(agencies: Sequence[Agency]) -> Iterator[Knock]:
    for agency in agencies:
        for user in ("client", "node"):
            own = f"{agency}/{user}"
            yield Knock(at=agency, key=own, certificate=None)
            yield Knock(at=agency, key=None, certificate=own)
            yield Knock(at=agency, key=own, certificate=f"{STRANGER}/{agency}/{user}")
            yield Knock(at=agency, key=f"{STRANGER}/{agency}/{user}", certificate=own)
            yield Knock(at=agency, key=own, certificate=f"{agency}/link")
            yield Knock(at=HUB_SERVER, key=own, certificate=own)
            yield Knock(at=HUB_SERVER, key=own, certificate=f"{agency}/link")
            yield Knock(at=HUB_SERVER, key=own, certificate=f"{agency}/link", as_leaf=True)
            for other in others(agency, agencies):
                theirs = f"{other}/{user}"
                yield Knock(at=other, key=own, certificate=own)
                yield Knock(at=other, key=theirs, certificate=own)
                yield Knock(at=other, key=own, certificate=theirs)
                yield Knock(at=other, key=own, certificate=theirs, claims=theirs)
        link = f"{agency}/link"
        yield Knock(at=HUB_SERVER, key=link, certificate=link)
        yield Knock(at=agency, key=link, certificate=f"{agency}/node")
        yield Knock(at=HUB_SERVER, key=link, certificate=None, as_leaf=True)
        yield Knock(at=HUB_SERVER, key=None, certificate=link, as_leaf=True)
        yield Knock(at=HUB_SERVER, key=link, certificate=f"{STRANGER}/{link}", as_leaf=True)
        yield Knock(at=HUB_SERVER, key=link, certificate=f"{agency}/node", as_leaf=True)
        yield Knock(at=HUB_SERVER, key=f"{STRANGER}/{link}", certificate=link, as_leaf=True)
        for other in others(agency, agencies):
            yield Knock(
                at=HUB_SERVER, key=link, certificate=link, claims=f"{other}/link", as_leaf=True
            )
    yield Knock(at=HUB_SERVER, key=f"{HUB_SERVER}/monitor", certificate=None)


def allowed(agencies: Sequence[Agency]) -> Iterator[Knock]:
    for agency in agencies:
        for user in ("client", "node", "monitor", "local"):
            yield Knock(at=agency, key=f"{agency}/{user}", certificate=f"{agency}/{user}")
        link = f"{agency}/link"
        yield Knock(at=HUB_SERVER, key=link, certificate=link, as_leaf=True)
    watching = f"{HUB_SERVER}/monitor"
    yield Knock(at=HUB_SERVER, key=watching, certificate=watching)


async def is_let_in(sovereign: Sovereign, knock: Knock) -> bool:
    keys = sovereign.folder
    authority = keys / knock.at / "ca.pem"
    pair = keys / knock.certificate if knock.certificate else None
    context = tls(authority, pair)
    seed = (keys / f"{knock.key}.nk").read_bytes() if knock.key else None
    claimed = keys / f"{knock.claims}.nk" if knock.claims else None
    if knock.as_leaf:
        told: dict[str, object] = {"name": "leaf-of-somebody", "domain": "elsewhere"}
        return await _spoken(sovereign.link_ports[0], context, seed, claimed, told)
    at_hub = knock.at == HUB_SERVER
    port = sovereign.hub_ports[0] if at_hub else sovereign.ports[knock.at]
    return await _spoken(port, context, seed, claimed, {"lang": "python", "protocol": 1})


async def _spoken(
    port: int,
    context: ssl.SSLContext,
    seed: bytes | None,
    claimed: Path | None,
    told: dict[str, object],
) -> bool:
    """Let in is who is answered: a certificate is refused only after the handshake."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        async with asyncio.timeout(PATIENCE):
            info = json.loads((await reader.readline()).removeprefix(b"INFO "))
            await writer.start_tls(context, server_hostname="localhost")
            connect = {**told, "verbose": False, "tls_required": True, "version": "2.14.6"}
            if seed is not None:
                own = nkeys.from_seed(seed)
                signature = base64.urlsafe_b64encode(own.sign(info["nonce"].encode()))
                shown = nkeys.from_seed(claimed.read_bytes()) if claimed else own
                connect["nkey"] = shown.public_key.decode()
                connect["sig"] = signature.decode().rstrip("=")
            writer.write(b"CONNECT " + json.dumps(connect).encode() + b"\r\nPING\r\n")
            await writer.drain()
            while line := await reader.readline():
                if line.startswith(b"-ERR"):
                    return False
                if line.startswith(b"PONG"):
                    return True
            return False
    except (ssl.SSLError, ConnectionError):
        return False
    finally:
        writer.close()

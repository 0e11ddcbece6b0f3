"""Seals: an agency signs what it sends, so whoever carries it can withhold it, but not forge it.

Ed25519 by nkeys, as NATS has them. The chain of a ledger makes the seal of an event cover all
events before it.
"""

from base64 import b32decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import nkeys  # type: ignore[import-untyped]
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from schemas.vocabulary import Agency

ACCOUNT, USER = "A", "U"  # the letter a public key of this kind begins with


class KeyUnusable(Exception):
    """A file or text is no key of ours: which one, in its one argument."""


def of_event(ledger: Agency, seq: int, link: str) -> bytes:
    """What is signed of an event; `link` is the hash of its bytes (schemas.recorded_event)."""
    return f"coordination.ledger/1 {ledger} {seq} {link}".encode()


def of_command(owner: Agency, asker: Agency, tag: str, command_id: str, raw: bytes) -> bytes:
    """What is signed of a command that one agency asks of another."""
    digest = sha256(raw).hexdigest()
    return f"coordination.command/1 {owner} {asker} {tag} {command_id} {digest}".encode()


def of_answer(owner: Agency, asker: Agency, command_id: str, raw: bytes) -> bytes:
    """What is signed of the answer to such a command."""
    return f"coordination.answer/1 {owner} {asker} {command_id} {sha256(raw).hexdigest()}".encode()


class Sealer:
    """Signs for one agency."""

    def __init__(self, seed: bytes) -> None:
        """Raises KeyUnusable where the seed is none of an account."""
        self._pair = pair_of(seed, ACCOUNT)
        self.public_key: str = self._pair.public_key.decode()

    def seal(self, said: bytes) -> str:
        return urlsafe_b64encode(self._pair.sign(said)).decode()


class Seals:
    """Knows the public keys of the agencies; several of one, while it changes its key."""

    def __init__(self, keys: Mapping[Agency, Iterable[str]]) -> None:
        """Raises KeyUnusable, naming the key."""
        self.named = {agency: frozenset(given) for agency, given in keys.items()}
        self._keys = {agency: tuple(map(_verifying, given)) for agency, given in self.named.items()}

    def hold(self, agency: Agency, said: bytes, seal: str) -> bool:
        """Whether this is what the agency signed."""
        try:
            signature = urlsafe_b64decode(seal)
        except ValueError:
            return False
        return any(_holds(key, said, signature) for key in self._keys.get(agency, ()))


def _holds(key: VerifyKey, said: bytes, signature: bytes) -> bool:
    try:
        key.verify(said, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def _verifying(public_key: str) -> VerifyKey:
    """From the text of an nkey: a letter for its kind, the key, two bytes of checksum."""
    try:
        raw = b32decode(public_key + "=" * (-len(public_key) % 8))
        checksum = int.from_bytes(raw[-2:], "little")
    except ValueError as error:
        raise KeyUnusable(public_key) from error
    if not public_key.startswith(ACCOUNT) or len(raw) != 35:
        raise KeyUnusable(public_key)
    if nkeys.crc16(bytearray(raw[:-2])) != checksum:
        raise KeyUnusable(public_key)
    return VerifyKey(raw[1:33])


def pair_of(seed: bytes, kind: str) -> Any:
    """The nkey of a seed. Raises KeyUnusable where it is none of this kind."""
    try:
        pair = nkeys.from_seed(bytearray(seed))
        found = pair.public_key.decode()
    except (nkeys.NkeysError, ValueError, TypeError) as error:
        raise KeyUnusable("seed") from error
    if not found.startswith(kind):
        raise KeyUnusable("seed")
    return pair


def read_seed(path: Path) -> bytes:
    """Raises KeyUnusable, naming the file."""
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise KeyUnusable(str(path)) from error

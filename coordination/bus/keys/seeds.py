"""NKeys: a seed of Ed25519 in letters, whose first ones say whose it is."""

from collections.abc import Callable

import nkeys  # type: ignore[import-untyped]
from msgspec import Struct

Chance = Callable[[int], bytes]


class Seed(Struct, frozen=True):
    """`secret` begins with SU (a user) or SA (an account), `public` with U or A."""

    secret: str
    public: str


def user(chance: Chance) -> Seed:
    return _seed(chance, nkeys.PREFIX_BYTE_USER)


def signer(chance: Chance) -> Seed:
    """What a ledger is sealed with: of the kind `account`, so that no server lets it in."""
    return _seed(chance, nkeys.PREFIX_BYTE_ACCOUNT)


def _seed(chance: Chance, prefix: int) -> Seed:
    secret: bytes = nkeys.encode_seed(chance(32), prefix)
    return Seed(secret.decode(), nkeys.from_seed(secret).public_key.decode())

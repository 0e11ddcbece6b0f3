"""Where the bus is, and with which keys this node stands on it."""

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from coordination.bus.refusal import BusRefused
from coordination.bus.seal import USER, KeyUnusable, Sealer, Seals, pair_of, read_seed
from coordination.settings import Settings
from schemas.vocabulary import Agency


class BusSettings(Struct, frozen=True, kw_only=True):
    """
    `url` is the agency's own server, `credentials` the folder of its keys, as `bus keys` makes it.

    `monitors` are the HTTP addresses of servers whose settings are looked at.
    """

    url: str
    credentials: Path
    monitors: tuple[str, ...] = ()

    def sealer(self) -> Sealer:
        """Raises BusRefused."""
        try:
            return Sealer(read_seed(self.credentials / "ledger.nk"))
        except KeyUnusable as unusable:
            raise BusRefused(
                "bus.key-unusable", path=str(self.credentials / "ledger.nk")
            ) from unusable

    def seals(self) -> Seals:
        """The keys of all agencies. Raises BusRefused."""
        path = self.credentials / "ledgers.json"
        try:
            return Seals(msgspec.json.decode(path.read_bytes(), type=dict[Agency, tuple[str, ...]]))
        except (OSError, ValueError, KeyUnusable) as error:
            raise BusRefused("bus.key-unusable", path=str(path)) from error

    def check_trust(
        self, seals: Seals, sealer: Sealer, me: Agency, known: Sequence[Agency]
    ) -> None:
        """
        Every agency's seal can be checked, our own as well: else our own history would look forged
        when it comes back from the hub. Raises BusRefused.
        """
        path = str(self.credentials / "ledgers.json")
        for agency in known:
            if not seals.named.get(agency):
                raise BusRefused("bus.no-ledger-key", path=path, agency=agency)
        if sealer.public_key not in seals.named[me]:
            raise BusRefused("bus.own-key-not-named", path=path, key=sealer.public_key, agency=me)

    def seed_of(self, user: str) -> str | None:
        """
        The seed by which a user of the server proves who it is; None where it has no keys.

        Raises BusRefused where the file holds no seed of a user.
        """
        path = self.credentials / f"{user}.nk"
        if not path.is_file():
            return None
        try:
            seed = read_seed(path)
            pair_of(seed, USER)
        except KeyUnusable as unusable:
            raise BusRefused("bus.key-unusable", path=str(path)) from unusable
        return seed.decode()

    def tls_of(self, user: str) -> ssl.SSLContext | None:
        """None where the server has no certificate either, as in trials on one machine."""
        authority = self.credentials / "ca.pem"
        if not authority.is_file():
            return None
        try:
            context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(authority))
            context.load_cert_chain(
                self.credentials / f"{user}.pem", self.credentials / f"{user}.key"
            )
        except (OSError, ssl.SSLError) as error:
            raise BusRefused("bus.key-unusable", path=str(self.credentials)) from error
        return context


def agency_on_the_bus(environ: Mapping[str, str], settings: Settings) -> tuple[Agency, BusSettings]:
    """The one agency this node speaks for, and its bus. Raises BusRefused where there is none."""
    found = from_environment(environ)
    if found is None:
        raise BusRefused("bus.not-set")
    if len(settings.speaks_for) != 1:
        raise BusRefused("bus.one-agency", given=", ".join(settings.speaks_for))
    return settings.speaks_for[0], found


def from_environment(environ: Mapping[str, str]) -> BusSettings | None:
    """
    COORDINATION_BUS_URL          the agency's own server, such as tls://127.0.0.1:4222
    COORDINATION_BUS_CREDENTIALS  the folder of its keys
    COORDINATION_BUS_MONITORS     HTTP addresses of servers to look at, comma-separated

    None where there is no bus. Raises BusRefused where only a part is set.
    """
    url = environ.get("COORDINATION_BUS_URL")
    if not url:
        return None
    folder = environ.get("COORDINATION_BUS_CREDENTIALS")
    if not folder or not Path(folder).is_dir():
        raise BusRefused("bus.no-credentials", given=folder or "–")
    monitors = environ.get("COORDINATION_BUS_MONITORS", "").split(",")
    return BusSettings(
        url=url,
        credentials=Path(folder),
        monitors=tuple(one.strip() for one in monitors if one.strip()),
    )

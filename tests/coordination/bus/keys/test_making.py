import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import nkeys  # type: ignore[import-untyped]
import pytest

from coordination.bus.keys.layout import CLUSTER_SERVERS, HUB_SERVER
from coordination.bus.keys.leaf_accounts import USERS
from coordination.bus.keys.making import make
from coordination.bus.keys.trial import HUB_URL, Trial
from coordination.bus.refusal import BusRefused
from schemas.vocabulary import THREE

NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)
SERVERS = ("server", "monitor", *CLUSTER_SERVERS, *(f"{one}-route" for one in CLUSTER_SERVERS))


def trial(folder: Path, **more: tuple[str, ...]) -> Trial:
    return Trial(**{"folder": str(folder), "agencies": THREE, "hub_urls": (HUB_URL,), **more})  # type: ignore[arg-type]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def pairs(*names: str) -> set[str]:
    return {f"{name}.{end}" for name in names for end in ("pem", "key")}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    make(tmp_path / "keys", trial(tmp_path / "keys"), NOW)
    return tmp_path / "keys"


def test_each_agency_and_the_hub_have_a_folder_with_what_they_need(made: Path) -> None:
    assert names(made) == {HUB_SERVER, *THREE}
    seeds = {f"{user}.nk" for user in (*USERS, "link", "ledger")}
    others = {"accounts.conf", "leaf.env", "node.env", "ledgers.json", "hub-ca.pem"}
    for agency in THREE:
        assert names(made / agency) == pairs("ca", "server", "link", *USERS) | seeds | others
    environments = {"hub.env", *(f"{name}.env" for name in CLUSTER_SERVERS)}
    hub = pairs("ca", "route-ca", *SERVERS) | environments | {"accounts.conf", "monitor.nk"}
    assert names(made / HUB_SERVER) == hub


def test_only_their_owner_reads_the_files(made: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in made.rglob("*") if path.is_file()}
    folders = {
        stat.S_IMODE(path.stat().st_mode) for path in (made, *made.iterdir()) if path.is_dir()
    }
    assert (modes, folders) == ({0o600}, {0o700})


def test_everybody_trusts_the_same_keys_of_ledgers_which_are_those_of_the_seeds(made: Path) -> None:
    own = {
        agency: [nkeys.from_seed((made / agency / "ledger.nk").read_bytes()).public_key.decode()]
        for agency in THREE
    }
    trusted = [json.loads((made / agency / "ledgers.json").read_text()) for agency in THREE]
    assert trusted == [own] * 3
    assert {key[0][0] for key in own.values()} == {"A"}


def test_no_secret_of_one_is_in_the_folder_of_another(made: Path) -> None:
    secrets = {
        path: path.read_text().strip() for path in made.rglob("*") if path.suffix in (".nk", ".key")
    }
    found = {
        (path.parent.name, other.parent.name)
        for path, secret in secrets.items()
        for other in made.rglob("*")
        if other.is_file() and other != path and secret in other.read_text()
    }
    assert found == {(agency, agency) for agency in THREE}  # leaf.env has the seed of its own link


def test_a_folder_that_is_there_is_left_as_it_is(made: Path) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    with pytest.raises(BusRefused) as refused:
        make(made, trial(made), NOW)
    assert (refused.value.key, refused.value.parameters) == ("bus.keys-exist", {"path": str(made)})
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "wrong, key",
    [
        ({"agencies": ("fit", "sys")}, "bus.agency-is-taken"),
        ({"agencies": ("fit", "../fit")}, "bus.agency-is-taken"),
        ({"hub_urls": ("nats://hub.example.be:7422",)}, "bus.no-host"),
        ({"hub_urls": ("tls://",)}, "bus.no-host"),
    ],
)
def test_what_cannot_be_a_federation_makes_nothing(
    tmp_path: Path, wrong: dict[str, tuple[str, ...]], key: str
) -> None:
    with pytest.raises(BusRefused) as refused:
        make(tmp_path / "keys", trial(tmp_path / "keys", **wrong), NOW)
    assert refused.value.key == key
    assert not (tmp_path / "keys").exists()


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BusRefused) as refused:
        make(tmp_path / "none" / "keys", trial(tmp_path), NOW)
    assert refused.value.key == "bus.keys-unwritten"

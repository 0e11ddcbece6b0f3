"""Where the bus is, and which keys are needed there."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from coordination.bus.keys.seeds import signer, user
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings, agency_on_the_bus, from_environment
from coordination.settings import Settings
from schemas.vocabulary import AWEX, THREE

URL = "tls://127.0.0.1:4222"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The keys of AWEX."""
    seeds = {agency: signer(os.urandom) for agency in THREE}
    (tmp_path / "ledger.nk").write_text(seeds[AWEX].secret)
    trusted = {agency: [seed.public] for agency, seed in seeds.items()}
    (tmp_path / "ledgers.json").write_text(json.dumps(trusted))
    (tmp_path / "node.nk").write_text(user(os.urandom).secret + "\n")
    return tmp_path


def check(folder: Path) -> None:
    settings = BusSettings(url=URL, credentials=folder)
    settings.check_trust(settings.seals(), settings.sealer(), AWEX, THREE)


def refused(work: Any, *arguments: Any) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(BusRefused) as found:
        work(*arguments)
    return found.value.key, found.value.parameters


def test_the_environment_says_where_the_bus_is(tmp_path: Path) -> None:
    environ = {
        "COORDINATION_BUS_URL": URL,
        "COORDINATION_BUS_CREDENTIALS": str(tmp_path),
        "COORDINATION_BUS_MONITORS": "http://127.0.0.1:8222, http://127.0.0.1:8223,",
    }
    monitors = ("http://127.0.0.1:8222", "http://127.0.0.1:8223")
    assert from_environment(environ) == BusSettings(
        url=URL, credentials=tmp_path, monitors=monitors
    )
    assert from_environment({}) is None


def test_a_bus_needs_a_folder_of_keys_and_one_agency(tmp_path: Path) -> None:
    one, two = Settings(speaks_for=(AWEX,)), Settings(speaks_for=(AWEX, "fit"))
    assert refused(agency_on_the_bus, {}, one) == ("bus.not-set", {})
    environ = {"COORDINATION_BUS_URL": URL}
    assert refused(agency_on_the_bus, environ, one) == ("bus.no-credentials", {"given": "–"})
    environ["COORDINATION_BUS_CREDENTIALS"] = str(tmp_path)
    assert refused(agency_on_the_bus, environ, two) == ("bus.one-agency", {"given": "awex, fit"})
    assert agency_on_the_bus(environ, one)[0] == AWEX


def test_all_keys_there_are_enough(folder: Path) -> None:
    check(folder)


@pytest.mark.parametrize("name", ["ledger.nk", "ledgers.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[", b'{"awex": ["A"]}', b'{"awex": 1}'])
def test_a_file_that_is_no_key_is_named(folder: Path, name: str, content: bytes | None) -> None:
    (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
    assert refused(check, folder) == ("bus.key-unusable", {"path": str(folder / name)})


def test_an_agency_without_a_key_would_be_taken_for_a_forger(folder: Path) -> None:
    trusted = json.loads((folder / "ledgers.json").read_bytes())
    (folder / "ledgers.json").write_text(json.dumps({**trusted, "fit": []}))
    path = str(folder / "ledgers.json")
    assert refused(check, folder) == ("bus.no-ledger-key", {"path": path, "agency": "fit"})


def test_a_node_must_know_its_own_seal_again(folder: Path) -> None:
    """Else what comes back from the hub after a restore would look forged, and be deleted."""
    other = signer(os.urandom)
    (folder / "ledger.nk").write_text(other.secret)
    path = str(folder / "ledgers.json")
    assert refused(check, folder) == (
        "bus.own-key-not-named",
        {"path": path, "key": other.public, "agency": AWEX},
    )


def test_a_user_needs_no_key_where_the_server_wants_none(folder: Path) -> None:
    settings = BusSettings(url=URL, credentials=folder)
    assert settings.seed_of("client") is None
    assert settings.tls_of("client") is None
    assert (settings.seed_of("node") or "").startswith("SU")


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe"])
def test_a_user_with_a_wrong_key_is_told_so(folder: Path, content: bytes) -> None:
    (folder / "client.nk").write_bytes(content)
    settings = BusSettings(url=URL, credentials=folder)
    path = str(folder / "client.nk")
    assert refused(settings.seed_of, "client") == ("bus.key-unusable", {"path": path})


def test_a_user_without_its_certificate_is_told_so(folder: Path) -> None:
    (folder / "ca.pem").write_text("no certificate")
    settings = BusSettings(url=URL, credentials=folder)
    assert refused(settings.tls_of, "node") == ("bus.key-unusable", {"path": str(folder)})

"""Signatures of agencies: what they hold for, and with which keys."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.bus import seal
from coordination.bus.keys.seeds import signer, user
from coordination.bus.seal import ACCOUNT, KeyUnusable, Sealer, Seals, pair_of, read_seed

OLD, NEW, OTHER = (signer(os.urandom) for _ in range(3))
SAID = seal.of_event("awex", 7, "0" * 64)
SEALS = Seals({"awex": [OLD.public, NEW.public], "fit": [OTHER.public]})


def sealed(seed: str) -> str:
    return Sealer(seed.encode()).seal(SAID)


def test_an_agency_that_changes_its_key_is_believed_with_both() -> None:
    assert SEALS.hold("awex", SAID, sealed(OLD.secret))
    assert SEALS.hold("awex", SAID, sealed(NEW.secret))


def test_a_seal_holds_for_one_agency_one_place_and_these_bytes() -> None:
    assert not SEALS.hold("awex", SAID, sealed(OTHER.secret))
    assert not SEALS.hold("hub", SAID, sealed(OLD.secret))
    for other in (
        seal.of_event("fit", 7, "0" * 64),
        seal.of_event("awex", 8, "0" * 64),
        seal.of_event("awex", 7, "1" * 64),
        seal.of_command("awex", "awex", "mission.publish", "7", b""),
        seal.of_answer("awex", "awex", "7", b""),
    ):
        assert not SEALS.hold("awex", other, sealed(OLD.secret))


def test_a_sealed_command_cannot_be_turned_into_another() -> None:
    of = seal.of_command
    said = [
        of("awex", "fit", "mission.publish", "id", b"{}"),
        of("hub", "fit", "mission.publish", "id", b"{}"),
        of("awex", "hub", "mission.publish", "id", b"{}"),
        of("awex", "fit", "mission.cancel", "id", b"{}"),
        of("awex", "fit", "mission.publish", "di", b"{}"),
        of("awex", "fit", "mission.publish", "id", b"{ }"),
        seal.of_answer("awex", "fit", "id", b"{}"),
    ]
    assert len(set(said)) == len(said)


@given(st.text())
def test_no_text_is_a_seal(text: str) -> None:
    assert not SEALS.hold("awex", SAID, text)


@pytest.mark.parametrize("place", range(0, 64, 7))
def test_a_changed_seal_is_none(place: int) -> None:
    signature = bytearray(urlsafe_b64decode(sealed(OLD.secret)))
    signature[place] ^= 1
    assert not SEALS.hold("awex", SAID, urlsafe_b64encode(signature).decode())


@pytest.mark.parametrize(
    "key",
    ["", "A", "a" * 56, OLD.public[:-1], OLD.public[:-1] + "A", user(os.urandom).public, "é"],
    ids=["nothing", "short", "small", "cut", "changed", "of-a-user", "accented"],
)
def test_what_is_no_public_key_of_a_ledger_is_refused(key: str) -> None:
    with pytest.raises(KeyUnusable) as unusable:
        Seals({"awex": [key]})
    assert unusable.value.args == (key,)


@pytest.mark.parametrize(
    "seed",
    [b"", b"x", b"\xff", b"SA" + b"A" * 100, user(os.urandom).secret.encode()],
    ids=["nothing", "short", "no-text", "long", "of-a-user"],
)
def test_what_is_no_seed_of_a_ledger_is_refused(seed: bytes) -> None:
    with pytest.raises(KeyUnusable):
        Sealer(seed)
    with pytest.raises(KeyUnusable):
        pair_of(seed, ACCOUNT)


def test_a_seed_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable) as unusable:
        read_seed(tmp_path / "ledger.nk")
    assert unusable.value.args == (str(tmp_path / "ledger.nk"),)
    (tmp_path / "ledger.nk").write_bytes(b" seed \n")
    assert read_seed(tmp_path / "ledger.nk") == b"seed"

from collections.abc import Callable
from pathlib import Path

from tests.coordination.cli.running import Run


def test_keys_are_made_and_it_is_told_whom_they_are_for(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    assert run("bus", "keys", str(folder), "--agencies", "fit, awex", "--seen-as", "/keys") == Run(
        0,
        f"{folder}/nats-hub is for the hub, one server or three.\n"
        f"{folder}/fit is for FIT: its leaf, its node and its programs.\n"
        f"{folder}/awex is for AWEX: its leaf, its node and its programs.\n"
        "Each folder goes to whom it is for and to nobody else. All keys were in one place, which "
        "is good for a trial only; ca.key and route-ca.key belong on no server "
        "(deploy/OPERATING.md).\n",
    )
    assert "LEAF_CERT=/keys/fit/server.pem\n" in (folder / "fit" / "leaf.env").read_text()


def test_keys_that_are_there_are_not_made_again(run: Callable[..., Run], tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    run("bus", "keys", str(folder))
    assert run("bus", "keys", str(folder)) == Run(
        3,
        "",
        f"{folder} exists already. Keys are never overwritten: name another folder, or take this "
        "one away.\n",
    )


def test_each_mistake_of_what_is_asked_is_told(run: Callable[..., Run]) -> None:
    assert run("bus", "keys", "--days", "0") == Run(
        2, "", "FOLDER: is needed\n--days: “0” – a whole number from 1 to 3650\n"
    )

from pathlib import Path

from coordination.mailroom.mailroom import path_of


def test_the_mailroom_lies_beside_the_store(tmp_path: Path) -> None:
    store = tmp_path / "coordination.sqlite"
    assert path_of({}, store) == tmp_path / "coordination.mailroom.sqlite"


def test_beside_another_database_it_lies_in_the_working_folder() -> None:
    assert path_of({}, None) == Path("coordination.mailroom.sqlite")


def test_it_lies_where_the_environment_says(tmp_path: Path) -> None:
    environ = {"COORDINATION_MAILROOM": "/var/lib/letters.sqlite"}
    assert path_of(environ, tmp_path / "coordination.sqlite") == Path("/var/lib/letters.sqlite")
    assert path_of(environ, None) == Path("/var/lib/letters.sqlite")
    assert path_of({"COORDINATION_MAILROOM": ""}, None) == Path("coordination.mailroom.sqlite")

from collections.abc import Callable
from pathlib import Path

from coordination.cli.copying import environ_of_target
from tests.coordination.cli.running import Run
from tests.coordination.cli.test_commands import ACCEPT, PUBLISH, REQUEST
from tests.coordination.store.test_copying import ALTERED, changed
from tests.servers.postgres import PORT, Server

Runs = Callable[..., Run]
HOLDS = "Every byte was compared, and every link of every ledger holds.\n"


def test_a_store_is_copied_and_the_copy_continued(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    run(*REQUEST)
    copy = tmp_path / "copy.sqlite"
    asked = ("copy", "--to-sqlite", str(copy))
    assert run(*asked) == Run(0, f"2 events copied; {copy} holds 2. {HOLDS}")
    run(*ACCEPT)
    assert run(*asked) == Run(0, f"1 event copied; {copy} holds 3. {HOLDS}")
    assert run(*asked) == Run(0, f"{copy} already holds all 3 events. {HOLDS}")
    assert run("plan", "2027", SQLITE_DBNAME=str(copy)) == run("plan", "2027")


def test_a_store_is_copied_to_postgres_and_back(
    run: Runs, tmp_path: Path, postgres: Server
) -> None:
    run(*PUBLISH)
    of_server = dict(postgres.environ())
    schema = of_server["POSTGRES_SCHEMA"]
    place = f"postgresql://{postgres.folder}:{PORT}/postgres/{schema}"
    target = {f"TO_{name}": value for name, value in of_server.items()}
    assert run("copy", "--to-postgres", "--language", "nl", **target) == Run(
        0,
        f"1 gebeurtenis gekopieerd; {place} bevat er 1. Elke byte is vergeleken, en elke schakel "
        "van elk register houdt.\n",
    )
    back = tmp_path / "back.sqlite"
    assert run("copy", "--to-sqlite", str(back), "--language", "fr", **of_server) == Run(
        0,
        f"1 événement copié ; {back} en contient 1. Chaque octet a été comparé, et chaque maillon "
        "de chaque registre tient.\n",
    )
    assert run("history", "mission-awex-2027-hanoi", SQLITE_DBNAME=str(back)) == run(
        "history", "mission-awex-2027-hanoi"
    )


def test_a_schema_beside_is_named_by_one_variable(run: Runs, postgres: Server) -> None:
    source, other = dict(postgres.environ()), postgres.environ()["POSTGRES_SCHEMA"]
    run(*PUBLISH)
    run("copy", "--to-postgres", **{f"TO_{name}": value for name, value in source.items()})
    copied = run("copy", "--to-postgres", TO_POSTGRES_SCHEMA=other, **source)
    assert (copied.code, copied.errors) == (0, "")
    assert copied.output.startswith("1 event copied; ")


def test_a_copy_goes_to_one_target(run: Runs) -> None:
    french = "soit --to-sqlite FICHIER, soit --to-postgres dit où va la copie, et non les deux\n"
    assert run("copy", "--language", "fr") == Run(2, errors=f"--to-sqlite : {french}")
    dutch = (
        "ofwel --to-sqlite BESTAND, ofwel --to-postgres zegt waar de kopie komt, en niet beide\n"
    )
    both = ("copy", "--to-sqlite", "b.sqlite", "--to-postgres")
    assert run(*both, "--language", "nl") == Run(2, errors=f"--to-sqlite: “b.sqlite” – {dutch}")


def test_every_variable_that_a_server_needs_is_named(run: Runs, tmp_path: Path) -> None:
    asked = ("copy", "--to-postgres", "--language")
    assert run(*asked, "fr", TO_POSTGRES_HOST="localhost") == Run(
        2, errors="TO_POSTGRES_DBNAME : doit être indiqué\nTO_POSTGRES_USER : doit être indiqué\n"
    )
    assert run(*asked, "nl", POSTGRES_DBNAME="a", TO_POSTGRES_USER="b") == Run(
        2, errors="TO_POSTGRES_HOST: moet worden opgegeven\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_name_is_refused(run: Runs) -> None:
    unnamed = run("copy", "--to-sqlite", "")
    assert (unnamed.code, unnamed.errors.partition(" ")[0]) == (2, "--to-sqlite:")


def test_a_store_is_not_copied_to_itself(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    itself = tmp_path / "coordination.sqlite"
    assert run("copy", "--to-sqlite", str(itself), "--language", "fr") == Run(
        3,
        errors=f"{itself} est la source elle-même ; rien n'a été copié. "
        "Nommez un autre stockage.\n",
    )


def test_an_altered_history_is_told_and_not_copied(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    run(*REQUEST)
    source = tmp_path / "coordination.sqlite"
    changed({"SQLITE_DBNAME": str(source)}, ALTERED)
    assert run("copy", "--to-sqlite", str(tmp_path / "copy.sqlite")) == Run(
        1,
        f"Nothing was copied, for the history in {source} is not sound:\n" + run("verify").output,
    )


def test_a_copy_that_its_database_spoiled_is_told(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    copy = {"SQLITE_DBNAME": str(tmp_path / "copy.sqlite")}
    run("verify", **copy)
    changed(copy, f"CREATE TRIGGER spoil AFTER INSERT ON stored_events BEGIN {SPOILED}; END")
    assert run("copy", "--to-sqlite", copy["SQLITE_DBNAME"]) == Run(
        1,
        f"The copy {copy['SQLITE_DBNAME']} is not what it was copied from; copy into another "
        "store:\n"
        "Ledger of AWEX, event 1: it is filed in another place than it says itself.\n"
        "Position 1: the event is not byte for byte that of the source.\n",
    )


SPOILED = "UPDATE stored_events SET topic = 'mission.cancelled'"


def test_a_file_is_the_target_whatever_the_environment_says_of_the_source() -> None:
    """The library would take COORDINATION_SQLITE_DBNAME before SQLITE_DBNAME."""
    environ = {"COORDINATION_SQLITE_DBNAME": "a.sqlite", "SQLITE_LOCK_TIMEOUT": "9"}
    assert environ_of_target(environ, "b.sqlite") == {
        "SQLITE_LOCK_TIMEOUT": "9",
        "PERSISTENCE_MODULE": "coordination.store.sqlite",
        "SQLITE_DBNAME": "b.sqlite",
    }

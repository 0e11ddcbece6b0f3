"""The file of the mailroom: durable, shared, and never another program's."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path
from typing import ClassVar

import pytest

from coordination.mailroom import database
from coordination.mailroom.database import Database, moment_of
from coordination.mailroom.kept import CameBy, Door
from coordination.mailroom.mailroom import Mailroom
from coordination.mailroom.refusal import MailroomRefused
from tests.coordination.mailroom.conftest import MORNING
from tests.coordination.mailroom.letters import letter
from tests.faults.clerk import opened

LEDGER = CameBy(Door.LEDGER, "awex")
# Opens a mailroom, waits until it is told to, and asks; says how much it kept.
PROGRAM = """
import sys
from datetime import UTC, datetime
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.letters import letter

path, asker = sys.argv[1:]
sys.stdin.readline()
with Mailroom(path, lambda: datetime.now(UTC)) as mailroom:
    for number in range(100):
        mailroom.accept(letter(f"crm-{number}", asker))
print(100)
"""


def refused(path: Path, kind: type[Database] = Mailroom) -> MailroomRefused:
    with pytest.raises(MailroomRefused) as refusal:
        kind(path, lambda: MORNING)
    return refusal.value


def test_the_settings_that_durability_needs_are_kept(mailroom: Mailroom) -> None:
    read = {
        setting: mailroom.selected(f"PRAGMA {setting}")
        for setting in ("journal_mode", "synchronous", "application_id", "user_version")
    }
    assert read == {
        "journal_mode": [("wal",)],
        "synchronous": [(2,)],
        "application_id": [(database.OURS,)],
        "user_version": [(database.FORMAT,)],
    }


class NotDurable(Database):
    settings: ClassVar[dict[str, tuple[str, str]]] = {"synchronous": ("NORMAL", "2")}


def test_a_setting_that_is_not_kept_is_told(path: Path) -> None:
    refusal = refused(path, NotDurable)
    assert (refusal.key, refusal.parameters) == (
        "mailroom.setting-not-kept",
        {
            "path": str(path),
            "setting": "synchronous",
            "wanted": "NORMAL",
            "found": "1",
        },
    )


def test_the_database_of_another_program_is_refused_and_not_changed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (one)")
    before = path.read_bytes()
    refusal = refused(path)
    assert (refusal.key, refusal.parameters) == ("mailroom.not-ours", {"path": str(path)})
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_store_of_the_events_is_no_mailroom(path: Path) -> None:
    opened(str(path)).close()
    assert refused(path).key == "mailroom.not-ours"


def test_a_file_that_is_no_database_is_refused_and_not_changed(path: Path) -> None:
    path.write_bytes(b"Dear colleague, " * 100)
    assert refused(path).key == "mailroom.not-ours"
    assert path.read_bytes() == b"Dear colleague, " * 100


def test_a_newer_format_is_refused(path: Path) -> None:
    Mailroom(path, lambda: MORNING).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=2")
    refusal = refused(path)
    assert (refusal.key, refusal.parameters) == (
        "mailroom.newer-format",
        {"path": str(path), "found": 2, "known": 1},
    )


def test_a_folder_that_does_not_exist_is_told(path: Path) -> None:
    refusal = refused(path / "nowhere")
    assert (refusal.key, refusal.parameters) == (
        "mailroom.not-usable",
        {"path": str(path / "nowhere"), "reason": "unable to open database file"},
    )


def test_whoever_asks_after_it_was_closed_is_told(path: Path) -> None:
    mailroom = Mailroom(path, lambda: MORNING)
    mailroom.close()
    with pytest.raises(MailroomRefused, match=r"mailroom\.not-usable"):
        mailroom.waiting()


def test_what_was_kept_is_there_when_it_is_opened_again(path: Path) -> None:
    with Mailroom(path, lambda: MORNING) as mailroom:
        kept = mailroom.accept(letter())
    with Mailroom(path, lambda: MORNING) as mailroom:
        assert mailroom.waiting() == [kept]


def test_a_change_that_fails_leaves_nothing(mailroom: Mailroom) -> None:
    def fail() -> None:
        with mailroom.changing() as connection:
            connection.execute("INSERT INTO seals VALUES ('awex', 1, 'seal')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert mailroom.seal_of("awex") is None


def test_a_moment_is_kept_in_utc_to_the_microsecond(mailroom: Mailroom) -> None:
    at = MORNING.replace(microsecond=907).astimezone(timezone(timedelta(hours=2)))
    assert mailroom.moment(at) == "2026-09-15T08:00:00.000907+00:00"
    assert moment_of(mailroom.moment(at)) == at
    assert moment_of(mailroom.moment(None)) == MORNING


def test_several_threads_ask_and_keep_at_once(mailroom: Mailroom) -> None:
    def work(thread: int) -> None:
        for number in range(25):
            mailroom.accept(letter(f"crm-{thread}-{number}"))
            mailroom.keep(LEDGER, "ev.awex", {}, b"{", reason="message.not-json", parameters={})
            mailroom.waiting()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert len({one.id for one in mailroom.waiting()}) == 100
    assert [one.count for one in mailroom.kept()] == [100]


def test_two_processes_make_it_at_once_and_share_it(path: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path), asker],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for asker in ("fit", "hub")
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    assert [program.communicate()[0] for program in programs] == ["100\n", "100\n"]
    with Mailroom(path, lambda: MORNING) as mailroom:
        assert sorted((one.asker, one.id) for one in mailroom.all()) == sorted(
            (asker, f"crm-{number}") for asker in ("fit", "hub") for number in range(100)
        )


def test_a_database_without_tables_is_nobodys_yet(path: Path) -> None:
    path.touch()
    Database(path, lambda: MORNING).close()
    assert path.stat().st_size > 0

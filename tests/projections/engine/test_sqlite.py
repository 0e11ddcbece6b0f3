"""Read models in a file of their own, which may always be deleted."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from projections.engine.database import ReadModelsUnusable
from projections.engine.sqlite import OURS, TODAY, SQLiteDatabase
from projections.read_model import civil_day


def opened(file: Path, timeout: float = 5) -> SQLiteDatabase:
    return SQLiteDatabase(str(file), timeout)


def test_a_new_file_is_ours_and_keeps_a_log(tmp_path: Path) -> None:
    file = tmp_path / "rows.sqlite"
    database = opened(file)
    for access in (database.reading, database.writing):
        with access() as transaction:
            found = [
                transaction.select(f"PRAGMA {setting}")[0][0]
                for setting in ("application_id", "journal_mode", "synchronous", "page_size")
            ]
            assert found == [OURS, "wal", 1, 16_384]
    database.close()
    opened(file).close()


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "addresses.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE addresses (name)")
    before = file.read_bytes()
    with pytest.raises(ReadModelsUnusable, match=r"addresses\.sqlite is another program's"):
        opened(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all, and long enough" * 100])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rows.sqlite"
    file.write_bytes(content)
    with pytest.raises(ReadModelsUnusable, match="not a database"):
        opened(file)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadModelsUnusable, match="unable to open"):
        opened(tmp_path / "nowhere" / "rows.sqlite")


def test_what_is_read_is_of_one_moment(tmp_path: Path) -> None:
    database = opened(tmp_path / "rows.sqlite")
    with database.writing() as transaction:
        transaction.execute("CREATE TABLE numbers (number INTEGER)")
        transaction.write("INSERT INTO numbers VALUES (?)", [(1,), (2,)])
    count = "SELECT count(*) FROM numbers"
    with database.reading() as before:
        assert before.select(count) == [(2,)]
        with database.writing() as transaction:
            transaction.execute("INSERT INTO numbers VALUES (?)", (3,))
        assert before.select(count) == [(2,)]
        with database.reading() as after:
            assert after.select(count) == [(3,)]
    database.close()


def test_what_failed_halfway_is_not_kept(tmp_path: Path) -> None:
    database = opened(tmp_path / "rows.sqlite")
    with database.writing() as transaction:
        transaction.execute("CREATE TABLE numbers (number INTEGER)")

    def fail(error: Exception) -> None:
        with database.writing() as transaction:
            transaction.execute("INSERT INTO numbers VALUES (1)")
            raise error

    with pytest.raises(KeyError):
        fail(KeyError("of whoever writes"))
    with pytest.raises(ReadModelsUnusable, match="of the database"):
        fail(sqlite3.OperationalError("of the database"))
    with pytest.raises(KeyError):
        fail_after_sqlite_gave_up(database)
    with database.reading() as transaction:
        assert transaction.select("SELECT count(*) FROM numbers") == [(0,)]
    database.close()


def fail_after_sqlite_gave_up(database: SQLiteDatabase) -> None:
    """It ends a transaction itself, for instance on a full disk."""
    with database.writing() as transaction:
        transaction.execute("ROLLBACK")
        raise KeyError


def test_one_writes_at_a_time_and_the_others_wait(tmp_path: Path) -> None:
    file = tmp_path / "rows.sqlite"
    databases = [opened(file) for _ in range(3)]
    with databases[0].writing() as transaction:
        transaction.execute("CREATE TABLE numbers (number INTEGER)")
        transaction.execute("INSERT INTO numbers VALUES (0)")

    def count(database: SQLiteDatabase) -> None:
        for _ in range(50):
            with database.writing() as transaction:
                [(number,)] = transaction.select("SELECT number FROM numbers")
                transaction.execute("UPDATE numbers SET number = ?", (number + 1,))

    threads = [Thread(target=count, args=(one,)) for one in (*databases, *databases)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].reading() as transaction:
        assert transaction.select("SELECT number FROM numbers") == [(300,)]
    for database in databases:
        database.close()


def test_who_waits_too_long_to_write_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rows.sqlite"
    database, other = opened(file), opened(file, timeout=0)

    def write() -> None:
        with other.writing():
            pass

    with database.writing(), pytest.raises(ReadModelsUnusable, match="locked"):
        write()
    write()
    for one in (database, other):
        one.close()


def test_today_is_the_day_in_brussels_whatever_the_zone_of_the_machine() -> None:
    """An hour at a time about midnight and about each change of the clock, for twelve years."""
    instants = [
        datetime(year, month, day, hour, minute, tzinfo=UTC)
        for year in range(2020, 2032)
        for month, days in ((1, (1, 15)), (3, range(24, 32)), (7, (1, 31)), (10, range(24, 32)))
        for day in days
        for hour in (0, 1, 2, 21, 22, 23)
        for minute in (0, 59)
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        for instant in instants:
            now = f"'{instant:%Y-%m-%d %H:%M:%S}'"
            [(day,)] = connection.execute("SELECT " + TODAY.replace("'now'", now))
            assert (instant, day) == (instant, civil_day(instant).isoformat())

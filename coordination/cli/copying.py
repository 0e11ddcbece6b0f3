"""`coordination copy`: the whole store, into another SQLite file or PostgreSQL schema."""

from collections.abc import Iterator, Mapping

from coordination.cli.findings import tell
from coordination.cli.progress import bar_of
from coordination.cli.terminal import ExitCode, Terminal
from coordination.conversion import Problem
from coordination.store.choosing import POSTGRES, SQLITE
from coordination.store.copying import Copied, Copying
from coordination.store.event_store import EventStore

PREFIX = "TO_"  # of the variables that say where a copy goes
NEEDED = ("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER")


def copy(terminal: Terminal, to_sqlite: str | None, to_postgres: bool) -> int:
    """Exactly one of the two is given."""
    around = terminal.surroundings
    environ = environ_of_target(around.environ, to_sqlite)
    if problems := list(_missing(environ)) if to_postgres else []:
        terminal.complain_of(problems)
        return ExitCode.MALFORMED
    source = EventStore(around.environ, around.clock, around.new_id)
    try:
        target = EventStore(environ, around.clock, around.new_id)
        try:
            with bar_of(terminal) as bar:
                task = bar.add_task(target.place, total=None)
                copied = Copying(source, target).run(
                    lambda position, until: bar.update(task, completed=position, total=until)
                )
        finally:
            target.close()
    finally:
        source.close()
    return _tell(terminal, copied, source.place, target.place)


def environ_of_target(environ: Mapping[str, str], to_sqlite: str | None) -> dict[str, str]:
    """
    The variables of the target: a file, or what TO_POSTGRES_… say and else POSTGRES_….

    The library prefers a variable that begins with COORDINATION_, which is of the source.
    """
    plain = {name: value for name, value in environ.items() if not name.startswith("COORDINATION_")}
    if to_sqlite is not None:
        return {**plain, "PERSISTENCE_MODULE": SQLITE, "SQLITE_DBNAME": to_sqlite}
    own = {
        name.removeprefix(PREFIX): value
        for name, value in plain.items()
        if name.startswith(f"{PREFIX}POSTGRES_")
    }
    return {**plain, **own, "PERSISTENCE_MODULE": POSTGRES}


def _missing(environ: Mapping[str, str]) -> Iterator[Problem]:
    for name in NEEDED:
        if not environ.get(name):
            yield Problem(PREFIX + name, "", "missing")


def _tell(terminal: Terminal, copied: Copied, source: str, target: str) -> int:
    if copied.findings:
        key = "copy.spoiled" if copied.added else "copy.not-begun"
        terminal.write(terminal.say(key, path=copied.unsound))
        tell(terminal, copied.findings)
        return ExitCode.REJECTED
    terminal.write(
        terminal.say("copy.done", count=copied.added, held=copied.held, path=target)
        if copied.added
        else terminal.say("copy.nothing-new", count=copied.held, path=target)
    )
    if copied.grown:
        terminal.write(terminal.say("copy.grown", path=source))
    return ExitCode.DONE

"""The demonstration: the story of a year, told as it is played."""

from collections.abc import Iterator
from datetime import date

from coordination.cli.tables import print_answer
from coordination.cli.terminal import ExitCode, Terminal
from coordination.demo.player import play

NEXT = (
    "plan 2027",
    "offices --seen-by fit",
    "coverage --agency hub --as-of 2027-01-01",
    "difference cycle-hub-2026 after-june --after amendment-1",
    "history mission-hub-uk-princely",
    "mission request-co-organisation mission-awex-2027-casablanca --as hub",
    "verify",
    "serve",
)


def demonstrate(terminal: Terminal) -> int:
    around = terminal.surroundings
    environ = {**around.environ}
    database = environ.setdefault("SQLITE_DBNAME", "demo.sqlite")  # never into real records
    console = terminal.console()
    day: date | None = None
    for told in play(terminal.settings, environ, around.new_id, terminal.language):
        if told.day != day:
            day = told.day
            console.print()
            console.rule(terminal.reader.day(day), align="left")
        console.print(told.sentence, markup=False)
        if told.events:
            console.print(terminal.say("demo.recorded", count=told.events), style="dim")
        for shown in told.shown:
            print_answer(console, terminal.reader, shown.answer, shown.tables)
    console.rule()
    console.print(terminal.say("demo.next"))
    for line in (f"export SQLITE_DBNAME={database}", *_next(around.program)):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    return ExitCode.DONE


def _next(program: str) -> Iterator[str]:
    for asked in NEXT:
        yield f"{program} {asked}"

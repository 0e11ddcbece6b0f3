"""The demonstration: the story of a year, told as it is played."""

from datetime import date

from coordination.cli.tables import print_answer
from coordination.cli.terminal import ExitCode, Terminal
from coordination.demo.player import play


def demonstrate(terminal: Terminal) -> int:
    around = terminal.surroundings
    console = terminal.console()
    day: date | None = None
    for told in play(
        terminal.settings, around.environ, around.new_id, terminal.language, _silently
    ):
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
    return ExitCode.DONE


def _silently(done: int, total: int) -> None:
    """The story itself is the progress."""
    del done, total

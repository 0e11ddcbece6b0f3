"""The demonstration of three nodes, told as it is played."""

import asyncio
import shutil
import time
from contextlib import aclosing
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console

from coordination.bus.health import is_well
from coordination.cli.bus import until_asked_to_end
from coordination.cli.tables import print_narrow
from coordination.cli.tables.federation import page_of
from coordination.cli.terminal import ExitCode, Terminal
from coordination.demo.federation import Began, Told, play


def demonstrate(terminal: Terminal, *, keep: bool) -> int:
    """Everything it started has ended when this returns, however it returns."""
    folder = Path(mkdtemp(prefix="coordination-"))
    showing = _Showing(terminal)
    try:
        interrupted = asyncio.run(until_asked_to_end(showing.play(folder)))
        terminal.write(terminal.say("demo.ended-all"))
        if interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.DONE if showing.alike_and_well else ExitCode.REJECTED
    finally:
        if keep:
            terminal.write(terminal.say("demo.kept", path=str(folder)))
        else:
            shutil.rmtree(folder)


class _Showing:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.begun = terminal, time.monotonic()
        self.console: Console = terminal.console()
        self.alike_and_well = False

    async def play(self, folder: Path) -> None:
        around = self.terminal.surroundings
        self._say("demo.starting")
        playing = play(
            folder,
            environ=around.environ,
            clock=around.clock,
            new_id=around.new_id,
            language=self.terminal.language,
            waits=self._say,
        )
        async with aclosing(playing):
            async for told in playing:
                self._began(told) if isinstance(told, Began) else self._tell(told)
                around.output.flush()
        self.console.rule(self._seconds(), align="left")

    def _began(self, began: Began) -> None:
        for agency, count in began.events.items():
            self._say("demo.brought-in", agency=agency, count=count)

    def _tell(self, told: Told) -> None:
        reader = self.terminal.reader
        self.console.print()
        self.console.rule(f"{reader.day(told.day)} · {self._seconds()}", align="left")
        self.console.print(told.sentence, markup=False)
        if page := page_of(told, reader):
            print_narrow(self.console, reader, page)
        if told.standing is not None:
            nodes = told.standing.nodes
            well = all(is_well(node.health) and node.health.linked for node in nodes)
            self.alike_and_well = well and told.standing.is_alike

    def _seconds(self) -> str:
        return f"{time.monotonic() - self.begun:.1f} s"

    def _say(self, key: str, **parameters: str | int) -> None:
        self.console.print(self.terminal.say(key, **parameters), markup=False)
        self.terminal.surroundings.output.flush()

"""A program that the demonstration starts, and ends again, however it ends itself."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from coordination.bus.refusal import BusRefused

PATIENCE = 5.0  # seconds for a program to end by itself
SHOWN = 500  # characters of the end of a log


def tied(command: Sequence[str]) -> list[str]:
    """The command, to be killed by the kernel when the thread that started it ends, however it
    ends. Only Linux can; elsewhere whoever is killed leaves behind what it started."""
    setpriv = shutil.which("setpriv")
    return [*((setpriv, "--pdeathsig", "KILL") if setpriv else ()), *command]


class Process:
    """Started from the main thread; what it says goes into `NAME.log` in its folder."""

    def __init__(
        self, name: str, folder: Path, command: Sequence[str], environ: Mapping[str, str]
    ) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                tied(command),
                cwd=folder,
                env={**environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def check(self) -> None:
        """Raises BusRefused, with the end of the log, where it has ended."""
        if self._process.poll() is not None:
            said = self.log.read_text(errors="replace").strip()[-SHOWN:]
            raise BusRefused("demo.ended", name=self.name, said=said or "–")

    def ask_to_end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, patience: float = PATIENCE) -> None:
        self.ask_to_end()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

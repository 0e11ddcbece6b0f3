"""A program of the tests' own, in a process that dies with them and whose log is kept."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from coordination.demo.process import tied

STARTING = 20.0  # seconds; a slow machine needs one
LOG_SHOWN = 4_000  # characters of the end


class NotReady(Exception):
    """What was started did not become ready; with the end of its log."""


class Process:
    """Start it from a thread that outlives it. A context manager: leaving it kills the process."""

    def __init__(
        self, name: str, folder: Path, command: Sequence[str], environ: Mapping[str, str]
    ) -> None:
        self.name, self.folder, self.command, self.environ = name, folder, command, environ
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._paused = False

    def start(self) -> None:
        """Returns once it is ready. Raises NotReady with the end of its log."""
        assert not self.running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                tied(self.command),
                cwd=self.folder,
                env={**os.environ, **self.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + STARTING
        while not self.ready():
            if not self.running or time.monotonic() > end:
                state = "is not ready" if self.running else f"ended with {self._process.returncode}"
                self.kill()
                raise NotReady(f"{self.name} {state}:\n{self.log_end()}")
            time.sleep(0.01)

    def ready(self) -> bool:
        return True

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-LOG_SHOWN:]

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """As kill -9, or a machine that stops; nothing where it does not run."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator stops it; it has ten seconds for it."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """It stands still and answers nothing, its connections stay."""
        self._signal(signal.SIGSTOP)
        self._paused = True

    def resume(self) -> None:
        self._signal(signal.SIGCONT)
        self._paused = False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._paused and how is not signal.SIGKILL:
            self.resume()
        self._signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._paused = False

    def _signal(self, what: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(what)

    def __enter__(self) -> "Process":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

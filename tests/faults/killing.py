"""Work in a process of its own that is killed, as by kill -9, at a moment the test chooses."""

import os
import signal
import time
from collections.abc import Callable


def killed_after(seconds: float, work: Callable[[], object]) -> None:
    """Lets the work go on for so long, from its beginning."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.write(writing, b".")
        try:
            work()
        finally:
            os._exit(0)
    os.read(reading, 1)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(reading)
    os.close(writing)


def notes_of_killed(seconds: float, work: Callable[[int], object]) -> list[str]:
    """The lines a process wrote to the file it was given, killed so long after its first."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(1)  # it works until it is killed
    os.close(writing)
    noted = os.read(reading, 65_536)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while more := os.read(reading, 65_536):
        noted += more
    os.close(reading)
    return noted.decode().splitlines()

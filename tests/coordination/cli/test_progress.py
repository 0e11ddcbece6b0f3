"""Long work shows a bar to a person at a terminal, and nothing to anybody else."""

from io import StringIO
from threading import Event
from uuid import uuid4

from coordination.cli.progress import watched
from coordination.cli.terminal import Surroundings, Terminal
from coordination.settings import Settings
from tests.coordination.cli.running import MORNING


class Screen(StringIO):
    """A terminal that says when something is first shown on it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shown.set()
        return super().write(text)


def terminal(errors: StringIO) -> Terminal:
    around = Surroundings(
        environ={"COLUMNS": "80", "TERM": "xterm"},
        clock=lambda: MORNING,
        new_id=lambda: str(uuid4()),
        input=StringIO(),
        output=StringIO(),
        errors=errors,
    )
    return Terminal(around, Settings(), "en")


def test_work_that_takes_longer_than_a_moment_shows_how_far_it_is() -> None:
    screen = Screen()
    with watched(terminal(screen), "Taking in events", after=0) as progress:
        assert screen.shown.wait(timeout=60)
        progress(300, 1000)
    told = screen.getvalue()
    assert "Taking in events" in told
    assert "300/1000" in told


def test_how_far_it_was_before_the_bar_appeared_is_shown_too() -> None:
    screen = Screen()
    with watched(terminal(screen), "Taking in events", after=3600) as progress:
        progress(300, 1000)
        progress.appear()
    assert "300/1000" in screen.getvalue()


def test_work_that_is_done_in_a_moment_shows_nothing() -> None:
    screen = Screen()
    with watched(terminal(screen), "Taking in events", after=3600) as progress:
        progress(1000, 1000)
    assert screen.getvalue() == ""


def test_where_no_terminal_is_nothing_is_shown() -> None:
    file = StringIO()
    with watched(terminal(file), "Taking in events", after=3600) as progress:
        progress(300, 1000)
        progress.appear()
    assert file.getvalue() == ""

"""What lies in the mailroom, for people."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from msgspec import Raw

from coordination import letters
from coordination.letters import AskedLine, AskedList, AskedWhole, Waiting
from coordination.mailroom.asked import State
from coordination.mailroom.kept import Beyond, CameBy, Door, KeptMessage, Reason
from coordination.mailroom.mailroom import Mailroom
from coordination.upkeep import ParkedList
from tests.coordination.mailroom.conftest import MORNING
from tests.coordination.mailroom.letters import DONE, letter
from tests.faults.clerk import opened_by
from tests.servers.postgres import Server

NOTHING = ParkedList(parked=(), skipped=())
LINE = AskedLine(
    id="crm-1",
    asker="fit",
    owner="awex",
    asked_at=MORNING,
    tag="mission.request-co-organisation",
    stream="mission-awex-2027-hanoi",
    command=Raw(letter().command),
    state=State.WAITING,
    since=MORNING,
    answer=None,
)


class OfOne(Mailroom):
    most: ClassVar[int] = 1


@pytest.fixture
def mailroom(tmp_path: Path) -> Mailroom:
    return OfOne(tmp_path / "mailroom.sqlite", lambda: MORNING)


def test_where_there_is_no_mailroom_none_is_made(tmp_path: Path) -> None:
    environ = {"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}
    with (
        closing(opened_by(environ)) as store,
        letters.opened(store, environ, lambda: MORNING) as mailroom,
    ):
        assert mailroom is None
        assert letters.asked(mailroom) == AskedList(asked=())
        assert letters.asked_as(mailroom, "crm-1") == AskedWhole(asked=())
        assert letters.waiting(NOTHING, mailroom) == Waiting(
            parked=(), skipped=(), messages=(), beyond=()
        )
    assert not list(tmp_path.glob("*mailroom*"))


def test_the_mailroom_of_a_node_is_beside_its_store(tmp_path: Path) -> None:
    environ = {"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}
    Mailroom(tmp_path / "events.mailroom.sqlite", lambda: MORNING).close()
    with (
        closing(opened_by(environ)) as store,
        letters.opened(store, environ, lambda: MORNING) as mailroom,
    ):
        assert mailroom is not None
        assert mailroom.place == str(tmp_path / "events.mailroom.sqlite")


def test_the_mailroom_of_a_store_on_a_server_is_in_the_working_folder(postgres: Server) -> None:
    environ: Mapping[str, str] = postgres.environ()
    with closing(opened_by(environ)) as store:
        assert letters.place_of(store, environ) == Path("coordination.mailroom.sqlite")


def test_a_letter_says_what_it_asks_and_since_when_it_is_so(mailroom: Mailroom) -> None:
    with mailroom:
        mailroom.accept(letter())
        assert letters.asked(mailroom) == AskedList(asked=(LINE,))
        later = MORNING.replace(hour=11)
        mailroom.settle("fit", "crm-1", DONE, later)
        answered = msgspec.structs.replace(LINE, state=State.DONE, since=later, answer=Raw(DONE))
        assert letters.asked_as(mailroom, "crm-1") == AskedWhole(asked=(answered,))
        assert letters.asked_as(mailroom, "crm-2") == AskedWhole(asked=())


def test_what_strangers_wrote_is_shown_harmless(mailroom: Mailroom) -> None:
    with mailroom:
        mailroom.keep(
            CameBy(Door.LINK, "fit"),
            "cmd.\x1b\ud800",
            None,
            b"{}",
            reason=Reason.UNKNOWN_COMMAND,
            parameters={"given": "\x1b[2J"},
        )
        mailroom.keep(CameBy(Door.LINK, "fit"), "", {}, b"", reason="?", parameters={})
        found = letters.waiting(NOTHING, mailroom)
    assert found == Waiting(
        parked=(),
        skipped=(),
        messages=(
            KeptMessage(
                number=1,
                came_by=CameBy(Door.LINK, "fit"),
                subject=r"cmd.\x1b\ud800",
                size=2,
                reason=Reason.UNKNOWN_COMMAND,
                parameters={"given": r"\x1b[2J"},
                count=1,
                first_at=MORNING,
                last_at=MORNING,
            ),
        ),
        beyond=(
            Beyond(
                came_by=CameBy(Door.LINK, "fit"),
                reason="?",
                count=1,
                first_at=MORNING,
                last_at=MORNING,
            ),
        ),
    )

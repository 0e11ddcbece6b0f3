"""The mailroom, put together: one SQLite file, whichever database keeps the events."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from coordination.mailroom import answered, asked, evidence, kept
from coordination.mailroom.answered import AnswersGiven
from coordination.mailroom.asked import AskedOfOthers
from coordination.mailroom.evidence import Evidence
from coordination.mailroom.kept import KeptMessages

NAME = "coordination.mailroom.sqlite"


class Mailroom(AskedOfOthers, AnswersGiven, KeptMessages, Evidence):
    """For several threads and processes at once; a context manager."""

    tables: ClassVar[tuple[str, ...]] = (
        asked.TABLE,
        asked.WAITING,
        answered.TABLE,
        kept.TABLE,
        kept.OPEN,
        kept.ROOM,
        kept.EMPTY,
        kept.BEYOND,
        evidence.TABLE,
        evidence.SEALS,
    )


def path_of(environ: Mapping[str, str], store: Path | None) -> Path:
    """
    COORDINATION_MAILROOM, else `coordination.mailroom.sqlite` beside `coordination.sqlite`.

    `store` is the file of the events; None where another database keeps them: then it lies in the
    working folder.
    """
    if said := environ.get("COORDINATION_MAILROOM"):
        return Path(said)
    if store is None:
        return Path(NAME)
    store = store.resolve()
    return store.with_name(f"{store.stem}.mailroom{store.suffix}")

"""Who said what when, for people."""

from coordination.cli.tables.page import Page, sheet
from coordination.sentences import sentence_of
from coordination.wording import Reader
from projections.history import Entry, History
from projections.read_model import civil_day


def history(answer: History, reader: Reader) -> Page:
    if not answer.entries:
        return [reader.say("history.none", stream=answer.stream)]
    columns = ("recorded", "from", "what", "meeting", "reference")
    rows = (_entry(entry, reader) for entry in answer.entries)
    return sheet(reader, "history.title", columns, rows, stream=answer.stream)


def _entry(entry: Entry, reader: Reader) -> tuple[str, ...]:
    meeting = entry.correlation if entry.correlation.startswith("meeting-") else ""
    return *said(entry, reader), meeting, entry.reference


def said(entry: Entry, reader: Reader) -> tuple[str, str, str]:
    """The day it was recorded, the day from which it holds, and what was said."""
    return (
        reader.day(civil_day(entry.recorded)),
        reader.day(entry.effective),
        sentence_of(entry.event, entry.agency, reader),
    )

"""Answers, shown as they were asked for: a page, JSON, or rows for a spreadsheet."""

from typing import Any

import msgspec
from msgspec import Struct

from coordination.cli.terminal import Format, Terminal


class Showing(Struct, frozen=True, kw_only=True):
    """How an answer is shown."""

    format: Format = Format.TABLE


def show(terminal: Terminal, answer: Any, shape: Format) -> None:
    match shape:
        case Format.JSON:
            terminal.write(msgspec.json.format(msgspec.json.encode(answer)).decode())
        case Format.CSV:
            from coordination.cli.rows import csv_of

            terminal.surroundings.output.write(csv_of(answer))
        case Format.TABLE:
            from coordination.cli.tables import print_answer

            print_answer(terminal.console(), terminal.reader, answer)

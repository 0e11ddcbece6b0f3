"""The sub-commands that are neither a command nor a question of the agencies' language."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from msgspec import Struct

from coordination.cli.options import written
from coordination.cli.terminal import ExitCode, Terminal
from coordination.conversion import Problem
from schemas.vocabulary import Agency, Words

As = Annotated[str | None, Parameter(name="--as", help="agency whose file it is, such as awex")]
DryRun = Annotated[bool, Parameter(name="--dry-run", help="check only, keep nothing", negative=())]
Keep = Annotated[
    bool, Parameter(name="--keep", help="keep the folder with keys, stores and logs", negative=())
]
SkipInvalid = Annotated[
    bool,
    Parameter(name="--skip-invalid", help="keep the rows without mistakes", negative=()),
]
ToSqlite = Annotated[
    str | None, Parameter(name="--to-sqlite", help="file of the copy; made where there is none")
]
ToPostgres = Annotated[
    bool,
    Parameter(
        name="--to-postgres",
        help="into the schema that TO_POSTGRES_DBNAME, TO_POSTGRES_HOST, TO_POSTGRES_SCHEMA and "
        "their kin name; for each that is not set, POSTGRES_… counts",
        negative=(),
    ),
]
Language = Annotated[
    str | None, Parameter(name="--language", help="fr, nl, de or en; else COORDINATION_LANGUAGE")
]
Shape = Annotated[str | None, Parameter(name="--format", help="markdown, json or asyncapi")]
Tables = Annotated[
    bool,
    Parameter(
        name="--tables",
        help="the tables of the read models instead, for Excel, Power BI or DuckDB",
        negative=(),
    ),
]


class What(StrEnum):
    MISSIONS = "missions"
    POSTS = "posts"


class Import(Struct, frozen=True, kw_only=True):
    what: What
    file: Words
    agency: Agency | None = None


class Copy(Struct, frozen=True, kw_only=True):
    to_sqlite: Words | None = None
    to_postgres: bool = False


class Document(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"
    ASYNCAPI = "asyncapi"


class TablesDocument(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"


class Schema(Struct, frozen=True, kw_only=True):
    format: Document = Document.MARKDOWN


class TablesSchema(Struct, frozen=True, kw_only=True):
    format: TablesDocument = TablesDocument.MARKDOWN


class OtherCommands:
    """`import`, `copy`, `verify`, `schema`, `demo` and `demo-federation`, each a method."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def bring_in(
        self,
        what: str | None = None,
        file: str | None = None,
        /,
        *,
        agency: As = None,
        dry_run: DryRun = False,
        skip_invalid: SkipInvalid = False,
        language: Language = None,
    ) -> int:
        """Import missions or posts from a CSV, XLSX or ODS file."""
        del language  # already that of the terminal
        raw = {"what": what, "file": file, "agency": agency or self.terminal.settings.agency}
        asked = self.terminal.read(Import, raw, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.cli.bringing_in import bring_in

        return bring_in(
            self.terminal,
            asked.what.value,
            Path(asked.file),
            agency=asked.agency,
            dry_run=dry_run,
            skip_invalid=skip_invalid,
        )

    def copy(
        self,
        *,
        to_sqlite: ToSqlite = None,
        to_postgres: ToPostgres = False,
        language: Language = None,
    ) -> int:
        """
        Copy the whole history into another store, byte for byte, and verify the copy.

        The target is empty, or holds the beginning of this history, as after an
        interruption: then the copy goes on from there.
        """
        del language
        asked = self.terminal.read(
            Copy, {"to_sqlite": to_sqlite, "to_postgres": to_postgres}, _shown
        )
        if asked is None:
            return ExitCode.MALFORMED
        if (asked.to_sqlite is not None) == asked.to_postgres:
            problem = Problem("to_sqlite", asked.to_sqlite or "", "one-target")
            self.terminal.complain_of([problem], _shown)
            return ExitCode.MALFORMED
        from coordination.cli.copying import copy

        return copy(self.terminal, asked.to_sqlite, asked.to_postgres)

    def verify(self, *, language: Language = None) -> int:
        """Check the whole history: every event, every link of the chain of every ledger."""
        del language
        from coordination.cli.findings import tell
        from coordination.store.event_store import EventStore

        around = self.terminal.surroundings
        store = EventStore(around.environ, around.clock, around.new_id)
        try:
            findings = list(store.verify())
            count = sum(head.seq for head in store.heads()) if not findings else 0
        finally:
            store.close()
        if findings:
            tell(self.terminal, findings)
            return ExitCode.REJECTED
        self.terminal.write(self.terminal.say("verify.sound", count=count))
        return ExitCode.DONE

    def schema(
        self, *, tables: Tables = False, shape: Shape = None, language: Language = None
    ) -> int:
        """Print the language of the agencies: every message, with an example."""
        del language
        written = self._tables(shape) if tables else self._messages(shape)
        if written is None:
            return ExitCode.MALFORMED
        self.terminal.write(written)
        return ExitCode.DONE

    def _messages(self, shape: str | None) -> str | None:
        asked = self.terminal.read(Schema, {"format": shape}, _shown)
        if asked is None:
            return None
        from schemas.catalogue import json_schema, markdown
        from schemas.examples import COMMANDS, EVENTS

        match asked.format:
            case Document.MARKDOWN:
                return markdown(COMMANDS, EVENTS).removesuffix("\n")
            case Document.JSON:
                return _json(json_schema(COMMANDS, EVENTS))
            case Document.ASYNCAPI:
                from schemas.asyncapi import document

                return _json(document())

    def _tables(self, shape: str | None) -> str | None:
        asked = self.terminal.read(TablesSchema, {"format": shape}, _shown)
        if asked is None:
            return None
        from projections.tables import ALL
        from projections.tables.catalogue import markdown, relations

        match asked.format:
            case TablesDocument.MARKDOWN:
                return markdown(ALL).removesuffix("\n")
            case TablesDocument.JSON:
                return _json(relations(ALL))

    def demo(self, *, language: Language = None) -> int:
        """Play the story of a year on real data, on an empty database."""
        del language
        from coordination.cli.demonstration import demonstrate

        return demonstrate(self.terminal)

    def demo_federation(self, *, keep: Keep = False, language: Language = None) -> int:
        """Play September between three nodes of their own, and cut one off meanwhile."""
        del language
        from coordination.cli.federation import demonstrate

        return demonstrate(self.terminal, keep=keep)


def _json(document: object) -> str:
    return msgspec.json.format(msgspec.json.encode(document)).decode()


def _shown(field: str) -> str:
    return {"what": "WHAT", "file": "FILE", "agency": "--as"}.get(field, written(field))

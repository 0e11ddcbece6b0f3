from projections import missions
from projections.engine.projection import Column, Kind, Projection
from projections.mission_line import MissionLine
from projections.tables.catalogue import ColumnDocument, RelationDocument, markdown, relations

SHORT = Projection(
    name="journeys",
    subject="mission",
    comment="Journeys of the agencies",
    line=MissionLine,
    evolve=missions.evolve,
    columns=(Column("owner", Kind.TEXT, "agency that leads it", lambda line: line.owner),),
)
COLUMNS = (
    ColumnDocument("mission", "text", "identifier, and the name of the stream of its events"),
    ColumnDocument("owner", "text", "agency that leads it"),
    ColumnDocument("holds_from", "date", "the row holds from this day on, in Europe/Brussels"),
    ColumnDocument(
        "holds_until", "date", "the row holds until the day before; empty: until further notice"
    ),
    ColumnDocument("version", "integer", "how many events of the stream were taken in"),
    ColumnDocument("seq", "integer", "the last of them, as its ledger counts"),
    ColumnDocument("began_on", "date", "first day on which any of them takes effect"),
    ColumnDocument(
        "settled_on", "date", "the rows of the stream answer for every day from this one on"
    ),
    ColumnDocument("effective_until", "date", "last day on which any of them takes effect"),
    ColumnDocument("recorded_until", "moment", "when the last of them was recorded, in UTC"),
    ColumnDocument("behind", "text", "JSON: the events that made the row, as ledger/seq"),
    ColumnDocument("line", "text", "JSON: the whole line, as the projection has it"),
)


def test_each_projection_is_two_views_with_the_same_columns() -> None:
    assert relations([SHORT]) == (
        RelationDocument("journeys", "Journeys of the agencies, as it stands today", COLUMNS),
        RelationDocument(
            "journeys_to_come",
            "Journeys of the agencies: what is decided and takes effect later",
            COLUMNS,
        ),
    )


def test_the_document_has_a_table_of_the_columns_of_each() -> None:
    assert markdown([SHORT]) == (
        """\
# The tables of the read models

They are views of SQL, and never written by anybody but the service. Days are civil days in
Europe/Brussels. A list in a column is words with commas between them. A row is one thing as it
stands: today in the first view, and in the one `_to_come` what is decided for a later day.

## journeys

- `journeys`: Journeys of the agencies, as it stands today
- `journeys_to_come`: Journeys of the agencies: what is decided and takes effect later

| column | type | what |
|---|---|---|
"""
        + "".join(f"| `{one.name}` | {one.type} | {one.meaning} |\n" for one in COLUMNS)
    )

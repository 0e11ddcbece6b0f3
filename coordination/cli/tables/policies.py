"""The policies in force, for people."""

from coordination.cli.tables.page import Page, sheet
from coordination.wording import Reader
from projections.policies import PolicyList


def policies(answer: PolicyList, reader: Reader) -> Page:
    rows = (
        (
            reader.label("topic", one.topic),
            reader.count(one.value),
            reader.agency(one.owner) or reader.say("policies.documented"),
            reader.day(one.since),
            f"{one.source}\n({one.attributed_to})",
        )
        for one in answer.policies
    )
    columns = ("topic", "value", "agency", "since", "source")
    return sheet(reader, "policies.title", columns, rows)

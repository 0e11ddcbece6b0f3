"""The policies in force, for people."""

from coordination.cli.tables.page import Page, sheet
from coordination.wording import Reader
from projections.policies import Policy, PolicyList


def policies(answer: PolicyList, reader: Reader) -> Page:
    rows = (
        (
            reader.label("topic", one.topic),
            reader.count(one.value),
            reader.agency(one.owner) or reader.say("policies.documented"),
            reader.day(one.since),
            _source(one, reader),
        )
        for one in answer.policies
    )
    columns = ("topic", "value", "agency", "since", "source")
    return sheet(reader, "policies.title", columns, rows)


def _source(one: Policy, reader: Reader) -> str:
    """What an agency wrote stays as it was written; what is documented has words of ours."""
    said = [one.source, one.attributed_to]
    if one.policy is None:
        said = [reader.label("documented", code) for code in said]
    source, by = said
    return f"{source}\n({by})"

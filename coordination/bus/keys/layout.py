"""What the text of a configuration looks like, and the names of servers and accounts."""

from collections.abc import Iterable, Sequence

from schemas.vocabulary import Agency

HUB_SERVER = "nats-hub"
CLUSTER_SERVERS = tuple(f"{HUB_SERVER}-{number}" for number in (1, 2, 3))
TAKEN = ("common", "link", "local", "node", "sys")  # an agency of that name would be one of ours


def account(agency: Agency) -> str:
    return agency.upper()


def others(agency: Agency, agencies: Sequence[Agency]) -> list[Agency]:
    return [other for other in agencies if other != agency]


def quoted(subjects: Iterable[str], indent: int) -> str:
    """An array, one subject a line, with the bracket that closes it `indent` columns in."""
    inner = " " * (indent + 2)
    return "[\n" + "".join(f'{inner}"{subject}"\n' for subject in subjects) + " " * indent + "]"


def lines(entries: Iterable[str], indent: int) -> str:
    """As `quoted`, of entries that are written as they stand."""
    inner = " " * (indent + 2)
    return "[\n" + "".join(f"{inner}{entry}\n" for entry in entries) + " " * indent + "]"

"""The names on the bus. One name leads everywhere: the end of a subject is the tag of the message.

`ev.awex.shared.mission.planned` is an event of AWEX, `cmd.awex.fit.mission.request-co-organisation`
what FIT asks of AWEX: the subject says who asks, so that the server's permissions hold it. What
crosses the link between the server of an agency and the hub begins with `link.`, and nothing else
crosses.
"""

from typing import Self

from msgspec import Struct

from schemas.vocabulary import Agency

# JetStream's domain on the hub is `common`: `hub` is hub.brussels there, too.
API_ON_THE_HUB, API_HERE = "$JS.common.API", "$JS.API"


def ledger_stream(ledger: Agency) -> str:
    """The stream that copies a ledger, on the hub as on the server of every agency."""
    return f"LEDGER_{ledger.upper()}"


def events_of(ledger: Agency) -> str:
    return f"ev.{ledger}.shared.>"


def event(ledger: Agency, tag: str) -> str:
    return f"ev.{ledger}.shared.{tag}"


def command(owner: Agency, asker: Agency, tag: str) -> str:
    return f"cmd.{owner}.{asker}.{tag}"


def commands(owner: Agency, asker: Agency | None = None) -> str:
    """All that one agency may ask of another; of anybody, where none is named."""
    return command(owner, asker, ">") if asker else f"cmd.{owner}.>"


def answer(asker: Agency, command_id: str) -> str:
    """Where the outcome of a command is told that was decided after its asker was answered."""
    return f"answer.{asker}.{command_id}"


def ledger_of(owner: Agency, asker: Agency) -> str:
    """Where an agency is asked for its ledger itself, when no stream has it."""
    return f"ledger.{owner}.{asker}"


def over_the_link(subject: str) -> str:
    """As the server of an agency sends it to the hub."""
    return f"link.{subject}"


def reading(ledger: Agency) -> str:
    """The prefix of JetStream's API by which the others read a ledger on the hub."""
    return over_the_link(f"js.{ledger}")


class Asking(Struct, frozen=True):
    """What the subject of a command says."""

    owner: Agency
    asker: Agency
    tag: str

    @classmethod
    def of(cls, subject: str) -> Self | None:
        """None where it is no subject of a command."""
        match subject.removeprefix("link.").split(".", 3):
            case ["cmd", owner, asker, tag]:
                return cls(owner, asker, tag)
        return None

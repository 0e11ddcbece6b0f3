"""What can go wrong between two servers at any moment, and passes: who meets it tries again."""

from enum import StrEnum

from nats.errors import Error, NoRespondersError
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError

from coordination.bus.pulling import Silent
from coordination.bus.refusal import BusRefused

TROUBLES = (Error, APIError, BusRefused, Silent, TimeoutError, OSError)


class Trouble(StrEnum):
    """What is told of a ledger that does not move."""

    UNREACHABLE = "unreachable"
    NO_STREAM = "no-stream"  # its owner has not made it yet, or it was lost
    DISPLACED = "displaced"  # somebody else wrote to our stream
    MADE_AGAIN = "made-again"
    FORK = "fork"
    FALSE_SEAL = "false-seal"


def named(error: Exception) -> str:
    """A Trouble, or what the program says."""
    match error:
        case NotFoundError():
            return Trouble.NO_STREAM
        case NoRespondersError() | NoStreamResponseError() | TimeoutError() | Silent():
            return Trouble.UNREACHABLE
        case BusRefused():
            return error.key
    return str(error) or type(error).__name__

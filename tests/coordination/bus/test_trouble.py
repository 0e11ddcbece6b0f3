"""What is told of a ledger that does not move."""

import pytest
from nats.errors import ConnectionClosedError, NoRespondersError
from nats.js.errors import NotFoundError

from coordination.bus.pulling import Silent
from coordination.bus.refusal import BusRefused
from coordination.bus.trouble import TROUBLES, Trouble, named


@pytest.mark.parametrize(
    "error, name",
    [
        (NotFoundError(), Trouble.NO_STREAM),
        (NoRespondersError(), Trouble.UNREACHABLE),
        (TimeoutError(), Trouble.UNREACHABLE),
        (Silent("LEDGER_AWEX"), Trouble.UNREACHABLE),
        (BusRefused("bus.stream-differs", stream="LEDGER_AWEX"), "bus.stream-differs"),
        (ConnectionClosedError(), "nats: connection closed"),
        (OSError(), "OSError"),
    ],
)
def test_each_has_a_name(error: Exception, name: str) -> None:
    assert isinstance(error, TROUBLES)
    assert named(error) == name

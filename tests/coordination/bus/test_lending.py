"""A ledger that is given in pieces to who asks for it."""

import msgspec
import pytest

from coordination.bus import lending
from coordination.bus.ledgers import Sealed
from coordination.bus.lending import Lending
from schemas.lending import LentLedger
from tests.coordination.bus.offices import Offices


def lender(offices: Offices) -> Lending:
    awex = offices["awex"]
    return Lending(awex.ledgers.reader("awex"), awex.ledgers.sealed, lambda: None)


def test_a_piece_is_sealed_by_its_last_event(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    lent = lender(offices).piece(1)
    assert [bytes(raw) for raw in lent.events] == awex.raw()[1:]
    pieces = [Sealed(bytes(raw), "") for raw in lent.events]
    assert fit.ledgers.vouched("awex", pieces) == 0
    assert fit.ledgers.vouched("awex", [pieces[0], Sealed(pieces[1].raw, lent.seal)]) == 2


def test_who_has_all_gets_nothing(offices: Offices) -> None:
    offices["awex"].publish("hanoi")
    assert lender(offices).piece(1) == LentLedger(())
    assert lender(offices).piece(1 << 70) == LentLedger(())


@pytest.mark.parametrize("bytes_at_most, count", [(1, 1), (900, 1), (10**6, 3)])
def test_a_piece_fits_into_a_message_and_is_never_nothing(
    offices: Offices, bytes_at_most: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "PIECE", bytes_at_most)
    offices["awex"].publish("hanoi", "tokyo", "osaka")
    lent = lender(offices).piece(0)
    assert len(lent.events) == count
    assert msgspec.json.decode(msgspec.json.encode(lent), type=LentLedger) == lent

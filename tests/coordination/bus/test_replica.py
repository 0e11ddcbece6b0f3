"""What another agency's ledger is believed for: its seals, and its chain."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from nats.aio.client import Client

from coordination.bus.ledgers import Ledgers, Sealed
from coordination.bus.replica import Replica
from tests.coordination.bus.offices import Office, Offices, after, changed, keys, office


def replica(of: Office, ledger: str = "awex") -> Replica:
    return Replica(Client(), ledger, of.ledgers)


async def taken(of: Office, events: Sequence[Sealed]) -> tuple[bool, list[bytes]]:
    """Whether all was kept, and what there is of AWEX's ledger now."""
    whole = await replica(of).take(events)
    return whole, of.raw("awex")


def evidence(of: Office) -> list[tuple[str, int, str, bytes | None]]:
    pieces = of.mailroom.evidence()
    return [(one.ledger, one.seq, one.what, one.ours) for one in pieces]


async def test_a_seal_vouches_for_all_events_before_it(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    *before, last = awex.sealed()
    unsealed = [Sealed(one.raw, "") for one in before]
    assert await taken(fit, [*unsealed, last]) == (True, awex.raw())
    assert evidence(fit) == []


async def test_an_event_that_was_changed_before_a_sealed_one_is_not_kept(offices: Offices) -> None:
    """The hub could do that: it sees each event, and who seals one vouches for its chain only."""
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    first, second, third = awex.sealed()
    forged = Sealed(changed(second.raw, role="auditor"), second.seal)
    assert await taken(fit, [first, forged, third]) == (False, [first.raw])
    assert evidence(fit) == [("awex", 2, "false-seal", None)]
    assert await taken(fit, [second, third]) == (True, awex.raw())


class Careless(Ledgers):
    """The planted fault: goes by the last good seal, whatever leads to it."""

    def vouched(self, ledger: str, events: Sequence[Sealed]) -> int:
        places = range(len(events), 0, -1)
        return next((place for place in places if self.is_sealed(ledger, events[place - 1])), 0)


async def test_the_same_forgery_shows_who_goes_by_the_last_seal(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    fit.ledgers = Careless("fit", fit.service, fit.mailroom, fit.sealer, fit.seals)
    awex.publish("hanoi", "tokyo", "osaka")
    first, second, third = awex.sealed()
    forged = Sealed(changed(second.raw, role="auditor"), second.seal)
    assert await taken(fit, [first, forged, third]) == (False, [first.raw, forged.raw])


async def test_a_last_event_without_its_seal_waits(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo")
    first, second = awex.sealed()
    assert await taken(fit, [first, Sealed(second.raw, "")]) == (False, [first.raw])
    [kept] = fit.mailroom.kept()
    assert (kept.reason, kept.parameters) == ("message.false-seal", {"ledger": "awex", "seq": 2})


async def test_the_seal_of_another_agency_is_none(offices: Offices) -> None:
    awex, hub, fit = (offices[one] for one in ("awex", "hub", "fit"))
    awex.publish("hanoi")
    [event] = awex.ledger()
    assert await taken(fit, [hub.seal(event.raw)]) == (False, [])
    assert await taken(fit, [Sealed(event.raw, "é€")]) == (False, [])


async def test_what_comes_again_is_absorbed_wherever_it_comes(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    first, second, third = awex.sealed()
    assert await taken(fit, [first, second, first, third, second]) == (True, awex.raw())
    assert await taken(fit, [first, second, third]) == (True, awex.raw())
    assert evidence(fit) == []


async def test_a_gap_is_waited_for_and_is_nobodys_fault(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    first, second, third = awex.sealed()
    assert await taken(fit, [first, third]) == (False, [first.raw])
    assert (evidence(fit), fit.mailroom.kept()) == ([], [])
    assert await taken(fit, [second, third]) == (True, awex.raw())


async def test_two_histories_with_good_seals_are_kept_as_evidence_and_others_go_on(
    offices: Offices, tmp_path: Path
) -> None:
    awex, hub, fit = (offices[one] for one in ("awex", "hub", "fit"))
    awex.publish("hanoi", "tokyo")
    hub.publish("rome")
    first, second = awex.sealed()
    assert await taken(fit, [first, second]) == (True, awex.raw())
    other = awex.seal(second.raw, role="auditor")
    following = replica(fit)
    assert not await following.take([first, other])
    assert (following.forked, following.trouble) == (True, "fork")
    assert evidence(fit) == [("awex", 2, "fork", second.raw)]
    assert fit.raw("awex") == awex.raw()
    assert await replica(fit, "hub").take(hub.sealed())
    assert fit.raw("hub") == hub.raw()


async def test_a_history_that_does_not_follow_from_ours_is_another_one(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo")
    first, second = awex.sealed()
    other = awex.seal(second.raw, role="auditor")
    assert await taken(fit, [first, other]) == (True, [first.raw, other.raw])
    third = awex.seal(after(second))
    following = replica(fit)
    assert not await following.take([third])
    assert following.forked
    assert evidence(fit) == [("awex", 3, "fork", other.raw)]


async def test_an_event_of_a_newer_program_is_kept(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi")
    [first] = awex.sealed()
    newer = awex.seal(after(first, type="mission.danced", data={"event": "mission.danced"}))
    assert await taken(fit, [first, newer]) == (True, [first.raw, newer.raw])


async def test_an_event_that_contradicts_itself_is_refused_and_shown(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi")
    [first] = awex.sealed()
    wrong = awex.seal(after(first, subject="mission-fit-2027-hanoi"))
    assert await taken(fit, [first, wrong]) == (False, [first.raw])
    [kept] = fit.mailroom.kept()
    assert (kept.reason, kept.parameters) == (
        "message.does-not-fit",
        {"ledger": "awex", "seq": 2, "what": "stream"},
    )


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"seq": "1"}', b"\xff", b"[" * 100_000])
async def test_what_is_no_event_is_refused(offices: Offices, raw: bytes) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi")
    [first] = awex.sealed()
    assert await taken(fit, [first, Sealed(raw, first.seal)]) == (False, [first.raw])


async def test_what_we_are_said_to_have_asked_and_did_not_is_kept_and_shown(
    offices: Offices,
) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi", "tokyo", "osaka")
    first, second, _ = awex.sealed()
    ours = awex.seal(second.raw, agency="fit", causation="fit-1")
    assert await taken(fit, [first, ours, first]) == (True, [first.raw, ours.raw])
    assert evidence(fit) == [("awex", 2, "unasked", None)]
    [kept] = fit.mailroom.kept()
    assert (kept.reason, kept.parameters) == ("message.unasked", {"ledger": "awex", "seq": 2})


async def test_a_key_that_is_trusted_later_lets_the_events_in(tmp_path: Path) -> None:
    old, new = keys(), keys()
    with office("awex", tmp_path / "awex", {**old, "awex": new["awex"]}) as awex:
        awex.publish("hanoi")
        with office("fit", tmp_path / "fit", old) as fit:
            assert await taken(fit, awex.sealed()) == (False, [])
        with office("fit", tmp_path / "fit", {**old, "awex": new["awex"]}) as fit:
            assert await taken(fit, awex.sealed()) == (True, awex.raw())

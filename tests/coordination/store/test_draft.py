from eventsourcing.persistence import StoredEvent

from coordination.store.draft import Draft, Stream

ONE, TWO, OTHER = "mission-awex-one", "mission-awex-two", "mission-fit-one"
HEADS = {"awex": (4, "hash of the fourth")}


def event(stream: str, version: int) -> StoredEvent:
    return StoredEvent(stream, version, "mission.published", f"{stream} {version}".encode())


def test_a_trial_stands_on_the_draft_below_and_changes_it_only_when_kept() -> None:
    draft = Draft(HEADS)
    draft.states[ONE] = Stream("published", 1, 0)
    trial = draft.trial()
    trial.heads["awex"] = (5, "hash of the fifth")
    trial.states[TWO] = Stream("moved", 2, 0)
    trial.events.append(event(TWO, 2))
    assert trial.stream(ONE) == Stream("published", 1, 0)
    assert (draft.heads, draft.stream(TWO), draft.events) == (HEADS, None, [])
    draft.keep(trial)
    assert draft.heads == {"awex": (5, "hash of the fifth")}
    assert draft.stream(TWO) == Stream("moved", 2, 0)
    assert draft.events == [event(TWO, 2)]


def test_what_is_received_leaves_no_state_behind_that_does_not_tell_of_it() -> None:
    draft = Draft(HEADS)
    for stream in (ONE, TWO):
        draft.states[stream] = Stream("published", 1, 0)
        draft.events.append(event(stream, 1))
    trial = draft.trial()
    trial.received.add(ONE)
    trial.events.append(event(ONE, 2))
    draft.keep(trial)
    assert draft.states == {TWO: Stream("published", 1, 0)}
    # All of the stream that the store does not hold yet, from a trial above, too.
    rows = [(0, ONE, number, "mission.published", event(ONE, number).state) for number in (1, 2)]
    assert draft.trial().rows_of(ONE) == rows
    assert draft.trial().rows_of(TWO) == []


def test_the_events_of_a_ledger_are_told_in_its_order_from_the_lowest_draft_on() -> None:
    draft = Draft(HEADS)
    draft.events += [event(ONE, 1), event(OTHER, 1)]
    trial = draft.trial()
    trial.events += [event(OTHER, 2), event(TWO, 1)]
    assert trial.of_ledger("awex") == [event(ONE, 1).state, event(TWO, 1).state]
    assert trial.of_ledger("fit") == [event(OTHER, 1).state, event(OTHER, 2).state]

from decimal import Decimal
from typing import Any

from projections.editions import (
    Changed,
    CycleLine,
    Difference,
    Edition,
    Editions,
    FieldChange,
    Meeting,
    Removal,
    Removed,
    difference,
    editions,
    evolve,
    planned_year,
)
from projections.read_model import Moment, fold
from schemas.action import MissionChanges
from schemas.cycle import (
    BilateralHeld,
    CycleClosed,
    CycleOpened,
    EditionPublished,
    Head,
    Observation,
    TriRegionalHeld,
)
from schemas.mission import MissionCorrected, MissionRevised
from schemas.period import Month
from schemas.vocabulary import AWEX, FIT, HUB, Money, Title
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    JUNE,
    LIMA,
    MARCH,
    MAY,
    OCTOBER,
    SAIGON,
    SEOUL,
    SEPTEMBER,
    accept,
    cancel,
    plan_of,
    publish,
    replace_by,
    request,
    reschedule,
)
from tests.projections.recording import recorded

CYCLE = "cycle-hub-2026"
SAID = (Observation(text="Vietnam is on both lists"),)
HEADS = (Head("awex", 3), Head("hub", 5))
OPENED = CycleOpened(effective=MAY, cycle=CYCLE)
BILATERAL = BilateralHeld(
    effective=JUNE, cycle=CYCLE, meeting="meeting-june", agencies=(HUB, AWEX), observations=SAID
)
TRI_REGIONAL = TriRegionalHeld(
    effective=SEPTEMBER, cycle=CYCLE, meeting="meeting-september", agencies=(HUB, AWEX, FIT)
)
PUBLISHED = EditionPublished(
    effective=SEPTEMBER, cycle=CYCLE, edition="after-september", number=1, heads=HEADS
)
CLOSED = CycleClosed(effective=OCTOBER, cycle=CYCLE)


def asked(*events: Any) -> Editions:
    return editions(fold(evolve, recorded(*events), Moment()), CYCLE)


def test_a_cycle_tells_its_meetings_and_editions() -> None:
    assert asked(OPENED, BILATERAL, TRI_REGIONAL, PUBLISHED, CLOSED) == Editions(
        plan_year=2027,
        cycle=CycleLine(
            cycle=CYCLE,
            secretariat=HUB,
            opened_on=MAY,
            meetings=(
                Meeting(meeting="meeting-june", on=JUNE, agencies=(HUB, AWEX), observations=SAID),
                Meeting(
                    meeting="meeting-september",
                    on=SEPTEMBER,
                    agencies=(HUB, AWEX, FIT),
                    observations=(),
                ),
            ),
            editions=(
                Edition(edition="after-september", number=1, published_on=SEPTEMBER, heads=HEADS),
            ),
            closed_on=OCTOBER,
        ),
        behind=("hub/1", "hub/2", "hub/3", "hub/4", "hub/5"),
    )


def test_a_cycle_that_was_never_opened_has_none() -> None:
    assert asked() == Editions(plan_year=2027, cycle=None, behind=())


def test_what_cannot_follow_leaves_the_cycle_as_it_was() -> None:
    assert asked(BILATERAL, PUBLISHED) == asked()
    assert asked(OPENED, publish()).cycle == asked(OPENED).cycle


def test_the_cycle_of_a_year_plans_the_next() -> None:
    assert planned_year(CYCLE) == 2027


def between(before: tuple[Any, ...], *later: Any, year: int = 2027) -> Difference:
    return difference(plan_of(*before), plan_of(*before, *later), year)


def test_nothing_differs_where_nothing_happened() -> None:
    assert between((publish(),)) == Difference(
        plan_year=2027, added=(), moved=(), changed=(), removed=()
    )


def changed(*changes: FieldChange, mission: str = HANOI, behind: tuple[str, ...]) -> Changed:
    return Changed(
        mission=mission,
        title=Title(fr=mission),
        period=MARCH,
        changes=changes,
        behind=behind,
    )


def test_a_mission_that_is_new_is_added_with_its_events() -> None:
    found = between((publish(),), publish(SAIGON), request(mission=SAIGON))
    assert found == Difference(
        plan_year=2027,
        added=(changed(mission=SAIGON, behind=("hub/1", "hub/2")),),
        moved=(),
        changed=(),
        removed=(),
    )


def test_a_mission_moved_within_the_year_is_moved() -> None:
    found = between((publish(),), reschedule(Month(2027, 4)))
    assert found.moved == (
        Changed(
            mission=HANOI,
            title=Title(fr=HANOI),
            period=Month(2027, 4),
            changes=(
                FieldChange(
                    field="period",
                    before={"period": "days", "start": "2027-03-15", "end": "2027-03-19"},
                    after={"period": "month", "year": 2027, "month": 4},
                ),
            ),
            behind=("awex/2",),
        ),
    )
    assert (found.added, found.changed, found.removed) == ((), (), ())


def test_a_mission_moved_into_the_year_is_moved_and_out_of_it_removed() -> None:
    moved_in = between((publish(),), reschedule(APRIL_2028), year=2028)
    assert [one.mission for one in moved_in.moved] == [HANOI]
    assert moved_in.removed == ()
    moved_out = between((publish(),), reschedule(APRIL_2028))
    assert moved_out.moved == ()
    assert moved_out.removed == (
        Removed(
            mission=HANOI,
            title=Title(fr=HANOI),
            period=MARCH,
            why=Removal.MOVED_AWAY,
            reason="elections",
            behind=("awex/2",),
        ),
    )


def test_consent_changes_the_tag_and_the_regions() -> None:
    found = between((publish(), request()), accept())
    [one] = found.changed
    assert [(change.field, change.before, change.after) for change in one.changes][1:] == [
        ("tag", "uni-regional", "bi-regional"),
        ("regions", ("awex",), ("awex", "hub")),
    ]
    assert [change.field for change in one.changes] == ["co_organisations", "tag", "regions"]
    assert one.behind == ("awex/3",)


def test_a_revision_names_the_field_before_and_after() -> None:
    revised = MissionRevised(
        effective=OCTOBER, mission=HANOI, changes=MissionChanges(cost=Money(amount=Decimal(8)))
    )
    found = between((publish(),), revised)
    assert found.changed == (
        changed(
            FieldChange(field="cost", before=None, after={"amount": "8", "currency": "EUR"}),
            behind=("awex/2",),
        ),
    )


def test_what_was_cancelled_or_replaced_is_removed_with_its_reason() -> None:
    before = (publish(LIMA), publish(SAIGON), publish(SEOUL))
    found = between(before, cancel(LIMA), replace_by(SEOUL, SAIGON))
    assert [(one.mission, one.why, one.reason, one.behind) for one in found.removed] == [
        (LIMA, Removal.CANCELLED, "war", ("fit/2",)),
        (SAIGON, Removal.REPLACED, "one is enough", ("hub/3",)),
    ]


def test_what_only_the_earlier_plan_knows_is_removed_too() -> None:
    found = difference(plan_of(publish()), plan_of(), 2027)
    assert [(one.why, one.reason, one.behind) for one in found.removed] == [
        (Removal.UNKNOWN, None, ())
    ]


def test_a_correction_out_of_the_year_has_no_reason_of_a_move() -> None:
    corrected = MissionCorrected(
        effective=OCTOBER,
        mission=HANOI,
        changes=MissionChanges(),
        period=APRIL_2028,
        reason="misprint",
    )
    [removed] = between((publish(),), corrected).removed
    assert (removed.why, removed.reason) == (Removal.MOVED_AWAY, None)


def test_each_mission_is_compared_whatever_stands_before_it() -> None:
    """Elsewhere in the year, gone, or new: none hides what comes after it."""
    before = (publish("mission-hub-gone", Month(2027, 1)), publish(LIMA, Month(2027, 5)))
    found = between(
        before,
        publish("mission-hub-new", Month(2027, 2)),
        cancel("mission-hub-gone"),
        reschedule(Month(2027, 6), LIMA),
        publish(SAIGON, Month(2027, 7)),
    )
    assert [one.mission for one in found.added] == ["mission-hub-new", SAIGON]
    assert [one.mission for one in found.moved] == [LIMA]
    assert [one.mission for one in found.removed] == ["mission-hub-gone"]


def test_another_year_is_no_part_of_the_difference() -> None:
    assert between((publish(),), publish(SAIGON), cancel(HANOI), year=2026) == Difference(
        plan_year=2026, added=(), moved=(), changed=(), removed=()
    )

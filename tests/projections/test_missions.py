import pytest
from msgspec.structs import replace

from projections.mission_line import (
    Coordinator,
    CoOrganisation,
    Correction,
    Dated,
    Ending,
    MissionLine,
    Promised,
)
from projections.missions import evolve
from schemas.action import Leg, MissionChanges
from schemas.co_organisation import CoordinatorNamed, Standing
from schemas.mission import (
    ActionPromised,
    LegsSet,
    MissionConfirmed,
    MissionCorrected,
    MissionEvent,
    MissionHeld,
    MissionRevised,
)
from schemas.period import Month
from schemas.post import PostStaffed
from schemas.vocabulary import AWEX, FIT, HUB, Place, Qualified, Sector, Title
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    LIMA,
    MARCH,
    OCTOBER,
    SEPTEMBER,
    TERMS,
    accept,
    cancel,
    counter,
    decline,
    line_of,
    plan_of,
    publish,
    replace_by,
    request,
    reschedule,
    withdraw,
)
from tests.projections.recording import recorded

PUBLISHED = publish()
LEGS = (
    Leg(place=Place(country="CD"), period=MARCH, leader=HUB),
    Leg(place=Place(country="RW"), period=MARCH, leader=AWEX),
)


def line(*events: MissionEvent, published: MissionEvent = PUBLISHED) -> MissionLine:
    return plan_of(published, *events).lines[published.mission]


def word(standing: Standing, waits_for: str | None = None) -> CoOrganisation:
    return CoOrganisation(
        agency=HUB, standing=standing, terms=TERMS, since=SEPTEMBER, waits_for=waits_for
    )


def test_a_published_mission_is_a_line() -> None:
    assert line() == line_of(PUBLISHED)


def test_a_revision_changes_what_it_names() -> None:
    changes = MissionChanges(title=Title(nl="Hanoi"), sectors=(Sector.HEALTH,))
    revised = MissionRevised(effective=SEPTEMBER, mission=HANOI, changes=changes)
    assert line(revised) == line_of(PUBLISHED, title=Title(nl="Hanoi"), sectors=(Sector.HEALTH,))


def test_two_postponements_leave_three_dates() -> None:
    """The United Kingdom: March 2021, September 2021, May 2022 (DOMAIN §2)."""
    first = publish(period=Month(2021, 3), travel=MARCH)
    moved = line(
        reschedule(Month(2021, 9), on=SEPTEMBER),
        reschedule(Month(2022, 5), on=OCTOBER),
        published=first,
    )
    assert (moved.period, moved.travel) == (Month(2022, 5), None)
    assert moved.chain == (
        Dated(period=Month(2021, 3), travel=MARCH, until=SEPTEMBER, reason="elections"),
        Dated(period=Month(2021, 9), travel=None, until=OCTOBER, reason="elections"),
    )


def test_a_move_may_name_its_travel_days() -> None:
    moved = replace(reschedule(Month(2021, 9)), travel=MARCH)
    assert (line(moved).period, line(moved).travel) == (Month(2021, 9), MARCH)


def test_the_legs_of_a_trip_have_their_own_leaders_and_countries() -> None:
    set_legs = LegsSet(effective=SEPTEMBER, mission=HANOI, legs=LEGS)
    assert line(set_legs).legs == LEGS
    assert line(set_legs).countries == ("VN", "CD", "RW")


def test_a_correction_moves_nothing_and_says_why() -> None:
    corrected = MissionCorrected(
        effective=OCTOBER,
        mission=HANOI,
        changes=MissionChanges(themes=("water",)),
        period=APRIL_2028,
        travel=MARCH,
        participants=(Qualified(value=218, unit="companies"),),
        results="signed",
        reason="misprint",
        source="FPS",
    )
    assert line(corrected) == line_of(
        PUBLISHED,
        themes=("water",),
        period=APRIL_2028,
        travel=MARCH,
        participants=(Qualified(value=218, unit="companies"),),
        results="signed",
        corrections=(Correction(on=OCTOBER, reason="misprint", source="FPS"),),
    )


def test_a_correction_of_one_value_leaves_the_others() -> None:
    held = MissionHeld(
        effective=SEPTEMBER,
        mission=HANOI,
        participants=(Qualified(value=221, unit="companies"),),
        results="38 agreements",
    )
    corrected = MissionCorrected(
        effective=OCTOBER, mission=HANOI, changes=MissionChanges(), reason="none of these"
    )
    before = line(held)
    assert before == line_of(
        PUBLISHED, held_on=SEPTEMBER, participants=held.participants, results="38 agreements"
    )
    assert line(held, corrected) == replace(
        before, corrections=(Correction(on=OCTOBER, reason="none of these", source=None),)
    )


@pytest.mark.parametrize(
    "events, expected",
    [
        ((request(),), word(Standing.REQUESTED, AWEX)),
        ((request(), counter(AWEX)), word(Standing.COUNTER_PROPOSED, HUB)),
        ((request(), counter(AWEX), counter(HUB)), word(Standing.COUNTER_PROPOSED, AWEX)),
        ((request(), accept()), word(Standing.ACCEPTED)),
        (
            (request(), decline()),
            CoOrganisation(
                agency=HUB,
                standing=Standing.DECLINED,
                terms=TERMS,
                since=SEPTEMBER,
                reason="no room",
            ),
        ),
        (
            (request(), accept(), withdraw()),
            CoOrganisation(
                agency=HUB,
                standing=Standing.WITHDRAWN,
                terms=TERMS,
                since=OCTOBER,
                reason="no companies",
            ),
        ),
    ],
)
def test_the_last_word_stands_and_says_who_has_to_answer(
    events: tuple[MissionEvent, ...], expected: CoOrganisation
) -> None:
    assert line(*events).co_organisations == (expected,)
    assert line(*events).open_for_answer is (expected.waits_for is not None)


def test_the_latest_terms_with_an_agency_are_its_own() -> None:
    """Not those of the agency beside it, and none where none were ever put."""
    of_fit = replace(TERMS, places=4)
    found = line(request(FIT, terms=of_fit), request(HUB), decline(HUB), decline("flag"))
    assert [(one.agency, one.terms) for one in found.co_organisations] == [
        (FIT, of_fit),
        ("flag", None),
        (HUB, TERMS),
    ]
    assert line(withdraw()).co_organisations[0].terms is None


def test_the_reason_of_a_request_is_the_reason_of_its_terms() -> None:
    terms = replace(TERMS, reason="eight companies")
    assert line(request(terms=terms)).co_organisations[0].reason == "eight companies"
    countered = replace(counter(AWEX), terms=terms)
    assert line(request(), countered).co_organisations[0].reason == "eight companies"


def test_coordinators_and_promises_are_kept() -> None:
    named = CoordinatorNamed(
        effective=OCTOBER, mission=HANOI, agency=HUB, role="area manager", contact="contact-1"
    )
    promised = ActionPromised(
        effective=OCTOBER,
        mission=HANOI,
        promise="return visit",
        period=APRIL_2028,
        where=Place(country="BE"),
    )
    assert line(named, promised) == line_of(
        PUBLISHED,
        coordinators=(Coordinator(agency=HUB, role="area manager", contact="contact-1"),),
        promises=(Promised(promise="return visit", period=APRIL_2028, where=Place(country="BE")),),
    )


def test_only_an_agency_that_leaves_takes_its_coordinators_along() -> None:
    of_awex, of_hub = (
        CoordinatorNamed(
            effective=OCTOBER,
            mission=HANOI,
            agency=agency,
            role="area manager",
            contact="contact-1",
        )
        for agency in (AWEX, HUB)
    )
    named = (request(), accept(), of_awex, of_hub)
    assert [one.agency for one in line(*named, accept()).coordinators] == [AWEX, HUB]
    assert [one.agency for one in line(*named, withdraw()).coordinators] == [AWEX]


CONFIRMED = MissionConfirmed(effective=SEPTEMBER, mission=HANOI)
HELD = MissionHeld(effective=OCTOBER, mission=HANOI, results="signed")


def test_an_end_says_when_why_and_what_comes_instead() -> None:
    assert line(cancel()).ending == Ending(on=OCTOBER, reason="war")
    assert line(replace_by(LIMA, HANOI)).ending == Ending(
        on=OCTOBER, reason="one is enough", replacement=LIMA
    )
    assert line(HELD).held_on == OCTOBER
    assert line(CONFIRMED).confirmed_on == SEPTEMBER


def test_what_cannot_follow_leaves_the_line_as_it_was() -> None:
    [confirmed] = recorded(CONFIRMED)
    assert evolve(None, confirmed) is None
    [again] = recorded(publish(period=APRIL_2028))
    [of_a_post] = recorded(PostStaffed(effective=OCTOBER, post="post-awex-hanoi"))
    assert evolve(line(), again) == line()
    assert evolve(line(), of_a_post) == line()


def test_who_leaves_takes_its_coordinator_along() -> None:
    names = [
        CoordinatorNamed(
            effective=OCTOBER, mission=HANOI, agency=agency, role="manager", contact="contact-1"
        )
        for agency in (AWEX, HUB)
    ]
    left = line(request(), accept(), *names, withdraw())
    assert left.coordinators == (Coordinator(agency=AWEX, role="manager", contact="contact-1"),)

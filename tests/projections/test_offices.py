import pytest
from msgspec.structs import replace

from projections.network_changes import ChangeKind, NetworkChange
from projections.offices import (
    AgencyCount,
    DeclaredBeside,
    Explanation,
    ExplanationKind,
    JointList,
    OfficeRow,
    Overlap,
)
from projections.post_line import PostState
from schemas.period import Undated
from schemas.post import PostEvent
from schemas.vocabulary import (
    AWEX,
    FIT,
    HUB,
    Agency,
    Place,
    Provenance,
    Qualified,
    Qualifier,
)
from tests.projections.abroad import (
    APRIL,
    FEBRUARY,
    HANOI,
    IN_HAI_PHONG,
    IN_HANOI,
    IN_SAIGON,
    JANUARY,
    LILLE,
    MARCH,
    SAIGON,
    SAIGON_OF_HUB,
    VIETNAM,
    announce,
    close,
    decide_closing,
    opened,
    relocate,
    share,
    stop_sharing,
    succeeded,
    vacate,
)
from tests.projections.joint import EIGHTY_SIX, joint_list

INVENTED = Provenance(source="network-2023.csv", illustrative=True)
ROW = OfficeRow(
    post=HANOI,
    operated_by=HUB,
    function="economic and commercial counsellor",
    place=IN_HANOI,
    places=(IN_HANOI,),
    state=PostState.OPEN,
    since=JANUARY,
    vacant=False,
    closing_expected=None,
    closed_on=None,
    reason=None,
    area=(VIETNAM,),
    shared_with=(),
    illustrative=False,
    provenance=None,
    behind=("hub/1", "hub/2"),
)


def listed(*events: PostEvent, seen_by: Agency | None = None) -> list[str]:
    return [row.post for row in joint_list(*events, seen_by=seen_by).posts]


def test_nothing_is_listed_before_anything_is_announced() -> None:
    assert joint_list() == JointList(
        seen_by=None,
        contributions=0,
        offices=0,
        of_which_illustrative=0,
        by_agency=(),
        overlaps=(),
        declared=(),
        posts=(),
        not_yet_open=(),
        closed=(),
        decided=(),
    )


def test_two_posts_in_one_city_are_two_contributions_and_one_office() -> None:
    of_fit = opened(LILLE, IN_HANOI, provenance=INVENTED)
    assert joint_list(*opened(), *of_fit) == JointList(
        seen_by=None,
        contributions=2,
        offices=1,
        of_which_illustrative=1,
        by_agency=(
            AgencyCount(agency=FIT, contributions=1, illustrative=1),
            AgencyCount(agency=HUB, contributions=1, illustrative=0),
        ),
        overlaps=(Overlap(country="VN", city="Hanoi", posts=(LILLE, HANOI)),),
        declared=(),
        posts=(
            replace(
                ROW,
                post=LILLE,
                operated_by=FIT,
                illustrative=True,
                provenance=INVENTED,
                behind=("fit/1", "fit/2"),
            ),
            ROW,
        ),
        not_yet_open=(),
        closed=(),
        decided=(),
    )


def test_announced_posts_and_closed_ones_are_listed_apart_and_not_counted() -> None:
    announced = announce(SAIGON, IN_SAIGON, IN_HAI_PHONG)
    found = joint_list(announced, *opened(), decide_closing(), close(succeeded()))
    assert (found.contributions, found.offices, found.posts) == (0, 0, ())
    assert found.not_yet_open == (
        replace(
            ROW,
            post=SAIGON,
            operated_by=AWEX,
            place=None,
            places=(IN_SAIGON, IN_HAI_PHONG),
            state=PostState.ANNOUNCED,
            behind=("awex/1",),
        ),
    )
    assert found.closed == (
        replace(
            ROW,
            state=PostState.CLOSED,
            since=MARCH,
            closing_expected=Undated(),
            closed_on=MARCH,
            reason="few cases",
            behind=("hub/1", "hub/2", "hub/3", "hub/4"),
        ),
    )


@pytest.mark.parametrize(
    "event, row",
    [
        (vacate(), replace(ROW, state=PostState.VACANT, vacant=True, reason="recalled")),
        (
            decide_closing(),
            replace(ROW, state=PostState.CLOSING, closing_expected=Undated(), reason="few cases"),
        ),
    ],
)
def test_vacant_and_closing_posts_still_count(event: PostEvent, row: OfficeRow) -> None:
    found = joint_list(*opened(), event)
    behind = ("hub/1", "hub/2", "hub/3")
    assert found.posts == (replace(row, since=FEBRUARY, behind=behind),)
    assert (found.contributions, found.offices) == (1, 1)


def test_a_moved_post_is_counted_where_it_is() -> None:
    found = joint_list(*opened(), *opened(SAIGON_OF_HUB, IN_SAIGON), relocate(IN_SAIGON))
    assert (found.contributions, found.offices) == (2, 1)
    assert found.overlaps == (
        Overlap(country="VN", city="Ho Chi Minh City", posts=(HANOI, SAIGON_OF_HUB)),
    )


@pytest.mark.parametrize(
    "one, other, offices_found",
    [
        (Place(country="CA", city="Montréal"), Place(country="CA", city="MONTREAL"), 1),
        (Place(country="CA", city="Montréal"), Place(country="CA", city="Toronto"), 2),
        (Place(country="US", city="Vancouver"), Place(country="CA", city="Vancouver"), 2),
        (Place(country="KW"), Place(country="KW"), 2),
        (Place(country="KW"), Place(country="KW", city="Kuwait City"), 2),
    ],
)
def test_an_office_is_a_city_and_an_unknown_city_is_nobodys_neighbour(
    one: Place, other: Place, offices_found: int
) -> None:
    found = joint_list(*opened(HANOI, one), *opened(SAIGON, other))
    assert (found.contributions, found.offices) == (2, offices_found)


def test_a_post_of_which_nobody_says_whose_it_is_counts_apart_and_last() -> None:
    unknown = opened(LILLE, IN_HAI_PHONG, nobody_says_whose=True)
    assert joint_list(*unknown, *opened(), *opened(SAIGON, IN_SAIGON)).by_agency == (
        AgencyCount(agency=AWEX, contributions=1, illustrative=0),
        AgencyCount(agency=HUB, contributions=1, illustrative=0),
        AgencyCount(agency=None, contributions=1, illustrative=0),
    )


def test_an_agency_sees_its_own_posts_and_those_others_share_with_it() -> None:
    events = (
        *opened(),
        *opened(SAIGON, IN_SAIGON, shared_with=(HUB,)),
        *opened(LILLE, IN_HAI_PHONG),
    )
    assert listed(*events) == [LILLE, HANOI, SAIGON]
    assert listed(*events, seen_by=HUB) == [HANOI, SAIGON]
    assert listed(*events, seen_by=AWEX) == [SAIGON]
    assert joint_list(*events, seen_by=FIT).seen_by == FIT


def test_the_posts_are_listed_by_country_city_and_name() -> None:
    assert listed(
        *opened(SAIGON, IN_SAIGON),
        *opened(LILLE, Place(country="FR", city="Lille")),
        *opened(),
        *opened("post-awex-hanoi", IN_HANOI),
    ) == [LILLE, "post-awex-hanoi", HANOI, SAIGON]


@pytest.mark.parametrize(
    "value, qualifier, kind",
    [
        (2, Qualifier.EXACTLY, ExplanationKind.CONTRIBUTIONS_EQUAL_DECLARED),
        (1, Qualifier.EXACTLY, ExplanationKind.OFFICES_EQUAL_DECLARED),
        (3, Qualifier.EXACTLY, ExplanationKind.NEITHER_EQUALS_DECLARED),
        (1, Qualifier.ABOUT, ExplanationKind.OFFICES_EQUAL_DECLARED),
        (1, Qualifier.AT_LEAST, ExplanationKind.BOTH_EQUAL_DECLARED),
        (2, Qualifier.AT_LEAST, ExplanationKind.CONTRIBUTIONS_EQUAL_DECLARED),
        (1, Qualifier.MORE_THAN, ExplanationKind.CONTRIBUTIONS_EQUAL_DECLARED),
        (2, Qualifier.MORE_THAN, ExplanationKind.NEITHER_EQUALS_DECLARED),
    ],
)
def test_a_declared_figure_stands_beside_ours_with_the_difference(
    value: int, qualifier: Qualifier, kind: ExplanationKind
) -> None:
    figure = Qualified(value=value, unit="offices", qualifier=qualifier)
    declared = replace(EIGHTY_SIX, claim=replace(EIGHTY_SIX.claim, figure=figure))
    found = joint_list(*opened(), *opened(SAIGON, IN_HANOI), claims=(declared,))
    assert found.declared == (
        DeclaredBeside(
            declared=declared,
            contributions_difference=2 - value,
            offices_difference=1 - value,
            explanation=Explanation(
                kind=kind, contributions=2, offices=1, overlaps=1, declared=value
            ),
        ),
    )


def test_what_is_decided_and_not_yet_so_is_listed_for_those_who_see_the_post() -> None:
    now = (*opened(HANOI, IN_HANOI, shared_with=(FIT,)), *opened(LILLE, IN_SAIGON))
    later = (stop_sharing(FIT), share(AWEX, on=MARCH), relocate(on=APRIL), vacate(APRIL, LILLE))
    moved = NetworkChange(
        post=HANOI,
        kind=ChangeKind.RELOCATED,
        on=APRIL,
        reason="the host closes",
        place=IN_HAI_PHONG,
        behind=("hub/1", "hub/2", "hub/3", "hub/4", "hub/5", "hub/6"),
    )
    shared, stopped = (
        replace(moved, kind=ChangeKind.SHARED, on=MARCH, reason=None, place=None, agency=AWEX),
        replace(
            moved,
            kind=ChangeKind.SHARING_STOPPED,
            on=MARCH,
            reason="the agreement ended",
            place=None,
            agency=FIT,
        ),
    )
    of_lille = NetworkChange(
        post=LILLE,
        kind=ChangeKind.VACATED,
        on=APRIL,
        reason="recalled",
        behind=("fit/1", "fit/2", "fit/3"),
    )
    everything = (shared, stopped, of_lille, moved)
    assert joint_list(*now, later=later).decided == everything
    assert joint_list(*now, later=later, seen_by=HUB).decided == (shared, stopped, moved)
    assert joint_list(*now, later=later, seen_by=AWEX).decided == (shared, stopped, moved)
    assert joint_list(*now, later=later, seen_by=FIT).decided == everything


def test_a_closed_post_gives_the_reason_of_its_closing_and_not_of_an_earlier_vacancy() -> None:
    (row,) = joint_list(*opened(), vacate(), close(succeeded())).closed
    assert (row.reason, row.vacant) == ("few cases", True)


def test_a_closing_post_gives_the_reason_of_its_closing_and_not_of_its_vacancy() -> None:
    (row,) = joint_list(*opened(), vacate(), decide_closing(on=MARCH)).posts
    assert (row.reason, row.vacant) == ("few cases", True)


def test_an_announced_post_is_listed_at_the_first_of_its_places() -> None:
    in_hue = "post-hub-hue"
    found = joint_list(
        announce(SAIGON, IN_SAIGON), announce(in_hue, IN_HAI_PHONG, IN_SAIGON), announce()
    )
    assert [row.post for row in found.not_yet_open] == [in_hue, HANOI, SAIGON]


def test_an_overlap_is_named_as_its_first_post_writes_the_city() -> None:
    loud = Place(country="CA", city="MONTREAL")
    found = joint_list(*opened(SAIGON, Place(country="CA", city="Montréal")), *opened(LILLE, loud))
    assert found.overlaps == (Overlap(country="CA", city="Montréal", posts=(SAIGON, LILLE)),)


def test_a_post_that_will_be_announced_is_decided_and_not_listed() -> None:
    found = joint_list(later=(announce(),))
    assert [(change.post, change.kind) for change in found.decided] == [
        (HANOI, ChangeKind.ANNOUNCED)
    ]
    assert found.not_yet_open == ()


def test_what_others_decide_on_posts_that_one_does_not_see_is_not_listed() -> None:
    opening = opened(LILLE, IN_SAIGON)
    assert joint_list(later=opening, seen_by=HUB).decided == ()
    assert len(joint_list(later=opening, seen_by=FIT).decided) == 2


def test_a_closing_not_carried_out_is_decided_and_not_yet_so() -> None:
    found = joint_list(*opened(), decide_closing())
    assert [(change.kind, change.expected) for change in found.decided] == [
        (ChangeKind.CLOSING, Undated())
    ]

from msgspec.structs import replace

from projections.network_changes import ChangeKind, NetworkChange, changes, to_come
from schemas.period import Undated
from schemas.post import PostEvent
from schemas.vocabulary import AWEX, HUB
from tests.projections.abroad import (
    APRIL,
    CAMBODIA,
    FEBRUARY,
    HANOI,
    IN_HAI_PHONG,
    IN_SAIGON,
    JANUARY,
    LAOS,
    MARCH,
    SAIGON,
    VIETNAM,
    announce,
    change_area,
    close,
    decide_closing,
    hand_over,
    network_of,
    open_,
    opened,
    relocate,
    share,
    staff,
    stop_sharing,
    succeeded,
    take_over,
    vacate,
    withdraw_closing,
)

NOW = (*opened(), share(on=JANUARY))
CLOSING = NetworkChange(
    post=HANOI, kind=ChangeKind.CLOSING, on=FEBRUARY, reason="few cases", expected=Undated()
)


def since(before: tuple[PostEvent, ...], *later: PostEvent) -> list[NetworkChange]:
    """What changed, without the references, which count all the events of the post."""
    found = changes(network_of(*before), network_of(*before, *later))
    return [replace(change, behind=()) for change in found]


def test_nothing_changes_where_nothing_happens() -> None:
    assert since(NOW) == []


def test_a_change_says_which_events_made_the_post_what_it_is() -> None:
    assert changes(network_of(*NOW), network_of(*NOW, staff(), vacate(APRIL))) == (
        NetworkChange(
            post=HANOI,
            kind=ChangeKind.VACATED,
            on=APRIL,
            reason="recalled",
            behind=("hub/1", "hub/2", "hub/3", "hub/5"),  # hub/4 changed nothing
        ),
    )


def test_a_new_post_is_announced_and_opened() -> None:
    assert since((), announce(), open_(on=MARCH)) == [
        NetworkChange(post=HANOI, kind=ChangeKind.ANNOUNCED, on=JANUARY),
        NetworkChange(post=HANOI, kind=ChangeKind.OPENED, on=MARCH),
    ]


def test_a_vacancy_ends() -> None:
    assert since((*NOW, vacate()), staff()) == [
        NetworkChange(post=HANOI, kind=ChangeKind.STAFFED, on=MARCH)
    ]


def test_only_the_moves_since_are_listed() -> None:
    assert since((*NOW, relocate(IN_SAIGON)), relocate(IN_HAI_PHONG, on=APRIL)) == [
        NetworkChange(
            post=HANOI,
            kind=ChangeKind.RELOCATED,
            on=APRIL,
            reason="the host closes",
            place=IN_HAI_PHONG,
        )
    ]


def test_areas_change_hands() -> None:
    assert since(
        NOW,
        change_area(VIETNAM, LAOS, on=FEBRUARY),
        take_over(CAMBODIA, VIETNAM, post=HANOI, from_post=SAIGON, on=MARCH),
        hand_over(LAOS, to=SAIGON, on=APRIL),
    ) == [
        NetworkChange(post=HANOI, kind=ChangeKind.AREA_CHANGED, on=FEBRUARY),
        NetworkChange(post=HANOI, kind=ChangeKind.AREA_TAKEN_OVER, on=MARCH, other=SAIGON),
        NetworkChange(
            post=HANOI,
            kind=ChangeKind.AREA_HANDED_OVER,
            on=APRIL,
            reason="nearer",
            other=SAIGON,
        ),
    ]


def test_sharing_begins_and_stops() -> None:
    assert since(NOW, share(HUB), stop_sharing(AWEX)) == [
        NetworkChange(post=HANOI, kind=ChangeKind.SHARED, on=FEBRUARY, agency=HUB),
        NetworkChange(
            post=HANOI,
            kind=ChangeKind.SHARING_STOPPED,
            on=MARCH,
            reason="the agreement ended",
            agency=AWEX,
        ),
    ]


def test_a_closing_is_decided_then_carried_out_or_withdrawn() -> None:
    assert since(NOW, decide_closing()) == [CLOSING]
    assert since(NOW, decide_closing(), close(succeeded())) == [
        NetworkChange(post=HANOI, kind=ChangeKind.CLOSED, on=MARCH, reason="few cases")
    ]
    assert since((*NOW, decide_closing()), withdraw_closing()) == [
        NetworkChange(
            post=HANOI, kind=ChangeKind.CLOSING_WITHDRAWN, on=APRIL, reason="a new minister"
        )
    ]


def test_changes_are_listed_by_day_then_by_post() -> None:
    found = since((), *opened(SAIGON, IN_SAIGON), *opened(), share(on=FEBRUARY))
    assert [(change.post, change.kind) for change in found] == [
        (SAIGON, ChangeKind.ANNOUNCED),
        (SAIGON, ChangeKind.OPENED),
        (HANOI, ChangeKind.ANNOUNCED),
        (HANOI, ChangeKind.OPENED),
        (HANOI, ChangeKind.SHARED),
    ]


def test_a_closing_decided_and_not_carried_out_is_still_to_come() -> None:
    now = network_of(*NOW, decide_closing())
    assert changes(now, now) == ()
    assert [replace(change, behind=()) for change in to_come(now, now)] == [CLOSING]

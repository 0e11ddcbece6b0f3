import msgspec
from hypothesis import given
from hypothesis import strategies as st

from projections.coverage import coverage
from projections.offices import (
    offices,
)
from projections.posts import evolve
from projections.read_model import Moment, fold
from schemas.asking import AskCoverage, AskOffices
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import (
    AWEX,
    FIT,
    HUB,
    Agency,
    Place,
)
from tests.projections.abroad import (
    APRIL,
    HANOI,
    IN_HANOI,
    IN_SAIGON,
    LILLE,
    MARCH,
    SAIGON,
    close,
    decide_closing,
    opened,
    relocate,
    share,
    succeeded,
    vacate,
)
from tests.projections.joint import EIGHTY_SIX, joint_list
from tests.projections.recording import recorded

CITIES = [Place(country=country, city=city) for country in ("VN", "CA") for city in ("x", "y")]
NETWORKS = st.lists(
    st.tuples(st.sampled_from([HUB, AWEX, FIT]), st.sampled_from([*CITIES, Place(country="VN")])),
    max_size=12,
)


@given(NETWORKS)
def test_the_offices_and_the_further_posts_at_each_make_the_contributions(
    network: list[tuple[Agency, Place]],
) -> None:
    found = joint_list(
        *(
            event
            for number, (agency, place) in enumerate(network)
            for event in opened(f"post-{agency}-{number}", place)
        )
    )
    further = sum(len(overlap.posts) - 1 for overlap in found.overlaps)
    assert found.contributions == len(network) >= found.offices
    assert found.offices + further == found.contributions
    assert sum(count.contributions for count in found.by_agency) == found.contributions


def as_bytes(events: list[RecordedEvent]) -> bytes:
    posts = fold(evolve, events, Moment())
    return msgspec.json.encode(
        (
            offices(posts, posts, (EIGHTY_SIX,), AskOffices()),
            coverage(posts, AskCoverage(as_of=APRIL)),
        )
    )


STORY = recorded(
    *opened(HANOI, IN_HANOI, shared_with=(AWEX,)),
    *opened(SAIGON, IN_SAIGON),
    *opened(LILLE, IN_HANOI),
    decide_closing(),
    vacate(MARCH, SAIGON),
    share(HUB, LILLE),
    close(succeeded(by=SAIGON)),
    relocate(IN_SAIGON, APRIL, LILLE),
)


@given(st.permutations([event.ledger for event in STORY]))
def test_any_interleaving_of_the_ledgers_gives_the_same_bytes(ledgers: list[Agency]) -> None:
    waiting = {agency: [one for one in STORY if one.ledger == agency] for agency in set(ledgers)}
    interleaved = [waiting[agency].pop(0) for agency in ledgers]
    assert as_bytes(interleaved) == as_bytes(STORY)

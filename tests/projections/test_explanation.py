from datetime import UTC, date, datetime

from projections import editions, missions, policies, posts, review
from projections.explanation import Explanation, Fact, explanation, facts
from projections.history import history
from projections.mission_line import Ending
from projections.read_model import Moment, fold
from schemas.action import ActionType, MissionState, Tag
from schemas.period import Undated
from schemas.recorded_event import AnyEvent, RecordedEvent
from schemas.vocabulary import AWEX, HUB, Place, Provenance, Sector, Title
from tests.projections import abroad, test_editions, test_review
from tests.projections.planned import (
    HANOI,
    IN_HANOI,
    MARCH,
    OCTOBER,
    SEPTEMBER,
    accept,
    cancel,
    publish,
    request,
)
from tests.projections.recording import recorded
from tests.projections.test_policies import FEE

STORY = Provenance(source="story", illustrative=True)
SAID_AGAIN = publish(on=SEPTEMBER)  # who publishes again what is published says nothing new
EVENTS = (publish(), SAID_AGAIN, request(HUB), cancel())


def explained(events: list[RecordedEvent], moment: Moment, stream: str = HANOI) -> Explanation:
    return explanation(fold(missions.evolve, events, moment), events, stream, moment)


def test_a_line_stands_on_the_events_that_made_it() -> None:
    events, moment = recorded(*EVENTS), Moment(as_of=SEPTEMBER)
    first, again, asked, end = history(events, HANOI, Moment()).entries
    line = fold(missions.evolve, events, moment).lines[HANOI]
    assert explained(events, moment) == Explanation(
        stream=HANOI,
        facts=facts(line),
        behind=(first, asked),
        without_effect=(again,),
        to_come=(end,),
    )


def test_without_a_day_all_that_is_recorded_is_in_effect() -> None:
    events = recorded(*EVENTS)
    first, again, asked, end = history(events, HANOI, Moment()).entries
    found = explained(events, Moment())
    assert (found.behind, found.without_effect, found.to_come) == (
        (first, asked, end),
        (again,),
        (),
    )


def test_what_was_recorded_later_is_not_known_yet() -> None:
    late = datetime(2026, 12, 1, tzinfo=UTC)
    events = recorded(publish(), time=late)
    assert explained(events, Moment(known_on=OCTOBER)) == Explanation(
        stream=HANOI, facts=(), behind=(), without_effect=(), to_come=()
    )


def test_on_the_day_it_takes_effect_an_event_is_in_effect() -> None:
    events = recorded(publish(on=SEPTEMBER))
    assert len(explained(events, Moment(as_of=SEPTEMBER)).behind) == 1
    assert len(explained(events, Moment(as_of=date(2026, 8, 31))).to_come) == 1


def test_what_was_asked_of_nothing_stands_as_it_was_said() -> None:
    events = recorded(request(HUB))
    assert explained(events, Moment()) == Explanation(
        stream=HANOI,
        facts=(),
        behind=(),
        without_effect=history(events, HANOI, Moment()).entries,
        to_come=(),
    )


def test_of_another_stream_nothing_is_told() -> None:
    nothing = explained(recorded(*EVENTS), Moment(), "mission-fit-2027-lima")
    assert (nothing.facts, nothing.behind, nothing.without_effect) == ((), (), ())


def test_a_mission_tells_its_plan_and_who_organises_it() -> None:
    events = recorded(publish(provenance=STORY), request(HUB), accept(HUB), cancel())
    line = fold(missions.evolve, events, Moment()).lines[HANOI]
    assert facts(line) == (
        Fact("title", Title(fr=HANOI)),
        Fact("action", ActionType.AGENCY_MISSION),
        Fact("state", MissionState.CANCELLED),
        Fact("tag", Tag.BI_REGIONAL),
        Fact("regions", (AWEX, HUB)),
        Fact("period", MARCH),
        Fact("places", (IN_HANOI,)),
        Fact("sectors", (Sector.DIGITAL,)),
        Fact("ending", Ending(on=OCTOBER, reason="war")),
        Fact("provenance", STORY),
    )


def facts_of_post(*events: AnyEvent) -> tuple[Fact, ...]:
    return facts(fold(posts.evolve, recorded(*events), Moment()).lines[abroad.HANOI])


def test_a_post_tells_where_it_is_and_whom_it_serves() -> None:
    assert facts_of_post(*abroad.opened(shared_with=(AWEX,), provenance=STORY)) == (
        Fact("function", "economic and commercial counsellor"),
        Fact("state", "open"),
        Fact("since", abroad.JANUARY),
        Fact("operated_by", HUB),
        Fact("place", (abroad.IN_HANOI,)),
        Fact("area", (abroad.VIETNAM,)),
        Fact("shared_with", (AWEX,)),
        Fact("provenance", STORY),
    )


def test_a_post_that_is_only_announced_tells_where_it_may_be() -> None:
    anywhere = (abroad.IN_HANOI, Place(country="LA"))
    announced = abroad.announce(abroad.HANOI, *anywhere)
    assert facts_of_post(announced)[4] == Fact("place", anywhere)
    assert facts_of_post(announced, abroad.open_())[4] == Fact("place", (abroad.IN_HANOI,))


def test_a_cycle_tells_its_meetings_and_editions_by_name() -> None:
    events = (test_editions.OPENED, test_editions.BILATERAL, test_editions.PUBLISHED)
    [line] = fold(editions.evolve, recorded(*events), Moment()).lines.values()
    assert facts(line) == (
        Fact("secretariat", HUB),
        Fact("opened_on", test_editions.OPENED.effective),
        Fact("meetings", ("meeting-june",)),
        Fact("editions", ("after-september",)),
    )


def test_a_closed_cycle_tells_when() -> None:
    events = (test_editions.OPENED, test_editions.CLOSED)
    [line] = fold(editions.evolve, recorded(*events), Moment()).lines.values()
    assert facts(line)[-1] == Fact("closed_on", OCTOBER)


def test_a_review_tells_how_far_it_is() -> None:
    events = (test_review.STARTED, test_review.KEPT, test_review.DECIDED, test_review.ENDED)
    [line] = fold(review.evolve, recorded(*events), Moment()).lines.values()
    assert facts(line) == (
        Fact("year", 2026),
        Fact("secretariat", HUB),
        Fact("opened_on", test_review.OPENING),
        Fact("posts", 2),
        Fact("gone_through", 1),
        Fact("decisions", 1),
        Fact("closed_on", test_review.ENDING),
    )


def test_a_policy_tells_its_figure_and_source() -> None:
    [line] = fold(policies.evolve, recorded(FEE), Moment()).lines.values()
    assert facts(line) == (
        Fact("owner", HUB),
        Fact("topic", FEE.topic),
        Fact("value", FEE.value),
        Fact("source", "decision of the board of 12/12/2025"),
        Fact("attributed_to", "the board of hub.brussels"),
        Fact("since", FEE.effective),
    )


def test_a_fact_that_is_not_there_is_not_told() -> None:
    events = recorded(publish(period=Undated()))
    line = fold(missions.evolve, events, Moment()).lines[HANOI]
    assert [fact.field for fact in facts(line)] == [
        "title",
        "action",
        "state",
        "tag",
        "regions",
        "period",
        "places",
        "sectors",
    ]
    assert facts(None) == ()

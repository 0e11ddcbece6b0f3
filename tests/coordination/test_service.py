from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Done, Refused
from schemas.asking import (
    AskCoverage,
    AskDifference,
    AskEditions,
    AskHistory,
    AskOffices,
    AskPlan,
    AskPolicies,
)
from schemas.cycle import EditionPublished, Head
from schemas.examples import cycle, mission, policy, post, review
from schemas.period import Month, Undated
from schemas.policy import PolicyTopic
from schemas.recorded_event import AnyCommand
from schemas.review import ReviewOpened
from schemas.vocabulary import AWEX, FIT, HUB, Qualified

NOW = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)


def node(path: Path, settings: Settings | None = None, now: datetime = NOW) -> Service:
    numbers = count(1)
    environ = {"SQLITE_DBNAME": str(path)}
    return Service(settings or Settings(), environ, lambda: now, lambda: f"id-{next(numbers)}")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with node(tmp_path / "events.sqlite") as service:
        yield service


def done(service: Service, *commands: AnyCommand) -> Done:
    *_, last = [service.ask(command) for command in commands]
    assert isinstance(last, Done), last
    return last


def test_what_is_decided_is_recorded_with_who_asked_in_which_role(service: Service) -> None:
    done(service, mission.PUBLISH)
    [requested] = done(service, mission.REQUEST).events
    assert (requested.ledger, requested.agency, requested.role) == (AWEX, HUB, "coordinator")
    assert (requested.seq, requested.version) == (2, 2)


def test_a_decision_of_a_meeting_is_tied_to_it_by_correlation(service: Service) -> None:
    answer = service.ask(mission.PUBLISH, correlation="meeting-2026-september")
    assert isinstance(answer, Done)
    [recorded] = answer.events
    assert recorded.correlation == "meeting-2026-september"
    assert recorded.causation == "id-1"


def test_repeating_a_command_is_harmless(service: Service) -> None:
    first = done(service, mission.PUBLISH)
    assert done(service, mission.PUBLISH) == Done((), first.position)


def test_an_edition_freezes_the_ledgers_as_they_are(service: Service) -> None:
    done(service, mission.PUBLISH, cycle.OPEN, cycle.HOLD_TRI_REGIONAL)
    publish = cycle.PUBLISH_EDITION.__class__(
        by=HUB, effective=cycle.SEPTEMBER, cycle=cycle.ID, edition="after-september"
    )
    [recorded] = done(service, publish).events
    assert isinstance(recorded.data, EditionPublished)
    assert recorded.data.heads == (Head(AWEX, 1), Head(HUB, 2))
    done(service, mission.CANCEL)
    asked = AskDifference(cycle=cycle.ID, before="after-september")
    assert [one.mission for one in service.answer(asked).removed] == [mission.ID]
    [edition] = service.answer(AskEditions(cycle=cycle.ID)).cycle.editions
    assert edition.number == 1


def test_a_review_opens_on_the_posts_of_the_joint_list(service: Service) -> None:
    done(service, post.ANNOUNCE, post.OPEN)
    opening = review.OPEN.__class__(by=HUB, effective=review.OCTOBER, review=review.ID)
    [recorded] = done(service, opening).events
    assert recorded.data == ReviewOpened(
        effective=review.OCTOBER, review=review.ID, posts=(post.ID,)
    )


def test_together_all_are_kept_or_none(service: Service) -> None:
    foreign = mission.CANCEL.__class__(
        by=FIT, effective=mission.NOVEMBER, mission=mission.ID, reason="no"
    )
    answers = service.ask_together([(mission.PUBLISH, None), (foreign, None)])
    assert [type(answer) for answer in answers] == [Done, Refused]
    assert service.store.position() == 0
    service.ask_together([(mission.PUBLISH, "import-1"), (mission.REQUEST, "import-1")])
    assert [one.correlation for one in service.questions.events()] == ["import-1"] * 2


def test_a_question_is_asked_as_of_today_in_brussels(tmp_path: Path) -> None:
    done_on = tmp_path / "events.sqlite"
    with node(done_on) as service:
        done(service, mission.PUBLISH)
        assert service.today() == date(2026, 12, 31)
        closing = mission.CANCEL.__class__(
            by=AWEX, effective=date(2027, 1, 1), mission=mission.ID, reason="war"
        )
        done(service, closing)
        assert len(service.answer(AskPlan(year=2027)).missions) == 1
    with node(done_on, now=datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) as service:
        assert service.today() == date(2027, 1, 1)
        assert service.answer(AskPlan(year=2027)).missions == ()


def test_the_royal_warning_follows_the_policy_of_the_agency_that_asks(service: Service) -> None:
    assert service.answer(AskPlan(year=2027)).royal_warning is None
    done(service, policy.ADOPT)
    owners = {one.owner for one in service.answer(AskPolicies()).policies}
    assert owners == {None, HUB}


def test_an_edition_that_was_never_published_is_rejected_with_those_there_are(
    service: Service,
) -> None:
    done(service, cycle.OPEN)
    with pytest.raises(Rejected) as rejection:
        service.answer(AskDifference(cycle=cycle.ID, before="after-june"))
    assert (rejection.value.reason, rejection.value.parameters) == (
        "cycle.edition-unknown",
        {"edition": "after-june", "allowed": "–"},
    )


def test_a_history_is_told_entry_by_entry(service: Service) -> None:
    done(service, mission.PUBLISH, mission.REQUEST, mission.COUNTER_PROPOSE, mission.ACCEPT)
    entries = service.answer(AskHistory(stream=mission.ID)).entries
    assert [(one.agency, one.type) for one in entries] == [
        (AWEX, "mission.published"),
        (HUB, "mission.co-organisation-requested"),
        (AWEX, "mission.co-organisation-counter-proposed"),
        (HUB, "mission.co-organisation-accepted"),
    ]


def test_a_node_speaks_for_its_own_agency_only(tmp_path: Path) -> None:
    with node(tmp_path / "fit.sqlite", Settings(speaks_for=(FIT,))) as fit:
        assert fit.ask(mission.PUBLISH) == Refused(
            "access.not-spoken-for", {"agency": AWEX, "allowed": FIT}
        )
        of_fit = mission.REQUEST.__class__(by=FIT, effective=mission.SEPTEMBER, mission=mission.ID)
        assert fit.ask(of_fit) == Refused("access.decided-elsewhere", {"owner": AWEX})
        assert fit.store.position() == 0


def test_a_role_decides_what_its_work_is(service: Service) -> None:
    assert service.ask(mission.PUBLISH, role="network") == Refused(
        "access.role-may-not",
        {"role": "network", "allowed": "coordinator, chief-executive"},
    )
    assert isinstance(service.ask(mission.PUBLISH, role="chief-executive"), Done)


def test_the_joint_subjects_belong_to_the_secretariat(tmp_path: Path) -> None:
    with node(tmp_path / "events.sqlite", Settings(secretariat=AWEX)) as service:
        for opening in (cycle.OPEN, review.OPEN):
            assert service.ask(opening) == Refused(
                "access.not-the-secretariat", {"secretariat": AWEX}
            )
        ours = cycle.OPEN.__class__(by=AWEX, effective=cycle.JANUARY, cycle="cycle-awex-2026")
        assert isinstance(service.ask(ours), Done)


def test_a_day_too_far_ahead_is_a_slip_of_the_pen(service: Service) -> None:
    assert service.ask(replace(mission.PUBLISH, effective=date(2037, 1, 8))) == Refused(
        "access.too-far-ahead", {"effective": "2037-01-08", "latest": "2037-01-07"}
    )
    assert isinstance(service.ask(replace(mission.PUBLISH, effective=date(2037, 1, 7))), Done)


def test_nobody_but_the_service_says_how_far_the_ledgers_are(service: Service) -> None:
    done(service, mission.PUBLISH, cycle.OPEN, cycle.HOLD_TRI_REGIONAL)
    [recorded] = done(service, cycle.PUBLISH_EDITION).events  # claims 41, 17 and 0
    assert isinstance(recorded.data, EditionPublished)
    assert recorded.data.heads == (Head(AWEX, 1), Head(HUB, 2))


def test_an_edition_and_today_are_compared_as_of_the_same_day(service: Service) -> None:
    done(service, cycle.OPEN, cycle.HOLD_TRI_REGIONAL)
    done(service, replace(mission.PUBLISH, effective=date(2027, 1, 15)), cycle.PUBLISH_EDITION)
    asked = AskDifference(cycle=cycle.ID, before="after-september")
    assert service.answer(asked).removed == ()


def test_a_closing_of_next_year_is_undone_by_a_word_of_today(service: Service) -> None:
    done(service, post.ANNOUNCE, post.OPEN, post.SHARE, post.CLOSE)
    assert service.answer(AskOffices(as_of=date(2027, 2, 1))).contributions == 0
    done(service, replace(post.WITHDRAW_CLOSING, effective=date(2026, 12, 31)))
    assert service.answer(AskOffices(as_of=date(2027, 2, 1))).contributions == 1


def test_who_only_reads_keeps_nobody_from_writing(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    with node(path) as reader, node(path) as writer:
        assert reader.answer(AskPlan(year=2027)).missions == ()
        done(writer, mission.PUBLISH)
        assert len(reader.answer(AskPlan(year=2027)).missions) == 1


def test_the_gaps_to_come_are_told_with_the_cover_of_today(service: Service) -> None:
    done(service, post.ANNOUNCE, post.OPEN, post.CLOSE)
    found = service.answer(AskCoverage())
    assert found.gaps == ()
    assert [(gap.country, gap.agency, gap.on) for gap in found.to_come] == [
        ("LA", HUB, date(2027, 1, 1)),
        ("VN", HUB, date(2027, 1, 1)),
    ]


def test_the_area_manager_stays_where_the_policy_of_the_agency_says_so(service: Service) -> None:
    few = Qualified(value=4, unit="participants")
    held = replace(mission.HOLD, participants=(few,), effective=date(2026, 12, 31))
    done(service, replace(mission.PUBLISH, period=Undated()), held)
    on = {"effective": date(2026, 12, 31), "participants": None, "period": Month(2026, 12)}
    done(service, replace(mission.CORRECT, **on))
    assert service.answer(AskPlan(year=2026)).area_manager_stays == (mission.ID,)
    three = replace(
        policy.ADOPT,
        policy="policy-hub-travel",
        topic=PolicyTopic.AREA_MANAGER_TRAVELS_FROM,
        value=Qualified(value=3, unit="participants"),
    )
    done(service, three)
    assert service.answer(AskPlan(year=2026)).area_manager_stays == ()

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path

from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Done
from coordination.store.event_store import EventStore
from coordination.store.recorder import Row
from schemas.message import name
from schemas.period import Year
from schemas.recorded_event import AnyEvent, Heads
from schemas.review import OpenReview
from tests.benchmarks.model.history import SEED, Decided, History
from tests.benchmarks.workload import Recording, identifiers, made, never

UNTIL_A_REVIEW = 4_500


def environ_of(folder: Path, store: str) -> dict[str, str]:
    return {"SQLITE_DBNAME": str(folder / f"{store}.sqlite")}


def rows_of(environ: dict[str, str]) -> tuple[list[Row], Heads]:
    store = EventStore(environ, never, str)
    rows = list(store.rows(0, store.position()))
    heads = store.standing()[1]
    store.close()
    return rows, heads


def test_the_service_decides_and_records_the_very_bytes_of_the_model(tmp_path: Path) -> None:
    modelled, asked = environ_of(tmp_path, "modelled"), environ_of(tmp_path, "asked")
    store = EventStore(modelled, never, identifiers(SEED))
    recording = Recording(store)
    steps, stored = [], []
    for decided, _, row in islice(recording.events(), UNTIL_A_REVIEW):
        steps.append(decided.step)
        stored.append(row)
    store.recorder.append(stored, recording.heads, {})
    store.close()
    assert any(isinstance(step.command, OpenReview) for step in steps)
    with Service(Settings(), asked, never, identifiers(SEED)) as service:
        for step in steps:
            service.clock = service.store.clock = at(step.time)
            answer = service.ask(step.command, correlation=step.correlation)
            assert isinstance(answer, Done), (answer, step)
    assert rows_of(asked) == rows_of(modelled)


def at(time: datetime) -> Callable[[], datetime]:
    return lambda: time


def test_the_same_seed_tells_the_same_and_another_does_not() -> None:
    assert told(SEED, 2_000) == told(SEED, 2_000)
    assert told(SEED, 2_000) != told(SEED + 1, 2_000)


def told(seed: int, count: int) -> list[AnyEvent]:
    return [decided.event for decided in islice(History(seed).decided(), count)]


def test_a_year_has_its_actions_and_time_never_goes_back() -> None:
    history = list(of_years(1996))
    assert all(one.step.time <= other.step.time for one, other in pairwise(history))
    counted = Counter(
        (decided.step.time.year, name(decided.event)) for decided in history if decided.version == 1
    )
    published = {year: counted[year, "mission.published"] for year in range(1993, 1996)}
    assert all(420 <= count <= 490 for count in published.values()), published
    assert [counted[year, "review.opened"] for year in range(1991, 1996)] == [1] * 5
    missions = sum(name(decided.event).startswith("mission.") for decided in history[50_000 // 2 :])
    begun = sum(name(decided.event) == "mission.published" for decided in history[50_000 // 2 :])
    assert 18 <= missions / begun <= 23


def of_years(before: Year) -> list[Decided]:
    until = datetime(before, 1, 1, tzinfo=UTC)
    taken = []
    for decided in History().decided():
        if decided.step.time >= until:
            break
        taken.append(decided)
    return taken


def test_a_store_made_from_the_model_is_sound_and_made_once(tmp_path: Path) -> None:
    [workload] = made(tmp_path, {1_000: 50}).values()
    store = EventStore({"SQLITE_DBNAME": str(workload.store)}, never, str)
    assert (list(store.verify()), store.position()) == ([], 1_000)
    store.close()
    before = workload.store.stat().st_mtime_ns
    assert made(tmp_path, {1_000: 50}) == {1_000: workload}
    assert workload.store.stat().st_mtime_ns == before


def test_a_smaller_store_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    smaller, larger = made(tmp_path, {500: 20, 800: 20}).values()
    short, _ = rows_of({"SQLITE_DBNAME": str(smaller.store)})
    long, _ = rows_of({"SQLITE_DBNAME": str(larger.store)})
    assert (len(short), short) == (500, long[:500])


def test_what_comes_next_is_decided_on_the_store_as_it_stands(tmp_path: Path) -> None:
    [workload] = made(tmp_path, {1_000: 50}).values()
    environ = {"SQLITE_DBNAME": str(workload.store)}
    with Service(Settings(), environ, lambda: workload.ends, identifiers(SEED)) as service:
        answers = [
            service.ask(one.command, correlation=one.correlation) for one in workload.upcoming
        ]
    assert [len(answer.events) for answer in answers if isinstance(answer, Done)] == [1] * 50

"""What people read with tools of their own: views, and what each column means."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from projections.engine.cells import moment
from projections.engine.layout import KEPT, columns_of, views_of
from projections.engine.projection import Projection
from projections.tables import ALL
from projections.tables.missions import MISSIONS
from projections.tables.posts import POSTS
from schemas.examples import post
from schemas.examples.mission import CANCELLED, CONFIRMED, PUBLISHED
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds.shouting import SHOUTING
from tests.projections.engine.rows import selected

DAY = timedelta(days=1)


def today(place: Place) -> date:
    """Views are as of the day on which the database is asked, wherever its clock stands."""
    database = place.database()
    with database.reading() as transaction:
        [(day,)] = transaction.select(f"SELECT {database.dialect.today}")
    return date.fromisoformat(str(day))


def asked(place: Place, sql: str) -> list[tuple[Any, ...]]:
    read_models = place.opened()
    read_models.catch_up()
    with read_models.database.reading() as transaction:
        return selected(transaction, sql)


def test_a_view_shows_what_holds_today_and_another_what_is_to_come(place: Place) -> None:
    now = today(place)
    place.history.now = datetime.combine(now, time(10), UTC)
    place.history.record(
        [
            replace(PUBLISHED, effective=now - DAY),
            replace(CONFIRMED, effective=now + 20 * DAY),
            replace(CANCELLED, effective=now + 40 * DAY),
            replace(PUBLISHED, mission="mission-hub-later", effective=now + 30 * DAY),
            replace(PUBLISHED, mission="mission-hub-today", effective=now),
        ]
    )
    columns = "mission, state, holds_from, holds_until"
    twentieth, fortieth = str(now + 20 * DAY), str(now + 40 * DAY)
    assert asked(place, f"SELECT {columns} FROM missions") == [
        (PUBLISHED.mission, "planned", str(now), twentieth),
        ("mission-hub-today", "planned", str(now), None),
    ]
    assert asked(place, f"SELECT {columns} FROM missions_to_come") == [
        (PUBLISHED.mission, "cancelled", fortieth, None),
        (PUBLISHED.mission, "confirmed", twentieth, fortieth),
        ("mission-hub-later", "planned", str(now + 30 * DAY), None),
    ]


def test_a_stream_without_a_line_is_in_no_view(place: Place) -> None:
    place.history.record([CONFIRMED])
    assert asked(place, "SELECT count(*) FROM missions") == [(0,)]
    assert asked(place, "SELECT count(*) FROM missions_to_come") == [(0,)]


def test_a_row_says_which_events_made_it_and_when_they_were_recorded(place: Place) -> None:
    place.history.record([replace(post.ANNOUNCED, effective=today(place) - DAY)])
    assert asked(place, "SELECT post, behind, version, seq, recorded_until FROM posts") == [
        (post.ANNOUNCED.post, '["hub/1"]', 1, 1, moment(place.history.now))
    ]


@pytest.mark.parametrize("projection", ALL, ids=[one.name for one in ALL])
def test_every_column_of_every_view_is_documented(
    place: Place, projection: Projection[Any]
) -> None:
    for view in views_of(projection.name):
        told = asked(
            place,
            f"SELECT place, attribute, meaning FROM documentation WHERE relation = '{view}'",
        )
        _, comment = told[0][1:]
        assert comment.startswith(projection.comment)
        expected = [
            (number, name, meaning)
            for number, (name, _, meaning) in enumerate(columns_of(projection), start=1)
        ]
        assert sorted(told[1:]) == expected
        read_models = place.opened()
        with read_models.database.reading() as transaction:
            names = ", ".join(name for _, name, _ in expected)
            transaction.select(f"SELECT {names} FROM {view}")


def test_columns_have_names_of_their_own() -> None:
    projections: list[Projection[Any]] = [*ALL]
    for projection in projections:
        names = [name for name, _, _ in columns_of(projection)]
        assert len(set(names)) == len(names)
        assert {"step", "line"} & {one.name for one in projection.columns} == set()
        assert names[-len(KEPT) :] == [name for name, _, _ in KEPT]


def test_documentation_is_that_of_the_build_that_serves(place: Place) -> None:
    place.opened(MISSIONS, POSTS).catch_up()
    changed = replace(SHOUTING, comment="Actions in capital letters")
    newer = place.opened(changed)
    newer.catch_up()
    with newer.database.reading() as transaction:
        told = transaction.select(
            "SELECT relation, meaning FROM documentation WHERE place = 0 ORDER BY relation"
        )
    assert told == [
        ("missions", "Actions in capital letters, as it stands today"),
        (
            "missions_to_come",
            "Actions in capital letters: what is decided and takes effect later",
        ),
        ("posts", "Posts abroad of the agencies, as it stands today"),
        (
            "posts_to_come",
            "Posts abroad of the agencies: what is decided and takes effect later",
        ),
    ]

from typing import Any

import pytest

from projections.coverage import Coverage, coverage, gaps_after
from projections.figures import Counted, FigureLines, Page, figure_lines
from projections.read_model import Moment, fold
from projections.review import evolve, review
from schemas.asking import AskCoverage, AskFigure, AskReview, Figure
from schemas.period import Days
from schemas.post import AreaPart, PostEvent
from schemas.review import PostGoneThrough, ReviewOpened, Verdict
from schemas.vocabulary import AWEX, FIT, HUB, Provenance
from tests.projections.abroad import (
    APRIL,
    HANOI,
    IN_HAI_PHONG,
    IN_HANOI,
    IN_SAIGON,
    LAOS,
    LILLE,
    MARCH,
    NORTH,
    SAIGON,
    SAIGON_OF_HUB,
    VIETNAM,
    announce,
    close,
    network_of,
    opened,
    relocate,
    share,
    succeeded,
)
from tests.projections.joint import joint_list
from tests.projections.recording import recorded

INVENTED = Provenance(source="network-2023.csv", illustrative=True)
EU = "post-hub-eu"
THE_LIST = joint_list(
    *opened(HANOI),
    *opened(SAIGON, IN_SAIGON, provenance=INVENTED),
    *opened(SAIGON_OF_HUB, IN_SAIGON),
    announce(LILLE, IN_HAI_PHONG),
    *opened(EU),
    close(post=EU),
    later=(relocate(on=APRIL),),
)


def post(name: str, *behind: str, **more: Any) -> Counted:
    fields: dict[str, Any] = {
        "streams": (name,),
        "place": IN_HANOI,
        "agency": name.split("-")[1],
        "behind": behind,
    }
    return Counted(**(fields | more))


OF_HANOI = post(HANOI, "hub/1", "hub/2")
OF_SAIGON = post(SAIGON, "awex/1", "awex/2", place=IN_SAIGON, illustrative=True)
OF_HUB_IN_SAIGON = post(SAIGON_OF_HUB, "hub/3", "hub/4", place=IN_SAIGON)
OFFICE_IN_HANOI = post(HANOI, "hub/1", "hub/2", agency=None)
OFFICE_IN_SAIGON = Counted(
    streams=(SAIGON, SAIGON_OF_HUB),
    place=IN_SAIGON,
    illustrative=True,
    behind=("awex/1", "awex/2", "hub/3", "hub/4"),
)
MOVE = post(
    HANOI,
    "hub/1",
    "hub/2",
    "hub/8",
    place=IN_HAI_PHONG,
    period=Days(APRIL, APRIL),
)


def taken_apart(figure: Figure, page: Page, year: int | None = None) -> FigureLines:
    return figure_lines(AskFigure(figure=figure, year=year), page)


def of(figure: Figure, *lines: Counted, year: int | None = None) -> FigureLines:
    return FigureLines(figure=figure, year=year, value=len(lines), lines=lines)


@pytest.mark.parametrize(
    "figure, lines",
    [
        (Figure.OFFICES_CONTRIBUTIONS, (OF_HANOI, OF_SAIGON, OF_HUB_IN_SAIGON)),
        (Figure.OFFICES_OFFICES, (OFFICE_IN_HANOI, OFFICE_IN_SAIGON)),
        (Figure.OFFICES_OVERLAPS, (OFFICE_IN_SAIGON,)),
        (Figure.OFFICES_ILLUSTRATIVE, (OF_SAIGON,)),
        (Figure.OFFICES_NOT_YET_OPEN, (post(LILLE, "fit/1", place=IN_HAI_PHONG),)),
        (Figure.OFFICES_CLOSED, (post(EU, "hub/5", "hub/6", "hub/7"),)),
        (Figure.OFFICES_DECIDED, (MOVE,)),
    ],
)
def test_a_figure_of_the_joint_list_has_a_line_for_each_post_or_office(
    figure: Figure, lines: tuple[Counted, ...]
) -> None:
    assert taken_apart(figure, THE_LIST) == of(figure, *lines)


def the_cover(*events: PostEvent, later: tuple[PostEvent, ...] = ()) -> Coverage:
    now, question = network_of(*events), AskCoverage(as_of=MARCH)
    known = coverage(now, question)
    return Coverage(
        agencies=known.agencies,
        countries=known.countries,
        gaps=known.gaps,
        without_cover=known.without_cover,
        covered_by_nobody=known.covered_by_nobody,
        to_come=gaps_after(now, network_of(*events, *later), question),
    )


# Hanoi served Laos and the north for two agencies; of Vietnam, hub keeps the rest.
COVER = the_cover(
    *opened(HANOI, IN_HANOI, LAOS, NORTH),
    share(AWEX),
    *opened(SAIGON_OF_HUB, IN_SAIGON, AreaPart(country="VN", within="the south")),
    *opened(LILLE, IN_HANOI, AreaPart(country="FR")),
    close(succeeded()),
    later=(close(post=LILLE, on=APRIL),),
)
LOST = ("hub/1", "hub/2", "hub/3", "hub/6")


def gap(part: AreaPart, agency: str | None) -> Counted:
    return Counted(streams=(HANOI,), part=part, agency=agency, behind=LOST)


TO_COME = Counted(
    streams=(LILLE,),
    part=AreaPart(country="FR"),
    agency=FIT,
    behind=("fit/1", "fit/2", "fit/3"),
)


@pytest.mark.parametrize(
    "figure, lines",
    [
        (
            Figure.COVERAGE_GAPS,
            (gap(LAOS, AWEX), gap(LAOS, HUB), gap(NORTH, AWEX), gap(NORTH, HUB)),
        ),
        (Figure.COVERAGE_TO_COME, (TO_COME,)),
        (Figure.COVERAGE_WITHOUT_COVER, (gap(LAOS, AWEX), gap(VIETNAM, AWEX), gap(LAOS, HUB))),
        (Figure.COVERAGE_COVERED_BY_NOBODY, (gap(LAOS, None),)),
    ],
)
def test_a_figure_of_the_cover_has_a_line_for_each_gap_or_country(
    figure: Figure, lines: tuple[Counted, ...]
) -> None:
    assert taken_apart(figure, COVER) == of(figure, *lines)


def test_a_country_that_several_posts_left_names_them_all() -> None:
    page = the_cover(
        *opened(HANOI, IN_HANOI, NORTH),
        *opened(SAIGON, IN_SAIGON, AreaPart(country="VN", within="the south")),
        close(),
        close(post=SAIGON),
    )
    assert taken_apart(Figure.COVERAGE_COVERED_BY_NOBODY, page) == of(
        Figure.COVERAGE_COVERED_BY_NOBODY,
        Counted(
            streams=(HANOI, SAIGON),
            part=VIETNAM,
            behind=("hub/1", "hub/2", "hub/3", "awex/1", "awex/2", "awex/3"),
        ),
    )


def test_each_country_without_cover_names_the_posts_that_left_it() -> None:
    page = the_cover(
        *opened(HANOI), *opened(LILLE, IN_HANOI, AreaPart(country="FR")), close(), close(post=LILLE)
    )
    in_vietnam = Counted(
        streams=(HANOI,), part=VIETNAM, agency=HUB, behind=("hub/1", "hub/2", "hub/3")
    )
    assert taken_apart(Figure.COVERAGE_WITHOUT_COVER, page) == of(
        Figure.COVERAGE_WITHOUT_COVER, TO_COME, in_vietnam
    )


REVIEW = "review-hub-2026"
REVIEWED = review(
    fold(
        evolve,
        recorded(
            ReviewOpened(effective=MARCH, review=REVIEW, posts=(HANOI, SAIGON, LILLE)),
            PostGoneThrough(effective=MARCH, review=REVIEW, post=HANOI, verdict=Verdict.KEEP),
            PostGoneThrough(
                effective=APRIL, review=REVIEW, post=SAIGON, verdict=Verdict.UNDER_THREAT
            ),
        ),
        Moment(),
    ),
    network_of(*opened(HANOI), *opened(SAIGON, IN_SAIGON, provenance=INVENTED)),
    AskReview(year=2026),
)


def reviewed(name: str, **more: Any) -> Counted:
    fields: dict[str, Any] = {"streams": (REVIEW, name), "behind": ("hub/1", "hub/2", "hub/3")}
    return Counted(**(fields | more))


KEPT = reviewed(HANOI, place=IN_HANOI, agency=HUB)
THREATENED = reviewed(SAIGON, place=IN_SAIGON, agency=AWEX, illustrative=True)


@pytest.mark.parametrize(
    "figure, lines",
    [
        (Figure.REVIEW_POSTS, (KEPT, THREATENED, reviewed(LILLE))),
        (Figure.REVIEW_GONE_THROUGH, (KEPT, THREATENED)),
        (Figure.REVIEW_UNDER_THREAT, (THREATENED,)),
    ],
)
def test_a_figure_of_the_review_has_a_line_for_each_post(
    figure: Figure, lines: tuple[Counted, ...]
) -> None:
    assert taken_apart(figure, REVIEWED, 2026) == of(figure, *lines, year=2026)

import csv
from collections.abc import Callable
from io import StringIO

import msgspec
import pytest

from coordination.cli.flat import flat
from coordination.cli.rows import csv_of
from projections.history import History
from projections.mission_plan import Plan
from projections.policies import Policy, PolicyList
from schemas.period import Month
from schemas.policy import PolicyTopic
from schemas.vocabulary import Place, Qualified, Title
from tests.coordination.cli.running import MORNING, Run
from tests.coordination.cli.test_commands import ACCEPT, HANOI, PUBLISH, REQUEST

Runs = Callable[..., Run]

TITLES = {
    "title.fr": "L'eau au Viêt Nam",
    "title.nl": "",
    "title.en": "Water in Vietnam",
    "title.de": "",
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_plan_as_rows(run: Runs) -> None:
    run(*PUBLISH)
    assert rows(run("plan", "2027", "--format", "csv").output) == [
        {
            "mission": HANOI,
            "owner": "awex",
            "part": "missions",
            **TITLES,
            "action": "agency-mission",
            "period": "2027-03-15/2027-03-19",
            "travel": "",
            "places": "VN Hanoi; VN Ho Chi Minh City",
            "sectors": "environment",
            "themes": "",
            "coordinated_by": "",
            "partners": "",
            "cost": "",
            "state": "planned",
            "tag": "uni-regional",
            "regions": "awex",
            "illustrative": "false",
        }
    ]


def test_the_september_board_as_rows(run: Runs) -> None:
    run(*PUBLISH)
    run("mission", "request-co-organisation", HANOI, "--as", "fit")
    (row,) = rows(run("september", "2027", "--format", "csv").output)
    assert {name: row[name] for name in ("wish", "standing", "since", "waits_for", "overdue")} == {
        "wish": "fit",
        "standing": "requested",
        "since": "2026-09-15",
        "waits_for": "awex",
        "overdue": "false",
    }


@pytest.mark.parametrize(
    "arguments, header",
    [
        (
            ("june", "2027"),
            (
                "kind,own,other,countries,cities,sectors,days_between,"
                "own_title,other_title,own_illustrative,other_illustrative,behind"
            ),
        ),
        (("editions", "cycle-hub-2026"), "edition,number,published_on,heads"),
        (
            ("coverage",),
            "country,agency,post,basis,state,vacant,partial,within,illustrative",
        ),
        (
            ("review", "2026"),
            "review,post,operated_by,place,state,illustrative,verdict,remark,on",
        ),
        (
            ("history", HANOI),
            "reference,recorded,effective,agency,role,type,correlation,event",
        ),
    ],
)
def test_the_header_is_there_without_any_row(
    run: Runs, arguments: tuple[str, ...], header: str
) -> None:
    assert run(*arguments, "--format", "csv") == Run(0, header + "\n")


def test_json_is_the_answer_itself(run: Runs) -> None:
    for asked in (PUBLISH, REQUEST, ACCEPT):
        run(*asked)
    plan = msgspec.json.decode(run("plan", "2027", "--format", "json").output, type=Plan)
    assert [(row.line.mission, row.regions) for row in plan.missions] == [(HANOI, ("awex", "fit"))]
    answer = run("history", HANOI, "--format", "json").output
    history = msgspec.json.decode(answer, type=History)
    assert [entry.reference for entry in history.entries] == ["awex/1", "awex/2", "awex/3"]
    assert history.entries[0].recorded.replace(second=0) == MORNING.replace(second=0)


@pytest.mark.parametrize("sign", "=+-@\t")
def test_what_a_spreadsheet_takes_for_a_formula_is_quoted(sign: str) -> None:
    policy = Policy(
        topic=PolicyTopic.FEE_SME,
        value=Qualified(value=100, unit="EUR"),
        source=f"{sign}1+1",
        attributed_to="a - b",
        since=MORNING.date(),
    )
    (row,) = rows(csv_of(PolicyList(policies=(policy,))))
    assert (row["source"], row["attributed_to"], row["value"]) == (
        f"'{sign}1+1",
        "a - b",
        "100 EUR",
    )


@pytest.mark.parametrize(
    "value, text",
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (PolicyTopic.FEE_SME, "fee-sme"),
        (MORNING.date(), "2026-09-15"),
        (Month(2027, 3), "2027-03"),
        ((Place(country="VN", city="Hanoi"), Place(country="LA")), "VN Hanoi; LA"),
        (Title(en="Water"), '{"fr":null,"nl":null,"en":"Water","de":null}'),
    ],
)
def test_a_value_is_one_line(value: object, text: str) -> None:
    assert flat(value) == text

from collections.abc import Callable

import pytest

from tests.coordination.cli.running import Run
from tests.coordination.cli.test_commands import ACCEPT, PUBLISH, REQUEST

Runs = Callable[..., Run]


@pytest.fixture
def planned(run: Runs) -> Runs:
    """A mission of AWEX that FIT co-organises."""
    run(*PUBLISH)
    run(*REQUEST, "--meeting", "meeting-2026-september")
    run(*ACCEPT)
    return run


def test_the_plan_is_a_table_for_people(planned: Runs) -> None:
    assert planned("plan", "2027") == Run(
        0,
        """\
Plan of 2027: 1 mission or other action (1 bi-regional).
Missions and other actions

                                                                           organised
 when      mission                   where                 sectors         by            state
 ───────────────────────────────────────────────────────────────────────────────────────────────
 15–19     Water in Vietnam          Hanoi (Vietnam), Ho   environment     AWEX + FIT    planned
 Mar       mission-awex-2027-hanoi   Chi Minh City         and water       bi-regional
 2027                                (Vietnam)

""",
    )


def test_a_narrow_terminal_keeps_every_column(planned: Runs) -> None:
    assert planned("plan", "2027", "--language", "nl", COLUMNS="80") == Run(
        0,
        """\
Plan 2027: 1 zending of andere actie (1 biregionaal).
Zendingen en andere acties

                                                       georganiseerd
 wanneer   zending             plaats       sectoren   door            status
 ─────────────────────────────────────────────────────────────────────────────
 15–19     L'eau au Viêt Nam   Hanoi        milieu     AWEX + FIT      gepland
 mrt       mission-awex-2027   (Vietnam),   en water   biregionaal
 2027      -hanoi              Ho Chi
                               Minh City
                               (Vietnam)

""",
    )


def test_the_september_board_says_who_wishes_what(planned: Runs) -> None:
    assert planned("september", "2027", "--language", "de") == Run(
        0,
        """\
Septemberübersicht für 2027: 1 Aktion vorgeschlagen; 1 entschieden, 0 warten auf Antwort.
Vorgeschlagen, gefragt, beantwortet

                                                       organisiert   Wünsche und
 Mission                   wann       Ort              von           Antworten            Stand
 ────────────────────────────────────────────────────────────────────────────────────────────────
 L'eau au Viêt Nam         15.–19.    Hanoi            AWEX + FIT    FIT: organisiert     geplant
 mission-awex-2027-hanoi   März       (Vietnam), Ho    biregional    mit, Rolle:
                           2027       Chi Minh City                  seminar,
                                      (Vietnam)                      Kostenanteil: 20 %

""",
    )


def test_the_june_view_shows_two_columns_of_intentions(planned: Runs) -> None:
    assert planned("june", "2027", "--language", "fr") == Run(
        0,
        """\
Juin, plan 2027, hub.brussels et AWEX : 0 conflit, 0 synergies possibles.
Intentions de AWEX

                                                                               trois dernières
 quand      mission                   lieu                   secteurs          années là-bas
 ──────────────────────────────────────────────────────────────────────────────────────────────
 15–19      L'eau au Viêt Nam         Hanoi (Viêt Nam), Ho   environnement
 mars       mission-awex-2027-hanoi   Chi Minh City (Viêt    et eau
 2027                                 Nam)

""",
    )


def test_a_conflict_over_the_turn_of_the_year_names_both_missions(run: Runs) -> None:
    """Here `june` broke off: the mission of January is in neither of the columns of its year."""
    for mission, period in (
        ("mission-hub-2028-saigon", "2028-01-05/2028-01-06"),
        ("mission-awex-2027-saigon", "2027-12-20/2027-12-21"),
    ):
        run(
            *("mission", "publish", mission, "--as", mission.split("-")[1]),
            *("--title.en", f"To Saigon in {period[:4]}", "--action", "agency-mission"),
            *("--period", period, "--places", "VN Ho Chi Minh City", "--sectors", "energy"),
        )
    assert run("june", "2027") == Run(
        0,
        """\
June, plan of 2027, hub.brussels and AWEX: 1 conflict, 0 possible synergies.
Conflicts: same country within six weeks, near sector

                                                                                         days
 mission                   meets                      country   city           sectors   apart
 ────────────────────────────────────────────────────────────────────────────────────────────────
 To Saigon in 2028         To Saigon in 2027          Vietnam   Ho Chi Minh    energy    15
 mission-hub-2028-saigon   mission-awex-2027-saigon             City

Intentions of AWEX

                                                                              last three years
 when           mission                    where                    sectors   there
 ───────────────────────────────────────────────────────────────────────────────────────────────
 20–21 Dec      To Saigon in 2027          Ho Chi Minh City         energy
 2027           mission-awex-2027-saigon   (Vietnam)

""",
    )


def test_the_history_says_who_said_what_when(planned: Runs) -> None:
    assert planned("history", "mission-awex-2027-hanoi", "--language", "fr") == Run(
        0,
        """\
mission-awex-2027-hanoi : qui a dit quoi et quand

 enregistré      à partir du     qui a fait quoi                réunion                  événement
 ─────────────────────────────────────────────────────────────────────────────────────────────────
 15 sept. 2026   1 juin 2026     AWEX publie « L'eau au Viêt                             awex/1
                                 Nam » : mission économique,
                                 15–19 mars 2027, Hanoi (Viêt
                                 Nam), Ho Chi Minh City (Viêt
                                 Nam)
 15 sept. 2026   15 sept. 2026   FIT demande à co-organiser     meeting-2026-september   awex/2
 15 sept. 2026   15 sept. 2026   AWEX accepte la                                         awex/3
                                 co-organisation avec FIT

""",
    )


def test_a_day_in_the_past_shows_what_held_then(planned: Runs) -> None:
    assert planned("plan", "2027", "--as-of", "2026-08-31") == Run(
        0,
        """\
Plan of 2027: 1 mission or other action (1 uni-regional).
Missions and other actions

 when      mission                   where                sectors         organised by   state
 ───────────────────────────────────────────────────────────────────────────────────────────────
 15–19     Water in Vietnam          Hanoi (Vietnam),     environment     AWEX           planned
 Mar       mission-awex-2027-hanoi   Ho Chi Minh City     and water       uni-regional
 2027                                (Vietnam)

""",
    )


def test_a_plan_without_missions_says_so(planned: Runs) -> None:
    assert planned("plan", "2028") == Run(
        0,
        """\
Plan of 2028: no mission or other action.
""",
    )


def test_a_history_of_nothing_says_so(planned: Runs) -> None:
    assert planned("history", "post-hub-oslo", "--language", "nl") == Run(
        0,
        """\
Er is niets geregistreerd over post-hub-oslo.
""",
    )


def test_a_year_without_review_says_so(planned: Runs) -> None:
    assert planned("review", "2026", "--language", "fr") == Run(
        0,
        """\
Il n'y a pas de revue en 2026.
""",
    )


def test_a_cycle_never_opened_says_so(planned: Runs) -> None:
    assert planned("editions", "cycle-hub-2026") == Run(
        0,
        """\
There is no such cycle for the plan of 2027.
""",
    )


def test_an_edition_never_published_is_rejected(planned: Runs) -> None:
    assert planned("difference", "cycle-hub-2026", "after-june") == Run(
        1,
        errors="""\
There is no edition after-june; there are: –.
""",
    )


def test_the_policies_name_their_source(planned: Runs) -> None:
    assert planned("policies", "--language", "fr") == Run(
        0,
        """\
Règles en vigueur

 règle                 chiffre        agence     depuis          source
 ───────────────────────────────────────────────────────────────────────────────────────────────
 participation         100 EUR        dans les   21 sept. 2023   question écrite 907, Parlement
 demandée à une PME                   sources                    de la Région de
                                                                 Bruxelles-Capitale, texte de la
                                                                 question
                                                                 (le membre du Parlement qui a
                                                                 posé la question)
 participation         300 EUR        dans les   21 sept. 2023   question écrite 907, Parlement
 demandée à une                       sources                    de la Région de
 grande entreprise                                               Bruxelles-Capitale, texte de la
                                                                 question
                                                                 (le membre du Parlement qui a
                                                                 posé la question)
 l'area manager se     5              dans les   25 oct. 2023    question écrite 907, Parlement
 déplace à partir de   participants   sources                    de la Région de
                                                                 Bruxelles-Capitale, réponse du
                                                                 25/10/2023
                                                                 (la ou le secrétaire d'État qui
                                                                 a répondu)
 missions royales      2 missions     dans les   21 sept. 2023   question écrite 907, Parlement
 par an                               sources                    de la Région de
                                                                 Bruxelles-Capitale, texte de la
                                                                 question
                                                                 (le membre du Parlement qui a
                                                                 posé la question)

""",
    )


def test_the_list_of_offices_counts_when_asked(planned: Runs) -> None:
    assert planned("offices", "--seen-by", "awex") == Run(
        0,
        """\
As seen by AWEX: 0 contributions, 0 offices; 0 offices hold more than one post.
""",
    )


def test_a_network_without_posts_has_no_gap(planned: Runs) -> None:
    assert planned("coverage") == Run(
        0,
        """\
Nothing that was covered has lost its cover.
""",
    )


def test_mistakes_in_a_question_are_told_at_once(planned: Runs) -> None:
    assert planned(
        "plan", "27", "--country", "XX", "--as-of", "2026-02-30", "--language", "fr"
    ) == Run(
        2,
        errors="""\
--as-of : « 2026-02-30 » – un jour qui existe, écrit comme 2026-09-15
YEAR : « 27 » – un nombre entier de 1990 à 2100
--country : « XX » – le code d'un pays, comme VN pour le Viêt Nam (ISO 3166)
""",
    )

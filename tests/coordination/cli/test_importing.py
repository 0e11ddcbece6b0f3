from collections.abc import Callable
from pathlib import Path

from tests.coordination.cli.running import Run

Runs = Callable[..., Run]
NETWORK = "coordination/demo_data/network-2023.csv"


def test_a_dry_run_keeps_nothing(run: Runs) -> None:
    assert run("import", "posts", NETWORK, "--dry-run") == Run(
        0,
        """\
96 rows: 96 new, 0 revised, 0 unchanged, 0 wrong.
Checked only, nothing recorded; 254 events would be.
""",
    )
    assert run("verify") == Run(
        0, "The history is sound: 0 events, every link of every ledger holds.\n"
    )


def test_the_same_file_twice_changes_nothing(run: Runs) -> None:
    assert run("import", "posts", NETWORK, "--language", "fr") == Run(
        0,
        """\
96 lignes – nouvelles : 96, révisées : 0, inchangées : 0, erronées : 0.
254 événements enregistrés.
""",
    )
    assert run("import", "posts", NETWORK, "--language", "nl") == Run(
        0,
        """\
96 rijen: 0 nieuw, 0 herzien, 96 ongewijzigd, 0 fout.
Alles is al geregistreerd, niets te doen.
""",
    )
    offices = run("offices")
    assert offices.output.splitlines()[0] == (
        "96 contributions, 86 offices: 10 offices hold more than one post."
    )


def test_a_partly_wrong_file_keeps_nothing_unless_told_so(run: Runs, tmp_path: Path) -> None:
    header, first, second, *_ = Path(NETWORK).read_text().splitlines()
    cells = second.split(",")
    cells[header.split(",").index("country_iso2")] = "XX"
    file = tmp_path / "posts.csv"
    file.write_text("\n".join([header, first, ",".join(cells)]) + "\n")
    refused = run("import", "posts", str(file))
    assert refused == Run(
        2,
        """\
2 rows: 1 new, 0 revised, 0 unchanged, 1 wrong.
Nothing was recorded. Correct the rows, or leave the wrong ones out with --skip-invalid.
""",
        "row 3, country_iso2: “XX” – the code of a country, such as VN for Vietnam (ISO 3166)\n",
    )
    skipped = run("import", "posts", str(file), "--skip-invalid")
    assert (skipped.code, skipped.errors) == (0, refused.errors)
    assert skipped.output.startswith("2 rows: 1 new, 0 revised, 0 unchanged, 1 wrong.\n")


def test_a_file_that_is_not_there_is_named(run: Runs, tmp_path: Path) -> None:
    file = tmp_path / "nowhere.csv"
    imported = run("import", "missions", str(file))
    assert imported.code == 2
    assert "nowhere.csv" in imported.errors


def test_what_is_imported_is_missions_or_posts(run: Runs) -> None:
    assert run("import", "people", "--as", "bavaria") == Run(
        2,
        errors="""\
WHAT: “people” – one of: missions, posts
FILE: is needed
--as: “bavaria” – an agency that exists: awex, fit, hub
""",
    )

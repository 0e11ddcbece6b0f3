from pathlib import Path

import pytest

from coordination.demo.servers import configuration, is_linked, is_ready, surroundings, variables

DEPLOY = Path(__file__).parents[3] / "deploy" / "nats"


@pytest.mark.parametrize("name", ["hub.conf", "leaf.conf"])
def test_the_servers_are_those_that_are_deployed(name: str) -> None:
    assert configuration(name) == (DEPLOY / name).read_bytes()


def test_a_file_of_variables_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "leaf.env"
    file.write_text("AGENCY=fit\nHUB_LINK_URLS=[tls://a=b:7422]\n")
    assert variables(file) == {"AGENCY": "fit", "HUB_LINK_URLS": "[tls://a=b:7422]"}


def test_settings_of_whoever_starts_it_stay_outside() -> None:
    assert surroundings(
        {"PATH": "/bin", "SQLITE_DBNAME": "real", "COORDINATION_AGENCY": "fit"}
    ) == {"PATH": "/bin"}


def test_a_server_that_does_not_answer_is_neither_ready_nor_linked() -> None:
    assert (is_ready("http://127.0.0.1:1"), is_linked("http://127.0.0.1:1")) == (False, False)

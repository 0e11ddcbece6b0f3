"""Neither containers nor services run here: their files are read, and what they name exists."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from coordination.bus.keys.layout import CLUSTER_SERVERS, HUB_SERVER
from schemas.vocabulary import THREE
from tests.servers.sovereign import environ, keys

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def variables(file: Path) -> set[str]:
    """Those that a configuration takes from its environment, or its accounts."""
    text = re.sub(r"#.*", "", re.sub(r'"[^"]*"', "", file.read_text()))
    return set(re.findall(r"\$([A-Z_]+)", text))


def test_every_variable_of_a_configuration_is_made_by_the_command_and_no_other(
    tmp_path: Path,
) -> None:
    made = keys(tmp_path)
    hub, leaf = made / HUB_SERVER, made / "fit"
    own = set(re.findall(r"^([A-Z_]+): ", (leaf / "accounts.conf").read_text(), re.M))
    nats = DEPLOY / "nats"
    assert variables(nats / "hub.conf") == set(environ(hub / "hub.env"))
    assert variables(nats / "leaf.conf") == set(environ(leaf / "leaf.env")) | own
    for name in CLUSTER_SERVERS:
        assert variables(nats / "hub-cluster.conf") == set(environ(hub / f"{name}.env"))


@pytest.fixture
def services(tmp_path: Path) -> dict[str, Any]:
    """Of the compose file, with keys made as its head says, in the place of ${KEYS:-./keys}."""
    text = (DEPLOY / "compose.yaml").read_text().replace("${KEYS:-./keys}", str(keys(tmp_path)))
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return services


def test_each_agency_has_a_leaf_and_a_node(services: dict[str, Any]) -> None:
    expected = {"nats-hub", *(f"{kind}-{agency}" for kind in ("leaf", "node") for agency in THREE)}
    assert set(services) == expected


def test_every_file_that_a_service_mounts_or_reads_exists(services: dict[str, Any]) -> None:
    named = [file for service in services.values() for file in service["env_file"]]
    for service in services.values():
        named += [one.split(":")[0] for one in service["volumes"] if one[0] in "./"]
    assert [name for name in named if not (DEPLOY / name).exists()] == []


def test_every_path_in_the_environment_of_a_service_is_mounted_there(
    services: dict[str, Any],
) -> None:
    missing = []
    for name, service in services.items():
        mounts = [one.removesuffix(":ro").split(":") for one in service["volumes"]]
        given = {**environ(DEPLOY / service["env_file"][0]), **service["environment"]}
        for variable, value in given.items():
            if value.startswith("/") and not _inside(value, mounts):
                missing.append((name, variable, value))
    assert missing == []


def _inside(path: str, mounts: list[list[str]]) -> bool:
    """A volume holds any file, a folder those it has. The test's own folder stands for both."""
    for source, target in mounts:
        rest = path.removeprefix(target)
        if source[0] not in "./" and path.startswith(target):
            return True
        if path == source or (rest != path and (Path(source) / rest.lstrip("/")).exists()):
            return True
        if path.startswith(f"{source}/"):
            return Path(path).exists()
    return False


def test_containers_run_pinned_servers_without_rights(services: dict[str, Any]) -> None:
    images = {service["image"] for service in services.values()}
    assert images == {"nats:2.14.6-alpine", "coordination-node"}
    assert {tuple(service["cap_drop"]) for service in services.values()} == {("ALL",)}


def test_what_the_image_copies_exists() -> None:
    root = DEPLOY.parent
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--" not in line]
    assert [name for names in copied for name in names if not (root / name).exists()] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_the_configuration_with_the_variables_it_needs(
    unit: Path, tmp_path: Path
) -> None:
    made = keys(tmp_path)
    text = unit.read_text().replace("%i", "1" if "hub@" in unit.name else "fit")
    read = re.findall(r"^EnvironmentFile=/etc/coordination/(.*)$", text, re.M)
    assert [name for name in read if not (made / name).exists()] == []
    configured = re.findall(r"-c /etc/coordination/[^/]+/(\S+)", text)
    assert [name for name in configured if not (DEPLOY / "nats" / name).exists()] == []


def test_systemd_finds_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("no systemd here")
    assert program is not None, "to check the units, systemd-analyze is needed"
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text())
        copies.append(str(copy).replace("@.", "@1."))
        if "@" in unit.name:
            (tmp_path / unit.name.replace("@.", "@1.")).write_text(unit.read_text())
    told = subprocess.run([program, "verify", *copies], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")

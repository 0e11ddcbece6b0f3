"""Each makes its own keys on its own machine, and only public things travel."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from coordination.bus.keys.layout import HUB_SERVER, account
from coordination.bus.keys.making import make
from coordination.bus.keys.trial import HUB_URL, Trial
from schemas.vocabulary import THREE, Agency
from tests.bus.test_deployed import PLANNED, read_by_fit
from tests.servers.sovereign import running

OPERATING = Path(__file__).parents[2] / "deploy" / "OPERATING.md"


async def test_keys_that_each_made_for_itself_work_together(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    links: dict[Agency, str] = {}
    ledgers: dict[Agency, list[str]] = {}
    for owner in (HUB_SERVER, *THREE):
        elsewhere = tmp_path / f"machine-of-{owner}"
        trial = Trial(folder=str(folder), agencies=THREE, hub_urls=(HUB_URL,))
        make(elsewhere, trial, datetime.now(UTC))
        if owner != HUB_SERVER:
            links[owner] = link_in(elsewhere / HUB_SERVER / "accounts.conf", owner)
            ledgers[owner] = json.loads((elsewhere / owner / "ledgers.json").read_text())[owner]
        (elsewhere / owner).rename(folder / owner)
        shutil.rmtree(elsewhere)

    hub = folder / HUB_SERVER
    accounts = (hub / "accounts.conf").read_text()
    for agency, link in links.items():
        own = folder / agency
        certify(agency, own, hub)
        shutil.copy(hub / "ca.pem", own / "hub-ca.pem")
        (own / "ledgers.json").write_text(json.dumps(ledgers))
        accounts = accounts.replace(link_in(hub / "accounts.conf", agency), link)
    (hub / "accounts.conf").write_text(accounts)

    with running(tmp_path, made=folder) as sovereign:
        assert await read_by_fit(sovereign, replicas=1) == [(PLANNED, b"{}")]


def link_in(accounts: Path, agency: Agency) -> str:
    """The public key of the agency's link."""
    text = accounts.read_text()
    found = re.search(rf"^  {account(agency)} {{.*?nkey: (\w+)", text, re.S | re.M)
    assert found is not None
    return found[1]


def certify(agency: Agency, own: Path, hub: Path) -> None:
    """By the very commands that the document shows for fit, each where it is given."""
    shown = re.sub(r"\\\n *", "", OPERATING.read_text())
    request, extension, signing = (
        next(line.strip() for line in shown.splitlines() if line.strip().startswith(beginning))
        for beginning in (
            "openssl req -new -key fit/link.key",
            "printf",
            "openssl x509 -req -in link",
        )
    )
    run(request.replace("fit", agency), own.parent)
    (own.parent / f"link-{agency}.csr").rename(hub / f"link-{agency}.csr")
    run(extension, hub)
    run(signing.replace("fit", agency), hub)
    shutil.copy(hub / f"link-{agency}.pem", own / "link.pem")


def run(command: str, folder: Path) -> None:
    subprocess.run(["sh", "-c", command], cwd=folder, check=True, capture_output=True)

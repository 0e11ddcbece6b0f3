"""The keys of each agency and the configuration of servers without TLS, for tests that are not
about who may do what."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import nkeys  # type: ignore[import-untyped]
from msgspec import Struct

from schemas.vocabulary import Agency

USERS = ("node", "client", "monitor", "local")
# A hub tells each leaf an address of its own, even so: told the real one, a leaf whose link is cut
# goes round it.
NOWHERE = "127.0.0.1:1"


class Credentials(Struct, frozen=True):
    """`folder` holds the seeds as files; `users` are the public keys by the name of the user."""

    agency: Agency
    folder: Path
    users: Mapping[str, str]
    ledger: str

    def seed(self, user: str) -> Path:
        return self.folder / f"{user}.nk"


def made(folder: Path, agencies: Sequence[Agency]) -> dict[Agency, Credentials]:
    """Writes `FOLDER/keys/AGENCY/{node,client,monitor,local,ledger}.nk` and `ledgers.json`."""
    credentials = {agency: _made(folder / "keys" / agency, agency) for agency in agencies}
    trusted = json.dumps({agency: [one.ledger] for agency, one in credentials.items()})
    for one in credentials.values():
        (one.folder / "ledgers.json").write_text(trusted)
    return credentials


def _made(folder: Path, agency: Agency) -> Credentials:
    folder.mkdir(parents=True)

    def seed(name: str, kind: int) -> str:
        made = nkeys.encode_seed(os.urandom(32), kind)
        path = folder / f"{name}.nk"
        path.touch(0o600)
        path.write_bytes(made)
        return str(nkeys.from_seed(made).public_key.decode())

    return Credentials(
        agency,
        folder,
        {user: seed(user, nkeys.PREFIX_BYTE_USER) for user in USERS},
        seed("ledger", nkeys.PREFIX_BYTE_ACCOUNT),
    )


def hub_config(
    name: str, client: int, monitor: int, leaf: int, credentials: Mapping[Agency, Credentials]
) -> str:
    accounts = "\n".join(_account(agency, list(credentials)) for agency in credentials)
    return f"""\
server_name: {name}
host: 127.0.0.1
port: {client}
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: $STORE, domain: common, sync_interval: always }}
leafnodes {{ host: 127.0.0.1, port: {leaf}, no_advertise: true, advertise: "{NOWHERE}" }}
accounts {{
  SYS {{ users: [{{ user: sys, password: sys }}] }}
{accounts}
}}
system_account: SYS
"""


def cluster_block(route: int, routes: Sequence[int]) -> str:
    listed = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in routes)
    return f"""\
cluster {{ name: common, host: 127.0.0.1, port: {route}, no_advertise: true, routes: [{listed}] }}
"""


def _ledger_services(owner: Agency, reader: Agency) -> list[str]:
    """What another may ask of the owner's ledger, with a consumer of the reader's name."""
    ledger = f"LEDGER_{owner.upper()}"
    return [
        f"CONSUMER.CREATE.{ledger}.{reader}",
        f"CONSUMER.CREATE.{ledger}.{reader}.>",
        f"CONSUMER.DELETE.{ledger}.{reader}",
        f"CONSUMER.INFO.{ledger}.{reader}",
        f"CONSUMER.MSG.NEXT.{ledger}.{reader}",
        f"STREAM.INFO.{ledger}",
    ]


def _account(agency: Agency, agencies: Sequence[Agency]) -> str:
    exports: list[str] = []
    imports: list[str] = []
    for other in agencies:
        if other == agency:
            continue
        theirs, ours = f"accounts: [{other.upper()}]", f"account: {other.upper()}"
        for service in _ledger_services(agency, other):
            stream = ", response_type: stream" if "MSG.NEXT" in service else ""
            exports.append(f'{{ service: "$JS.API.{service}", {theirs}{stream} }}')
        exports.append(f'{{ service: "cmd.{agency}.{other}.>", {theirs} }}')
        exports.append(f'{{ service: "ledger.{agency}.{other}", {theirs} }}')
        for service in _ledger_services(other, agency):
            imports.append(
                f'{{ service: {{ {ours}, subject: "$JS.API.{service}" }}, '
                f'to: "link.js.{other}.{service}" }}'
            )
        for subject in (f"cmd.{other}.{agency}.>", f"ledger.{other}.{agency}"):
            imports.append(
                f'{{ service: {{ {ours}, subject: "{subject}" }}, to: "link.{subject}" }}'
            )
    return f"""\
  {agency.upper()} {{
    jetstream: enabled
    users: [{{ user: {agency}, password: {agency} }}]
    mappings: {{ "link.ev.{agency}.shared.>": "ev.{agency}.shared.>" }}
    exports: [{", ".join(exports)}]
    imports: [{", ".join(imports)}]
  }}"""


def leaf_config(own: Credentials, client: int, monitor: int, hubs: Sequence[int]) -> str:
    agency = own.agency
    urls = ", ".join(f'"nats-leaf://{agency}:{agency}@127.0.0.1:{port}"' for port in hubs)
    keys = {user: f"{{ nkey: {key} }}" for user, key in own.users.items()}
    return f"""\
server_name: leaf-{agency}
host: 127.0.0.1
port: {client}
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: $STORE, domain: {agency}, sync_interval: always }}
leafnodes {{
  reconnect: 1
  remotes: [{{ urls: [{urls}], account: NODE, deny_imports: ["ev.>"], deny_exports: ["ev.>"] }}]
}}
accounts {{
  SYS {{ users: [{keys["monitor"]}] }}
  NODE {{ jetstream: enabled, users: [{keys["node"]}, {keys["client"]}] }}
  LOCAL {{ jetstream: enabled, users: [{keys["local"]}] }}
}}
system_account: SYS
"""

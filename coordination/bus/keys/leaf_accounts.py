"""
What an agency's own leaf includes: NODE, the account that is linked with the hub, and LOCAL, which
is not linked with anything.
"""

from collections.abc import Mapping, Sequence

from coordination.bus.keys.hub_accounts import link_requests, monitoring, own_stream
from coordination.bus.keys.layout import others, quoted
from coordination.bus.subjects import answer, commands, events_of, ledger_of, ledger_stream
from schemas.vocabulary import Agency

USERS = ("node", "client", "monitor", "local")


def leaf_accounts(agency: Agency, agencies: Sequence[Agency], users: Mapping[str, str]) -> str:
    """`users` are the public nkeys of USERS."""
    node = _user(
        users["node"], _of_node(agency, agencies), _heard_by_node(agency, agencies), answers=True
    )
    client = _user(
        users["client"], _of_client(agency, agencies), ["_INBOX_client.>", answer(agency, ">")]
    )
    monitor = _user(users["monitor"], monitoring(), ["_INBOX_monitor.>"])
    return f"""\
# Made by `coordination bus keys` for the leaf of {agency}, among: {", ".join(agencies)}.
# Only public keys: nothing here is secret.

# For leaf.conf: what nobody may ask from outside, of the leaf's JetStream or in the agency's name.
API_OF_OUR_OWN: "$JS.{agency}.API.>"
COMMANDS_OF_OUR_OWN: "cmd.*.{agency}.>"

accounts {{
  SYS {{
    users: [
{monitor}
    ]
  }}
  NODE {{
    jetstream: {{ max_memory: 0, max_file: 5GB, max_streams: {len(agencies)}, max_consumers: 64 }}
    users: [
{node}
{client}
    ]
  }}
  # Nothing of this account leaves the leaf.
  LOCAL {{
    jetstream: {{ max_memory: 0, max_file: 2GB }}
    users: [ {{ nkey: {users["local"]} }} ]
  }}
}}
system_account: SYS
"""


def _of_node(agency: Agency, agencies: Sequence[Agency]) -> list[str]:
    """Each ledger has a stream on the leaf, for the programs of the agency."""
    kept = [
        subject
        for owner in agencies
        for subject in (events_of(owner), *own_stream("$JS.API", owner, "node"))
    ]
    told = [answer(agency, ">"), f"node.{agency}.>"]  # as `parked retry` asks the running node
    asked = [*link_requests(agency, agencies), *told, *kept]
    return list(dict.fromkeys(asked))


def _heard_by_node(agency: Agency, agencies: Sequence[Agency]) -> list[str]:
    """Commands to the agency; its own to others, which it passes on; questions for its ledger."""
    passed_on = [commands(other, agency) for other in others(agency, agencies)]
    own = ["_INBOX_node.>", "_INBOX_link.>", f"node.{agency}.>", "$SRV.>"]
    return [*own, commands(agency), *passed_on, ledger_of(agency, ">")]


def _of_client(agency: Agency, agencies: Sequence[Agency]) -> list[str]:
    """Commands in the agency's name, and reading what is shared by consumers named `client`."""
    read = [
        subject
        for owner in agencies
        for subject in (
            f"$JS.API.STREAM.INFO.{ledger_stream(owner)}",
            f"$JS.API.CONSUMER.*.{ledger_stream(owner)}.client",
            f"$JS.API.CONSUMER.CREATE.{ledger_stream(owner)}.client.>",
            f"$JS.API.CONSUMER.MSG.NEXT.{ledger_stream(owner)}.client",
            f"$JS.ACK.{ledger_stream(owner)}.client.>",
        )
    ]
    found = [f"$SRV.{verb}{more}" for verb in ("PING", "INFO", "STATS") for more in ("", ".>")]
    asked = [commands(owner, agency) for owner in agencies]
    told = [f"node.{agency}.schema", f"node.{agency}.health"]
    return [*asked, *told, "$JS.API.INFO", *read, *found]


def _user(key: str, sent: Sequence[str], heard: Sequence[str], *, answers: bool = False) -> str:
    """Who is asked may answer, whatever subject the question names for it."""
    told = '          allow_responses: { max: 100, expires: "1m" }\n' if answers else ""
    return f"""\
      {{
        nkey: {key}
        permissions {{
          publish: {{ allow: {quoted(sent, 10)} }}
          subscribe: {{ allow: {quoted(heard, 10)} }}
{told}        }}
      }}"""

"""
What the hub's server includes: an account for each agency, and what they allow each other.

Subject permissions inside one account are no boundary (whoever may make a stream or a consumer
there can read and forge); so every agency has an account of its own, in which only its leaf works.
"""

from collections.abc import Mapping, Sequence

from coordination.bus.keys.layout import account, lines, others, quoted
from coordination.bus.subjects import (
    API_ON_THE_HUB,
    commands,
    events_of,
    ledger_of,
    ledger_stream,
    over_the_link,
    reading,
)
from schemas.vocabulary import Agency

# One stream an account, a consumer for each reader, some for relays that meet.
JETSTREAM = "{ max_memory: 0, max_file: 2GB, max_streams: 1, max_consumers: 32 }"


def hub_accounts(links: Mapping[Agency, str], monitor: str) -> str:
    """`links` are the public nkeys of the leaves, `monitor` that of who watches the hub."""
    agencies = list(links)
    blocks = "\n".join(_account(agency, agencies, links[agency]) for agency in agencies)
    return f"""\
# Made by `coordination bus keys` for: {", ".join(agencies)}.
# Only public keys: nothing here is secret.
accounts {{
  SYS {{
    users: [ {{
      nkey: {monitor}
      permissions {{
        publish: {{ allow: {quoted(monitoring(), 8)} }}
        subscribe: {{ allow: ["_INBOX_monitor.>"] }}
      }}
    }} ]
  }}
{blocks}
}}
system_account: SYS
"""


def monitoring() -> list[str]:
    """What a monitor may ask of a server; it may not make it reload or close connections."""
    pages = ("VARZ", "JSZ", "LEAFZ", "CONNZ", "HEALTHZ", "STATSZ")
    return ["$SYS.REQ.SERVER.PING", *(f"$SYS.REQ.SERVER.PING.{page}" for page in pages)]


def services(owner: Agency, reader: Agency) -> list[str]:
    """
    What a reader may ask of the owner's ledger, after `$JS.API.`: a consumer with its own name.

    Each has a star: consumers that push deliver only where somebody subscribes without one, and an
    import is a subscription. Without stars the reader could have the owner's events delivered to
    what the owner imports from a third, who would take them for questions of the owner.
    """
    stream = ledger_stream(owner)
    return [
        f"CONSUMER.*.{stream}.{reader}",
        f"CONSUMER.CREATE.{stream}.{reader}.>",
        f"CONSUMER.MSG.*.{stream}.{reader}",
        f"*.INFO.{stream}",
    ]


def questions(owner: Agency, asker: Agency) -> list[str]:
    """Commands, and `ledger`, which asks for events; the star for the same reason."""
    return [commands(owner, asker), f"*.{owner}.{asker}"]


def link_requests(agency: Agency, agencies: Sequence[Agency]) -> list[str]:
    """What an agency may send over its link, and its node to its leaf, in its own name."""
    asked = [over_the_link(events_of(agency))]
    for other in others(agency, agencies):
        asked += [f"{reading(other)}.{service}" for service in services(other, agency)]
        asked += map(over_the_link, (commands(other, agency), ledger_of(other, agency)))
    return [*asked, *own_stream(API_ON_THE_HUB, agency, agency)]


def own_stream(api: str, agency: Agency, consumer: str) -> list[str]:
    """What the keeper of a ledger's stream does with it, and nothing of another stream."""
    stream = ledger_stream(agency)
    verbs = ("CREATE", "UPDATE", "INFO", "DELETE", "MSG.GET")
    return [
        f"{api}.INFO",
        *(f"{api}.STREAM.{verb}.{stream}" for verb in verbs),
        f"{api}.DIRECT.GET.{stream}",
        f"{api}.DIRECT.GET.{stream}.>",
        f"{api}.CONSUMER.*.{stream}.{consumer}",
        f"{api}.CONSUMER.CREATE.{stream}.{consumer}.>",
        f"{api}.CONSUMER.MSG.NEXT.{stream}.{consumer}",
    ]


def _account(agency: Agency, agencies: Sequence[Agency], link: str) -> str:
    away = others(agency, agencies)
    exports = [export for other in away for export in _exports(agency, other)]
    imports = [one for other in away for one in _imports(agency, other)]
    # To answer what others asked: the hub makes these subjects up, one for each question.
    sent = [*link_requests(agency, agencies), "_R_.>"]
    heard = [commands(agency), ledger_of(agency, ">"), "_INBOX_link.>"]
    return f"""\
  {account(agency)} {{
    jetstream: {JETSTREAM}
    users: [ {{
      nkey: {link}
      allowed_connection_types: ["LEAFNODE"]
      permissions {{
        publish: {{ allow: {quoted(sent, 8)} }}
        subscribe: {{ allow: {quoted(heard, 8)} }}
      }}
    }} ]
    mappings {{ "{over_the_link(events_of(agency))}": "{events_of(agency)}" }}
    exports: {lines(exports, 4)}
    imports: {lines(imports, 4)}
  }}"""


def _exports(owner: Agency, reader: Agency) -> list[str]:
    to = f"accounts: [{account(reader)}]"
    api = [_export(f"$JS.API.{service}", to) for service in services(owner, reader)]
    return [*api, *(_export(subject, to) for subject in questions(owner, reader))]


def _export(subject: str, to: str) -> str:
    # Events come as answers, many to one question.
    many = ", response_type: stream" if ".MSG." in subject or subject.startswith("*") else ""
    return f'{{ service: "{subject}", {to}{many} }}'


def _imports(reader: Agency, owner: Agency) -> list[str]:
    api = [
        _import(owner, f"$JS.API.{service}", f"{reading(owner)}.{service}")
        for service in services(owner, reader)
    ]
    asked = questions(owner, reader)
    return [*api, *(_import(owner, subject, over_the_link(subject)) for subject in asked)]


def _import(owner: Agency, subject: str, to: str) -> str:
    return f'{{ service: {{ account: {account(owner)}, subject: "{subject}" }}, to: "{to}" }}'

"""
From each agency's credentials, every forbidden operation fails on the real servers, with the real
configuration; and everything allowed beside it works, so that a refusal is no accident.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from coordination.bus.keys.layout import HUB_SERVER
from schemas.vocabulary import THREE, Agency
from tests.bus.forbidden import at_the_leaf, knocking, over_the_link
from tests.bus.forbidden.judging import Effect, had_effect, had_none
from tests.bus.forbidden.operation import Kind, Operation
from tests.bus.forbidden.scene import played
from tests.servers.sovereign import Sovereign, keys, running

AT_THE_LEAF = list(at_the_leaf.forbidden(THREE))
OF_LEAVES = list(over_the_link.of_leaf_administrators(THREE))
OF_THE_HUB = list(over_the_link.of_hub_administrators(THREE))
KNOCKS = list(knocking.forbidden(THREE))


def every_leaf_denies_nothing(sovereign: Sovereign) -> None:
    for agency in sovereign.agencies:
        file = sovereign.folder / agency / f"leaf-{agency}.conf"
        text = file.read_text()
        file.write_text(re.sub(r"deny_(im|ex)ports: \[.*?\]", "", text, flags=re.S))
        accounts = sovereign.folder / agency / "accounts.conf"
        text = accounts.read_text()  # without what only the lists name
        accounts.write_text(re.sub(r"^[A-Z_]+: .*\n", "", text, flags=re.M))


def every_link_may_do_everything(sovereign: Sovereign) -> None:
    file = sovereign.folder / "nats-hub" / "accounts.conf"
    text = file.read_text()
    file.write_text(re.sub(r"permissions \{\n.*?\n      \}\n", "", text, flags=re.S))


async def test_programs_at_their_own_leaf_do_only_what_they_may(tmp_path: Path) -> None:
    async with played(tmp_path, ("client", "node", "monitor")) as scene:
        assert await had_effect(scene, AT_THE_LEAF) == {}
        assert await had_none(scene, at_the_leaf.allowed(THREE)) == []


async def test_the_hub_holds_who_administers_a_leaf(tmp_path: Path) -> None:
    async with played(tmp_path, ("admin",), change=every_leaf_denies_nothing) as scene:
        assert await had_effect(scene, OF_LEAVES) == {}
        assert await had_none(scene, over_the_link.allowed_to_leaf_administrators(THREE)) == []


async def test_a_leaf_holds_who_administers_the_hub(tmp_path: Path) -> None:
    async with played(tmp_path, ("hub-admin",), change=every_link_may_do_everything) as scene:
        assert await had_effect(scene, OF_THE_HUB) == {}
        assert await had_none(scene, over_the_link.allowed_to_hub_administrators(THREE)) == []


async def test_only_who_has_both_key_and_certificate_is_let_in(tmp_path: Path) -> None:
    with running(tmp_path) as sovereign:
        (tmp_path / "elsewhere").mkdir()
        keys(tmp_path / "elsewhere").rename(sovereign.folder / knocking.STRANGER)
        let_in = [str(one) for one in KNOCKS if await knocking.is_let_in(sovereign, one)]
        neighbours = list(knocking.allowed(THREE))
        kept_out = [str(one) for one in neighbours if not await knocking.is_let_in(sovereign, one)]
        assert (let_in, kept_out) == ([], [])


def test_no_less_than_two_hundred_things_are_tried() -> None:
    tried = [*AT_THE_LEAF, *OF_LEAVES, *OF_THE_HUB, *KNOCKS]
    assert len({str(one) for one in tried}) == len(tried) >= 200


# What the tests above must notice: each a configuration as one would write it without thinking.


async def test_without_deny_lists_the_hub_reaches_into_the_leaves(tmp_path: Path) -> None:
    def naive(sovereign: Sovereign) -> None:
        every_link_may_do_everything(sovereign)
        every_leaf_denies_nothing(sovereign)

    async with played(tmp_path, ("hub-admin",), change=naive) as scene:
        found = await had_effect(scene, of_fit(OF_THE_HUB))
        assert {
            "hub-admin of fit sends ev.awex.shared.mission.planned",
            "hub-admin of fit sends cmd.awex.fit.mission.plan (in its own name)",
            "hub-admin of fit sends answer.fit.some-command",
            "hub-admin of fit sends $JS.fit.API.STREAM.DELETE.LEDGER_AWEX",
            "hub-admin of fit sends $JS.fit.API.CONSUMER.MSG.NEXT.LEDGER_AWEX.node",
            "hub-admin of fit listens to cmd.>",
        } <= attributed(found)


async def test_a_reader_with_any_name_takes_anothers_consumer(tmp_path: Path) -> None:
    def naive(sovereign: Sovereign) -> None:
        every_leaf_denies_nothing(sovereign)
        replace(sovereign, HUB_SERVER, r"(LEDGER_[A-Z]+)\.(hub|awex|fit)\b", r"\1.*")

    async with played(tmp_path, ("admin",), change=naive) as scene:
        found = await had_effect(scene, of_fit(OF_LEAVES))
        assert {
            "admin of fit sends link.js.awex.CONSUMER.DELETE.LEDGER_AWEX.hub",
            "admin of fit sends link.js.awex.CONSUMER.INFO.LEDGER_AWEX.hub",
            "admin of fit sends link.js.awex.CONSUMER.MSG.NEXT.LEDGER_AWEX.hub",
        } <= attributed(found)


async def test_an_import_without_a_star_speaks_in_anothers_name(tmp_path: Path) -> None:
    def naive(sovereign: Sovereign) -> None:
        every_leaf_denies_nothing(sovereign)
        replace(sovereign, HUB_SERVER, r'"(link\.)?\*\.(hub|awex|fit)\.', r'"\1ledger.\2.')

    async with played(tmp_path, ("admin",), change=naive) as scene:
        found = await had_effect(scene, [one for one in of_fit(OF_LEAVES) if one.bent])
        lands = "CONSUMER.CREATE.LEDGER_AWEX.fit (to deliver to link.ledger.hub.awex)"
        assert f"admin of fit sends link.js.awex.{lands}" in attributed(found)


async def test_whoever_has_the_whole_api_reads_and_deletes(tmp_path: Path) -> None:
    def naive(sovereign: Sovereign) -> None:
        replace(sovereign, "fit", r"\$JS\.API\.INFO", "$JS.API.>")

    async with played(tmp_path, ("client", "node", "monitor"), change=naive) as scene:
        found = await had_effect(scene, of_fit(AT_THE_LEAF))
        assert {
            "client of fit sends $JS.API.STREAM.DELETE.LEDGER_AWEX",
            "client of fit sends $JS.API.STREAM.MSG.GET.LEDGER_HUB",
            "client of fit sends $JS.API.CONSUMER.DELETE.LEDGER_FIT.node",
            "client of fit sends $JS.API.STREAM.CREATE.TAKEN (listens to commands)",
        } <= attributed(found)


async def test_one_account_for_all_is_no_boundary(tmp_path: Path) -> None:
    """Each link may speak only in its agency's name, as permissions say; and has the API."""

    def naive(sovereign: Sovereign) -> None:
        every_leaf_denies_nothing(sovereign)
        file = sovereign.folder / HUB_SERVER / "accounts.conf"
        links = re.findall(r"nkey: (\w+)\n +allowed", file.read_text())
        file.write_text(one_account(dict(zip(THREE, links, strict=True))))

    async with played(tmp_path, ("admin",), change=naive) as scene:
        sent = [one for one in of_fit(OF_LEAVES) if one.kind is Kind.SEND and not one.bent]
        found = await had_effect(scene, sent)
        assert {
            "admin of fit sends $JS.common.API.STREAM.MSG.GET.LEDGER_AWEX",
            "admin of fit sends $JS.common.API.STREAM.DELETE.LEDGER_AWEX",
            "admin of fit sends $JS.common.API.CONSUMER.DELETE.LEDGER_AWEX.hub",
        } <= attributed(found)


def of_fit(operations: Iterable[Operation]) -> list[Operation]:
    return [one for one in operations if one.agency == "fit"]


def attributed(found: Mapping[str, Effect]) -> set[str]:
    """Those that surely had an effect: what changed may be another's doing."""
    return {told for told, one in found.items() if one.answers or one.arrived or one.overheard}


def replace(sovereign: Sovereign, server: str, pattern: str, by: str) -> None:
    file = sovereign.folder / server / "accounts.conf"
    file.write_text(re.sub(pattern, by, file.read_text()))


def one_account(links: Mapping[Agency, str]) -> str:
    users = "\n".join(
        f'{{ nkey: {key}, permissions {{ publish: {{ allow: ["ev.{agency}.>", "cmd.*.{agency}.>", '
        f'"$JS.common.API.>", "_R_.>"] }}, subscribe: {{ allow: [">"] }} }} }}'
        for agency, key in links.items()
    )
    return f"""
accounts {{
  SYS {{ }}
  ALL {{
    jetstream: enabled
    users: [
{users}
    ]
  }}
}}
system_account: SYS
"""

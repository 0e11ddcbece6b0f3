"""
From each agency's credentials, every forbidden operation fails on the real servers, with the real
configuration; and everything allowed beside it works, so that a refusal is no accident.
"""

import re
from pathlib import Path

from schemas.vocabulary import THREE
from tests.bus.forbidden import at_the_leaf, over_the_link
from tests.bus.forbidden.judging import had_effect, had_none
from tests.bus.forbidden.scene import played
from tests.servers.sovereign import Sovereign

AT_THE_LEAF = list(at_the_leaf.forbidden(THREE))
OF_LEAVES = list(over_the_link.of_leaf_administrators(THREE))
OF_THE_HUB = list(over_the_link.of_hub_administrators(THREE))


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


def test_no_less_than_two_hundred_things_are_tried() -> None:
    assert len({str(one) for one in (*AT_THE_LEAF, *OF_LEAVES, *OF_THE_HUB)}) >= 200

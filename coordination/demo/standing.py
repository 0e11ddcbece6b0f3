"""How the three nodes stand beside each other: their plans, their ledgers, their health."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import msgspec
from msgspec import Struct

from coordination.service import Service
from projections.mission_plan import Plan, PlanRow
from schemas.asking import AskPlan
from schemas.health import Health
from schemas.recorded_event import Heads
from schemas.vocabulary import Agency

YEAR = 2027


class NodeStanding(Struct, frozen=True, kw_only=True):
    """
    What one agency sees. `plan` is the SHA-256 of the answer about the plan, in JSON; `heads` say
    how far each ledger is, with the hash of its chain there.
    """

    agency: Agency
    plan: str
    heads: Heads
    health: Health


class Differing(Struct, frozen=True, kw_only=True):
    """A mission of which the agencies do not all see the same; None where one sees nothing."""

    mission: str
    seen: tuple[tuple[Agency, PlanRow | None], ...]


class Standing(Struct, frozen=True, kw_only=True):
    """`year` is that of the plans."""

    year: int
    nodes: tuple[NodeStanding, ...]
    differing: tuple[Differing, ...]

    @property
    def is_alike(self) -> bool:
        return len({(node.plan, tuple(sorted(node.heads.items()))) for node in self.nodes}) == 1


def standing(
    services: Mapping[Agency, Service], healths: Mapping[Agency, Health], as_of: date
) -> Standing:
    """By the store and the read models of each node."""
    plans: dict[Agency, Plan] = {
        agency: service.answer(AskPlan(year=YEAR, as_of=as_of))
        for agency, service in services.items()
    }
    nodes = tuple(
        NodeStanding(
            agency=agency,
            plan=sha256(msgspec.json.encode(plan)).hexdigest(),
            heads=services[agency].store.standing()[1],
            health=healths[agency],
        )
        for agency, plan in plans.items()
    )
    return Standing(year=YEAR, nodes=nodes, differing=tuple(_differing(plans)))


def _differing(plans: Mapping[Agency, Plan]) -> list[Differing]:
    rows = {agency: _rows(plan) for agency, plan in plans.items()}
    missions = dict.fromkeys(mission for of_one in rows.values() for mission in of_one)
    seen = {
        mission: tuple((agency, of_one.get(mission)) for agency, of_one in rows.items())
        for mission in sorted(missions)
    }
    return [
        Differing(mission=mission, seen=rows_of)
        for mission, rows_of in seen.items()
        if any(row != rows_of[0][1] for _, row in rows_of)
    ]


def _rows(plan: Plan) -> dict[str, PlanRow]:
    every = (*plan.missions, *plan.undated, *plan.moved_away, *plan.ended)
    return {row.line.mission: row for row in every}

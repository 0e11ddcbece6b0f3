"""What an action of an agency is: its type, its places, its legs, its state and its tag."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.period import Period
from schemas.vocabulary import Agency, Money, Organisation, Place, Provenance, Sector, Title, Words

MissionId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^mission-[a-z][a-z0-9]*-[a-z0-9-]+$(?!\n)",
        max_length=120,
        description="identifier of a mission: mission-<owner>-<words>",
        examples=["mission-awex-2027-hanoi"],
    ),
]
Places: TypeAlias = Annotated[tuple[Place, ...], Meta(min_length=1)]
Sectors: TypeAlias = Annotated[tuple[Sector, ...], Meta(min_length=1)]


class ActionType(StrEnum):
    """The action types met in the documents (DOMAIN §2); whether an action is bi- or tri-regional
    is derived from consent and is no type."""

    PRINCELY_MISSION = "princely-mission"
    STATE_VISIT = "state-visit"
    ROYAL_OFFICIAL_VISIT = "royal-official-visit"
    ROYAL_DOMESTIC_MISSION = "royal-domestic-mission"
    MINISTERIAL_MISSION = "ministerial-mission"
    AGENCY_MISSION = "agency-mission"
    GROUP_STAND = "group-stand"
    FAIR_PARTICIPATION = "fair-participation"
    SEMINAR = "seminar"
    BRUSSELS_DAYS = "brussels-days"
    BUYERS_INVITATION = "buyers-invitation"
    INCOMING_DELEGATION = "incoming-delegation"
    EXPO_WEEK = "expo-week"
    FACT_FINDING = "fact-finding"
    OFFICE_OPENING = "office-opening"
    INSTITUTIONAL_MISSION = "institutional-mission"
    OTHER = "other"


ROYAL = frozenset(
    {
        ActionType.PRINCELY_MISSION,
        ActionType.STATE_VISIT,
        ActionType.ROYAL_OFFICIAL_VISIT,
        ActionType.ROYAL_DOMESTIC_MISSION,
    }
)


class Tag(StrEnum):
    """How many regions organise an action together: derived from consent, never set."""

    NONE = "none"
    UNI_REGIONAL = "uni-regional"
    BI_REGIONAL = "bi-regional"
    TRI_REGIONAL = "tri-regional"
    MULTI_REGIONAL = "multi-regional"


_BY_REGIONS = tuple(Tag)


def tag_of(regions: int) -> Tag:
    return _BY_REGIONS[min(regions, len(_BY_REGIONS) - 1)]


class MissionState(StrEnum):
    """Where a mission stands: derived from what happened, never set."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class ProgrammeItem(StrEnum):
    B2B = "b2b"
    INFORMATION_SESSION = "information-session"
    VISIT = "visit"
    OFFICIAL_PART = "official-part"


class Leg(Struct, frozen=True, kw_only=True, gc=False):
    """A part of a trip with its own leader, perhaps for some regions only (Hong Kong 2019)."""

    place: Place
    period: Period
    leader: Agency | None = None
    coordinated_by: Organisation | None = None
    regions: tuple[Agency, ...] = ()


class MissionChanges(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """The fields that change; what is not named stays as it is."""

    title: Title | UnsetType = UNSET
    action: ActionType | UnsetType = UNSET
    places: Places | UnsetType = UNSET
    sectors: Sectors | UnsetType = UNSET
    themes: tuple[Words, ...] | UnsetType = UNSET
    programme: tuple[ProgrammeItem, ...] | UnsetType = UNSET
    coordinated_by: Organisation | None | UnsetType = UNSET
    partners: tuple[Organisation, ...] | UnsetType = UNSET
    ethical_component: bool | None | UnsetType = UNSET
    cost: Money | None | UnsetType = UNSET
    legs: tuple[Leg, ...] | UnsetType = UNSET
    provenance: Provenance | None | UnsetType = UNSET

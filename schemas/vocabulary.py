"""The words the messages are made of: agencies, places, sectors, money, counts and claims."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

# Open to more than three by configuration, so a code and not a closed list; the doors refuse a
# code that the settings do not name.
Agency: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9]*$(?!\n)",
        description="code of a trade agency",
        examples=["awex"],
        extra={"vocabulary": "agency"},
    ),
]
HUB: Agency = "hub"
AWEX: Agency = "awex"
FIT: Agency = "fit"
THREE: tuple[Agency, ...] = (HUB, AWEX, FIT)

Country: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{2}$(?!\n)",
        description="country, as its ISO 3166-1 alpha-2 code",
        examples=["VN"],
        extra={"vocabulary": "country"},
    ),
]
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000)]
Organisation: TypeAlias = Annotated[
    str, Meta(min_length=2, max_length=200, description="an organisation, never a person")
]
Contact: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^contact-[a-z0-9-]+$(?!\n)",
        description="opaque reference into an agency's own register; people never enter an event",
        examples=["contact-4711"],
    ),
]


class Sector(StrEnum):
    """Our own short list (no kept package was found): themes keep the words of the source."""

    AGRIFOOD = "agrifood"
    CONSTRUCTION = "construction"
    CREATIVE = "creative"
    DIGITAL = "digital"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    FINANCE = "finance"
    HEALTH = "health"
    INDUSTRY = "industry"
    LOGISTICS = "logistics"
    SECURITY = "security"
    TOURISM = "tourism"
    MULTISECTORAL = "multisectoral"


class Place(Struct, frozen=True, kw_only=True, gc=False):
    """Where something is. Latitude and longitude are WGS 84 degrees."""

    country: Country
    city: Words | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None


class Title(Struct, frozen=True, kw_only=True, gc=False):
    """A title in the languages it was given in; a missing one is shown as missing."""

    fr: Words | None = None
    nl: Words | None = None
    en: Words | None = None
    de: Words | None = None

    def __post_init__(self) -> None:
        if not (self.fr or self.nl or self.en or self.de):
            raise ValueError("a title in at least one of fr, nl, en, de")


class Money(Struct, frozen=True, kw_only=True, gc=False):
    """An amount from 0 to below a million million; exact, so a decimal string on the wire."""

    amount: Decimal
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", examples=["EUR"])] = "EUR"

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or not 0 <= self.amount < 10**12:
            raise ValueError("an amount from 0 to below a million million")


class Qualifier(StrEnum):
    EXACTLY = "exactly"
    AT_LEAST = "at-least"
    MORE_THAN = "more-than"
    ABOUT = "about"


class Qualified(Struct, frozen=True, kw_only=True, gc=False):
    """A count as its source states it. The unit is mandatory (R25)."""

    value: Annotated[int, Meta(ge=0)]
    unit: Words
    qualifier: Qualifier = Qualifier.EXACTLY


class Claim(Struct, frozen=True, kw_only=True, gc=False):
    """A figure that somebody states: shown beside ours, never instead of it."""

    figure: Qualified
    source: Words
    stated_on: date | None
    stated_by: Organisation


class Provenance(Struct, frozen=True, kw_only=True, gc=False):
    """Where a line of an import comes from; illustrative lines are marked wherever they show."""

    source: Words
    illustrative: bool = False
    note: Words | None = None

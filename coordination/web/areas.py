"""The areas of the world by which a plan is laid out.

The regions of UN M49, as the agencies divide their markets: the Middle East with North Africa, and
the Caucasus with Europe; Central Asia lies in Asia. No source prescribes a division (inference).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from schemas.vocabulary import Country


class Area(StrEnum):
    EUROPE = "europe"
    NORTH_AMERICA = "north-america"
    LATIN_AMERICA = "latin-america"
    MIDDLE_EAST = "middle-east"
    SUB_SAHARAN_AFRICA = "sub-saharan-africa"
    ASIA_PACIFIC = "asia-pacific"


_COUNTRIES = {
    Area.EUROPE: (
        "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS "
        "IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK"
    ),
    Area.NORTH_AMERICA: "BM CA GL PM US",
    Area.LATIN_AMERICA: (
        "AG AI AR AW BB BL BO BQ BR BS BZ CL CO CR CU CW DM DO EC FK GD GF GP GT GY HN HT JM KN KY "
        "LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI"
    ),
    Area.MIDDLE_EAST: "AE BH DZ EG EH IL IQ IR JO KW LB LY MA OM PS QA SA SD SY TN YE",
    Area.SUB_SAHARAN_AFRICA: (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW KE KM LR LS MG ML MR MU MW MZ "
        "NA NE NG RE RW SC SH SL SN SO SS ST SZ TD TG TZ UG YT ZA ZM ZW"
    ),
    Area.ASIA_PACIFIC: (
        "AF AQ AS AU BD BN BT BV CC CK CN CX FJ FM GS GU HK HM ID IN IO JP KG KH KI KP KR KZ LA LK "
        "MH MM MN MO MP MV MY NC NF NP NR NU NZ PF PG PH PK PN PW SB SG TF TH TJ TK TL TM TO TV TW "
        "UM UZ VN VU WF WS"
    ),
}
AREA_OF: Mapping[Country, Area] = MappingProxyType(
    {country: area for area, countries in _COUNTRIES.items() for country in countries.split()}
)

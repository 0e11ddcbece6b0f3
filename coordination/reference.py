"""Countries and languages, from the CLDR as Babel ships it."""

from functools import cache

from babel import Locale

# In the CLDR list of territories, but not countries of ISO 3166-1; XK (Kosovo) is a code of use.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


@cache
def countries() -> frozenset[str]:
    """The alpha-2 codes of all countries."""
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code not in _NOT_COUNTRIES)


@cache
def country_name(code: str, language: str) -> str:
    """`Vietnam`, `Viêt Nam`, … in the reader's language; the code itself where there is no name."""
    return str(Locale(language).territories.get(code, code))

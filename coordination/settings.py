"""The settings of a node, from the environment; the event store reads its own there too."""

import re
from collections.abc import Mapping

from msgspec import Struct

from schemas.vocabulary import HUB, THREE, Agency

LANGUAGES = ("fr", "nl", "de", "en")
_CODE = r"[a-z][a-z0-9]*"  # as schemas/vocabulary.py writes an agency


class Unsettled(Exception):
    """A setting has no meaning: which one, what was given, what is allowed."""

    def __init__(self, setting: str, given: str, allowed: str) -> None:
        super().__init__(setting, given, allowed)
        self.setting, self.given, self.allowed = setting, given, allowed


class Settings(Struct, frozen=True, kw_only=True):
    """
    `known` are all agencies that exist, `speaks_for` those this node decides for: all of them on
    an embedded node, one on the node of an agency. `agency` is who asks when a door is not told.
    `secretariat` keeps the joint subjects, cycle and review; it may rotate (DESIGN §1.7).
    """

    known: tuple[Agency, ...] = THREE
    speaks_for: tuple[Agency, ...] = THREE
    agency: Agency | None = None
    secretariat: Agency = HUB
    language: str = "en"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """
    COORDINATION_KNOWN_AGENCIES  codes of all agencies, comma-separated (hub,awex,fit)
    COORDINATION_AGENCIES        those this node decides for (all)
    COORDINATION_AGENCY          the agency that asks, where `--as` does not say
    COORDINATION_SECRETARIAT     the agency that keeps cycle and review (hub)
    COORDINATION_LANGUAGE        fr, nl, de or en (else from LC_ALL, LC_MESSAGES or LANG; else en)

    Raises Unsettled, naming the setting.
    """
    known = _codes(environ.get("COORDINATION_KNOWN_AGENCIES", "")) or THREE
    for code in known:
        if not re.fullmatch(_CODE, code):
            raise Unsettled("COORDINATION_KNOWN_AGENCIES", code, ", ".join(THREE))
    speaks_for = _codes(environ.get("COORDINATION_AGENCIES", "")) or known
    agency = environ.get("COORDINATION_AGENCY") or None
    secretariat = environ.get("COORDINATION_SECRETARIAT") or known[0]
    named = {
        "COORDINATION_AGENCIES": speaks_for,
        "COORDINATION_AGENCY": (agency,) if agency else (),
        "COORDINATION_SECRETARIAT": (secretariat,),
    }
    for setting, codes in named.items():
        for code in codes:
            if code not in known:
                raise Unsettled(setting, code, ", ".join(known))
    return Settings(
        known=known,
        speaks_for=speaks_for,
        agency=agency,
        secretariat=secretariat,
        language=_language(environ),
    )


def _codes(text: str) -> tuple[Agency, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _language(environ: Mapping[str, str]) -> str:
    chosen = environ.get("COORDINATION_LANGUAGE")
    if chosen and chosen not in LANGUAGES:
        raise Unsettled("COORDINATION_LANGUAGE", chosen, ", ".join(LANGUAGES))
    spoken = (environ.get(name, "")[:2] for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return chosen or next((code for code in spoken if code in LANGUAGES), "en")

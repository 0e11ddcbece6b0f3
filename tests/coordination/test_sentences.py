from datetime import date
from string import Formatter

import msgspec
import pytest

from coordination import catalogues
from coordination.conversion import kinds_by_tag
from coordination.sentences import sentence_of
from coordination.settings import LANGUAGES
from coordination.wording import Reader
from schemas.co_organisation import CoOrganisationDeclined
from schemas.cycle import BilateralHeld
from schemas.mission import MissionCancelled, MissionRescheduled
from schemas.period import Month
from schemas.policy import PolicyAdopted, PolicyTopic
from schemas.post import AreaHandedOver, AreaPart, PostShared
from schemas.recorded_event import AnyEvent
from schemas.review import PostGoneThrough, Verdict
from schemas.vocabulary import Qualified

DAY = date(2026, 9, 15)
HANOI = "mission-awex-2027-hanoi"


@pytest.mark.parametrize(
    "event, agency, language, sentence",
    [
        (
            MissionRescheduled(
                effective=DAY, mission=HANOI, period=Month(2027, 5), reason="elections"
            ),
            "awex",
            "en",
            "AWEX moves the mission to May 2027 (elections)",
        ),
        (
            MissionCancelled(effective=DAY, mission=HANOI, reason="élections"),
            "awex",
            "fr",
            "AWEX annule la mission (élections)",
        ),
        (
            CoOrganisationDeclined(
                effective=DAY, mission=HANOI, partner="fit", agency="awex", reason="volzet"
            ),
            "awex",
            "nl",
            "AWEX weigert de co-organisatie met FIT (volzet)",
        ),
        (
            CoOrganisationDeclined(
                effective=DAY, mission=HANOI, partner="fit", agency="fit", reason="volzet"
            ),
            "fit",
            "nl",
            "FIT weigert de co-organisatie met AWEX (volzet)",
        ),
        (
            BilateralHeld(
                effective=DAY,
                cycle="cycle-hub-2026",
                meeting="meeting-june",
                agencies=("hub", "awex"),
            ),
            "hub",
            "fr",
            "hub.brussels et AWEX ont tenu leur réunion bilatérale",
        ),
        (
            PostShared(effective=DAY, post="post-awex-abidjan", beneficiary="hub"),
            "awex",
            "de",
            "AWEX teilt den Posten mit hub.brussels",
        ),
        (
            AreaHandedOver(
                effective=DAY,
                post="post-hub-oslo",
                area=(AreaPart(country="NO"), AreaPart(country="IS")),
                to="post-fit-stockholm",
                beneficiaries=("hub",),
            ),
            "hub",
            "en",
            "hub.brussels hands over to post-fit-stockholm, for hub.brussels: Norway, Iceland",
        ),
        (
            PostGoneThrough(
                effective=DAY,
                review="review-hub-2026",
                post="post-hub-oslo",
                verdict=Verdict.UNDER_THREAT,
            ),
            "hub",
            "nl",
            "hub.brussels noteert voor post-hub-oslo: bedreigd",
        ),
        (
            PolicyAdopted(
                effective=DAY,
                policy="policy-hub-fee-sme",
                topic=PolicyTopic.FEE_SME,
                value=Qualified(value=100, unit="EUR"),
                source="board",
                attributed_to="hub.brussels",
            ),
            "hub",
            "fr",
            "hub.brussels adopte une règle : participation demandée à une PME, 100 EUR",
        ),
    ],
)
def test_an_event_is_a_sentence(event: AnyEvent, agency: str, language: str, sentence: str) -> None:
    assert sentence_of(event, agency, Reader(language)) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_only_what_its_event_says(language: str) -> None:
    sentences = catalogues.keys(language)
    for tag, kind in kinds_by_tag(AnyEvent).items():
        (pattern,) = sentences[f"event.{tag}"]
        named = {field for _, field, _, _ in Formatter().parse(pattern) if field}
        said = {field.name for field in msgspec.structs.fields(kind)} | {"agency", "owner"}
        assert named <= said, tag

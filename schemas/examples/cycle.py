"""One example of every message about cycles: 2026, in which 2027 is planned."""

from datetime import date

from schemas.cycle import (
    AFTER_SEPTEMBER,
    BilateralHeld,
    CloseCycle,
    CycleClosed,
    CycleOpened,
    EditionPublished,
    Head,
    HoldBilateral,
    HoldTriRegional,
    Observation,
    OpenCycle,
    PublishEdition,
    TriRegionalHeld,
)
from schemas.vocabulary import AWEX, FIT, HUB, THREE, Sector

ID = "cycle-hub-2026"
JUNE_MEETING, SEPTEMBER_MEETING = "meeting-2026-june-hub-awex", "meeting-2026-september"
JANUARY, JUNE, SEPTEMBER = date(2026, 1, 12), date(2026, 6, 9), date(2026, 9, 15)
DECEMBER = date(2026, 12, 18)
OBSERVED_IN_JUNE = (
    Observation(
        text="both think of water treatment in Vietnam",
        sector=Sector.ENVIRONMENT,
        country="VN",
        agency=AWEX,
    ),
)
OBSERVED_IN_SEPTEMBER = (Observation(text="two missions to Vietnam become one", country="VN"),)
HEADS = (Head(HUB, 41), Head(AWEX, 17), Head(FIT, 0))

OPEN = OpenCycle(by=HUB, effective=JANUARY, cycle=ID)
HOLD_BILATERAL = HoldBilateral(
    by=HUB,
    effective=JUNE,
    cycle=ID,
    meeting=JUNE_MEETING,
    agencies=(HUB, AWEX),
    observations=OBSERVED_IN_JUNE,
)
HOLD_TRI_REGIONAL = HoldTriRegional(
    by=HUB,
    effective=SEPTEMBER,
    cycle=ID,
    meeting=SEPTEMBER_MEETING,
    agencies=THREE,
    observations=OBSERVED_IN_SEPTEMBER,
)
PUBLISH_EDITION = PublishEdition(
    by=HUB, effective=SEPTEMBER, cycle=ID, edition=AFTER_SEPTEMBER, heads=HEADS
)
CLOSE = CloseCycle(by=HUB, effective=DECEMBER, cycle=ID)

OPENED = CycleOpened(effective=JANUARY, cycle=ID)
BILATERAL_HELD = BilateralHeld(
    effective=JUNE,
    cycle=ID,
    meeting=JUNE_MEETING,
    agencies=(HUB, AWEX),
    observations=OBSERVED_IN_JUNE,
)
TRI_REGIONAL_HELD = TriRegionalHeld(
    effective=SEPTEMBER,
    cycle=ID,
    meeting=SEPTEMBER_MEETING,
    agencies=THREE,
    observations=OBSERVED_IN_SEPTEMBER,
)
EDITION_PUBLISHED = EditionPublished(
    effective=SEPTEMBER, cycle=ID, edition=AFTER_SEPTEMBER, number=1, heads=HEADS
)
CLOSED = CycleClosed(effective=DECEMBER, cycle=ID)

COMMANDS = (OPEN, HOLD_BILATERAL, HOLD_TRI_REGIONAL, PUBLISH_EDITION, CLOSE)
EVENTS = (OPENED, BILATERAL_HELD, TRI_REGIONAL_HELD, EDITION_PUBLISHED, CLOSED)

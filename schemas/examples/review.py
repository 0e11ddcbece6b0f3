"""One example of every message about reviews: the chief executives in October 2026."""

from datetime import date

from schemas.review import (
    CloseReview,
    DecidedInReview,
    DecideInReview,
    DeclareFigure,
    FigureDeclared,
    GoThroughPost,
    OpenReview,
    PostGoneThrough,
    ReviewClosed,
    ReviewOpened,
    Verdict,
)
from schemas.vocabulary import HUB, Claim, Qualified

ID = "review-hub-2026"
OCTOBER = date(2026, 10, 15)
HANOI, SAIGON = "post-hub-hanoi", "post-awex-ho-chi-minh-city"
CLAIM = Claim(
    figure=Qualified(value=86, unit="offices"),
    source="written question 907, answer of 25/10/2023",
    stated_on=date(2023, 10, 25),
    stated_by="the Secretary of State for Foreign Trade",
)
DECISION = "AWEX serves the companies of Brussels in the whole of Vietnam"

OPEN = OpenReview(by=HUB, effective=OCTOBER, review=ID, posts=(HANOI, SAIGON))
GO_THROUGH = GoThroughPost(
    by=HUB, effective=OCTOBER, review=ID, post=HANOI, verdict=Verdict.CLOSE, remark="few cases"
)
DECLARE = DeclareFigure(by=HUB, effective=OCTOBER, review=ID, claim=CLAIM)
DECIDE = DecideInReview(
    by=HUB, effective=OCTOBER, review=ID, decision=DECISION, posts=(HANOI, SAIGON)
)
CLOSE = CloseReview(by=HUB, effective=OCTOBER, review=ID)

OPENED = ReviewOpened(effective=OCTOBER, review=ID, posts=(HANOI, SAIGON))
GONE_THROUGH = PostGoneThrough(
    effective=OCTOBER, review=ID, post=HANOI, verdict=Verdict.CLOSE, remark="few cases"
)
DECLARED = FigureDeclared(effective=OCTOBER, review=ID, claim=CLAIM)
DECIDED = DecidedInReview(effective=OCTOBER, review=ID, decision=DECISION, posts=(HANOI, SAIGON))
CLOSED = ReviewClosed(effective=OCTOBER, review=ID)

COMMANDS = (OPEN, GO_THROUGH, DECLARE, DECIDE, CLOSE)
EVENTS = (OPENED, GONE_THROUGH, DECLARED, DECIDED, CLOSED)

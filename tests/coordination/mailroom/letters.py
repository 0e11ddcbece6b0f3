"""Letters and answers as programs write them."""

from hashlib import sha256

import msgspec

from coordination.mailroom.asked import Letter
from schemas.answer import AnyAnswer
from schemas.examples.answer import ANSWERS
from schemas.examples.mission import REQUEST
from schemas.message import name
from schemas.vocabulary import Agency
from tests.coordination.mailroom.conftest import MORNING

DONE, NOTHING_TO_DO, REJECTED, MALFORMED, WAITING = map(msgspec.json.encode, ANSWERS)


def letter(id: str = "crm-1", asker: Agency = "fit", sent: bytes = b"{}") -> Letter:
    return Letter(
        id=id,
        asker=asker,
        owner="awex",
        tag=name(REQUEST),
        command=msgspec.json.encode(REQUEST),
        digest=sha256(sent).hexdigest(),
        role="coordinator",
        meeting="meeting-2026-june",
        asked_at=MORNING,
    )


def read(raw: bytes) -> AnyAnswer:
    answer: AnyAnswer = msgspec.json.decode(raw, type=AnyAnswer)
    return answer

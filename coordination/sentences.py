"""Each event as a sentence: who did what, in the words of its reader."""

from typing import Any

import msgspec

from coordination.wording import Reader
from schemas.message import Event, name, owner_of, stream_of
from schemas.vocabulary import Agency

# Fields that are codes of a vocabulary whose labels the catalogues have.
_VOCABULARIES = {"action": "action", "verdict": "verdict", "topic": "topic"}
_AGENCIES = frozenset({"agency", "partner", "beneficiary", "operated_by"})


def sentence_of(event: Event, agency: Agency, reader: Reader) -> str:
    """`agency` is the one that asked for it, as the envelope says; the reason, where one was
    given, ends the sentence."""
    words = {
        field: _word(field, value, reader) for field, value in msgspec.structs.asdict(event).items()
    }
    words |= {"agency": reader.agency(agency), "owner": reader.agency(owner_of(stream_of(event)))}
    if getattr(event, "partner", None) == agency:  # who joins speaks of the one it joins
        words["partner"] = words["owner"]
    sentence = reader.say(f"event.{name(event)}", **words)
    reason = getattr(event, "reason", None)
    return reader.say("event.with-reason", sentence=sentence, reason=reason) if reason else sentence


def _word(field: str, value: Any, reader: Reader) -> str:
    if value is None:
        return ""
    if field in _AGENCIES:
        return reader.agency(value)
    if field in ("agencies", "beneficiaries"):
        return reader.agencies(value)
    if vocabulary := _VOCABULARIES.get(field):
        return reader.label(vocabulary, value)
    return reader.value(value)

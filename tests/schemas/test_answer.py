import re
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest
from msgspec import Raw

from coordination.catalogues import say
from coordination.settings import LANGUAGES
from schemas.answer import AnswerDone, AnswerMalformed, AnswerRejected, AnyAnswer, Texts
from schemas.catalogue import json_schema, markdown
from schemas.examples.answer import ANSWERS, ID, RECORDED
from schemas.recorded_event import hash_of
from schemas.upcasting import Unreadable

decoder: msgspec.json.Decoder[AnyAnswer] = msgspec.json.Decoder(AnyAnswer)


def tag(answer: AnyAnswer) -> str:
    return str(answer.__struct_config__.tag)


def test_every_answer_has_one_example_in_the_order_of_the_language() -> None:
    assert [type(example) for example in ANSWERS] == list(get_args(AnyAnswer))


@pytest.mark.parametrize("answer", ANSWERS, ids=tag)
def test_an_answer_survives_the_wire(answer: AnyAnswer) -> None:
    raw = msgspec.json.encode(answer)
    assert msgspec.json.encode(decoder.decode(raw)) == raw


@pytest.mark.parametrize("answer", ANSWERS, ids=tag)
def test_an_answer_is_as_its_schema_says(answer: AnyAnswer) -> None:
    schema = json_schema((), ())
    said = msgspec.json.decode(msgspec.json.encode(answer))
    one = {**schema, "anyOf": [{"$ref": f"#/$defs/{type(answer).__name__}"}]}
    jsonschema.validate(said, one, cls=jsonschema.Draft202012Validator)


def test_the_schema_knows_what_an_event_in_an_answer_is() -> None:
    answered: Any = json_schema((), ())["$defs"]["AnswerDone"]["properties"]["events"]
    assert answered == {"type": "array", "items": {"$ref": "#/$defs/RecordedEvent"}}


def test_an_event_in_an_answer_is_the_bytes_that_were_recorded() -> None:
    # Longer than a program would write it: nothing of it may be tidied up.
    stored = msgspec.json.format(msgspec.json.encode(RECORDED), indent=3)
    answer = AnswerDone(id=ID, events=(Raw(stored),))
    raw = msgspec.json.encode(answer)
    received = decoder.decode(raw)
    assert isinstance(received, AnswerDone)
    assert stored in raw
    assert [hash_of(bytes(one)) for one in received.events] == [hash_of(stored)]
    assert received.happened() == (RECORDED,)


def test_an_event_that_a_newer_program_wrote_hides_no_other() -> None:
    written = msgspec.json.encode(RECORDED)
    newer = written.replace(b'"dataversion":1', b'"dataversion":9')
    happened = AnswerDone(id=ID, events=(Raw(newer), Raw(written))).happened()
    assert [type(one) for one in happened] == [Unreadable, type(RECORDED)]


def test_what_is_no_event_is_told() -> None:
    with pytest.raises(ValueError, match="missing required field"):
        AnswerDone(id=ID, events=(Raw(b"{}"),)).happened()


@pytest.mark.parametrize("answer", ANSWERS, ids=tag)
def test_a_reader_lets_pass_what_a_newer_node_added(answer: AnyAnswer) -> None:
    said = msgspec.json.decode(msgspec.json.encode(answer)) | {"added": "later"}
    raw = msgspec.json.encode(said)
    assert msgspec.json.encode(decoder.decode(raw)) == msgspec.json.encode(answer)


@pytest.mark.parametrize("id", ["", "a b", "x" * 65, "é", "a\n"])
def test_an_identifier_is_short_and_plain(id: str) -> None:
    raw = msgspec.json.encode({"answer": "nothing-to-do", "id": id})
    with pytest.raises(msgspec.ValidationError, match="matching regex"):
        decoder.decode(raw)


def test_a_moment_without_its_zone_is_none() -> None:
    raw = b'{"answer":"waiting","id":"a","owner":"awex","since":"2026-11-03T09:31:00"}'
    with pytest.raises(msgspec.ValidationError, match=re.escape("timezone component")):
        decoder.decode(raw)


def test_what_was_no_command_may_have_no_identifier() -> None:
    assert decoder.decode(b'{"answer":"malformed","id":null,"problems":[]}') == AnswerMalformed(
        id=None, problems=()
    )


def test_the_examples_say_what_the_catalogues_say() -> None:
    rejected = next(one for one in ANSWERS if isinstance(one, AnswerRejected))
    malformed = next(one for one in ANSWERS if isinstance(one, AnswerMalformed))
    [mistake] = malformed.problems
    assert {
        f"rejection.{rejected.reason}": rejected.text,
        f"expected.{mistake.expected}": mistake.text,
    } == {
        key: Texts(**{language: say(key, language, **parameters) for language in LANGUAGES})
        for key, parameters in {
            f"rejection.{rejected.reason}": rejected.parameters,
            f"expected.{mistake.expected}": mistake.parameters,
        }.items()
    }


def test_an_answer_is_explained_with_its_fields_and_an_example() -> None:
    chapter = markdown([], []).partition("## Answers: what becomes of a command")[2]
    entry = chapter.split("### `waiting`")[1].split("##")[0]
    assert (
        entry
        == """

It is kept for the agency that decides, which has not answered since then.

| field | needed | what |
|---|---|---|
| `id` | yes | text like `crm-2026-000417`: identifier of the command, from its asker |
| `owner` | yes | text like `awex`: code of a trade agency |
| `since` | yes | moment |

```json
{
  "answer": "waiting",
  "id": "crm-2026-000417",
  "owner": "awex",
  "since": "2026-11-03T09:31:00Z"
}
```

"""
    )

from datetime import date
from typing import get_args

import msgspec

from schemas.asking import AnyQuestion
from schemas.catalogue import QUESTIONS, json_schema, markdown
from schemas.mission import ConfirmMission, MissionConfirmed
from schemas.recorded_event import AnyCommand, AnyEvent

COMMAND = ConfirmMission(by="awex", effective=date(2026, 9, 15), mission="mission-awex-2027-hanoi")
EVENT = MissionConfirmed(effective=date(2026, 9, 15), mission="mission-awex-2027-hanoi")


def test_every_message_is_in_the_schema() -> None:
    kinds = (*get_args(AnyCommand), *get_args(AnyEvent), *get_args(AnyQuestion))
    assert {kind.__name__ for kind in kinds} <= set(json_schema((), ())["$defs"])


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    text = msgspec.json.encode(json_schema((), ())).decode()
    named = {part.partition('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert named <= set(json_schema((), ())["$defs"])


def test_a_message_in_the_schema_has_its_example() -> None:
    definitions = json_schema([COMMAND], [EVENT])["$defs"]
    assert definitions["ConfirmMission"]["examples"] == [
        {
            "command": "mission.confirm",
            "by": "awex",
            "effective": "2026-09-15",
            "mission": "mission-awex-2027-hanoi",
        }
    ]
    assert definitions["MissionConfirmed"]["examples"] == [msgspec.to_builtins(EVENT)]


def test_every_question_has_an_example() -> None:
    assert {type(example) for example in QUESTIONS} == set(get_args(AnyQuestion))


def test_a_command_is_explained_with_its_fields_and_an_example() -> None:
    entry = markdown([COMMAND], [EVENT]).split("### `mission.confirm`")[1].split("###")[0]
    assert (
        entry
        == """

Say that one's mission will take place.

| field | needed | what |
|---|---|---|
| `by` | yes | text like `awex`: code of a trade agency |
| `effective` | yes | day |
| `mission` | yes | text like `mission-awex-2027-hanoi`: identifier of a mission: \
mission-<owner>-<words> |

```json
{
  "command": "mission.confirm",
  "by": "awex",
  "effective": "2026-09-15",
  "mission": "mission-awex-2027-hanoi"
}
```

"""
    )


def test_an_event_is_explained_with_its_fields_and_an_example() -> None:
    entry = markdown([COMMAND], [EVENT]).split("### `mission.confirmed`")[1].split("###")[0]
    assert '"event": "mission.confirmed"' in entry


def test_values_are_explained_after_the_messages() -> None:
    values = markdown([], []).partition("## Values: what messages are made of")[2]
    assert values.split("### Verdict")[1].split("###")[0] == (
        "\n\nOne of `change`, `close`, `keep`, `under-threat`.\n\n"
    )
    assert (
        values.split("### Month")[1].split("###")[0]
        == """

| field | needed | what |
|---|---|---|
| `period` | yes | `month` |
| `year` | yes | whole number from 1990 to 2100 |
| `month` | yes | whole number from 1 to 12 |

"""
    )


def test_a_pair_is_told_with_its_number() -> None:
    entry = markdown([], []).split("### `cycle.hold-bilateral`")[1].split("###")[0]
    assert "| `agencies` | yes | list of 2 of text like `awex`: code of a trade agency |" in entry

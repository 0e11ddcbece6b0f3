from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from schemas.asyncapi.draft_07 import draft_07, needed, reference


class Here(Struct, tag_field="where", tag="here"):
    """On the spot.

    And more.
    """

    discriminator: int = 0


class There(Struct, tag_field="where", tag="there"):
    pair: tuple[Here, str]
    near: Annotated[Here, Meta(description="beside it")]


class Trip(Struct):
    to: Here | There
    examples: dict[str, Here] = {}


_, SAID = msgspec.json.schema_components((Trip,), ref_template="#/$defs/{name}")
TOLD = {kind: draft_07(said) for kind, said in SAID.items()}


def test_a_list_of_fixed_length_is_written_as_the_draft_has_it() -> None:
    assert TOLD["There"]["properties"]["pair"] == {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": [{"$ref": "#/components/schemas/Here"}, {"type": "string"}],
        "additionalItems": False,
    }


def test_what_stands_beside_a_reference_is_not_lost() -> None:
    assert TOLD["There"]["properties"]["near"] == {
        "allOf": [{"$ref": "#/components/schemas/Here"}],
        "description": "beside it",
    }


def test_each_alternative_says_its_own_tag() -> None:
    assert TOLD["Trip"]["properties"]["to"] == {
        "anyOf": [{"$ref": "#/components/schemas/Here"}, {"$ref": "#/components/schemas/There"}]
    }
    assert TOLD["There"]["properties"]["where"] == {"enum": ["there"]}


def test_a_field_may_have_the_name_of_a_keyword() -> None:
    assert TOLD["Here"]["properties"]["discriminator"] == {"type": "integer", "default": 0}
    assert TOLD["Trip"]["properties"]["examples"] == {
        "type": "object",
        "additionalProperties": {"$ref": "#/components/schemas/Here"},
        "default": {},
    }


def test_a_description_is_not_indented() -> None:
    assert TOLD["Here"]["description"] == "On the spot.\n\nAnd more."


def test_what_nobody_refers_to_is_not_needed() -> None:
    assert list(needed(reference("There"), TOLD)) == ["Here", "There"]
    assert list(needed([{"payload": reference("Trip")}], TOLD)) == ["Here", "There", "Trip"]

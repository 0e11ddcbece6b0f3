import pytest

from coordination.harmless import harmless, harmless_in


@pytest.mark.parametrize(
    "text, shown",
    [
        ("Hanoi, “2027” – à l'été", "Hanoi, “2027” – à l'été"),
        ("one\n\ttwo", "one\n\ttwo"),
        ("\x1b[2J\x00\r\x7f", r"\x1b[2J\x00\x0d\x7f"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eneddih\u2028", r"\u202eneddih\u2028"),
        ("\ud800\udcff\ue000\U000e0001", r"\ud800\udcff\ue000\U000e0001"),
        ("", ""),
    ],
)
def test_what_would_steer_a_terminal_is_spelt_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_it_is_in_all_texts_of_plain_data() -> None:
    assert harmless_in({"a\x1b": ["\x1b", ("\x1b", 7)], "b": {"c": None}, "d": 1.5}) == {
        r"a\x1b": [r"\x1b", [r"\x1b", 7]],
        "b": {"c": None},
        "d": 1.5,
    }

import pytest

from coordination.settings import Settings, Unsettled, from_environment


def test_an_embedded_node_speaks_for_all_three() -> None:
    assert from_environment({}) == Settings(
        known=("hub", "awex", "fit"),
        speaks_for=("hub", "awex", "fit"),
        agency=None,
        secretariat="hub",
        language="en",
    )


def test_the_node_of_an_agency_speaks_for_itself() -> None:
    environ = {
        "COORDINATION_AGENCIES": "awex",
        "COORDINATION_AGENCY": "awex",
        "COORDINATION_SECRETARIAT": "fit",
        "COORDINATION_LANGUAGE": "fr",
    }
    assert from_environment(environ) == Settings(
        speaks_for=("awex",), agency="awex", secretariat="fit", language="fr"
    )


def test_a_fourth_agency_comes_by_configuration() -> None:
    environ = {"COORDINATION_KNOWN_AGENCIES": " wallonia2, ostbelgien ,"}
    assert from_environment(environ) == Settings(
        known=("wallonia2", "ostbelgien"),
        speaks_for=("wallonia2", "ostbelgien"),
        secretariat="wallonia2",
    )


@pytest.mark.parametrize(
    "environ, language",
    [
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LC_ALL": "de_BE", "LANG": "nl_BE"}, "de"),
        ({"LC_MESSAGES": "fr_BE", "LANG": "nl_BE"}, "fr"),
        ({"LC_ALL": "", "LANG": "fr"}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "pt_PT"}, "en"),
        ({"COORDINATION_LANGUAGE": "nl", "LANG": "fr_BE"}, "nl"),
        ({"COORDINATION_LANGUAGE": "", "LANG": "fr_BE"}, "fr"),
    ],
)
def test_the_language_is_the_one_chosen_or_the_one_of_the_system(
    environ: dict[str, str], language: str
) -> None:
    assert from_environment(environ).language == language


@pytest.mark.parametrize(
    "setting, given, allowed",
    [
        ("COORDINATION_AGENCIES", "bavaria", "hub, awex, fit"),
        ("COORDINATION_AGENCY", "bavaria", "hub, awex, fit"),
        ("COORDINATION_SECRETARIAT", "bavaria", "hub, awex, fit"),
        ("COORDINATION_LANGUAGE", "it", "fr, nl, de, en"),
        ("COORDINATION_KNOWN_AGENCIES", "hub.brussels", "hub, awex, fit"),
    ],
)
def test_a_setting_without_meaning_is_named(setting: str, given: str, allowed: str) -> None:
    with pytest.raises(Unsettled) as unsettled:
        from_environment({setting: given})
    assert (unsettled.value.setting, unsettled.value.given, unsettled.value.allowed) == (
        setting,
        given,
        allowed,
    )

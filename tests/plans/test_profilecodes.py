"""A profile's codes never land on another class of a classification with the same digits."""

from __future__ import annotations

import pytest

from three_opt_three_protect.plans.profilecodes import profile_in
from three_opt_three_protect.storage.catalogue import load_class_systems
from three_opt_three_protect.storage.profiles import load_profile

SYSTEMS = load_class_systems()
PROFILE = load_profile("suzhou-2014")


def test_its_own_classification_leaves_it_as_it_is() -> None:
    assert profile_in(PROFILE, SYSTEMS["third_survey"], SYSTEMS) is PROFILE


def test_plan_codes_go_by_name() -> None:
    """In 用地用海 0601 is a farm road and 1001 industry; railway is 1201, highway 1202."""
    found = profile_in(PROFILE, SYSTEMS["land_sea_2023"], SYSTEMS)
    assert found.word_of("use_class")["industry"] == "1001"
    assert {"1201", "1202"} <= set(found.words("classes_kept"))
    assert not {"1001", "1002"} & set(found.words("classes_kept"))
    assert found.words("industrial_classes") == ("1001", "1002", "1101")


def test_second_survey_codes_go_by_name_or_are_stated() -> None:
    found = profile_in(PROFILE, SYSTEMS["second_survey"], SYSTEMS)
    assert found.word_of("use_class")["town"] == "202"
    assert found.words("industrial_classes") == ("204",)
    assert found.words("homestead_classes") == ("203",)
    assert found.words("special_classes") == ("205",)
    assert found.words("water_classes") == ("111", "112", "113", "114", "117")
    assert set(found.words("classes_kept")) == {"101", "102", "105", "106", "107", "118"}
    assert found.word_of("direction_class")["cultivated"] == "011"
    assert found.word("residual_class") == "117"


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_every_code_is_one_of_the_classification(system: str) -> None:
    found = profile_in(PROFILE, SYSTEMS[system], SYSTEMS)
    lists = ("classes_kept", "special_classes", "industrial_classes")
    codes = [*(code for key in lists for code in found.words(key)), *found.word_of("use_class").values()]
    assert [code for code in codes if code and SYSTEMS[system].find(code) is None] == []

from __future__ import annotations

from pathlib import Path

import pytest

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.tables import text
from three_opt_three_protect.storage import harmonised
from three_opt_three_protect.storage.catalogue import load_class_systems
from three_opt_three_protect.storage.harmonised import load_harmonised

TABLES = load_harmonised()
SYSTEMS = load_class_systems()
HEAD = "category,nature,generic,status\n"


def category(system: str, code: str) -> str:
    [index] = TABLES.of_codes(Factor.of(text([code]).values), SYSTEMS[system])
    return TABLES.categories[index].id


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_every_code_of_every_classification_has_a_category(system: str) -> None:
    lacking = [code for code in SYSTEMS[system].classes if category(system, code) == "unknown"]
    assert lacking == []


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_categories_keep_the_three_classes(system: str) -> None:
    nature = {one.id: one.nature for one in TABLES.categories}
    expected = {
        LandGroup.AGRICULTURAL: {"agricultural", "reservoir", "unknown"},
        LandGroup.CONSTRUCTION: {"construction", "reservoir"},
        LandGroup.UNUSED: {"unused"},
        LandGroup.UNKNOWN: {"unknown", "agricultural", "construction", "unused"},
    }
    wrong = {
        code: (entry.group.name, category(system, code))
        for code, entry in SYSTEMS[system].classes.items()
        if nature[category(system, code)] not in expected[entry.group]
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("land_plan", "212", "village"),
        ("land_plan_split", "212", "town"),  # the other numbering
        ("land_plan_split", "214", "village"),
        ("land_plan", "2123", "village"),  # a village-level code refines 212
        ("land_plan", "226", "reservoir"),
        ("land_sea_2023", "060102", "other_agricultural"),  # field road
        ("land_sea_2020", "060102", "construction"),  # road inside a village
        ("land_sea_2023", "070102", "town"),
        ("land_sea_2023", "16", "reserved"),
        ("third_survey", "0601", "construction"),  # industry: in town or village, not told
        ("third_survey", "0201K", "other_agricultural"),
        ("second_survey", "203", "village"),
        ("gb50137_2011", "H14", "village"),
        ("gb50137_2011", "R21", "town"),
        ("gb50137_2011", "E1", "to_refine"),
        ("land_plan", "999", "unknown"),
    ],
)
def test_codes(system: str, code: str, expected: str) -> None:
    assert category(system, code) == expected


def test_zones() -> None:
    found = TABLES.of_zones(Factor.of(text(["禁止建设区", "限制建设区", "不明", None]).values), "ecological")
    assert [TABLES.categories[one].id for one in found] == ["forbidden", "restricted", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("name", "content", "message_id"),
    [
        ("harmonised.csv", "system,code,category,status\nland_plan,11,field,practice\n", "resource_wrong_value"),
        ("harmonised.csv", "code,category\n", "resource_wrong_value"),
        (
            "harmonised.csv",
            "system,code,category,status\nland_plan,11,cultivated,x\nland_plan,11,cultivated,x\n",
            "resource_duplicate_key",
        ),
        (
            "harmonised_categories.csv",
            "category,nature,generic,status\ntown,construction,0,x\n",
            "resource_missing_key",
        ),
        (
            "harmonised_categories.csv",
            "category,nature,generic,status\ntown,construction,2,x\n",
            "resource_wrong_value",
        ),
    ],
)
def test_slips(name: str, content: str, message_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = harmonised.paths.resource
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(harmonised.paths, "resource", lambda *parts: path if parts[-1] == name else resource(*parts))
    with pytest.raises(SchemaError) as error:
        load_harmonised.__wrapped__()
    assert error.value.message_id == message_id

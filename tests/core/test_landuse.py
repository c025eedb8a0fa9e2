"""Land classes, their look-up, and which classification a layer uses."""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.landuse import (
    ClassSystem,
    DetectionLimits,
    LandClass,
    LandGroup,
    detect,
    mixed_systems,
    name_disagreements,
    require_one_system,
)
from three_opt_three_protect.storage.catalogue import (
    load_class_systems,
    load_conversion,
    load_detection_limits,
    load_settlement_codes,
)

A, C, U = LandGroup.AGRICULTURAL, LandGroup.CONSTRUCTION, LandGroup.UNUSED
SYSTEMS = load_class_systems()
LIMITS = load_detection_limits()
ROWS = {
    "second_survey": 45,  # 38 codes of DLTB and 7 adjustable variants
    "gbt21010_2007": 57,
    "gbt21010_2017": 73,
    "third_survey": 69,
    "land_plan": 46,
    "land_plan_split": 40,
    "land_plan_use_zhejiang": 44,
    "gb50137_2011": 110,
    "land_sea_2023": 175,
    "land_sea_2020": 176,
}
# The explicit lists of the production system (02-land-classes, three-class evidence).
THIRD = {
    A: "01 02 03 0401 0402 0403 1006 1103 1104 1107 1202 1203",
    C: "05 06 07 08 09 1001 1002 1003 1004 1005 1007 1008 1009 1109 1201",
    U: "0404 1101 1102 1105 1106 1108 1110 1204 1205 1206 1207",
}
SECOND = {
    A: "011 012 013 021 022 023 031 032 033 041 042 104 114 117 122 123",
    C: "20 101 102 105 106 107 113 118",
    U: "043 111 112 115 116 119 124 125 126 127",
}
STANDARD_2007 = {**SECOND, C: "05 06 07 08 09 101 102 103 105 106 107 113 118 121"}


def texts(*values: Optional[str]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def expected_group(code: str, evidence: Dict[LandGroup, str]) -> List[LandGroup]:
    return [group for group, starts in evidence.items() if any(code.startswith(start) for start in starts.split())]


def test_row_counts() -> None:
    assert {key: len(system.classes) for key, system in SYSTEMS.items()} == ROWS


@pytest.mark.parametrize(
    ("system", "evidence"),
    [("third_survey", THIRD), ("gbt21010_2017", THIRD), ("second_survey", SECOND), ("gbt21010_2007", STANDARD_2007)],
)
def test_three_classes_are_those_of_the_evidence(system: str, evidence: Dict[LandGroup, str]) -> None:
    wrong = {
        code: (entry.group, expected_group(code, evidence))
        for code, entry in SYSTEMS[system].classes.items()
        if expected_group(code, evidence) != [entry.group]
    }
    assert wrong == {}


def test_gbt_2007_differs_from_the_second_survey_only_in_the_merged_codes() -> None:
    second, standard = SYSTEMS["second_survey"].classes, SYSTEMS["gbt21010_2007"].classes
    assert sorted(set(second) - set(standard)) == sorted(
        ["021K", "022K", "023K", "031K", "033K", "042K", "114K", "201", "202", "203", "204", "205"]
    )
    assert {code[:2] for code in set(standard) - set(second)} == {"05", "06", "07", "08", "09", "10", "12"}
    assert {code for code in set(standard) - set(second) if code[:2] in ("10", "12")} == {"103", "121"}
    assert all(second[code].group == standard[code].group for code in set(second) & set(standard))


# 00-supplement 1.2, three-class column.
@pytest.mark.parametrize(
    ("codes", "group"),
    [
        ("0101 0102 0103 0201 0205 0301 0304 0401 0402 0501 0502 0503 0507", A),
        ("06 0601 060101 060102 0602 060201 060202 060203", A),
        ("1703 1704 1705 2303", A),
        ("0403 0504 0505 0506 1701 1702 1706 2302 2304 2305 2306 2307", U),
        ("0701 070103 0703 0801 080203 0904 100103 1102 1209 1311 1403 1507 16 2301", C),
    ],
)
def test_land_sea_groups(codes: str, group: LandGroup) -> None:
    found = {code: SYSTEMS["land_sea_2023"].find(code) for code in codes.split()}
    assert {code: entry and entry.group for code, entry in found.items()} == dict.fromkeys(codes.split(), group)


@pytest.mark.parametrize(("survey", "names", "groups"), [("third_survey", 21, 11), ("gbt21010_2017", 38, 18)])
def test_collisions_with_land_sea_are_those_counted_in_the_domain_notes(survey: str, names: int, groups: int) -> None:
    one, other = SYSTEMS[survey].classes, SYSTEMS["land_sea_2023"].classes
    shared = [code for code in one if code in other and len(code) == 4]
    assert sum(one[code].name != other[code].name for code in shared) == names
    assert sum(one[code].group != other[code].group for code in shared) == groups


def test_reservoirs_change_group_between_the_surveys() -> None:
    assert SYSTEMS["second_survey"].find("113").group is C
    assert SYSTEMS["third_survey"].find("1103").group is A


def test_land_plan_has_both_numberings() -> None:
    assert SYSTEMS["land_plan"].find("212").name == "农村居民点用地"
    assert SYSTEMS["land_plan_split"].find("212").name == "建制镇用地"
    assert SYSTEMS["land_plan_split"].find("214").name == "村庄用地"


def test_cultivated_paddy_adjustable_and_eligible() -> None:
    third = SYSTEMS["third_survey"].classes
    assert [code for code, entry in third.items() if entry.cultivated] == ["0101", "0102", "0103"]
    assert [code for code, entry in third.items() if entry.paddy] == ["0101"]
    adjustable = [code for code, entry in third.items() if entry.adjustable]
    assert adjustable == ["0201K", "0202K", "0203K", "0204K", "0301K", "0302K", "0307K", "0403K", "1104K"]
    assert {third[code].farmland for code in adjustable} == {"conditional"}
    assert not any(third[code].cultivated for code in adjustable)
    assert [code for code, entry in third.items() if entry.farmland == "yes"] == ["0101", "0102", "0103"]
    paddies = {key: [code for code, each in system.classes.items() if each.paddy] for key, system in SYSTEMS.items()}
    assert paddies["second_survey"] == ["011"]
    assert paddies["land_plan"] == ["111"]
    assert paddies["land_sea_2023"] == ["0101"]


@pytest.mark.parametrize(
    ("system", "code", "found"),
    [
        ("third_survey", "1104K", "1104K"),
        ("third_survey", "1104A", "1104A"),
        ("third_survey", "1101A", "1101"),  # refined, not listed
        ("third_survey", "0305K", "0305"),
        ("third_survey", "08H2A", "08H2A"),
        ("third_survey", "１１０１", "1101"),  # full width
        ("third_survey", " 0101 ", "0101"),
        ("third_survey", "0201k", "0201K"),
        ("third_survey", "110101", None),  # not built by digits
        ("third_survey", "0201B", None),
        ("third_survey", "0501", None),
        ("third_survey", "A", None),
        ("third_survey", "", None),
        ("second_survey", "114K", "114K"),
        ("second_survey", "011A", None),
        ("land_sea_2023", "080203", "0802"),  # unlisted third level
        ("land_sea_2023", "169901", "16"),
        ("land_sea_2023", "0605", None),  # an unknown second level is not guessed
        ("land_sea_2023", "990101", None),
        ("land_plan", "1101", None),
    ],
)
def test_find(system: str, code: str, found: Optional[str]) -> None:
    entry = SYSTEMS[system].find(code)
    assert (entry and entry.code) == found


def test_find_of_nothing_is_nothing() -> None:
    assert SYSTEMS["third_survey"].find(None) is None


CODES = st.one_of(st.none(), st.text(max_size=6), *(st.sampled_from(sorted(each.classes)) for each in SYSTEMS.values()))


@given(system=st.sampled_from(sorted(SYSTEMS)), codes=st.lists(CODES, max_size=12))
def test_classify_equals_find(system: str, codes: List[Optional[str]]) -> None:
    classified = SYSTEMS[system].classify(texts(*codes))
    for row, code in enumerate(codes):
        entry = SYSTEMS[system].find(code)
        assert classified.group[row] == (LandGroup.UNKNOWN if entry is None else entry.group)
        assert classified.cultivated[row] == (entry is not None and entry.cultivated)
        assert classified.paddy[row] == (entry is not None and entry.paddy)
        assert classified.adjustable[row] == (entry is not None and entry.adjustable)
        assert classified.known[row] == (entry is not None and entry.group is not LandGroup.UNKNOWN)
    assert classified.group.dtype == np.int8
    assert len(classified.known) == len(codes)


def test_a_code_without_a_group_is_not_known() -> None:
    # Sea uses and first-level classes that lie in several groups must not vanish from an account unseen.
    classified = SYSTEMS["land_sea_2023"].classify(texts("1801", "04", "0401", None))
    assert classified.known.tolist() == [False, False, True, False]
    assert classified.group.tolist() == [0, 0, 1, 0]


def found(
    codes: Sequence[Optional[str]],
    names: Optional[Sequence[Optional[str]]] = None,
    areas: Optional[Sequence[float]] = None,
    layer: str = "",
    field: str = "",
    limits: DetectionLimits = LIMITS,
) -> Optional[str]:
    weights = np.ones(len(codes)) if areas is None else np.array(areas, dtype=float)
    labels = None if names is None else texts(*names)
    return detect(texts(*codes), labels, weights, list(SYSTEMS.values()), layer, field, limits=limits).system


THIRD_TOWNSHIP = ["0101", "1006", "0702", "1104A", "1202", "0601", "1101", "1107", "05H1"]
PLAN_2023 = ["0101", "060102", "0703", "1704", "0602", "1001", "1701", "1705", "0901"]


def test_detects_the_usual_layers_by_codes_alone() -> None:
    assert found(THIRD_TOWNSHIP) == "third_survey"
    assert found(PLAN_2023 + ["0205"], field="YDYHFLDM") == "land_sea_2023"
    assert found(["011", "104", "203", "114", "122", "101", "111"]) == "second_survey"
    assert found(["011", "072", "061", "114", "103"]) == "gbt21010_2007"
    assert found(["111", "151", "226", "231", "32", "21", "213", "313"], field="GHDLDM") == "land_plan"
    assert (
        found(["0101", "0501", "0803", "0906", "0702"], ["水田", "零售商业用地", "教育用地", None, None])
        == "gbt21010_2017"
    )


def test_second_survey_and_land_plan_part_by_name() -> None:
    codes = ["111", "112", "113"]
    assert found(codes) is None
    assert found(codes, ["河流水面", "湖泊水面", "水库水面"]) == "second_survey"
    # Both numberings of the plan fit and mean the same for these codes.
    assert found(codes, ["水田", "水浇地", "旱地"], field="GHDLDM", layer="TDGHDL") == "land_plan"


def test_the_two_numberings_of_the_land_plan_are_asked_for_where_they_differ() -> None:
    codes = ["111", "151", "212", "214", "32"]
    assert found(codes, layer="TDGHDL", field="GHDLDM") is None
    assert found(codes, ["水田", None, "农村居民点用地", None, None], layer="TDGHDL") == "land_plan"
    assert found(codes, ["水田", None, "建制镇用地", "村庄用地", None], layer="TDGHDL") == "land_plan_split"


def test_names_decide_between_surveys_and_plan() -> None:
    codes = ["0601", "0602", "1202", "1101"]
    assert found(codes) is None  # workshops or field roads: ask
    assert found(codes, ["工业用地", "采矿用地", "设施农用地", "河流水面"]) == "third_survey"
    assert found(codes, ["农村道路", "设施农用地", "公路用地", "物流仓储用地"]) == "land_sea_2023"


def test_layer_and_field_names_break_a_tie_of_codes() -> None:
    codes = ["0601", "0602", "1202", "1101"]
    assert found(codes, layer="DLTB", field="DLBM") == "third_survey"
    assert found(codes, layer="规划用地用海2035", field="YDYHFLDM") is None  # the 2020 edition reads 0602 otherwise
    assert found(["0403", "1101", "1202"], layer="GHYDYH", field="YDYHFLDM") == "land_sea_2023"


def test_a_longer_layer_name_outweighs_its_part() -> None:
    # JQDLTB is the base map of the 2006–2020 plan; DLTB alone would be a survey.
    codes = ["111", "112"]
    assert found(codes, layer="DLTB") == "second_survey"
    assert found(codes, layer="JQDLTB", field="GHDLDM") == "land_plan"


def test_systems_that_mean_the_same_are_no_tie() -> None:
    assert found(["0101", "0103", "0702"], ["水田", "旱地", "农村宅基地"]) == "third_survey"
    assert found(["0101", "0102", "0103"]) == "third_survey"
    assert found(["0101", "0102", "0103"], field="YDYHFLDM") == "land_sea_2023"


def test_share_is_area_not_count() -> None:
    codes, names = ["0601", "0601", "0601"], ["工业用地", "农村道路", "农村道路"]
    assert found(codes, names, [98.0, 1.0, 1.0]) == "third_survey"
    assert found(codes, names, [10.0, 45.0, 45.0]) is not None
    scores = detect(texts(*codes), texts(*names), np.array([98.0, 1, 1]), list(SYSTEMS.values()), limits=LIMITS).scores
    assert scores["third_survey"] == pytest.approx(0.98)
    assert scores["land_sea_2023"] == pytest.approx(0.02)
    assert next(iter(scores)) == "third_survey"


def test_a_gap_of_more_than_the_tie_share_decides() -> None:
    # 1103 is in the third survey only; 0601 is an industrial site there and a rural road in the plan.
    assert found(["0601", "1103"], areas=[96, 4]) is None
    assert found(["0601", "1103"], areas=[94, 6]) == "third_survey"
    strict = DetectionLimits(0.10, 0.8, 0.0, 0.0, 0.01)
    assert found(["0601", "1103"], areas=[94, 6], limits=strict) is None


def test_nothing_fits() -> None:
    assert found(["x", "y"]) is None
    assert found([None, None]) is None
    assert found([]) is None
    assert found(["0101", "zz"], areas=[70, 30]) is None  # below the minimum share
    assert found(["0101", "zz"], areas=[90, 10]) == "third_survey"


def test_rows_are_counted_where_no_area_is_known() -> None:
    assert found(THIRD_TOWNSHIP, areas=[np.nan] * len(THIRD_TOWNSHIP)) == "third_survey"
    assert found(THIRD_TOWNSHIP, areas=[0.0] * len(THIRD_TOWNSHIP)) == "third_survey"


def test_name_spelling_is_forgiven_but_not_meaning() -> None:
    third = SYSTEMS["third_survey"]
    codes = texts("0101", "0101", "0702", "0601", "0601", "9999", "0103", None)
    names = texts("水 田", "水田", "农村宅基地　", "农村道路", "农村道路", "什么", None, "旱地")
    wrong = name_disagreements(codes, names, third)
    assert [(each.code, each.name, each.expected, each.rows.tolist()) for each in wrong] == [
        ("0601", "农村道路", "工业用地", [3, 4])
    ]


def test_two_systems_in_one_layer_are_reported_and_refused() -> None:
    codes = texts("0101", "1006", "0702", "203", "011", "1104A", "0101")
    areas = np.array([50.0, 5, 20, 3, 7, 10, 5])
    mixed = mixed_systems(codes, None, areas, list(SYSTEMS.values()), "third_survey")
    assert [(each.system, each.codes, each.rows.tolist()) for each in mixed] == [
        ("second_survey", ("011", "203"), [3, 4])
    ]
    assert mixed[0].share == pytest.approx(0.10)
    fid = np.arange(100, 107)
    with pytest.raises(InputError) as caught:
        require_one_system(mixed, SYSTEMS["third_survey"], SYSTEMS, fid, "地类图斑", "DLBM", LIMITS)
    assert caught.value.message_id == "two_code_systems"
    assert caught.value.values["features"] == "103, 104"
    assert caught.value.values["codes"] == "011, 203"
    assert caught.value.values["layer"] == "地类图斑"
    assert caught.value.values["field"] == "DLBM"
    assert "三调工作分类" in str(caught.value.values["system"])
    assert "二调土地分类" in str(caught.value.values["other"])


def test_names_show_a_second_system_with_equal_codes() -> None:
    codes = texts("0601", "0601", "1103")
    names = texts("工业用地", "农村道路", None)
    mixed = mixed_systems(codes, names, np.array([60.0, 20, 20]), list(SYSTEMS.values()), "third_survey")
    assert [(each.system, each.rows.tolist()) for each in mixed] == [("land_sea_2023", [1])]


def test_stray_and_meaningless_codes_are_no_second_system() -> None:
    codes = texts("0101", "zz", "0201B", "203")
    areas = np.array([990.0, 5, 5, 1])
    mixed = mixed_systems(codes, None, areas, list(SYSTEMS.values()), "third_survey")
    assert [each.codes for each in mixed] == [("203",)]
    require_one_system(mixed, SYSTEMS["third_survey"], SYSTEMS, np.arange(4), "L", "F", LIMITS)  # a tenth of a percent


def test_one_system_reports_nothing() -> None:
    assert mixed_systems(texts(*THIRD_TOWNSHIP), None, np.ones(9), list(SYSTEMS.values()), "third_survey") == ()


def test_users_words_as_codes() -> None:
    classes = {
        "Acker": LandClass("Acker", "Acker", "", "", A, cultivated=True),
        "Wald": LandClass("Wald", "Wald", "", "", A),
    }
    own = ClassSystem("swiss", "swiss", "survey", classes)
    classified = own.classify(texts("Acker", "Wald", "See", None))
    assert classified.cultivated.tolist() == [True, False, False, False]
    assert classified.known.tolist() == [True, True, False, False]


def test_conversions_go_from_every_code_to_a_listed_one() -> None:
    third = load_conversion("third_land_sea")
    assert set(third.codes) == set(SYSTEMS["third_survey"].classes)
    # Not one to one (00-supplement 1.2): these need an attribute or a person.
    asked = {code for code, to in third.codes.items() if to.ambiguous}
    assert asked >= {"05H1", "08H1", "08H2", "0810", "1002", "1005", "1109", "1108"}
    same_name = "0204→0205 0305→0303 0307→0304 0403→0402 0404→0403 0303→0507 0304→0501 0306→0502 0402→0503"
    for pair in re.findall(r"(\w+)→(\w+)", same_name):
        assert third.codes[pair[0]].code == pair[1]
        assert SYSTEMS["third_survey"].find(pair[0]).name == SYSTEMS["land_sea_2023"].find(pair[1]).name
    second = load_conversion("second_third")
    assert set(SYSTEMS["second_survey"].classes) <= set(second.codes)
    assert second.codes["203"].code is None
    assert second.codes["203"].settlement == "203"  # never 0702 (1.10)
    assert second.codes["114K"].code == "1104K"
    assert second.codes["103"].ambiguous
    plan = load_conversion("second_land_plan")
    assert set(plan.codes) == set(SYSTEMS["second_survey"].classes)
    assert plan.codes["203"].code == "212"
    assert plan.codes["205"].ambiguous


@pytest.mark.parametrize(("conversion", "allowed"), [("second_third", {"113"}), ("third_land_sea", set())])
def test_conversions_keep_the_group_but_for_reservoirs(conversion: str, allowed: set) -> None:
    rows = load_conversion(conversion)
    source, target = SYSTEMS[rows.source], SYSTEMS[rows.target]
    changed = set()
    for code, to in rows.codes.items():
        start, end = source.find(code), target.find(to.code)
        if start is not None and end is not None and start.group != end.group:
            changed.add(code)
    assert changed == allowed


def test_second_survey_keeps_its_group_in_the_land_plan() -> None:
    rows = load_conversion("second_land_plan")
    wrong = {
        code
        for code, to in rows.codes.items()
        if SYSTEMS["second_survey"].find(code).group != SYSTEMS["land_plan"].find(to.code).group
    }
    assert wrong == set()


def test_settlement_codes() -> None:
    codes = load_settlement_codes()
    assert list(codes) == ["201", "201A", "202", "202A", "203", "203A", "204", "205"]
    assert [code for code, each in codes.items() if each.kind == "village"] == ["203", "203A"]
    assert [code for code, each in codes.items() if each.industry] == ["201A", "202A", "203A"]

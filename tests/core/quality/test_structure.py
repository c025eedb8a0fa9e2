"""Structure: fields, types, widths, required and unique values, code lengths and domains."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np
import pytest

from tests.core.quality.rulecase import case_of, layer, parcels, places, run
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.quality.structure import repeats
from three_opt_three_protect.core.quality.texts import is_garbled
from three_opt_three_protect.core.schema import StandardField, StandardLayer
from three_opt_three_protect.core.tables import Kind

DLTB = "third_survey.DLTB"


def test_nothing_is_wrong_with_a_good_layer() -> None:
    wide = {name: tables.text(["x"] * 2, width=60) for name in ("HDMC",)}
    whole = {"SJNF": tables.integer([2014, 2014]), "GDDB": tables.integer([4, 5])}
    case = case_of(layer(parcels({}, {}), **whole, **wide), schema=DLTB)
    for rule in (
        "field_missing",
        "field_type",
        "field_unknown",
        "value_required",
        "value_unique",
        "value_length",
        "value_domain",
        "value_spaces",
        "text_garbled",
        "name_cut",
    ):
        assert places(run(rule, case)) == [], rule


def test_a_missing_field_is_named_unless_the_standard_lets_it_lack() -> None:
    rows = [{key: value for key, value in row.items() if key != "QSXZ"} for row in parcels({})]
    (found,) = run("field_missing", case_of(layer(rows), schema=DLTB))
    assert places([found]) == [(-1, "QSXZ")]  # TBYBH, HDMC and BZ are optional
    assert found.values == {"alias": "权属性质", "expected": "Char(2)"}


def test_another_name_of_a_field_will_do() -> None:
    rows = [{"地类编码" if key == "DLBM" else key: value for key, value in row.items()} for row in parcels({})]
    assert run("field_missing", case_of(layer(rows), schema=DLTB)) == []


def test_a_field_of_another_type() -> None:
    whole = {name: tables.integer([1]) for name in ("SJNF", "GDDB", "YSDM")}
    (found,) = run("field_type", case_of(layer(parcels({}), **whole), schema=DLTB))
    assert places([found]) == [(-1, "YSDM")]
    assert found.values == {"alias": "要素代码", "found": "Int", "expected": "Char(10)"}


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("DLMC", tables.text(["水田"], width=20), "Char(20)"),
        ("TBMJ", tables.real([1000.0], width=12, decimals=2), "Float(12,2)"),
        ("KCXS", tables.real([0.0], width=6, decimals=2), "Float(6,2)"),
    ],
)
def test_a_narrow_field(name: str, column: tables.Column, said: str) -> None:
    (found,) = run("field_width", case_of(layer(parcels({}), **{name: column}), schema=DLTB))
    assert (places([found]), found.values["found"]) == ([(-1, name)], said)


def test_a_width_that_is_not_stated_or_large_enough_is_no_finding() -> None:
    wide = {"DLMC": tables.text(["水田"], width=60), "TBMJ": tables.real([1000.0], width=19, decimals=3)}
    assert run("field_width", case_of(layer(parcels({}), **wide), schema=DLTB)) == []


def test_a_field_the_standard_does_not_know() -> None:
    case = case_of(layer(parcels({"MYNOTE": "a", "Shape_Area": "1"})), schema=DLTB)
    assert places(run("field_unknown", case)) == [(-1, "MYNOTE")]  # programs add Shape_Area


def test_a_required_value() -> None:
    case = case_of(layer(parcels({}, {"QSDWMC": None}, {"QSXZ": "  "}, {"DLBM": None}, {"KCDLBM": None})), schema=DLTB)
    assert places(run("value_required", case)) == [(2, "QSXZ"), (1, "QSDWMC")]  # a class has class_missing


def test_an_empty_field_is_one_finding() -> None:
    case = case_of(layer(parcels(*[{"QSDWMC": None}] * 100)), schema=DLTB)
    (found,) = run("value_required", case)
    assert (places([found]), found.values["rows"]) == ([(-1, "QSDWMC")], 100)
    case = case_of(layer(parcels({}, *[{"QSDWMC": None}] * 100)), schema=DLTB)
    assert len(run("value_required", case)[0]) == 100


def test_a_repeated_value_is_found_where_it_repeats() -> None:
    case = case_of(
        layer(parcels({"BSM": "1"}, {}, {"BSM": "1"}, {"BSM": None}, {"BSM": None}, {"BSM": "1"})), schema=DLTB
    )
    (found,) = run("value_unique", case)
    assert places([found]) == [(2, "BSM"), (5, "BSM")]
    assert found.values["first"].tolist() == [101, 101]
    assert found.values["value"].tolist() == ["1", "1"]


def test_a_repeated_number() -> None:
    case = case_of(layer(parcels({}, {}, {}), BSM=tables.integer([7, 8, 7])), schema=DLTB)
    (found,) = run("value_unique", case)
    assert (places([found]), found.values["value"].tolist()) == ([(2, "BSM")], [7])


def test_repeats_of_rows_that_count() -> None:
    later, first = repeats(np.array([3, 1, 3, 1, 3]), np.array([False, True, True, True, True]))
    assert (later.tolist(), first.tolist()) == ([3, 4], [1, 2])


def test_a_code_of_another_length() -> None:
    change = [{}, {"QSDWDM": "320599101201"}, {"ZLDWDM": "320599101201"}, {"ZLDWDM": "32059910120"}, {"BSM": "1"}]
    case = case_of(layer(parcels(*change)), schema=DLTB)
    found = run("value_length", case)
    # a unit code of 11 digits is none at all: unit_code_form's
    assert places(found) == [(4, "BSM"), (1, "QSDWDM"), (2, "ZLDWDM")]
    assert [found[1].values[key] for key in ("expected", "rows")] == [19, 1]
    assert found[1].values["length"].tolist() == [12]


def test_a_value_outside_its_domain() -> None:
    change = [{}, {"QSXZ": "99"}, {"MSSM": "02"}, {"XZDWKD": -1.0}, {"GDPDJB": "7"}, {"KCXS": 3.0}]
    case = case_of(layer(parcels(*change)), schema=DLTB)
    found = run("value_domain", case)
    # slope_range and deduct_rate_range say the last two
    assert places(found) == [(1, "QSXZ"), (3, "XZDWKD"), (2, "MSSM")]
    assert found[1].values["allowed"] == "≥0"


def test_numbers_have_lost_their_zeros() -> None:
    case = case_of(layer(parcels({}, {}), MSSM=tables.integer([0, 5])), schema=DLTB)
    assert places(run("value_domain", case)) == [(1, "MSSM")]


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("槐泽村", False),
        ("槐泽村 ", True),
        ("\u3000槐泽村", True),
        ("槐\u200b泽村", True),
        ("\ufeff槐泽村", True),
        ("槐 泽村", False),
        ("一行\n二行", False),
        ("   ", False),  # missing
        (None, False),
    ],
)
def test_spaces(value: Optional[str], wrong: bool) -> None:
    assert places(run("value_spaces", case_of(layer(parcels({}, {"ZLDWMC": value}))))) == [(1, "ZLDWMC")] * wrong


@pytest.mark.parametrize(
    "value",
    [
        "地类图斑".encode("gbk").decode("latin-1"),
        "地类图斑".encode().decode("cp1252", "replace"),
        "大村".encode().decode("latin-1"),
        "水浇地".encode("gbk").decode("utf-8", "replace"),
        "水浇地面".encode().decode("gb18030", "replace"),
        "和湾".encode().decode("gbk"),
        "锟斤拷",
        "张?村",
        "????",
        "\ue5e5村",
    ],
)
def test_garbled(value: str) -> None:
    assert is_garbled(value)
    assert places(run("text_garbled", case_of(layer(parcels({}, {"ZLDWMC": value}))))) == [(1, "ZLDWMC")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "槐泽村",
        "面积≥5m²，坡度2°～6°",
        "“一类”——……",
        "créée, CRÉÉE, Füße, Straße",
        "是否保留?",
        "A·B",
        "3205991012010000000",
        "联通",
        "GB/T 21010—2017",
        "浙江省㐂村𠮷",
        "1½ × 2",
    ],
)
def test_not_garbled(value: Optional[str]) -> None:
    assert not is_garbled(value)


def test_no_name_of_the_resources_looks_garbled() -> None:
    from three_opt_three_protect.storage.catalogue import load_class_systems
    from three_opt_three_protect.storage.schemas import load_standards

    names = [entry.name for system in load_class_systems().values() for entry in system.classes.values()]
    names += [each.alias for standard in load_standards().layers.values() for each in standard.fields]
    assert [name for name in names if is_garbled(name)] == []


def test_everything_garbled_is_one_finding() -> None:
    case = case_of(layer(parcels(*[{"ZLDWMC": "»±ÔóŽå"}] * 100)))
    assert places(run("text_garbled", case)) == [(-1, "ZLDWMC")]


def test_a_garbled_field_name() -> None:
    case = case_of(layer(parcels({"µØÀà±àÂë": "0101"})))
    assert places(run("text_garbled", case)) == [(-1, "µØÀà±àÂë")]


def own_schema(*aliases: str) -> StandardLayer:
    fields = tuple(StandardField(f"F{number}", alias, Kind.TEXT) for number, alias in enumerate(aliases))
    return StandardLayer("x.Y", "x", "Y", "图层", "parcels", "polygon", fields)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("永久基本农", "永久基本农田面积"),  # ten bytes of GBK
        ("永久基", "永久基本农田面积"),  # nine of UTF-8, and the tenth is no character
        ("永久基\ufffd", "永久基本农田面积"),
        ("备注\ufffd", "备注…"),  # of no known name
    ],
)
def test_a_cut_name(name: str, full: str) -> None:
    case = case_of(layer(parcels({name: "x"})), schema=DLTB)
    case = replace(case, layer=replace(case.layer, schema=own_schema("永久基本农田面积", "备注", "永久")))
    (found,) = run("name_cut", case)
    assert (places([found]), found.values["full"]) == ([(-1, name)], full)
    assert name not in [column for _, column in places(run("field_unknown", case))]
    assert places(run("text_garbled", case)) == []
    assert ((-1, "F0") in places(run("field_missing", case))) == full.endswith("…")


def test_a_beginning_of_several_names_is_none_of_them() -> None:
    case = case_of(layer(parcels({"扣除地\ufffd": "x", "地类编\ufffd": "x"})), schema=DLTB)
    names = ["地类编码", "扣除地类编码", "扣除地类系数"]
    case = replace(case, layer=replace(case.layer, schema=own_schema(*names)))
    found = {each.column: each.values["full"] for each in run("name_cut", case)}
    assert found == {"扣除地\ufffd": "扣除地类编码、扣除地类系数", "地类编\ufffd": "地类编码"}
    assert {column for _, column in places(run("field_missing", case))} == {"F1", "F2"}


def test_short_names_are_not_cut() -> None:
    case = case_of(layer(parcels({"永久": "x", "DLB": "x", "地类": "x"})), schema=DLTB)
    assert run("name_cut", case) == []

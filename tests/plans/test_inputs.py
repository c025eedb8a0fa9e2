"""Layers by role: what is guessed, what is refused, and with which words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.plans.inputs import (
    GUESSED,
    PRINT_FIELDS,
    Source,
    SurveyInputs,
    plot_inputs,
    survey_fields,
    survey_inputs,
)
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

CRS = CrsInfo(
    "EPSG:4528",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
PROFILE = load_profile("suzhou-2014")


def layer(name: str, count: int = 1, crs: Optional[CrsInfo] = CRS, **columns: Sequence[Any]) -> LayerTable:
    """``count`` boxes of 100 m² in a row with the columns given (text or numbers)."""
    count = max([count, *(len(values) for values in columns.values())]) if columns else count
    shapes = np.empty(count, dtype=object)
    shapes[:] = [
        shapely.box(40_550_000 + 10 * row, 3_460_000, 40_550_010 + 10 * row, 3_460_010) for row in range(count)
    ]
    made: Dict[str, tables.Column] = {}
    for key, values in columns.items():
        numbers = all(value is None or isinstance(value, (int, float)) for value in values)
        made[key] = tables.real([np.nan if v is None else v for v in values]) if numbers else tables.text(list(values))
    return LayerTable(name, np.arange(1, count + 1), shapes, made, crs)


def read(parcels: LayerTable, fields: Optional[Mapping[str, str]] = None, **lines: LayerTable) -> SurveyInputs:
    return survey_inputs(
        Source(parcels, fields or {}), {role: Source(table) for role, table in lines.items()}, [], PROFILE
    )


def refused(call: Any, *args: Any, **kwargs: Any) -> Any:
    with pytest.raises((InputError, CrsError)) as error:
        call(*args, **kwargs)
    return error.value


THIRD = ["0101", "0702", "1104", "1006", "0601"]


def test_fields_are_guessed_by_their_standard_names() -> None:
    found = read(layer("DLTB", DLBM=THIRD, ZLDWDM=["3205091002010000000"] * 5, KCXS=[0.1] * 5, TBMJ=[100.5] * 5))
    assert found.mapping == {"class_code": "DLBM", "unit_code": "ZLDWDM", "deduct_rate": "KCXS", "area": "TBMJ"}
    assert found.system.id == "third_survey"
    assert found.parcels.unit_code[0] == "320509100201"
    assert found.spec.tolerance.area_m2 == PROFILE.number("area_tolerance_m2")


def test_what_changes_areas_is_asked_for() -> None:
    table = layer("DLTB", DLBM=THIRD, ZLDWDM=["3205091002010000000"] * 5, KCXS=[0.1] * 5, TBMJ=[100.5] * 5)
    source = Source(table, {"area": "TBMJ"}, GUESSED)
    found = survey_inputs(source, {}, [], PROFILE)
    assert found.mapping == {"class_code": "DLBM", "unit_code": "ZLDWDM", "area": "TBMJ"}


@pytest.mark.parametrize(("rates", "said"), [([8.12, 0.5, 10.0], True), ([0.0812, 0.1, 0.0], False)])
def test_rates_in_percent_are_said(rates: List[float], said: bool) -> None:
    found = read(layer("DLTB", 3, TKXS=rates), {"deduct_rate": "TKXS"})
    (values,) = [one.values for one in found.findings if one.id == "deduct_rate_percent"] or [None]
    assert values == ({"layer": "DLTB", "field": "TKXS"} if said else None)
    assert found.parcels.deduct_rate[0] == pytest.approx(0.0812)


def test_the_classification_found_is_said() -> None:
    found = read(layer("DLTB", DLBM=[*THIRD] * 39 + ["9999"]))
    told = {finding.id: dict(finding.values) for finding in found.findings}
    assert told["class_system_found"]["system"] == load_class_system("third_survey").name
    assert told["class_system_found"]["share"] == pytest.approx(99.5)
    assert told["unknown_codes"] == {"layer": "DLTB", "features": "196", "field": "DLBM", "count": 1, "codes": "9999"}


def test_a_classification_chosen_is_not_questioned() -> None:
    chosen = load_class_system("land_sea_2023")
    found = survey_inputs(Source(layer("DLTB", DLBM=["0601", "0101"])), {}, [], PROFILE, system=chosen)
    assert found.system is chosen
    # 0601 is a farm road there, industry in the third survey
    assert found.parcels.classes.group.tolist() == [1, 1]


@pytest.mark.parametrize("columns", [{}, {"DLBM": [None, None]}])
def test_without_codes(columns: Dict[str, List[None]]) -> None:
    table = layer("parcels", 2)
    table = replace(table, columns={key: tables.text(values) for key, values in columns.items()})
    found = read(table)
    assert found.parcels.unknown_codes is None
    assert found.findings == ()


def test_no_crs() -> None:
    error = refused(read, layer("DLTB", crs=None, DLBM=THIRD))
    assert (error.message_id, error.values["layer"]) == ("no_crs_like", "DLTB")


def test_empty_layers() -> None:
    empty = layer("空层", DLBM=THIRD).take(np.empty(0, dtype=np.int64))
    error = refused(read, empty)
    assert (error.message_id, error.values) == ("empty_layer", {"layer": "空层"})
    error = refused(read, layer("DLTB", DLBM=THIRD), villages=empty)
    assert (error.message_id, error.values) == ("empty_layer", {"layer": "空层"})
    # a township without farmland or redline is possible
    found = read(layer("DLTB", DLBM=THIRD), farmland=empty, redline=empty)
    assert [role for role, _ in found.lines.given()] == ["farmland", "redline"]


def test_nothing_usable_is_told_and_no_error() -> None:
    table = layer("DLTB", DLBM=THIRD)
    found = read(replace(table, geometry=np.array([None] * 5, dtype=object)))
    assert found.dropped == 5
    (told,) = [finding for finding in found.findings if finding.id == "geometry_left_out"]
    assert told.values == {"layer": "DLTB", "features": "1, 2, 3, 4, 5", "count": 5}


def test_no_such_field() -> None:
    error = refused(read, layer("DLTB", DLBM=THIRD), {"class_code": "DLDM"})
    assert (error.message_id, error.values) == ("no_such_field", {"layer": "DLTB", "field": "DLDM", "fields": "DLBM"})


def test_class_system_tie() -> None:
    """0101 and the like mean the same in several systems; 0601 does not: industry or farm road."""
    error = refused(read, layer("图层1", CODE=["0601", "0602", "1202"]), {"class_code": "CODE"})
    assert error.message_id == "class_system_tie"
    assert error.values["layer"] == "图层1"
    assert error.values["field"] == "CODE"
    assert len(str(error.values["systems"]).split(", ")) == 2


def test_class_system_unknown() -> None:
    error = refused(read, layer("DLTB", DLBM=["Q1", "Q2", "Q1", "Q3", "Q4", "Q5", "Q6"]))
    assert error.message_id == "class_system_unknown"
    assert error.values == {"layer": "DLTB", "field": "DLBM", "codes": "Q1, Q2, Q3, Q4, Q5"}


def test_mostly_unknown_codes_are_no_mixture() -> None:
    error = refused(read, layer("DLTB", DLBM=["Q1", "Q2", "Q3", "0101", "111"]))
    assert error.message_id == "class_system_unknown"


SECOND = ["011", "203", "114", "104", "127", "205"]


@pytest.mark.parametrize(("third", "second"), [(20, 1), (10, 5), (6, 6), (5, 10)])
def test_two_code_systems(third: int, second: int) -> None:
    """A few stray codes, or half and half: the layer is refused and both systems are named."""
    codes = (THIRD * 10)[:third] + (SECOND * 10)[:second]
    error = refused(read, layer("DLTB", DLBM=codes))
    assert error.message_id == "two_code_systems"
    both = f"{error.values['system']} {error.values['other']}"
    assert "third_survey" in both
    assert "second_survey" in both or "gbt21010_2007" in both
    assert (error.values["layer"], error.values["field"]) == ("DLTB", "DLBM")
    first = third + 1 if third >= second else 1
    assert str(error.values["features"]).startswith(str(first))


def test_unknown_redline_level() -> None:
    error = refused(read, layer("DLTB", DLBM=THIRD), redline=layer("STBHHX", level=["1", "三级", "三级"]))
    assert error.message_id == "unknown_word"
    assert {name: error.values[name] for name in ("layer", "features", "field", "value")} == {
        "layer": "STBHHX", "features": "2, 3", "field": "level", "value": "三级",
    }  # fmt: skip


def test_redline_levels() -> None:
    found = read(layer("DLTB", DLBM=THIRD), redline=layer("STBHHX", GKJB=["二级管控区", "1", None]))
    assert found.lines.redline is not None
    assert found.lines.redline.key is not None
    assert found.lines.redline.key.tolist() == [2, 1, 1]
    (told,) = [finding for finding in found.findings if finding.id == "redline_level_assumed"]
    assert told.values == {"layer": "STBHHX", "features": "3", "count": 1}


def test_villages_need_a_code_and_settlements_a_name() -> None:
    parcels = layer("DLTB", DLBM=THIRD)
    error = refused(read, parcels, villages=layer("村", CODE=["1"]))
    assert (error.message_id, error.values) == ("field_needed", {"layer": "村", "field": "unit_code", "fields": "CODE"})
    error = refused(read, parcels, settlements=layer("居民点", CODE=["1"]))
    assert error.values == {"layer": "居民点", "field": "settlement", "fields": "CODE"}
    found = read(
        parcels, villages=layer("村", XZQDM=["3205091002010000", None]), settlements=layer("点", ZRCMC=["东浜", None])
    )
    assert found.lines.villages is not None
    assert found.lines.villages.names == ("320509100201", "")
    assert found.lines.settlements is not None
    assert found.lines.settlements.names == ("东浜", "2")


def test_repairs_are_counted_and_told_with_their_features() -> None:
    table = layer("DLTB", DLBM=THIRD)
    shapes = table.shapes.copy()
    x, y = 40_550_000, 3_470_000
    shapes[1] = shapely.Polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)])
    shapes[3] = None
    line = layer("YJJBNT", 2)
    bad = line.shapes.copy()
    bad[0] = shapely.Point(0, 0)
    found = read(replace(table, geometry=shapes), farmland=replace(line, geometry=bad))
    assert (found.repaired, found.dropped) == (1, 2)
    told = [(finding.id, dict(finding.values)) for finding in found.findings if finding.id.startswith("geometry")]
    assert told == [
        ("geometry_left_out", {"layer": "DLTB", "features": "4", "count": 1}),
        ("geometry_repaired", {"layer": "DLTB", "features": "2", "count": 1}),
        ("geometry_left_out", {"layer": "YJJBNT", "features": "1", "count": 1}),
    ]


# --- plots and targets -------------------------------------------------------------------------------


def test_plots_left_out_are_a_plan_without_them() -> None:
    found = plot_inputs(None, None, None)
    assert (len(found.reclaim), len(found.newbuild), found.targets) == (0, 0, ())


def test_plots_by_standard_names() -> None:
    found = plot_inputs(
        Source(layer("SYSB_CJ", ID=["C1"], FKFX=["坑塘"], FKXS=[0.5], JD=[2016])),
        Source(layer("SYSB_JX", ID=["J1"], YT=["安置"], ZBLY=["点供"], JH=[2018])),
        None,
    )
    assert (found.reclaim.plot_id[0], found.reclaim.direction[0], found.reclaim.rate[0]) == ("C1", "pond", 0.5)
    assert (found.newbuild.use[0], found.newbuild.quota_source[0]) == ("resettlement", "provincial")
    assert str(found.newbuild.day[0]) == "2018-12-31"


@pytest.mark.parametrize(
    ("role", "columns", "message", "values"),
    [
        ("reclaim", {"direction": ["稻田"]}, "unknown_word", {"field": "direction", "features": "1", "value": "稻田"}),
        ("newbuild", {"use": ["town", "hotel"]}, "unknown_word", {"field": "use", "features": "2", "value": "hotel"}),
        ("reclaim", {"rate": [0.5, 85.0]}, "share_out_of_range", {"field": "rate", "features": "2"}),
        ("reclaim", {"plot_id": ["A", "A"]}, "duplicate_plot_id", {"field": "plot_id", "features": "2"}),
        ("newbuild", {"PZRQ": ["soon"]}, "no_date", {"field": "PZRQ", "features": "1", "value": "soon"}),
        ("reclaim", {"phase": [3]}, "no_year", {"field": "phase", "features": "1"}),
    ],
)
def test_plots_refused(role: str, columns: Dict[str, list], message: str, values: Dict[str, str]) -> None:
    sources = {role: Source(layer("图层", **columns))}
    error = refused(plot_inputs, sources.get("reclaim"), sources.get("newbuild"), None)
    assert error.message_id == message
    assert {name: error.values[name] for name in ("layer", *values)} == {"layer": "图层", **values}


def targets(**columns: Sequence[Any]) -> Any:
    count = len(next(iter(columns.values())))
    table = layer("targets", count, **columns)
    return plot_inputs(None, None, Source(replace(table, geometry=None, crs=None))).targets


def test_targets() -> None:
    found = targets(
        unit_code=["", "320509100", "3205091002010000", None, "", ""],
        indicator=["cultivated_m2", "reclaim_m2", "reclaim_m2", "intensity_pct", None, "reserve_m2"],
        value=[100.0, 2.0, 3.0, 30.0, 7.0, None],
        unit=["公顷", "亩", "m2", "%", "m2", "m2"],
        year=[2020, None, 2019, None, None, None],
    )
    assert found == (
        Target("", "cultivated_m2", 1_000_000.0, "m2", 2020),
        Target("", "reclaim_m2", pytest.approx(2 * 10000 / 15), "m2", None),
        Target("320509100201", "reclaim_m2", 3.0, "m2", 2019),
        Target("", "intensity_pct", 30.0, "%", None),
    )


def test_targets_in_unknown_units_are_refused() -> None:
    error = refused(targets, indicator=["cultivated_m2", "reclaim_m2"], value=[1.0, 2.0], unit=["m2", "acre"])
    assert error.message_id == "unknown_word"
    assert (error.values["features"], error.values["field"], error.values["value"]) == ("2", "unit", "acre")


def test_targets_without_a_unit_or_under_an_unknown_name_are_refused() -> None:
    """1605 hectares read as square metres would pass every rule, a name not known would be passed over."""
    error = refused(targets, indicator=["耕地保有量", "复垦任务"], value=[1605.0, 2.0], unit=[None, "亩"])
    assert (error.message_id, error.values["features"]) == ("target_unit_missing", "1")
    error = refused(targets, indicator=["耕地报有量"], value=[1605.0], unit=["公顷"])
    assert (error.message_id, error.values["value"]) == ("unknown_word", "耕地报有量")
    (found,) = targets(indicator=["土地开发强度上限"], value=[30.0], unit=["%"])
    assert found.indicator == "intensity_pct"


@pytest.mark.parametrize("columns", [{"indicator": ["cultivated_m2"]}, {"value": [1.0]}])
def test_targets_need_indicator_and_value(columns: Dict[str, list]) -> None:
    error = refused(targets, **columns)
    missing = ({"indicator", "value"} - set(columns)).pop()
    assert error.message_id == "field_needed"
    assert error.values == {"layer": "targets", "field": missing, "fields": ", ".join(columns)}


@pytest.mark.parametrize(
    ("role", "chosen", "guess", "expected"),
    [
        ("parcels", {}, None, ["BSM", "DLBM", "DLMC", "ZLDWDM", "TBMJ"]),
        ("parcels", {}, GUESSED, ["DLBM", "DLMC", "ZLDWDM"]),
        ("parcels", {}, GUESSED | PRINT_FIELDS, ["DLBM", "DLMC", "ZLDWDM", "ZLDWMC"]),
        ("parcels", {"class_code": "OLD"}, GUESSED, ["OLD", "DLMC", "ZLDWDM"]),
        ("parcels", {"class_code": "nowhere"}, frozenset(), ["nowhere"]),
        ("redline", {}, None, ["level"]),
        ("farmland", {}, None, []),
    ],
)
def test_only_the_fields_a_survey_needs_are_read(
    role: str, chosen: Mapping[str, str], guess: Optional[frozenset[str]], expected: List[str]
) -> None:
    names = ["BZ", "BSM", "DLBM", "OLD", "DLMC", "ZLDWDM", "ZLDWMC", "TBMJ", "level"]
    assert sorted(survey_fields(names, role, chosen, guess)) == sorted(expected)

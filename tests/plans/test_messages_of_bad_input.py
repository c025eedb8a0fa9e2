"""Every bad input: one line of at most 200 characters, in Chinese and English, that says
which layer, which features first, which field, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.core.base import base_state
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.inputs import Source, plot_inputs, survey_inputs
from three_opt_three_protect.plans.plots import report_findings
from three_opt_three_protect.storage.badfiles import require_short, require_sound, why_unreadable
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.crs import bring_to, crs_info
from three_opt_three_protect.storage.dbf import known_encoding
from three_opt_three_protect.storage.messages import LONGEST, Messages
from three_opt_three_protect.storage.shapefilelimits import require_fits

CRS, XIAN80 = crs_info("EPSG:4528"), crs_info("EPSG:2364")
PROFILE = load_profile("suzhou-2014")
X, Y = 40_550_000.0, 3_460_000.0

Corners = Tuple[float, float, float, float]
Told = Union[PlanningError, Finding]


def layer(name: str, corners: Sequence[Optional[Corners]] = ((0, 0, 10, 10),), **columns: Sequence[Any]) -> LayerTable:
    shapes = np.empty(len(corners), dtype=object)
    shapes[:] = [c if c is None else shapely.box(X + c[0], Y + c[1], X + c[2], Y + c[3]) for c in corners]
    made: Dict[str, tables.Column] = {}
    for key, values in columns.items():
        texts = any(isinstance(value, str) for value in values)
        made[key] = tables.text(list(values)) if texts else tables.real([np.nan if v is None else v for v in values])
    # feature ids that no row number could be mistaken for
    return LayerTable(name, np.arange(701, 701 + len(corners)), shapes, made, CRS)


def survey(parcels: LayerTable, **lines: LayerTable) -> Any:
    return survey_inputs(Source(parcels), {role: Source(table) for role, table in lines.items()}, [], PROFILE)


def plan(reclaim: Optional[LayerTable] = None, newbuild: Optional[LayerTable] = None) -> Any:
    """A plan on a village of 40 × 100 m beside a field of the same size."""
    inputs = survey(layer("DLTB", [(0, 0, 40, 100), (40, 0, 80, 100)], DLBM=["0702", "0101"], ZLDWDM=["1", "1"]))
    plots = plot_inputs(reclaim and Source(reclaim), newbuild and Source(newbuild), None)
    base = base_state(inputs.parcels, inputs.lines, inputs.spec)
    return balance(base, plots.reclaim, plots.newbuild, PROFILE, inputs.system, plots.targets)


def raised(call: Callable[[], Any]) -> PlanningError:
    with pytest.raises(PlanningError) as error:
        call()
    return error.value


def finding(found: Sequence[Finding], finding_id: str) -> Finding:
    (one,) = [entry for entry in found if entry.id == finding_id]
    return one


def ring(count: int) -> List[Corners]:
    return [(10.0 * row, 0.0, 10.0 * row + 10, 10.0) for row in range(count)]


def moved(name: str, move: Callable[[Any, Any], Any]) -> LayerTable:
    table = layer(name)
    turned = shapely.transform(table.shapes, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))
    return replace(table, geometry=turned)


def lines(name: str) -> LayerTable:
    table = layer(name)
    return replace(table, geometry=shapely.boundary(table.shapes))


def bow_ties() -> LayerTable:
    table = layer("DLTB图斑", ring(4), DLBM=["0101"] * 4)
    shapes = table.shapes.copy()
    shapes[1:3] = [shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])] * 2
    return replace(table, geometry=shapes)


def overlapping_parcels() -> Finding:
    table = layer("DLTB图斑", [(0, 0, 10, 10), (5, 0, 15, 10), (15, 0, 25, 10)])
    inputs = survey(table)
    assert inputs.parcel_overlap_m2 == pytest.approx(50)
    return finding(inputs.findings, "parcels_overlap")


def report_overlap() -> Finding:
    from three_opt_three_protect.core.plotreport import plot_report

    inputs = survey(layer("DLTB", [(0, 0, 40, 100)], DLBM=["0702"]))
    plots = layer("地块", [(-5, 0, 10, 10), (5, 0, 15, 10)])
    report = plot_report(base_state(inputs.parcels, inputs.lines, inputs.spec), plots.shapes)
    return finding(report_findings(report, plots), "plot_outside_parcels")


@dataclass(frozen=True)
class Case:
    make: Callable[[], Told]
    id: str
    layer: str
    features: str = ""
    field: str = ""


CASES = {
    "unknown CRS": Case(lambda: raised(lambda: crs_info("EPSG:999999", "红线")), "unknown_crs", "红线"),
    "no CRS": Case(lambda: raised(lambda: survey(replace(layer("DLTB图斑"), crs=None))), "no_crs_like", "DLTB图斑"),
    "a line without CRS": Case(
        lambda: raised(lambda: bring_to(replace(layer("红线"), crs=None), CRS)), "no_crs_like", "红线"
    ),
    "two datums": Case(
        lambda: raised(lambda: bring_to(replace(layer("拆旧地块"), crs=XIAN80), CRS)), "other_datum", "拆旧地块"
    ),
    "axes exchanged": Case(
        lambda: raised(lambda: survey(moved("DLTB图斑", lambda x, y: (y, x)))), "crs_axes_swapped", "DLTB图斑"
    ),
    "axes exchanged, no CRS": Case(
        lambda: raised(lambda: survey(replace(moved("DLTB图斑", lambda x, y: (y, x)), crs=None))),
        "crs_axes_swapped",
        "DLTB图斑",
    ),
    "degrees called metres": Case(
        lambda: raised(lambda: survey(moved("DLTB图斑", lambda x, y: (x * 0 + 120.5, y * 0 + 31.3)))),
        "crs_degrees_in_metres",
        "DLTB图斑",
    ),
    "no CRS and no coordinates of China": Case(
        lambda: raised(lambda: survey(replace(moved("DLTB图斑", lambda x, y: (x * 0, y * 0)), crs=None))),
        "no_crs",
        "DLTB图斑",
    ),
    "lines for parcels": Case(lambda: raised(lambda: survey(lines("道路中心线"))), "polygons_needed", "道路中心线"),
    "lines for a line of control": Case(
        lambda: raised(lambda: survey(layer("DLTB"), redline=lines("道路中心线"))), "polygons_needed", "道路中心线"
    ),
    "archive": Case(lambda: raised(lambda: require_sound(Path("成果.zip"))), "zip_given", "成果.zip"),
    "personal geodatabase": Case(lambda: why_unreadable(Path("土规.mdb")), "mdb_no_driver", "土规.mdb"),
    "locked": Case(lambda: why_unreadable(Path("规划.gpkg"), "database is locked"), "file_locked", "规划.gpkg"),
    "long path": Case(
        lambda: raised(lambda: require_short(Path("/" + "规划 成果/" * 60 + "规划.gpkg"))), "path_too_long", "规划.gpkg"
    ),
    "encoding of that name": Case(lambda: raised(lambda: known_encoding("GBKK")), "unknown_encoding", "GBKK"),
    "field name of a shapefile": Case(
        lambda: raised(lambda: require_fits(layer("拆旧地块", 地类名称代码=["0101"]), Path("a.shp"))),
        "shapefile_name_too_long",
        "拆旧地块",
        "",
        "地类名称代码",
    ),
    "empty layer": Case(lambda: raised(lambda: survey(layer("DLTB图斑", []))), "empty_layer", "DLTB图斑"),
    "null geometry": Case(
        lambda: finding(
            survey(layer("DLTB图斑", [(0, 0, 1, 1), None], DLBM=["0101", "0101"])).findings, "geometry_left_out"
        ),
        "geometry_left_out",
        "DLTB图斑",
        "702",
    ),
    "invalid geometry": Case(
        lambda: finding(survey(bow_ties()).findings, "geometry_repaired"), "geometry_repaired", "DLTB图斑", "702, 703"
    ),
    "null plot": Case(
        lambda: finding(
            plan(layer("拆旧地块", [None, (0, 0, 9, 9)], phase=[2016, 2016])).findings, "geometry_left_out"
        ),
        "geometry_left_out",
        "拆旧地块",
        "701",
    ),
    "unknown codes": Case(
        lambda: finding(survey(layer("DLTB图斑", ring(9), DLBM=["0101"] * 8 + ["9999"])).findings, "unknown_codes"),
        "unknown_codes",
        "DLTB图斑",
        "709",
        "DLBM",
    ),
    "no known codes": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=["X1", "X2"]))),
        "class_system_unknown",
        "DLTB图斑",
        "",
        "DLBM",
    ),
    "two code systems": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(4), DLBM=["0101", "0702", "203", "114"]))),
        "two_code_systems",
        "DLTB图斑",
        "703, 704",
        "DLBM",
    ),
    "codes of several systems": Case(
        lambda: raised(lambda: survey(layer("图层1", ring(2), class_code=["0601", "1202"]))),
        "class_system_tie",
        "图层1",
        "",
        "class_code",
    ),
    "missing field": Case(
        lambda: raised(lambda: survey_inputs(Source(layer("DLTB图斑"), {"class_code": "DLDM"}), {}, [], PROFILE)),
        "no_such_field",
        "DLTB图斑",
        "",
        "DLDM",
    ),
    "villages without code": Case(
        lambda: raised(lambda: survey(layer("DLTB"), villages=layer("村级调查区", NAME=["a"]))),
        "field_needed",
        "村级调查区",
        "",
        "unit_code",
    ),
    "unknown redline level": Case(
        lambda: raised(lambda: survey(layer("DLTB"), redline=layer("STBHHX", level=["三级"]))),
        "unknown_word",
        "STBHHX",
        "701",
        "level",
    ),
    "deduction rate": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=["0101"] * 2, KCXS=[0.1, 12.0]))),
        "deduct_rate_out_of_range",
        "DLTB图斑",
        "702",
        "KCXS",
    ),
    "recorded area": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=["0101"] * 2, TBMJ=[0.0, 12.0]))),
        "recorded_area_not_positive",
        "DLTB图斑",
        "701",
        "TBMJ",
    ),
    "recorded area beyond counting": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=["0101"] * 2, TBMJ=[np.inf, 12.0]))),
        "recorded_area_too_large",
        "DLTB图斑",
        "701",
        "TBMJ",
    ),
    "recorded area in mu": Case(
        lambda: finding(
            survey(layer("DLTB图斑", ring(2), DLBM=["0101"] * 2, TBMJ=[0.15, 100.0])).findings, "recorded_area_unlike"
        ),
        "recorded_area_unlike",
        "DLTB图斑",
        "701",
        "TBMJ",
    ),
    "recorded area is text": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=["0101"] * 2, TBMJ=["1,5", "12"]))),
        "no_number",
        "DLTB图斑",
        "701",
        "TBMJ",
    ),
    "phase is text": Case(
        lambda: raised(lambda: plan(layer("拆旧地块", phase=["近期"]))), "no_number", "拆旧地块", "701", "phase"
    ),
    "numbers are dates": Case(
        lambda: raised(
            lambda: survey(
                replace(layer("DLTB图斑"), columns={"TBMJ": tables.date(["2026-01-05"]), "DLBM": tables.text(["0101"])})
            )
        ),
        "date_is_no_number",
        "DLTB图斑",
        "",
        "TBMJ",
    ),
    "codes as numbers": Case(
        lambda: raised(lambda: survey(layer("DLTB图斑", ring(2), DLBM=[101, 702]))),
        "codes_without_zeros",
        "DLTB图斑",
        "",
        "DLBM",
    ),
    "zone number missing from the coordinate system": Case(
        lambda: raised(lambda: survey(replace(layer("DLTB图斑", ring(2)), crs=crs_info("EPSG:4549")))),
        "coordinates_outside_crs_like",
        "DLTB图斑",
        "701, 702",
    ),
    "metres called degrees": Case(
        lambda: raised(lambda: survey(replace(layer("DLTB图斑"), crs=crs_info("EPSG:4490")))),
        "coordinates_outside_crs_like",
        "DLTB图斑",
        "701",
    ),
    "parcels overlap": Case(overlapping_parcels, "parcels_overlap", "DLTB图斑", "701, 702"),
    "plots outside the township": Case(
        lambda: finding(plan(layer("拆旧地块", [(0, 0, 9, 9), (500, 0, 510, 9)])).findings, "plot_outside_parcels"),
        "plot_outside_parcels",
        "拆旧地块",
        "702",
    ),
    "reported plot outside": Case(report_overlap, "plot_outside_parcels", "地块", "701"),
    "plots over each other": Case(
        lambda: finding(
            plan(layer("拆旧地块", [(0, 0, 9, 9), (5, 0, 15, 9), (20, 0, 30, 9)])).findings, "plots_overlap"
        ),
        "plots_overlap",
        "拆旧地块",
        "701, 702",
    ),
    "reclaim plot without construction land": Case(
        lambda: finding(
            plan(layer("拆旧地块", [(0, 0, 9, 9), (50, 0, 60, 9)])).findings, "reclaim_without_construction"
        ),
        "reclaim_without_construction",
        "拆旧地块",
        "702",
    ),
    "built on accepted reclaim": Case(
        lambda: finding(
            plan(
                layer("拆旧地块", [(0, 0, 30, 30)], acc_date=["2016-01-01"]),
                layer("建新地块", [(0, 0, 9, 9)], use=["town"], use_date=["2017-01-01"]),
            ).findings,
            "built_on_accepted_reclaim",
        ),
        "built_on_accepted_reclaim",
        "建新地块",
        "701",
    ),
    "no class after building": Case(
        lambda: finding(
            plan(None, layer("建新地块", [(50, 0, 60, 9)], use=["infrastructure"])).findings, "class_after_missing"
        ),
        "class_after_missing",
        "建新地块",
        "701",
        "cls_after",
    ),
    "unknown class after building": Case(
        lambda: finding(
            plan(None, layer("建新地块", [(50, 0, 60, 9)], cls_after=["0777X"])).findings, "class_after_unknown"
        ),
        "class_after_unknown",
        "建新地块",
        "701",
        "cls_after",
    ),
    "plot without date": Case(
        lambda: finding(plan(layer("拆旧地块", [(0, 0, 9, 9)])).findings, "plot_without_date"),
        "plot_without_date",
        "拆旧地块",
        "701",
        "phase",
    ),
    "plot ids twice": Case(
        lambda: raised(lambda: plan(layer("拆旧地块", ring(2), plot_id=["A", "A"]))),
        "duplicate_plot_id",
        "拆旧地块",
        "702",
        "plot_id",
    ),
    "unknown direction": Case(
        lambda: raised(lambda: plan(layer("拆旧地块", FKFX=["稻田"]))), "unknown_word", "拆旧地块", "701", "FKFX"
    ),
    "share": Case(
        lambda: raised(lambda: plan(layer("拆旧地块", rate=[85.0]))), "share_out_of_range", "拆旧地块", "701", "rate"
    ),
    "no date": Case(
        lambda: raised(lambda: plan(layer("拆旧地块", YSRQ=["明年"]))), "no_date", "拆旧地块", "701", "YSRQ"
    ),
    "no year": Case(lambda: raised(lambda: plan(layer("拆旧地块", JD=[1]))), "no_year", "拆旧地块", "701", "JD"),
}


def identified(told: Told) -> str:
    return told.message_id if isinstance(told, PlanningError) else told.id


def line(told: Told, language: str, **values: Any) -> str:
    messages = Messages(language)
    return messages.text(identified(told), **{**told.values, **values})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", CASES)
def test_one_line_that_says_what_where_and_what_to_do(name: str, language: str) -> None:
    case = CASES[name]
    told = case.make()
    assert identified(told) == case.id
    said = line(told, language)
    assert "\n" not in said
    assert len(said) <= LONGEST == 200
    assert "?" not in said
    assert said.startswith(case.layer)
    assert case.features in said
    assert case.field in said
    # after what is wrong comes what to do
    assert ("请" in said) if language == "zh" else (said.count(". ") + said.count("; ") >= 1 and said.endswith("."))


NAMED_FIRST = ("layer", "path", "encoding")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", CASES)
def test_long_names_and_lists_still_fit(name: str, language: str) -> None:
    told = CASES[name].make()
    long = {
        key: "很长的图层名称" * 12 if key in NAMED_FIRST else ", ".join(str(100_000 + n) for n in range(40))
        for key, value in told.values.items()
        if isinstance(value, str)
    }
    said = line(told, language, **long)
    assert len(said) <= 200
    # the values are cut, the sentence is not
    template = line(told, language)
    assert said[-6:] == template[-6:] or "…" in said[-12:]
    assert said.startswith("很长的图层名称")

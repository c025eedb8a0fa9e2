"""Control areas and deductions of whole parcels and of their pieces, by hand."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Tuple

import pytest
import shapely

from three_opt_three_protect.core.base import BaseState, Lines, base_state
from three_opt_three_protect.core.controls import Closing
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.parcelareas import AreaControls, AreaReport, parcel_areas
from three_opt_three_protect.core.tables import LayerTable, text

TOWNSHIP = "320509100"
FIRST, SECOND, THIRD = f"{TOWNSHIP}001", f"{TOWNSHIP}002", f"{TOWNSHIP}003"

PARCELS: List[Dict[str, Any]] = [
    {"shape": (0, 0, 20, 10), "unit_code": FIRST},
    {"shape": (20, 0, 30, 10), "unit_code": FIRST},
    {"shape": (30, 0, 40, 10), "unit_code": SECOND},
    {"shape": None, "unit_code": THIRD},
]
"""200, 100 and 100 m²; one without land."""


def villages(kit: Any, rows: Sequence[Mapping[str, Any]]) -> LayerTable:
    return kit.layer("CJDCQ", [{"shape": None, **row} for row in rows])


def areas(kit: Any, rows: Sequence[Mapping[str, Any]] = PARCELS, **controls: Any) -> Tuple[List[int], AreaReport]:
    parcels = kit.parcels(rows)
    if "villages" in controls:
        table = villages(kit, controls["villages"])
        controls["villages"] = (table, kit.same(table))
    whole, report = parcel_areas(parcels, kit.spec, AreaControls(kit.same(parcels.table), **controls))
    return whole.area[parcels.repaired.kept].tolist(), report


def by_unit(closing: Closing) -> Dict[str, int]:
    return dict(zip(closing.code.tolist(), closing.control.tolist()))


def test_nothing_given(kit: Any) -> None:
    found, report = areas(kit)
    assert found == [200_00, 100_00, 100_00]
    assert (report.control_m2, report.closings, report.findings) == (None, {}, ())


def test_villages_alone(kit: Any) -> None:
    rows = [{"unit_code": FIRST, "control_area": 300.05}, {"unit_code": f"{SECOND}0000000", "control_area": 99.98}]
    found, report = areas(kit, villages=rows)
    # +0.05 to the first: q = 2, r = 1 → 0.03 to the larger, 0.02; −0.02 to the second's only parcel
    assert found == [200_03, 100_02, 99_98]
    assert by_unit(report.closings["village"]) == {FIRST: 300_05, SECOND: 99_98}
    assert report.control_m2 == 0.05
    assert report.findings == ()


def test_a_township_and_parcels_of_no_village(kit: Any) -> None:
    rows = [{"unit_code": FIRST, "control_area": 300.04}, {"unit_code": THIRD, "control_area": 50.0}]
    found, report = areas(kit, villages=rows, township_m2=400.10)
    # the first village keeps its control; what is left, 100.06, is borne by the parcel that lies in none;
    # the third has no land here and takes nothing
    assert found == [200_02, 100_02, 100_06]
    assert sum(found) == 400_10
    assert by_unit(report.closings["township"]) == {TOWNSHIP: 400_10}
    assert by_unit(report.closings["village"]) == {FIRST: 300_04, THIRD: 50_00, "–": 100_06}
    assert report.control_m2 == 0.06
    outside, empty = report.findings
    assert (outside.id, outside.values["features"], outside.values["area"]) == ("parcels_without_control", "3", 100.0)
    assert (empty.id, empty.values["units"]) == ("control_area_empty", THIRD)


def test_parcels_of_no_village_keep_their_areas_without_a_township(kit: Any) -> None:
    found, report = areas(kit, villages=[{"unit_code": FIRST, "control_area": 300.02}])
    assert found == [200_01, 100_01, 100_00]
    assert [finding.id for finding in report.findings] == ["parcels_without_control"]


def test_a_township_alone(kit: Any) -> None:
    found, report = areas(kit, township_m2=399.96)
    # −0.04: q = 1, r = 1, the largest first
    assert found == [199_98, 99_99, 99_99]
    assert list(report.closings) == ["township"]
    assert report.control_m2 == 0.04


def test_parts_of_a_village_are_added_and_islands_stand_apart(kit: Any) -> None:
    rows = [{**row, "island": part} for row, part in zip(PARCELS, ("00", "01", "00", "00"))]
    land = [
        {"unit_code": FIRST, "control_area": 150.0, "island": "00"},
        {"unit_code": FIRST, "control_area": 50.01, "island": "00"},
        {"unit_code": FIRST, "control_area": 99.99, "island": "01"},
        {"unit_code": SECOND, "control_area": None, "island": "00"},
    ]
    found, report = areas(kit, rows, villages=land)
    assert found == [200_01, 99_99, 100_00]
    assert by_unit(report.closings["village"]) == {f"{FIRST}/00": 200_01, f"{FIRST}/01": 99_99, f"{SECOND}/00": 100_00}
    # where parcels say nothing of islands, a village is one unit
    found, report = areas(kit, villages=land)
    assert by_unit(report.closings["village"]) == {FIRST: 300_00, SECOND: 100_00}


@pytest.mark.parametrize(
    ("row", "message", "named"),
    [
        ({"unit_code": FIRST}, "field_needed", "control_area"),
        ({"control_area": 1.0}, "field_needed", "unit_code"),
        ({"unit_code": FIRST, "control_area": 0.0}, "recorded_area_not_positive", "control_area"),
        ({"unit_code": FIRST, "control_area": 1e13}, "recorded_area_too_large", "control_area"),
    ],
)
def test_villages_refused(kit: Any, row: Mapping[str, Any], message: str, named: str) -> None:
    with pytest.raises(InputError) as error:
        areas(kit, villages=[row])
    assert (error.value.message_id, error.value.values["layer"]) == (message, "CJDCQ")
    assert error.value.values["field"] == named


@pytest.mark.parametrize(
    ("controls", "unit", "area", "below", "total"),
    [
        ({"township_m2": 0.04}, TOWNSHIP, 0.04, "DLTB", 400.0),  # hectares
        ({"villages": [{"unit_code": SECOND, "control_area": 200.01}]}, SECOND, 200.01, "DLTB", 100.0),
    ],
)
def test_a_control_area_of_another_unit_is_refused(
    kit: Any, controls: Dict[str, Any], unit: str, area: float, below: str, total: float
) -> None:
    with pytest.raises(InputError) as error:
        areas(kit, **controls)
    assert error.value.message_id == "control_area_unlike"
    found = {name: error.value.values[name] for name in ("unit", "area", "below", "sum", "count")}
    assert found == {"unit": unit, "area": area, "below": below, "sum": total, "count": 1}


def survey(kit: Any, ridges_of_gross: bool = False, far: float = 0.0) -> BaseState:
    """One hectare cut in halves, with a lane of 350 m² through both, graves of 12 m² in the west, ridges of a tenth."""
    row = {"shape": (0, 0, 100, 100), "unit_code": FIRST, "TBBH": "7", "area": 10_000.07, "deduct_rate": 0.1}
    parcels = kit.parcels([row])
    lane = shapely.LineString([(kit.X, kit.Y + 20 + far), (kit.X + 100, kit.Y + 20 + far)])
    lines = kit.layer("XZDW", [{"shape": lane, "area": 350.0}])
    lines.columns["KCTBBH1"] = text(["7"])  # type: ignore[index]
    points = kit.layer("LXDW", [{"shape": shapely.Point(kit.X + 25, kit.Y + 60), "area": 12.0}])
    table = villages(kit, [{"unit_code": FIRST, "control_area": 10_000.10}])
    controls = AreaControls(
        {**kit.same(parcels.table), "parcel_no": "TBBH"},
        (table, kit.same(table)),
        None,
        (lines, {"area": "area", "parcel_no_left": "KCTBBH1"}),
        (points, kit.same(points)),
        ridges_of_gross,
    )
    return base_state(parcels, Lines(farmland=kit.areas((0, -5, 50, 105))), kit.spec, controls=controls)


@pytest.mark.parametrize(("ridges_of_gross", "ridge"), [(False, 963_81), (True, 1000_01)])
def test_pieces_bear_what_their_parcel_bears(kit: Any, ridges_of_gross: bool, ridge: int) -> None:
    # 10 000.07 → 10 000.10; (10 000.10 − 350 − 12) × 0.1 = 963.81, of the gross 1000.01
    base = survey(kit, ridges_of_gross)
    assert base.report.findings == ()
    held = base.measured.deductions
    assert held is not None
    west = base.in_farm
    assert base.area.tolist() == [5000_05, 5000_05]
    assert (held.areas.line[west].tolist(), held.areas.line[~west].tolist()) == ([175_00], [175_00])
    assert (held.areas.point[west].tolist(), held.areas.point[~west].tolist()) == ([12_00], [0])
    assert held.areas.ridge.sum() == ridge
    assert base.net.sum() == 10_000_10 - 350_00 - 12_00 - ridge
    assert (held.areas.line + held.areas.point + held.areas.ridge + base.net).tolist() == base.area.tolist()


def test_a_line_beside_its_parcel_is_said(kit: Any) -> None:
    base = survey(kit, far=200.0)
    (finding,) = base.report.findings
    assert finding.id == "feature_off_parcel"
    assert finding.values == {"layer": "XZDW", "features": "1", "count": 1, "area": 350.0}

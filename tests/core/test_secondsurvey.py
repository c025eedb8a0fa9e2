"""Layers of line and point features brought to their parcels: a small survey worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import pytest
import shapely

from three_opt_three_protect.core import secondsurvey
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.pieces import Whole, whole_parcels
from three_opt_three_protect.core.secondsurvey import second_survey

VILLAGE, OTHER = "3205051002030000000", "3205051002040000000"

PARCELS: List[Dict[str, Any]] = [
    {"shape": (0, 0, 100, 100), "parcel_no": "1", "owner_code": VILLAGE, "deduct_rate": 0.1},
    {"shape": (100, 0, 200, 100), "parcel_no": "2", "owner_code": VILLAGE, "deduct_rate": 0.0},
    {"shape": (200, 0, 300, 100), "parcel_no": "1", "owner_code": OTHER, "deduct_rate": 0.0},
]


def line(kit: Any, *points: Tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(kit.X + x, kit.Y + y) for x, y in points])


def point(kit: Any, x: float, y: float) -> shapely.Point:
    return shapely.Point(kit.X + x, kit.Y + y)


def survey(
    kit: Any, lines: Sequence[Mapping[str, Any]] = (), points: Sequence[Mapping[str, Any]] = (), rows: Any = PARCELS
) -> Tuple[Whole, List[Finding]]:
    parcels = kit.parcels(rows)
    whole, _ = whole_parcels(parcels, kit.spec)
    layers = [(table, kit.same(table)) for table in (kit.layer("XZDW", lines), kit.layer("LXDW", points))]
    return second_survey(whole, parcels, kit.same(parcels.table), kit.spec, *layers)


def test_by_hand(kit: Any) -> None:
    ditch = {
        "shape": line(kit, (100, 0), (100, 100)), "area": 250.01, "deduct_share": 0.5,
        "parcel_no_left": "1", "unit_code_left": VILLAGE, "parcel_no_right": "2", "unit_code_right": VILLAGE,
    }  # fmt: skip
    # no area recorded: 100.0 m drawn × 3.5 m
    road = {"shape": line(kit, (0, 20), (100, 20)), "width": 3.5, "parcel_no_left": "1", "unit_code_left": VILLAGE}
    # recorded length 20.04 → 20.0 m × 2 m, to a parcel whose number also occurs in another village
    lane = {
        "shape": line(kit, (200, 0), (220, 0)), "length": 20.04, "width": 2.0,
        "parcel_no_left": "1", "unit_code_left": OTHER,
    }  # fmt: skip
    graves = {"shape": point(kit, 150, 50), "area": 12.0, "parcel_no": "2", "unit_code": VILLAGE}
    # names no parcel: it lies in the third
    trees = {"shape": point(kit, 250, 50), "area": 8.0}
    whole, findings = survey(kit, [ditch, road, lane], [graves, trees])
    assert findings == []
    assert whole.second is not None
    deducted = whole.second.deducted
    # 125.005 → 125.01 left and 125.00 right
    assert deducted.line.tolist() == [125_01 + 350_00, 125_00, 40_00]
    assert deducted.point.tolist() == [0, 12_00, 8_00]
    # (10 000 − 475.01) × 0.1 = 952.499 → 952.50
    assert deducted.ridge.tolist() == [952_50, 0, 0]
    assert whole.net.tolist() == [8572_49, 9863_00, 9952_00]


def test_a_number_without_village_counts_where_it_is_the_only_one(kit: Any) -> None:
    rows = [{"shape": line(kit, (0, 0), (9, 0)), "area": 9.0, "parcel_no_left": number} for number in ("2", "1", None)]
    whole, (finding,) = survey(kit, rows)
    assert whole.second is not None
    assert whole.second.deducted.line.tolist() == [0, 9_00, 0]
    assert finding.id == "feature_without_parcel"
    assert finding.values == {"layer": "XZDW", "features": "2, 3", "count": 2, "area": 18.0}


def test_what_a_parcel_records_is_kept(kit: Any) -> None:
    rows = [{**row, "line_area": stated} for row, stated in zip(PARCELS, (30.0, None, 7.0))]
    lines = [
        {"shape": line(kit, (0, 9), (9, 9)), "area": area, "parcel_no_left": number, "unit_code_left": VILLAGE}
        for area, number in ((10.0, "1"), (5.0, "1"), (4.0, "2"))
    ]
    whole, (finding,) = survey(kit, lines, rows=rows)
    assert whole.second is not None
    assert whole.second.deducted.line.tolist() == [30_00, 4_00, 7_00]
    assert whole.second.lines.area.tolist() == [20_00, 10_00, 4_00, 7_00]
    assert finding.id == "parcel_features_differ"
    assert (finding.values["features"], finding.values["area"]) == ("1, 3", 15.0)


def test_a_line_without_area(kit: Any) -> None:
    rows = [{"shape": line(kit, (0, 0), (9, 0)), "width": width} for width in (2.0, None)]
    with pytest.raises(InputError) as error:
        survey(kit, rows)
    assert error.value.message_id == "line_without_area"
    assert error.value.values == {"layer": "XZDW", "features": "2"}


def test_no_lengths_in_degrees(kit: Any) -> None:
    parcels = kit.parcels(PARCELS)
    whole, _ = whole_parcels(parcels, kit.spec)
    lines = kit.layer("XZDW", [{"shape": line(kit, (0, 0), (9, 0)), "width": 2.0}])
    degrees = replace(kit.spec, crs=replace(kit.crs, is_geographic=True))
    with pytest.raises(InputError, match="line_without_area"):
        second_survey(whole, parcels, {}, degrees, (lines, kit.same(lines)))


def test_recorded_alone(kit: Any) -> None:
    """Parcels that record XZDWMJ, and no layer of lines: the figure stands, to be shared by area."""
    parcels = kit.parcels([{**PARCELS[0], "line_area": 100.0, "point_area": 1.0}])
    whole, _ = whole_parcels(parcels, kit.spec)
    found, findings = second_survey(whole, parcels, kit.same(parcels.table), kit.spec)
    assert findings == []
    assert found.net.tolist() == [8909_10]


def test_many_points_in_batches(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the batch, each point goes to the parcel it lies in; on a common edge to the first."""
    monkeypatch.setattr(secondsurvey, "_BATCH", 2)
    places = [(250, 1), (50, 1), (999, 1), (150, 1), (100, 1)]
    whole, (finding,) = survey(kit, points=[{"shape": point(kit, *place), "area": 1.0} for place in places])
    assert whole.second is not None
    assert whole.second.points.parcel.tolist() == [2, 0, -1, 1, 0]
    assert finding.values["features"] == "3"


def test_a_user_may_stop(kit: Any) -> None:
    class Stopping:
        def step(self, name: str, share: float) -> None:
            pass

        def check(self, fraction: float) -> None:
            raise Cancelled

    parcels = kit.parcels(PARCELS)
    whole, _ = whole_parcels(parcels, kit.spec)
    points = kit.layer("LXDW", [{"shape": point(kit, 1, 1), "area": 1.0}])
    with pytest.raises(Cancelled):
        second_survey(whole, parcels, {}, kit.spec, None, (points, kit.same(points)), progress=Stopping())

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from qgis.core import NULL, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tests.algorithms.conftest import X, Y, box
from three_opt_three_protect.bridge.compat import kind_of

BOW_TIE = f"POLYGON(({X} {Y},{X + 100} {Y + 100},{X + 100} {Y},{X} {Y + 100},{X} {Y}))"


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """Paddy beside a homestead, and one plot over 60 m of the one and 40 m of the other."""
    return {
        "PLOTS": make_layer([(box(40, 0, 140, 100), "甲-1")], "plot_id:string", name="地块"),
        "PARCELS": make_layer(
            [(box(0, 0, 100, 100), "0101", 0.1), (box(100, 0, 200, 100), "0702", 0.0)], "DLBM:string KCXS:double"
        ),
        "FARMLAND": make_layer([(box(0, 0, 50, 100),)], name="基本农田"),
        "BOUNDARY": make_layer([(box(90, 0, 200, 100),)], name="开发边界"),
        "REDLINE": make_layer([(box(130, 0, 200, 100), 2)], "level:int", name="红线"),
        "DEDUCT_FIELD": "KCXS",
        "AREA_METHOD": 2,
        "CLASSES": "memory:",
        "LINES": "memory:",
        "FINDINGS": "memory:",
    }


class Listening(QgsProcessingFeedback):
    """Keeps what stands out."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: List[str] = []

    def pushWarning(self, warning: Optional[str]) -> None:  # noqa: N802
        self.said.append(str(warning))


def rows(layer: QgsVectorLayer) -> List[List[Any]]:
    return [[None if value == NULL else value for value in row.attributes()] for row in layer.getFeatures()]


def schema(layer: QgsVectorLayer) -> List[str]:
    return [f"{field.name()} {kind_of(field).value}" for field in layer.fields()]


def test_land_classes_of_a_plot(run: Any, given: Any) -> None:
    result = run("plotreport", **given)
    assert schema(result["CLASSES"]) == [
        "plot_id text", "class_code text", "class_name text", "land_group text", "area_m2 real", "net_m2 real",
        "cult_m2 real", "paddy_m2 real", "farm_m2 real", "area_mu real",
    ]  # fmt: skip
    # Paddy 60 × 100, a tenth of it ridges, 10 × 100 of it in permanent basic farmland; homestead 40 × 100.
    assert rows(result["CLASSES"]) == [
        ["甲-1", "0101", "水田", "agricultural", 6000.0, 5400.0, 5400.0, 5400.0, 1000.0, 9.0],
        ["甲-1", "0702", "农村宅基地", "construction", 4000.0, 4000.0, 0.0, 0.0, 0.0, 6.0],
    ]
    assert (result["TOTAL_M2"], result["UNCOVERED_M2"], result["OVERLAP_M2"]) == (10000.0, 0.0, 0.0)


def test_lines_of_a_plot(run: Any, given: Any, make_layer: Any) -> None:
    given["OTHER_ZONES"] = [make_layer([(box(0, 0, 45, 100),), (box(135, 0, 200, 100),)], name="其他")]
    result = run("plotreport", **given)
    assert schema(result["LINES"]) == ["plot_id text", "line text", "area_m2 real", "share real", "area_mu real"]
    assert rows(result["LINES"]) == [
        ["甲-1", "farmland", 1000.0, 0.1, 1.5],
        ["甲-1", "boundary", 5000.0, 0.5, 7.5],
        ["甲-1", "outside_boundary", 5000.0, 0.5, 7.5],
        ["甲-1", "redline1", 0.0, 0.0, 0.0],
        ["甲-1", "redline2", 1000.0, 0.1, 1.5],
        ["甲-1", "other1", 1000.0, 0.1, 1.5],
    ]


def test_without_lines_farmland_is_not_known_and_no_line_is_listed(run: Any, given: Any) -> None:
    for name in ("FARMLAND", "BOUNDARY", "REDLINE"):
        given[name] = None
    result = run("plotreport", **given)
    assert [row[8] for row in rows(result["CLASSES"])] == [None, None]
    assert rows(result["LINES"]) == []


def test_polygons_without_ids_are_known_by_their_feature_id(run: Any, given: Any, make_layer: Any) -> None:
    given["PLOTS"] = make_layer([(box(0, 0, 10, 10),), (box(20, 0, 30, 10),)], name="CAD")
    assert [row[0] for row in rows(run("plotreport", **given)["CLASSES"])] == ["1", "2"]


def test_plots_that_overlap_are_each_reported_in_full(run: Any, given: Any, make_layer: Any) -> None:
    given["PLOTS"] = make_layer([(box(0, 0, 60, 100), "A"), (box(40, 0, 100, 100), "B")], "plot_id:string", name="地块")
    feedback = Listening()
    result = run("plotreport", feedback=feedback, **given)
    assert [[row[0], row[4]] for row in rows(result["CLASSES"])] == [["A", 6000.0], ["B", 6000.0]]
    assert (result["TOTAL_M2"], result["OVERLAP_M2"]) == (12000.0, 2000.0)
    assert any("地块" in line and "2000" in line for line in feedback.said)
    assert "report_plots_overlap" in [row[0] for row in rows(result["FINDINGS"])]


def test_what_lies_on_no_parcel_is_said_and_not_counted(run: Any, given: Any, make_layer: Any) -> None:
    given["PLOTS"] = make_layer(
        [(box(180, 0, 230, 100), "A"), (box(500, 0, 510, 10), "B")], "plot_id:string", name="地块"
    )
    result = run("plotreport", **given)
    assert (result["TOTAL_M2"], result["UNCOVERED_M2"]) == (2000.0, 3100.0)
    assert schema(result["FINDINGS"]) == ["finding text", "severity text", "layer text", "message text"]
    (found,) = [row for row in rows(result["FINDINGS"]) if row[0] == "plot_outside_parcels"]
    assert found[1:3] == ["warning", "地块"]
    assert "3100" in found[3]
    assert "1, 2" in found[3]


def test_figures_of_rounding_are_zero(run: Any, given: Any, make_layer: Any) -> None:
    # Thirds leave rounding behind; neither a sign nor a 3.6e-09 reaches the planner.
    third = 100 / 3
    plots = [(box(third * number, third, third * number + third, 2 * third), str(number)) for number in range(3)]
    given["PLOTS"] = make_layer(plots, "plot_id:string", name="地块")
    result = run("plotreport", **given)
    assert (result["UNCOVERED_M2"], result["OVERLAP_M2"]) == (0.0, 0.0)
    assert not str(result["OVERLAP_M2"]).startswith("-")


def test_a_bad_plot_is_repaired_or_left_out_and_listed(run: Any, given: Any, make_layer: Any) -> None:
    given["PLOTS"] = make_layer([(BOW_TIE, "A"), (None, "B")], "plot_id:string", name="地块")
    result = run("plotreport", **given, ISSUES="memory:")
    assert (result["REPAIRED"], result["DROPPED"], result["TOTAL_M2"]) == (1, 1, 5000.0)
    assert [row[:3] for row in rows(result["ISSUES"])] == [["地块", 1, "invalid"], ["地块", 2, "null"]]


def refused(run: Any, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("plotreport", **parameters)
    line = str(caught.value).splitlines()[-1]
    assert len(line) <= 200
    return line


@pytest.mark.parametrize("name", ["PLOTS", "PARCELS"])
def test_required_layers_must_not_be_empty(run: Any, given: Any, make_layer: Any, name: str) -> None:
    assert "空图层" in refused(run, **{**given, name: make_layer([], name="空图层"), "DEDUCT_FIELD": None})


def test_plots_without_crs_are_refused(run: Any, given: Any) -> None:
    given["PLOTS"].setCrs(type(given["PLOTS"].crs())())
    assert "地块" in refused(run, **given)


def test_plots_on_wgs84_are_brought_to_the_parcels(run: Any, make_layer: Any) -> None:
    whole = "POLYGON((120.6 31.2,120.7 31.2,120.7 31.3,120.6 31.3,120.6 31.2))"
    half = "POLYGON((120.6 31.2,120.65 31.2,120.65 31.3,120.6 31.3,120.6 31.2))"
    plots = make_layer([(half,)], crs="EPSG:4326", name="地块")
    result = run("plotreport", PLOTS=plots, PARCELS=make_layer([(whole,)], crs="EPSG:4490"), CLASSES="memory:")
    # Half of the graticule of 04-area 4.3: 105 611 909.29 m².
    assert result["TOTAL_M2"] == pytest.approx(105611909.29 / 2, abs=0.011)


def test_a_layer_as_plots_of_itself_gives_its_own_areas(run: Any, given: Any) -> None:
    result = run("plotreport", **{**given, "PLOTS": given["PARCELS"]})
    assert [[row[0], row[1], row[4]] for row in rows(result["CLASSES"])] == [["1", "0101", 1e4], ["2", "0702", 1e4]]


def test_file_outputs_stand_alone(run: Any, given: Any, tmp_path: Path) -> None:
    given.update(CLASSES=str(tmp_path / "t19.csv"), LINES=str(tmp_path / "t20.csv"), FINDINGS=None)
    run("plotreport", **given)
    assert (tmp_path / "t19.csv").read_text(encoding="utf-8").splitlines()[0].startswith("plot_id,class_code,")
    assert (tmp_path / "t20.csv").read_text(encoding="utf-8").splitlines()[0] == "plot_id,line,area_m2,share,area_mu"

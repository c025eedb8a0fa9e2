from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import openpyxl
import pytest
from qgis.core import NULL, QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening, box
from three_opt_three_protect.algorithms.topsoilbalance import TopsoilBalance


@pytest.fixture(autouse=True)
def registered(provider: Any) -> None:
    """Until the provider lists it."""
    if provider.algorithm("topsoilbalance") is None:
        provider.addAlgorithm(TopsoilBalance())


PLOT = "plot_id:string phase:int rate:double depth_m:double use:string"


@pytest.fixture
def small(make_layer: Any) -> Dict[str, Any]:
    """Two fields that are built on and two villages that are reclaimed; 100 m apart, a hectare each."""
    return {
        "PARCELS": make_layer(
            [
                (box(0, 0, 100, 100), "0101", 5), (box(200, 0, 300, 100), "0101", 12),
                (box(0, 500, 100, 600), "0702", None), (box(200, 500, 300, 600), "0702", None),
            ],
            "DLBM:string GDDB:int",
        ),
        "NEWBUILD": make_layer(
            [
                (box(0, 0, 100, 100), "N1", 2016, None, None, "industry"),
                (box(200, 0, 300, 100), "N2", 2016, None, 0.25, "town"),
            ],
            PLOT,
            name="建新",
        ),
        "RECLAIM": make_layer(
            [
                (box(0, 500, 100, 600), "R1", 2017, 1.0, None, None),
                (box(200, 500, 300, 600), "R2", 2018, 0.5, None, None),
            ],
            PLOT,
            name="拆旧",
        ),
        "AREA_METHOD": 2, "OUTPUT": "memory:", "PLOTS": "memory:", "SUMMARY": "memory:",
    }  # fmt: skip


def rows(layer: QgsVectorLayer, *fields: str) -> List[List[Any]]:
    return [[None if row[name] == NULL else row[name] for name in fields] for row in layer.getFeatures()]


def test_the_small_plan_by_hand(run: Any, small: Any) -> None:
    found = run("topsoilbalance", **small)
    # Stripped: 10 000 × 0.20 + 10 000 × 0.25.  Needed: 10 000 × 0.20 + 5 000 × 0.20.
    assert (found["STRIPPED_M3"], found["NEEDED_M3"]) == (4500.0, 3000.0)
    assert (found["USED_M3"], found["LEFT_M3"], found["SHORT_M3"]) == (3000.0, 1500.0, 0.0)
    # N1 (grade 5) is used up first: 2 000 m³ go 500 m straight, × 1.3 = 650 m; so do 1 000 m³ of N2.
    flows = rows(found["OUTPUT"], "from_id", "to_id", "volume_m3", "loose_m3", "distance_m", "haul_m3km", "days")
    assert flows == [
        ["N1", "R1", 2000.0, 2400.0, 650.0, 1300.0, 365.0],
        ["N2", "R2", 1000.0, 1200.0, 650.0, 650.0, 730.0],
    ]
    assert found["HAUL_M3KM"] == 1950.0
    assert found["PEAK_M3"] == 3000.0
    places = rows(found["PLOTS"], "plot_id", "kind", "area_m2", "depth_m", "used_m3", "left_m3", "short_m3", "why")
    assert places == [
        ["N1", "newbuild", 10000.0, 0.2, 2000.0, 0.0, None, None],
        ["N2", "newbuild", 10000.0, 0.25, 1000.0, 1500.0, None, "no_need"],
        ["R1", "reclaim", 10000.0, 0.2, 2000.0, None, 0.0, None],
        ["R2", "reclaim", 5000.0, 0.2, 1000.0, None, 0.0, None],
    ]
    total = rows(found["SUMMARY"], "part", "strip_m3", "need_m3", "used_m3", "left_m3", "short_m3")[-1]
    assert total == ["total", 4500.0, 3000.0, 3000.0, 1500.0, 0.0]


def test_depth_projects_and_stores(run: Any, small: Any, make_layer: Any) -> None:
    projects = make_layer(
        [(box(0, 900, 100, 1000), "P1", 700.0, None), (box(200, 900, 300, 1000), "P2", None, 0.15)],
        "plot_id:string need_m3:double depth_m:double",
        name="项目",
    )
    store = make_layer([("Point(40557150 3453000)", 300.0), ("Point(40557150 3453000)", None)], "capacity_m3:double",
                       kind="Point", name="堆场")  # fmt: skip
    told = Listening()
    found = run("topsoilbalance", **small, DEPTH=0.3, NEED_DEPTH=0.15, RECEIVERS=projects, STORAGE=store, feedback=told)
    # 10 000 × 0.3 + 10 000 × 0.25; 1 500 + 750 on the plots, 700 stated, 10 000 × 0.15 of the second project.
    assert (found["STRIPPED_M3"], found["NEEDED_M3"]) == (5500.0, 4450.0)
    assert (found["USED_M3"], found["LEFT_M3"], found["STORED_M3"]) == (4450.0, 1050.0, 300.0)
    assert [row for row in rows(found["OUTPUT"], "to_kind", "volume_m3") if row[0] == "storage"] == [["storage", 300.0]]
    assert any("capacity" in line or "容量" in line for line in told.warned)


def test_as_of_and_longest_way(run: Any, small: Any) -> None:
    assert run("topsoilbalance", **small, AS_OF="2017-12-31")["NEEDED_M3"] == 2000.0
    far = run("topsoilbalance", **small, MAX_DISTANCE=649.9)
    assert (far["USED_M3"], far["SHORT_M3"]) == (0.0, 3000.0)
    assert {row[0] for row in rows(far["PLOTS"], "why")} == {"too_far"}


def test_soil_is_not_used_before_it_is_stripped(run: Any, small: Any, make_layer: Any) -> None:
    early = make_layer([(box(0, 500, 100, 600), "R1", 2014, 1.0, None, None)], PLOT, name="拆旧")
    assert run("topsoilbalance", **{**small, "RECLAIM": early})["USED_M3"] == 0.0
    free = run("topsoilbalance", **{**small, "RECLAIM": early, "IN_ORDER": False})
    assert free["USED_M3"] == 2000.0
    assert rows(free["OUTPUT"], "days") == [[-731.0]]


def test_no_donors_and_no_receivers_are_no_error(run: Any, small: Any) -> None:
    # Each layer taken for the other: villages are built on, fields are reclaimed.
    found = run("topsoilbalance", **{**small, "NEWBUILD": small["RECLAIM"], "RECLAIM": small["NEWBUILD"]})
    assert [found[name] for name in ("STRIPPED_M3", "NEEDED_M3", "USED_M3")] == [0.0, 0.0, 0.0]
    assert rows(found["OUTPUT"], "from_id") == []


def test_plots_on_no_parcel_are_said(run: Any, small: Any, make_layer: Any) -> None:
    lost = make_layer([(box(5000, 0, 5100, 100), "N9", 2016, None, None, "town")], PLOT, name="建新")
    told = Listening()
    assert run("topsoilbalance", **{**small, "NEWBUILD": lost}, feedback=told)["STRIPPED_M3"] == 0.0
    assert any("建新" in line for line in told.warned)


@pytest.mark.parametrize("depth", [0.0, -0.2, 0.5])
def test_a_depth_out_of_range_is_refused(run: Any, small: Any, depth: float) -> None:
    with pytest.raises(QgsProcessingException, match=r"0\.15"):
        run("topsoilbalance", **small, DEPTH=depth)


@pytest.mark.parametrize(("kind", "value"), [("double", 2.0), ("double", -0.2), ("string", "厚")])
def test_a_wrong_depth_of_a_plot_names_it(run: Any, small: Any, make_layer: Any, kind: str, value: Any) -> None:
    plots = make_layer([(box(0, 0, 100, 100), "N1", value)], f"plot_id:string depth_m:{kind}", name="建新")
    with pytest.raises(QgsProcessingException, match=r"建新.*depth_m|depth_m.*建新"):
        run("topsoilbalance", **{**small, "NEWBUILD": plots})


def test_files_and_the_sample(run: Any, tmp_path: Path) -> None:
    sample = str(tmp_path / "sample.gpkg")
    run("sampletownship", PARCELS=500, YEARS=1, OUTPUT=sample)

    def layer(role: str) -> str:
        return f"{sample}|layername={role}"

    lines = {role.upper(): layer(role) for role in ("farmland", "redline", "villages", "reclaim", "newbuild")}
    files = {"OUTPUT": "a.gpkg", "PLOTS": "b.gpkg", "SUMMARY": "c.gpkg", "XLSX": "t.xlsx", "CHART": "f.png"}
    found = run(
        "topsoilbalance", PARCELS=layer("parcels"), **lines, IN_ORDER=False,
        **{name: str(tmp_path / file) for name, file in files.items()},
    )  # fmt: skip
    assert found["STRIPPED_M3"] > 0
    assert found["USED_M3"] == pytest.approx(min(found["STRIPPED_M3"], found["NEEDED_M3"]), abs=1e-9)
    flows = QgsVectorLayer(str(tmp_path / "a.gpkg"), "a", "ogr")
    assert sum(row[0] for row in rows(flows, "volume_m3")) == pytest.approx(found["USED_M3"], abs=1e-6)
    plots = QgsVectorLayer(str(tmp_path / "b.gpkg"), "b", "ogr")
    for _, strip, used, left in (row for row in rows(plots, "kind", "strip_m3", "used_m3", "left_m3") if row[1]):
        assert round(used + left, 2) == strip
    assert (tmp_path / "f.png").read_bytes()[:4] == b"\x89PNG"
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[0] == "T18"
    titles = {str(cell.value) for cell in book["T18"][1]}
    assert titles & {"耕作层剥离与再利用平衡表", "Balance of topsoil stripping and reuse"}

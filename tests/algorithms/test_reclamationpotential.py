"""``reclamationpotential`` through Processing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from openpyxl import load_workbook
from qgis.core import QgsProcessingException

from tests.algorithms.conftest import Listening, box
from three_opt_three_protect.algorithms import reclamationpotential
from three_opt_three_protect.core.potential import grades, theory, universe, weights

V1, V2 = "320509100201", "320509100202"
PARCELS = [
    (box(0, 0, 100, 100), "0702", V1),
    (box(100, 0, 200, 100), "0101", V1),
    (box(300, 0, 500, 100), "0702", V1),
    (box(600, 0, 700, 100), "0702", V1),
    (box(0, 300, 50, 350), "0601", V2),
    (box(50, 300, 100, 350), "0101", V2),
]
OUTPUTS = ("OUTPUT", "SUMMARY", "EXCLUDED", "SENSITIVITY", "WEIGHTS_USED", "ISSUES")


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """The plan of ``tests/core/potential/test_potential.py``."""
    return {
        "INPUT": make_layer(PARCELS, "DLBM:string ZLDWDM:string"),
        "BOUNDARY": make_layer([(box(600, -10, 800, 110),)]),
        "POPULATION": make_layer([(None, V1, 40, 120, 0.2)], "CUNDM:string HS:int HJRK:int KZL:double", kind="None"),
        "AREA_METHOD": 2,
        **dict.fromkeys(OUTPUTS, "memory:"),
    }


def rows(layer: Any) -> List[Dict[str, Any]]:
    names = [item.name() for item in layer.fields()]

    def plain(value: Any) -> Any:
        return None if str(value) == "NULL" else value

    return [{name: plain(feature[name]) for name in names} for feature in layer.getFeatures()]


def test_words_are_cores() -> None:
    assert reclamationpotential.METHODS == weights.METHODS
    assert reclamationpotential.GRADINGS == grades.RULES
    assert (theory.MEAN, *theory.METHODS) == reclamationpotential.THEORIES
    assert reclamationpotential.STAGES == (universe.NONE, universe.PLANNING, universe.IMPLEMENTATION)


def test_candidates_villages_and_figures(run: Any, given: Any) -> None:
    result = run("reclamationpotential", **given)
    found = {row["plot_id"]: row for row in rows(result["OUTPUT"])}
    assert list(found) == [f"{V1}-001", f"{V1}-002", f"{V2}-001"]
    assert [row["area_m2"] for row in found.values()] == [10_000.0, 20_000.0, 2_500.0]
    assert [row["kind"] for row in found.values()] == ["homestead", "homestead", "industry"]
    assert [row["gain_m2"] for row in found.values()] == [9_000.0, 18_000.0, 1_875.0]
    assert [row["rate"] for row in found.values()] == [0.9, 0.9, 0.75]
    assert [row["households"] for row in found.values()] == [10, 20, None]
    assert [row["cult_share"] for row in found.values()] == [0.25, 0.0, 0.25]
    assert {row["low_eff"] for row in found.values()} == {None}
    assert (result["CANDIDATES"], result["CANDIDATES_M2"], result["EXCLUDED_M2"]) == (3, 32_500.0, 10_000.0)
    assert result["CONSISTENCY"] is None
    assert 0 <= result["SENSITIVITY_MAX"] <= 1
    villages = rows(result["SUMMARY"])
    assert [row["unit_code"] for row in villages] == [V1, V2, ""]
    assert villages[0]["theory_m2"] == 19_500.0
    assert result["THEORETICAL_M2"] == villages[-1]["theory_m2"] == 22_000.0
    assert result["REALISTIC_M2"] == villages[-1]["real_m2"]
    assert villages[-1]["real_m2"] == pytest.approx(villages[0]["real_m2"] + villages[1]["real_m2"], abs=1e-6)
    assert villages[1]["real_m2"] == pytest.approx(2_500 * villages[1]["factor"], abs=0.005)
    assert rows(result["EXCLUDED"]) == [
        {
            "reason": "inside_boundary", "name": "inside the development boundary",
            "unit_code": V1, "pieces": 1, "area_m2": 10_000.0,
        }
    ]  # fmt: skip


def test_output_goes_into_the_balance(run: Any, given: Any, make_layer: Any) -> None:
    plots = run("reclamationpotential", **given)["OUTPUT"]
    built = make_layer([(box(600, 0, 700, 100), "town")], "use:string")
    found = run("planbalance", INPUT=given["INPUT"], RECLAIM=plots, NEWBUILD=built, AREA_METHOD=2, ACCOUNTS="memory:")
    assert (found["RECLAIMED_M2"], found["CULTIVATED_GAIN_M2"]) == (32_500.0, 9_000.0 + 18_000.0 + 1_875.0)


def test_lines_exclude_and_cut(run: Any, given: Any, make_layer: Any) -> None:
    """A kept settlement over a fifth of the large homestead, a road 5 m beside the small one: 20 m, of which 15 m."""
    given["RETAINED"] = make_layer([(box(300, 0, 340, 100),)])
    given["ROADS"] = make_layer(
        [("LINESTRING(40556995 3450000,40556995 3456000)", 0.0)], "KD:double", kind="LineString"
    )
    given["REDLINE"] = make_layer([(box(400, -10, 520, 110),)])
    result = run("reclamationpotential", **given)
    found = rows(result["OUTPUT"])
    areas = [row["area_m2"] for row in found]
    assert areas == [8_500.0, 6_000.0, 10_000.0, 1_750.0]
    assert [(row["direction"], row["gain_m2"]) for row in found if row["in_redline"]] == [("ecological", 0.0)]
    assert {(row["reason"], row["area_m2"]) for row in rows(result["EXCLUDED"])} == {
        ("inside_boundary", 10_000.0), ("retained", 4_000.0), ("corridor", 1_500.0), ("corridor", 750.0)
    }  # fmt: skip


def test_roads_drawn_as_invalid_polygons_are_repaired_and_listed(run: Any, given: Any, make_layer: Any) -> None:
    """A bow-tie 10 m south of the works: both wings have their corridor."""
    tie = "POLYGON((40557000 3453270,40557050 3453290,40557050 3453270,40557000 3453290,40557000 3453270))"
    given["ROADS"] = make_layer([(tie,)], name="路面")
    result = run("reclamationpotential", **given)
    assert result["REPAIRED"] == 1
    assert [row["layer"] for row in rows(result["ISSUES"])] == ["路面"]
    (cut,) = [row["area_m2"] for row in rows(result["EXCLUDED"]) if row["reason"] == "corridor"]
    assert 100 < cut < 1_000


def test_nothing_to_reclaim_is_a_success(run: Any, given: Any, make_layer: Any) -> None:
    given["BOUNDARY"] = make_layer([(box(-10, -10, 1000, 1000),)])
    feedback = Listening()
    result = run("reclamationpotential", feedback=feedback, **given)
    assert (result["OUTPUT"].featureCount(), result["CANDIDATES"], result["REALISTIC_M2"]) == (0, 0, 0.0)
    assert any("inside the development boundary (42500" in line for line in feedback.warned)
    assert result["SENSITIVITY_MAX"] is None
    assert rows(result["WEIGHTS_USED"])[0]["weight"] is None


def test_a_square_of_comparisons(run: Any, given: Any, make_layer: Any) -> None:
    given["WEIGHTS"] = make_layer(
        [(None, "patch_m2", "1", "3"), (None, "cult_share", None, "1")],
        "indicator:string patch_m2:string cult_share:string",
        kind="None",
    )
    feedback = Listening()
    result = run("reclamationpotential", feedback=feedback, **given)
    used = {row["indicator"]: row["weight"] for row in rows(result["WEIGHTS_USED"]) if row["weight"]}
    assert used == pytest.approx({"patch_m2": 0.75, "cult_share": 0.25})
    assert result["CONSISTENCY"] == 0.0
    # Names, not ids, in the log.
    assert any("Shape index" in line or "shape" in line for line in feedback.warned)


@pytest.mark.parametrize(
    ("table", "fields", "said"),
    [
        ([(None, "slope", 1.0)], "indicator:string weight:double", "no indicator slope"),
        ([(None, "shape", -1.0)], "indicator:string weight:double", "weight of shape is -1"),
        ([(None, "shape", 0.0)], "indicator:string weight:double", "all weights are 0"),
        ([(None, "shape", 1.0)], "name:string weight:double", "neither a list of weights"),
    ],
)
def test_weights_that_cannot_be_meant(
    run: Any, given: Any, make_layer: Any, table: Any, fields: str, said: str
) -> None:
    given["WEIGHTS"] = make_layer(table, fields, kind="None")
    with pytest.raises(QgsProcessingException, match=said):
        run("reclamationpotential", **given)


def test_comparisons_that_contradict_each_other_are_refused(run: Any, given: Any, make_layer: Any) -> None:
    given["WEIGHTS"] = make_layer(
        [(None, "shape", 1.0, 2.0, 0.1), (None, "town_m", None, 1.0, 2.0), (None, "water_m", None, None, 1.0)],
        "indicator:string shape:double town_m:double water_m:double",
        kind="None",
    )
    with pytest.raises(QgsProcessingException, match=r"contradict each other \(CR .*must be below 0\.1"):
        run("reclamationpotential", **given)


@pytest.mark.parametrize("parameter", ["BOUNDARY", "SETTLEMENTS"])
def test_an_empty_layer_is_an_error(run: Any, given: Any, make_layer: Any, parameter: str) -> None:
    given[parameter] = make_layer([], "name:string", name="空图层")
    with pytest.raises(QgsProcessingException, match="空图层 has no features"):
        run("reclamationpotential", **given)


def test_a_boundary_without_areas_is_an_error(run: Any, given: Any, make_layer: Any) -> None:
    given["BOUNDARY"] = make_layer([(None,)], name="空边界")
    with pytest.raises(QgsProcessingException, match="空边界 has no features"):
        run("reclamationpotential", **given)


def test_a_layer_drawn_elsewhere_is_said(run: Any, given: Any, make_layer: Any) -> None:
    given["BOUNDARY"] = make_layer([(box(60_000, 0, 60_100, 100),)], name="边界")
    given["HERITAGE"] = make_layer([(box(61_000, 0, 61_100, 100),)], name="文保")
    given["RETAINED"] = make_layer([(box(0, 0, 100, 100),)], name="保留")
    feedback = Listening()
    run("reclamationpotential", feedback=feedback, **given)
    told = [line for line in feedback.warned if "no part of it lies on the parcels" in line]
    assert [line.split(":")[0] for line in told] == ["边界", "文保"]


@pytest.mark.parametrize("code", [V1, None])
def test_natural_villages_that_state_no_village_belong_to_the_one_they_lie_in(
    run: Any, given: Any, make_layer: Any, code: Any
) -> None:
    """A village to be kept, known by its class alone; the table of people has its village only."""
    fields = "ZRCMC:string CZLX:string" + (" CUNDM:string" if code else "")
    row = (box(-10, -10, 550, 150), "东村", "特色保护类村庄", *([code] if code else []))
    given["SETTLEMENTS"] = make_layer([row], fields, name="自然村")
    result = run("reclamationpotential", **given)
    assert result["CANDIDATES_M2"] == 2_500.0
    retained = [row["area_m2"] for row in rows(result["EXCLUDED"]) if row["reason"] == "retained"]
    assert retained == [30_000.0]


@pytest.mark.parametrize(("word", "left"), [("是", 2_500.0), ("否", 32_500.0)])
def test_natural_villages_say_themselves_that_they_stay(
    run: Any, given: Any, make_layer: Any, word: str, left: float
) -> None:
    given["SETTLEMENTS"] = make_layer([(box(-10, -10, 550, 150), "东村", word)], "ZRCMC:string SFBL:string")
    assert run("reclamationpotential", **given)["CANDIDATES_M2"] == left


def test_grades_have_names(run: Any, given: Any) -> None:
    result = run("reclamationpotential", **given)
    names = {1: "Ⅰ 近期", 2: "Ⅱ 中期", 3: "Ⅲ 远期", 4: "Ⅳ 保留"}
    for row in [*rows(result["OUTPUT"]), *rows(result["SUMMARY"])]:
        assert row["tier"] == names[row["grade"]]


def test_an_empty_optional_layer_excludes_nothing(run: Any, given: Any, make_layer: Any) -> None:
    for parameter in ("RETAINED", "HERITAGE", "PAST_PROJECTS"):
        given[parameter] = make_layer([], "name:string")
    given["ROADS"] = make_layer([], "name:string", kind="LineString")
    assert run("reclamationpotential", **given)["CANDIDATES"] == 3


def test_people_twice(run: Any, given: Any, make_layer: Any) -> None:
    given["POPULATION"] = make_layer([(None, V1, 40), (None, V1, 41)], "CUNDM:string HS:int", kind="None", name="人口")
    with pytest.raises(QgsProcessingException, match="人口"):
        run("reclamationpotential", **given)


def test_people_written_as_text(run: Any, given: Any, make_layer: Any) -> None:
    given["POPULATION"] = make_layer(
        [(None, V1, "40", "120", "0.2")], "CUNDM:string HS:string HJRK:string KZL:string", kind="None"
    )
    assert run("reclamationpotential", **given)["THEORETICAL_M2"] == 22_000.0


def test_nothing_stated_at_all(run: Any, given: Any, make_layer: Any) -> None:
    given["POPULATION"] = make_layer(
        [(None, V1, None, None, None)], "CUNDM:string HS:int HJRK:int KZL:double", kind="None"
    )
    result = run("reclamationpotential", **given)
    assert result["THEORETICAL_M2"] == 32_500.0
    assert {row["households"] for row in rows(result["OUTPUT"])} == {None}


def test_a_layer_in_another_crs_is_brought_over(run: Any, given: Any, make_layer: Any) -> None:
    """The same boundary in zone 40 without the zone number."""
    shifted = box(600, -10, 800, 110).replace("40557", "557").replace("40556", "556")
    given["BOUNDARY"] = make_layer([(shifted,)], crs="EPSG:4549")
    assert run("reclamationpotential", **given)["CANDIDATES"] == 3


@pytest.mark.parametrize(("stage", "count"), [("none", 3), ("planning", 1), ("implementation", 1)])
def test_consent_excludes_by_stage(run: Any, given: Any, make_layer: Any, stage: str, count: int) -> None:
    given["POPULATION"] = make_layer(
        [(None, V1, 40, 0.5, 10)], "CUNDM:string HS:int consent:double signed:int", kind="None"
    )
    result = run("reclamationpotential", STAGE=stage, **given)
    assert result["CANDIDATES"] == count
    assert ("consent" in {row["reason"] for row in rows(result["EXCLUDED"])}) is (stage != "none")


def test_low_efficient_industry(run: Any, given: Any, make_layer: Any) -> None:
    given["ENTERPRISES"] = make_layer(
        [(box(0, 300, 50, 350), 100.0, 20.0)], "invest_mu:double tax_mu:double", name="企业"
    )
    found = rows(run("reclamationpotential", **given)["OUTPUT"])
    assert [row["low_eff"] for row in found] == [None, None, 1]
    assert [row["invest_mu"] for row in found] == [None, None, 100.0]


@pytest.mark.parametrize("method", ["ahp", "entropy", "combined", "topsis"])
@pytest.mark.parametrize("grading", ["thresholds", "breaks", "quantiles"])
def test_all_words(run: Any, given: Any, method: str, grading: str) -> None:
    found = rows(run("reclamationpotential", METHOD_W=method, GRADES=grading, **given)["OUTPUT"])
    assert all(0 <= row["score"] <= 1 and 1 <= row["grade"] <= 4 for row in found)


def test_the_summary_as_it_is_handed_in(run: Any, given: Any, tmp_path: Path) -> None:
    path = tmp_path / "T4.xlsx"
    result = run("reclamationpotential", **given, XLSX=str(path))
    page = load_workbook(path, data_only=True)["T4"]
    lines = {row[0].value: [cell.value for cell in row] for row in page.iter_rows() if row[0].value}
    # Theoretical potential of 1.95 and 0.25 ha, as in the figures above.
    village = next(row for row in rows(result["SUMMARY"]) if row["unit_code"] == V1)
    assert lines[V1][1:3] == [village["households"], village["population"]]
    assert (lines[V1][7], lines[V2][7], lines["Total"][7]) == (1.95, 0.25, 2.2)
    assert lines[V1][12] == round(village["real_m2"] / 10_000, 4)

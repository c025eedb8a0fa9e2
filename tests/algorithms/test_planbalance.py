from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from qgis.core import NULL, QgsFeature, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from three_opt_three_protect.bridge.compat import kind_of

X, Y = 40550000, 3460000
RECLAIM = "plot_id:string direction:string rate:double acc_date:date phase:int"
NEWBUILD = "plot_id:string use:string cls_after:string use_date:date phase:int quota_src:string"


def strip(left: float, width: float) -> str:
    """A strip 100 m high: its width times 100 is its area in m²."""
    a, b = X + left, X + left + width
    return f"POLYGON(({a} {Y},{b} {Y},{b} {Y + 100},{a} {Y + 100},{a} {Y}))"


# 00-supplement 1.11: code, width, left edge.
PARCELS = [
    ("0702", 82, 0), ("1104", 9, 82), ("0102", 4, 91), ("1006", 5, 95), ("0702", 30, 200), ("0101", 40, 300),
    ("1104", 5, 340), ("1206", 3, 345), ("0601", 12, 348), ("0101", 8, 400),
]  # fmt: skip


@pytest.fixture
def example(make_layer: Any) -> Dict[str, Any]:
    """The worked example as parameters."""
    return {
        "INPUT": make_layer([(strip(left, width), code) for code, width, left in PARCELS], "DLBM:string"),
        "RECLAIM": make_layer(
            [
                (strip(0, 100), "P1", "cultivated", 0.9, "2016-06-30", None),
                (strip(200, 30), "P2", "forest", None, "2016-06-30", None),
            ],
            RECLAIM,
            name="拆旧",
        ),
        "NEWBUILD": make_layer(
            [
                (strip(300, 60), "N1", "industry", None, "2017-01-01", None, None),
                (strip(10, 20), "N2", "industry", None, "2017-03-01", None, None),
                (strip(400, 8), "Road", "infrastructure", "1006", "2017-01-01", None, None),
            ],
            NEWBUILD,
            name="建新",
        ),
        "FARMLAND": make_layer([], name="基本农田"),
        "BOUNDARY": make_layer([(strip(-50, 600),)], name="开发边界"),
        "REDLINE": make_layer([(strip(200, 30), 1)], "level:int", name="红线"),
        "AREA_METHOD": 2,
        "ACCOUNTS": "memory:",
        "VERDICTS": "memory:",
        "EVIDENCE": "memory:",
    }


class Listening(QgsProcessingFeedback):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: List[str] = []

    def pushInfo(self, info: Optional[str]) -> None:  # noqa: N802
        self.said.append(str(info))

    def pushWarning(self, warning: Optional[str]) -> None:  # noqa: N802
        self.said.append(str(warning))


def value(result: Dict[str, Any], line: str, unit: str = "") -> Any:
    """One line of the accounts; the township's without ``unit``."""
    (found,) = [
        row["value"] for row in result["ACCOUNTS"].getFeatures() if row["line"] == line and row["unit_code"] == unit
    ]
    return None if found == NULL else found


def verdict(result: Dict[str, Any], rule: str) -> Dict[str, Any]:
    """The township's verdict of one rule as plain values."""
    fields = [field.name() for field in result["VERDICTS"].fields()]
    (row,) = [row for row in result["VERDICTS"].getFeatures() if row["rule"] == rule and row["unit_code"] == ""]
    return {name: None if row[name] == NULL else row[name] for name in fields}


def schema(layer: QgsVectorLayer) -> List[str]:
    return [f"{field.name()} {kind_of(field).value}" for field in layer.fields()]


def test_the_worked_example(run: Any, example: Any) -> None:
    result = run("planbalance", **example)
    figures = {name: found for name, found in result.items() if not isinstance(found, QgsVectorLayer)}
    assert {name: figures[name] for name in list(figures) if name.endswith("_M2")} == {
        "RECLAIMED_M2": 11200.0, "ADDED_M2": 6800.0, "ADDED_LINKED_M2": 6800.0, "NET_REDUCTION_M2": 4400.0,
        "CULTIVATED_GAIN_M2": 8600.0, "CULTIVATED_LOSS_M2": 6800.0,
    }  # fmt: skip
    assert (figures["BALANCED"], figures["REPAIRED"], figures["DROPPED"]) == (0, 0, 0)
    assert value(result, "construction_base_m2") == 12400.0
    assert value(result, "construction_after_m2") == 8000.0
    assert value(result, "cultivated_after_m2") == 7000.0
    failed = verdict(result, "not_on_accepted_reclaim")
    assert (failed["result"], failed["hard"], failed["left"], failed["right"], failed["margin"], failed["unit"]) == (
        "fail", 1, 0.0, 2000.0, -2000.0, "m2",
    )  # fmt: skip
    evidence = [
        [row["plot_id"], row["parcel_id"], row["area_m2"]]
        for row in result["EVIDENCE"].getFeatures()
        if row["rule"] == "not_on_accepted_reclaim"
    ]
    assert evidence == [["N2", "1", 2000.0]]


def test_tables_have_the_promised_fields(run: Any, example: Any) -> None:
    result = run("planbalance", **example)
    assert schema(result["ACCOUNTS"]) == ["account text", "unit_code text", "line text", "value real", "unit text"]
    assert schema(result["VERDICTS"]) == [
        "rule text", "unit_code text", "result text", "hard int", "left real", "right real", "margin real",
        "unit text", "basis text", "bas_status text", "advice text",
    ]  # fmt: skip
    assert schema(result["EVIDENCE"]) == ["rule text", "plot_id text", "parcel_id text", "area_m2 real"]
    accounts = {row["account"] for row in result["ACCOUNTS"].getFeatures()}
    assert {"construction", "cultivated", "quality", "farmland", "time", "money"} <= accounts
    assert {row["result"] for row in result["VERDICTS"].getFeatures()} <= {"pass", "fail", "warn", "unknown"}
    for row in result["VERDICTS"].getFeatures():
        if row["left"] != NULL and row["right"] != NULL:
            assert row["margin"] == pytest.approx(row["left"] - row["right"], abs=1e-3)
        assert row["basis"]
        assert row["advice"]


def test_counts_of_verdicts_agree_with_the_table(run: Any, example: Any) -> None:
    result = run("planbalance", **example)
    found = [row["result"] for row in result["VERDICTS"].getFeatures()]
    counts = [found.count(word) for word in ("fail", "warn", "unknown")]
    assert [result["FAILED"], result["WARNED"], result["UNKNOWN"]] == counts
    assert counts[0] > 0


def test_a_rule_without_its_layer_is_unknown_and_never_passed(run: Any, example: Any) -> None:
    result = run("planbalance", **{**example, "FARMLAND": None, "NEWBUILD": example["NEWBUILD"]})
    found = verdict(result, "newbuild_on_farmland")
    assert (found["result"], found["hard"], found["right"], found["margin"]) == ("unknown", 1, None, None)
    assert result["BALANCED"] == 0
    assert result["UNKNOWN"] > 0
    assert value(result, "newbuild_farmland_m2") is None


@pytest.fixture
def small(make_layer: Any) -> Dict[str, Any]:
    """A homestead of one hectare to reclaim, a field of one hectare, half of it to be built on."""
    return {
        "INPUT": make_layer([(strip(0, 100), "0702"), (strip(100, 100), "0101")], "DLBM:string"),
        "RECLAIM": make_layer([(strip(0, 100), "R1", "cultivated", 1.0, None, 2016)], RECLAIM, name="拆旧"),
        "NEWBUILD": make_layer([(strip(100, 50), "N1", "town", None, None, 2017, None)], NEWBUILD, name="建新"),
        "AREA_METHOD": 2,
        "ACCOUNTS": "memory:",
        "VERDICTS": "memory:",
        "EVIDENCE": "memory:",
    }


@pytest.mark.parametrize(
    ("day", "reclaimed", "added"),
    [("2016-12-30", 0, 0), ("2016-12-31", 10000, 0), ("2017-12-30", 10000, 0), ("2017-12-31", 10000, 5000),
     (None, 10000, 5000)],
)  # fmt: skip
def test_a_phase_counts_on_the_last_day_of_its_year(
    run: Any, small: Any, day: Optional[str], reclaimed: float, added: float
) -> None:
    result = run("planbalance", **small, AS_OF=day)
    assert (result["RECLAIMED_M2"], result["ADDED_M2"]) == (reclaimed, added)


def test_plots_over_each_other_count_once_for_the_first(run: Any, small: Any, make_layer: Any) -> None:
    plots = [(strip(100, 50), "N1", "town", None, None, 2017, "linked"),
             (strip(140, 60), "N2", "town", None, None, 2017, "annual_plan")]  # fmt: skip
    feedback = Listening()
    result = run("planbalance", feedback=feedback, **{**small, "NEWBUILD": make_layer(plots, NEWBUILD, name="建新")})
    assert (result["ADDED_M2"], result["ADDED_LINKED_M2"]) == (10000.0, 5000.0)
    assert any("建新" in line and "1000" in line for line in feedback.said)


def test_land_that_is_no_construction_land_is_listed_and_not_counted(run: Any, small: Any, make_layer: Any) -> None:
    wide = make_layer([(strip(0, 110), "R1", "cultivated", 1.0, None, 2016)], RECLAIM, name="拆旧")
    feedback = Listening()
    result = run("planbalance", feedback=feedback, **{**small, "RECLAIM": wide})
    assert result["RECLAIMED_M2"] == 10000.0
    assert value(result, "not_counted_m2") == 1000.0
    assert any("拆旧" in line and "1000" in line for line in feedback.said)


def test_villages_give_the_unit_of_parcels_that_state_none(run: Any, small: Any, make_layer: Any) -> None:
    villages = make_layer(
        [(strip(0, 100), "320599101201"), (strip(100, 100), "320599101202")], "unit_code:string", name="行政村"
    )
    result = run("planbalance", **small, VILLAGES=villages)
    assert value(result, "reclaimed_m2", "320599101201") == 10000.0
    assert value(result, "added_m2", "320599101202") == 5000.0
    assert value(result, "reclaimed_m2") == 10000.0


def test_land_approved_and_not_built_is_construction_land_in_the_base(run: Any, small: Any, make_layer: Any) -> None:
    approved = make_layer([(strip(100, 20),)], name="批而未建")
    result = run("planbalance", **small, APPROVED_UNBUILT=approved)
    assert value(result, "construction_base_m2") == 12000.0
    assert result["ADDED_M2"] == 3000.0


def test_targets_are_held_against_the_plan(run: Any, small: Any, make_layer: Any) -> None:
    columns = "unit_code:string indicator:string value:double unit:string year:int"
    targets = make_layer([(None, "", "reclaim_m2", 1.2, "ha", 2020)], columns, name="指标", kind="NoGeometry")
    task = verdict(run("planbalance", **small, TARGETS=targets), "reclaim_task")
    assert (task["left"], task["right"], task["margin"], task["result"] in ("fail", "warn")) == (
        10000,
        12000,
        -2000,
        True,
    )
    assert verdict(run("planbalance", **small), "reclaim_task")["result"] == "unknown"


def test_an_unknown_code_makes_what_depends_on_it_unknown(run: Any, small: Any, make_layer: Any) -> None:
    squares = [(strip(0, 100), "9X"), (strip(100, 100), "0101")]
    squares += [(strip(200 + 100 * number, 100), "0101") for number in range(20)]
    result = run("planbalance", **{**small, "INPUT": make_layer(squares, "DLBM:string")})
    assert result["BALANCED"] == 0
    assert verdict(result, "construction_not_increased")["result"] == "unknown"
    assert [result[name] for name in ("RECLAIMED_M2", "ADDED_M2", "NET_REDUCTION_M2")] == [None, None, None]


def test_recorded_areas_control_the_accounts(run: Any, small: Any, make_layer: Any) -> None:
    layer = make_layer(
        [(strip(0, 100), "0702", 10000.04), (strip(100, 100), "0101", 9999.0)], "DLBM:string TBMJ:double"
    )
    result = run("planbalance", **{**small, "INPUT": layer}, AREA_FIELD="TBMJ")
    assert (result["RECLAIMED_M2"], value(result, "total_m2")) == (10000.04, 19999.04)
    assert run("planbalance", **{**small, "INPUT": layer})["RECLAIMED_M2"] == 10000.0


def refused(run: Any, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("planbalance", **parameters)
    line = str(caught.value).splitlines()[-1]
    assert len(line) <= 200
    return line


@pytest.mark.parametrize("name", ["INPUT", "RECLAIM", "NEWBUILD"])
def test_a_required_layer_must_not_be_empty(run: Any, small: Any, make_layer: Any, name: str) -> None:
    assert "空图层" in refused(run, **{**small, name: make_layer([], RECLAIM, name="空图层")})


@pytest.mark.parametrize("name", ["INPUT", "RECLAIM", "NEWBUILD"])
def test_a_required_layer_must_be_given(run: Any, small: Any, name: str) -> None:
    assert name in refused(run, **{**small, name: "/nowhere/a.gpkg"}) or "nowhere" in refused(
        run, **{**small, name: "/nowhere/a.gpkg"}
    )


def test_a_profile_that_does_not_exist_is_named(run: Any, small: Any) -> None:
    assert "no-such-profile" in refused(run, **small, PROFILE="no-such-profile")


def test_a_profile_of_ones_own_from_a_file(run: Any, small: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("id: own\nextends: territorial-2021\ntitle: {zh: 自用, en: own}\n", encoding="utf-8")
    result = run("planbalance", **small, PROFILE=str(path))
    other = run("planbalance", **small, PROFILE="territorial-2021")
    assert [row.attributes() for row in result["VERDICTS"].getFeatures()] == [
        row.attributes() for row in other["VERDICTS"].getFeatures()
    ]


def test_plots_of_another_datum_are_refused(run: Any, small: Any, make_layer: Any) -> None:
    old = make_layer(
        [("POLYGON((550000 3460000,550100 3460000,550100 3460100,550000 3460000))", "R1", None, 1.0, None, 2016)],
        RECLAIM, crs="EPSG:2385", name="旧图",
    )  # fmt: skip
    assert "旧图" in refused(run, **{**small, "RECLAIM": old})


def test_two_plots_of_one_id_are_refused(run: Any, small: Any, make_layer: Any) -> None:
    twice = [(strip(0, 50), "R1", "cultivated", 1.0, None, 2016), (strip(50, 50), "R1", "cultivated", 1.0, None, 2016)]
    line = refused(run, **{**small, "RECLAIM": make_layer(twice, RECLAIM, name="拆旧")})
    assert ("拆旧" in line, "plot_id" in line) == (True, True), line


def test_an_unknown_code_outside_the_plots_leaves_the_plots_known(run: Any, small: Any, make_layer: Any) -> None:
    squares = [(strip(0, 100), "0702"), (strip(100, 100), "0101"), (strip(200, 10), "9X")]
    squares += [(strip(300 + 100 * number, 100), "0101") for number in range(20)]
    result = run("planbalance", **{**small, "INPUT": make_layer(squares, "DLBM:string")})
    assert (result["RECLAIMED_M2"], result["ADDED_M2"]) == (10000.0, 5000.0)
    assert verdict(result, "construction_not_increased")["result"] == "pass"
    # What takes in the whole township is not known: the land of 9X may be built on.
    assert value(result, "construction_base_m2") is None
    assert value(result, "total_m2") == 221_000.0


def test_parcels_over_each_other_are_said(run: Any, example: Dict[str, Any], make_layer: Any) -> None:
    parcels = make_layer([(strip(0, 82), "0702"), (strip(0, 82), "0702"), (strip(300, 60), "0101")], "DLBM:string")
    feedback = Listening()
    run("planbalance", feedback=feedback, **{**example, "INPUT": parcels})
    assert sum("8200 m²" in line for line in feedback.said) == 1


CHANGES = "变化类别:string 行政村代码:string 年度:int 面积:double 单位:string 其中水田:double 等别:double"


def changes_table(*rows: tuple) -> QgsVectorLayer:
    """A table under Chinese headings, as a filled template is."""
    fields = "&".join(f"field={name}" for name in CHANGES.split())
    layer = QgsVectorLayer(f"None?{fields}", "其他耕地变化", "memory")
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        layer.dataProvider().addFeature(feature)
    return layer


def test_other_changes_of_cultivated_land(example: Dict[str, Any], run: Any) -> None:
    without = run("planbalance", **example)
    table = changes_table(
        ("整理", None, 2017, 0.05, "公顷", 0.0, 8.0),
        ("设施农用地", None, 2017, 0.6, "亩", 0.0, 8.0),
        ("非农建设", None, 2018, 300.0, "平方米", 300.0, 8.0),
    )
    result = run("planbalance", **example, OTHER_CHANGES=table)
    # F 8 600 and 500 of consolidation; construction 6 000 and 300; the road of 800 and 400 of facilities
    expected = {
        "compensation_supplied_m2": (8600, 9100),
        "compensation_occupied_m2": (6000, 6300),
        "occupied_all_m2": (None, 7500),
        "supplied_all_m2": (None, 9100),
        "occupied_rural_road_m2": (None, 800),
        "other_change_m2": (None, -200),
        "cultivated_after_m2": (7000, 6800),
    }
    assert {line: (value(without, line), value(result, line)) for line in expected} == expected
    assert (without["CULTIVATED_GAIN_M2"], result["CULTIVATED_GAIN_M2"]) == (8600, 8600)
    left = {row["rule"]: row["left"] for row in result["VERDICTS"].getFeatures()}
    assert left["occupation_compensated"] == 9100


def test_an_empty_table_of_other_changes_says_nothing(example: Dict[str, Any], run: Any) -> None:
    result = run("planbalance", **example, OTHER_CHANGES=changes_table(), PROFILE="territorial-2021")
    assert value(result, "occupied_all_m2") is None
    found = {row["rule"]: row["result"] for row in result["VERDICTS"].getFeatures()}
    assert (found["all_occupation_compensated"], found["in_out_balance"]) == ("unknown", "unknown")
    assert found["occupation_compensated"] == "pass"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("种树", None, 2017, 1.0, "公顷", 0.0, 8.0), "种树"),
        (("整理", None, 2017, 1.0, None, 0.0, 8.0), "单位"),
        (("整理", None, 2030, 1.0, "公顷", 0.0, 8.0), "2030"),
        (("整理", None, 2017, 1.0, "公顷", 0.0, 16.0), "16"),
        (("整理", None, 2017, -1.0, "公顷", 0.0, 8.0), "面积"),
    ],
)
def test_bad_rows_of_other_changes(example: Dict[str, Any], run: Any, row: tuple, said: str) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        run("planbalance", **example, OTHER_CHANGES=changes_table(row))
    assert "其他耕地变化" in str(caught.value)
    assert said in str(caught.value)

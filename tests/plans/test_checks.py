"""A layer gathered for the checks, and what they found as tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any, List, Mapping

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.quality.case import on_layer, on_rows
from three_opt_three_protect.core.quality.runner import Checked
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.plans.checks import (
    Known,
    LayerCheck,
    RoleLayer,
    Setting,
    build_case,
    check_layer,
    fields_of,
    parent_role,
)
from three_opt_three_protect.plans.findings import findings_table, rules_run_table
from three_opt_three_protect.plans.landsystem import system_of
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.rulebook import load_rules

X, Y = 40_550_000.0, 3_460_000.0
CRS = CrsInfo(
    "EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
WORDS = Messages("zh").text


def layer(title: str, boxes: List[Any], **columns: List[Any]) -> LayerTable:
    """Squares in metres from a corner; lists of texts or numbers."""
    shapes = np.empty(len(boxes), dtype=object)
    shapes[:] = [
        shapely.box(X + each[0], Y + each[1], X + each[2], Y + each[3]) if isinstance(each, tuple) else each
        for each in boxes
    ]
    held = {
        key: tables.text(values) if isinstance(values[0], str) else tables.real(values)
        for key, values in columns.items()
    }
    return LayerTable(title, np.arange(1, len(boxes) + 1), shapes, held, CRS)


def rows(table: LayerTable, *names: str) -> List[List[Any]]:
    columns = [table.columns[name] for name in names]
    return [[None if column.is_missing[row] else column.values[row] for column in columns] for row in range(len(table))]


def test_the_period_follows_the_profile() -> None:
    assert load_profile("suzhou-2014").period == (2014, 2020)
    assert load_profile("territorial-2021").period == (2021, 2035)


@pytest.mark.parametrize(
    ("codes", "said", "system"),
    [
        (["0101", "0702", "1003"], "class_system_found", "third_survey"),
        (["XX", "YY", "0101"], "class_system_unknown", None),
        ([None, None, None], None, None),
    ],
)
def test_the_classification_of_a_layer(codes: List[Any], said: Any, system: Any) -> None:
    table = LayerTable("图斑", np.arange(3), columns={"DLBM": tables.text(codes)})
    found, told = system_of(table, {"class_code": "DLBM"})
    assert (None if found is None else found.id) == system
    assert [each.id for each in told] == ([said] if said else [])
    assert system_of(table, {}) == (None, ())


def test_codes_that_several_classifications_have_are_no_error() -> None:
    # 11 and 12 are codes of several classifications with other meanings: no rule may guess.
    table = LayerTable("图层", np.arange(2), columns={"CODE": tables.text(["11", "12"])})
    found, told = system_of(table, {"class_code": "CODE"})
    assert found is None
    assert told[0].severity == "warning"


def test_of_a_mixture_the_best_is_taken() -> None:
    table = layer(
        "图斑",
        [(0, 0, 100, 60), (0, 60, 100, 100)],
        DLBM=["0702", "111"],
        DLMC=["农村宅基地", "水田"],
    )
    found, _ = system_of(table, {"class_code": "DLBM", "class_name": "DLMC"})
    assert found is not None
    assert "0702" in found.classes


def test_a_case_has_what_was_given() -> None:
    parcels = layer("图斑", [(0, 0, 1, 1)], DLBM=["0101"], ZLDWDM=["320599101200"])
    villages = layer("村", [(0, 0, 1, 1)], code=["320599101200"], ZLDWMC=["西村"])
    given = {"farmland": RoleLayer(parcels, "farmland"), "previous": RoleLayer(parcels, "parcels")}
    parent = RoleLayer(villages, "", {"unit_code": "code"})
    case, said = build_case(RoleLayer(parcels, "parcels"), given, Setting((2014, 2020)), parent)
    assert case.parent is not None
    assert (case.parent.field("unit_code"), case.parent.field("unit_name")) == ("code", "ZLDWMC")
    assert (case.layer.role, sorted(case.others), case.period) == ("parcels", ["farmland", "previous"], (2014, 2020))
    assert case.layer.system is not None
    assert case.layer.system.id == "third_survey"
    assert case.words["use"]["城镇"] == "town"
    assert {each.id for each in said} == {"class_system_found", "standard_unknown"}


def test_the_standard_named_or_found() -> None:
    parcels = layer("图斑", [(0, 0, 1, 1)], DLBM=["0101"])
    named, said = build_case(RoleLayer(parcels, "parcels"), {}, Setting(schema="third_survey.DLTB"))
    assert named.layer.schema is not None
    assert (named.layer.schema.id, [each.id for each in said]) == ("third_survey.DLTB", ["class_system_found"])
    with pytest.raises(InputError) as error:
        build_case(RoleLayer(parcels, "parcels"), {}, Setting(schema="DLTB"))
    assert error.value.message_id == "no_such_standard"
    assert "third_survey.DLTB" in str(error.value.values["known"])


def test_what_was_found_out_about_a_layer_is_kept() -> None:
    parcels = RoleLayer(layer("图斑", [(0, 0, 1, 1)], DLBM=["0101"]), "parcels")
    farmland = RoleLayer(layer("基本农田", [(0, 0, 1, 1)]), "farmland")
    known: Known = {}
    first, said = build_case(parcels, {"farmland": farmland}, Setting(), known=known)
    second, more = build_case(farmland, {"parcels": parcels}, Setting(), known=known)
    assert second.others["parcels"] is first.layer
    assert second.layer is first.others["farmland"]
    assert [each.id for each in (*said, *more)] == ["class_system_found", "standard_unknown", "standard_unknown"]


def test_a_field_chosen_must_exist() -> None:
    parcels = layer("图斑", [(0, 0, 1, 1)], DLBM=["0101"])
    with pytest.raises(InputError) as error:
        build_case(RoleLayer(parcels, "parcels", {"unit_code": "nix"}), {}, Setting())
    assert error.value.message_id == "no_such_field"


def test_no_field_is_a_choice() -> None:
    parcels = layer("图斑", [(0, 0, 1, 1)], DLBM=["0101"], DLMC=["水田"])
    assert fields_of(RoleLayer(parcels, "parcels")) == {"class_code": "DLBM", "class_name": "DLMC"}
    assert fields_of(RoleLayer(parcels, "parcels", {"class_name": ""})) == {"class_code": "DLBM"}
    case, _ = build_case(RoleLayer(parcels, "parcels", {"class_name": "", "unit_name": "DLMC"}), {}, Setting())
    assert case.layer.mapping == {"class_code": "DLBM", "unit_name": "DLMC"}


@pytest.mark.parametrize(
    ("fields", "role"), [(("TOWNCODE", "TOWNNAME"), "township"), (("VILLCODE", "VILLNAME"), "villages")]
)
def test_what_a_parent_is(fields: Any, role: str) -> None:
    assert parent_role(layer("上级", [(0, 0, 1, 1)], **{name: ["1"] for name in fields})) == role


def checked(wanted: Any, tolerance: Any = None, **others: Any) -> Any:
    plots = layer("建新", [(0, 0, 100, 100), (90, 0, 200, 100)], plot_id=["A", "B"], phase=[2013.0, np.nan])
    given: Mapping[str, RoleLayer] = {role: RoleLayer(table, role) for role, table in others.items()}
    clock = count().__next__
    return check_layer(RoleLayer(plots, "newbuild"), given, Setting((2014, 2020)), clock, wanted, tolerance)


def test_findings_as_a_table() -> None:
    found = findings_table(checked(("plots_overlap", "phase_period", "phase_missing")), WORDS)
    assert rows(found, "rule", "severity", "layer", "fid", "field", "group", "blocking", "other") == [
        ["plots_overlap", "error", "建新", 2, None, "plan", 1, "A"],
        ["phase_period", "error", "建新", 1, "phase", "plan", 1, None],
        ["phase_missing", "warning", "建新", 2, "phase", "plan", 0, None],
    ]
    assert found.columns["measure"].values[1] == 2013.0
    assert found.columns["measure"].values[0] == pytest.approx(1000.0, abs=0.2)
    assert [round(shape.area) for shape in found.shapes] == [1000, 10000, 11000]
    assert found.columns["message"].values[1] == "地块 A 的 phase 为 2013，不在规划期 2014–2020 年内。请改正。"


def test_long_names_fit_their_column() -> None:
    field = "用途" * 60
    plots = layer("建" * 3000, [(0, 0, 100, 100)], **{"plot_id": ["A"], field: [np.nan]})
    case = check_layer(
        RoleLayer(plots, "newbuild", {"phase": field}), {}, Setting((2014, 2020)), count().__next__, ("phase_missing",)
    )
    found = findings_table(case, WORDS)
    assert len(found) == 1
    assert found.columns["layer"].values[0] == "建" * 99 + "…"
    assert found.columns["field"].values[0] == field[:79] + "…"


def test_a_tolerance_of_ones_own() -> None:
    assert checked(("plots_overlap",), 1001.0).checked.count("error") == 0
    assert checked(("plots_overlap",), 999.0).checked.count("error") == 1
    # A rule without a tolerance keeps having none.
    assert checked(("phase_period",), 5000.0).checked.count("error") == 1


def test_rules_run_as_a_table() -> None:
    found = rules_run_table(checked(("phase_period", "newbuild_farmland", "shares_range")).checked, WORDS)
    assert rows(found, "rule", "ran", "why", "count", "seconds") == [
        ["newbuild_farmland", 0, "没有给出图层：永久基本农田。", None, None],
        ["phase_period", 1, None, 1, 1.0],
        ["shares_range", 0, "该规则不用于此类图层。", None, None],
    ]
    english = rules_run_table(checked(("phase_period",)).checked, Messages("en").text, "en")
    assert rows(english, "title") == [["The phase is outside the plan's period"]]


def test_sentences_can_be_stopped() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None: ...

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        findings_table(checked(("phase_period",)), WORDS, Stop())


def test_places_that_are_no_polygons_are_drawn_as_polygons() -> None:
    # A line of 100 m becomes a strip of 1 m with round ends; the layer as a whole has no place.
    roads = layer("道路", [shapely.LineString([(X, Y), (X + 100, Y)]), None], name=["路", "街"])
    case, _ = build_case(RoleLayer(roads, "roads"), {}, Setting())
    held = Checked(((load_rules()["value_spaces"], on_rows([0, 1])), (load_rules()["name_cut"], on_layer())), (), False)
    places = findings_table(LayerCheck(case, held, ()), WORDS).shapes
    shapes = [shape for shape in places if shape is not None]
    assert len(places) == 3
    assert [shape.area for shape in shapes] == pytest.approx([100.0 + np.pi / 4], abs=0.05)


def test_a_table_has_no_places() -> None:
    plots = layer("建新", [(0, 0, 1, 1)], plot_id=["A"], phase=[2013.0])
    bare = replace(plots, geometry=None, crs=None)
    held = check_layer(
        RoleLayer(bare, "newbuild"), {}, Setting((2014, 2020)), count().__next__, ("phase_period", "sliver")
    )
    found = findings_table(held, WORDS)
    assert found.shapes.tolist() == [None]
    assert rows(rules_run_table(held.checked, WORDS), "rule", "why")[0] == ["sliver", "图层没有图形。"]

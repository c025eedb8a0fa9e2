"""Repairs: what each does, that it lists every change, and that undoing restores the layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.mending import areas
from three_opt_three_protect.core.mending.areas import add_area_field, apportion_control, recompute_areas
from three_opt_three_protect.core.mending.axes import exchange_axes
from three_opt_three_protect.core.mending.changes import (
    FEATURE,
    GEOMETRY,
    Mended,
    change_table,
    mended,
    read_changes,
    undo,
    written,
)
from three_opt_three_protect.core.mending.codes import cleaned, trim_codes
from three_opt_three_protect.core.mending.mend import OPERATIONS, mend, operations_of, require_own
from three_opt_three_protect.core.mending.slivers import merge_slivers, slivers
from three_opt_three_protect.core.mending.snapping import snap_vertices
from three_opt_three_protect.core.mending.valid import make_valid
from three_opt_three_protect.core.parcels import UNLIKE
from three_opt_three_protect.core.quality.case import Subject
from three_opt_three_protect.core.tables import Column, CrsInfo, LayerTable

CRS = CrsInfo("EPSG:4528")
BOX = shapely.box(0, 0, 10, 10)
BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def array(shapes: Sequence[Any]) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def plots(*shapes: Any, **columns: Column) -> LayerTable:
    named = {"plot_id": tables.text([f"R{number}" for number in range(len(shapes))])}
    return LayerTable("拆旧地块", np.arange(5, 5 + len(shapes)), array(shapes), {**named, **columns}, CRS)


def same(one: LayerTable, other: LayerTable) -> bool:
    """The same features, values and geometries, to the last bit."""
    if list(one.fid) != list(other.fid) or list(one.columns) != list(other.columns):
        return False
    shapes = [shapely.to_wkb(table.shapes, output_dimension=2).tolist() for table in (one, other)]
    values = [[written(column) for column in table.columns.values()] for table in (one, other)]
    kinds = [[column.kind for column in table.columns.values()] for table in (one, other)]
    return bool(shapes[0] == shapes[1] and values[0] == values[1] and kinds[0] == kinds[1])


def listed(done: Mended) -> List[Tuple[int, str]]:
    return [(change.fid, change.what) for change in done.changes]


def test_a_bow_tie_is_made_valid_and_can_be_had_again() -> None:
    table = plots(BOX, BOW_TIE, None)
    done = make_valid(table)
    assert listed(done) == [(6, GEOMETRY)]
    assert done.table.shapes[1].area == 50
    assert done.table.shapes[1].is_valid
    assert done.left == (("valid", 7),)  # nothing to draw
    assert same(undo(done.table, done.changes), table)
    assert not table.shapes[1].is_valid


def test_vertices_snap_onto_a_reference() -> None:
    crooked = shapely.Polygon([(0.004, 0), (10, 0.003), (10, 10), (0, 10.02)])
    done = snap_vertices(plots(crooked), 0.01, array([BOX]))
    assert shapely.get_coordinates(done.table.shapes[0])[:-1].tolist() == [[0, 0], [10, 0], [10, 10], [0, 10.02]]
    assert listed(done) == [(5, GEOMETRY)]


def test_of_close_own_vertices_the_first_stands() -> None:
    near = shapely.box(10.004, 0, 20, 10)
    far = shapely.box(20.02, 0, 30, 10)
    done = snap_vertices(plots(BOX, near, far), 0.01)
    assert done.table.shapes[1].bounds == (10, 0, 20, 10)
    assert listed(done) == [(6, GEOMETRY)]
    assert snap_vertices(plots(BOX, near, far), 0.0).changes == ()


@pytest.mark.parametrize("onto", [None, array([BOX])])
def test_vertices_beyond_all_measure_stay(onto: Any) -> None:
    far = shapely.Polygon([(0, 0), (1e300, 0), (1e300, 1e300), (0, 0)])
    assert snap_vertices(plots(BOX, far), 0.01, onto).changes == ()


def test_a_polygons_own_details_do_not_snap_together() -> None:
    fine = shapely.Polygon([(0, 0), (10, 0), (10, 10), (5, 10.004), (5.002, 10), (0, 10)])
    assert snap_vertices(plots(fine), 0.01).changes == ()


def test_a_polygon_that_would_break_stays_and_is_listed() -> None:
    sliver = shapely.box(0.001, 0, 0.004, 5)
    done = snap_vertices(plots(sliver), 0.01, array([shapely.box(0, 0, -5, 5)]))
    assert (done.changes, done.left) == ((), (("snap", 5),))


def test_a_sliver_goes_to_the_neighbour_with_the_longest_edge() -> None:
    sliver = shapely.box(0, 10, 10, 10.05)
    above = shapely.box(3, 10.05, 10, 20)  # shares 7 m, the box below 10 m
    lone = shapely.box(50, 0, 50.05, 10)
    table = plots(above, sliver, BOX, lone)
    which = slivers(Subject(table, method=AreaMethod.PLANAR), 1.0, 0.35)
    assert which.tolist() == [False, True, False, True]
    done = merge_slivers(table, which)
    assert done.table.fid.tolist() == [5, 7, 8]
    assert [round(shape.area, 6) for shape in done.table.shapes] == [69.65, 100.5, 0.5]
    assert done.table.columns["plot_id"].values.tolist() == ["R0", "R2", "R3"]
    assert done.left == (("slivers", 8),)
    assert set(listed(done)) == {(6, FEATURE), (6, GEOMETRY), (6, "plot_id"), (7, GEOMETRY)}
    assert same(undo(done.table, done.changes), table)


def test_a_sliver_beside_a_sliver_follows_it() -> None:
    strips = [shapely.box(0, 10 + 0.1 * step, 10, 10.1 + 0.1 * step) for step in range(3)]
    table = plots(*strips[::-1], BOX)
    done = merge_slivers(table, np.array([True, True, True, False]))
    assert done.table.fid.tolist() == [8]
    assert done.table.shapes[0].area == pytest.approx(103)
    assert same(undo(done.table, done.changes), table)


def test_what_crosses_itself_merges_with_nothing() -> None:
    table = plots(BOW_TIE, shapely.box(0, 10, 10, 10.05), None)
    done = merge_slivers(table, np.array([False, True, False]))
    assert (done.changes, done.left) == ((), (("slivers", 6),))


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        (" 0101", "0101"),
        ("０１０１Ｋ", "0101K"),
        ("3205 99", "3205 99"),  # a blank within is no error of typing
        ("R-０１_2", "R-01_2"),
        ("\ufeff槐泽村\u200b ", "槐泽村"),
        ("（一）村", "（一）村"),
        ("\u3000", None),
        ("一行\n二行", "一行\n二行"),
        (None, None),
    ],
)
def test_codes_are_cleaned(value: Optional[str], clean: Optional[str]) -> None:
    assert cleaned(value) == clean
    table = plots(BOX, BOX, code=tables.text(["0101", value]))
    done = trim_codes(table)
    assert done.table.columns["code"].values.tolist() == ["0101", clean]
    assert listed(done) == ([] if value == clean else [(6, "code")])
    assert same(undo(done.table, done.changes), table)


def test_only_fields_asked_for_are_cleaned() -> None:
    table = plots(BOX, code=tables.text([" a"]), note=tables.text([" b"]))
    assert listed(trim_codes(table, ["code"])) == [(5, "code")]
    with pytest.raises(InputError) as error:
        trim_codes(table, ["nothing"])
    assert error.value.message_id == "no_such_field"


def test_areas_are_computed() -> None:
    table = plots(BOX, shapely.box(0, 0, 10, 0.333), None, area=tables.real([100.0, np.nan, 7.0]))
    done = recompute_areas(table, "area", AreaMethod.PLANAR)
    assert done.table.columns["area"].values.tolist() == [100.0, 3.33, 7.0]
    assert listed(done) == [(6, "area")]
    assert done.left == (("areas", 7),)
    assert same(undo(done.table, done.changes), table)


def test_areas_need_a_field_of_decimals_and_a_crs() -> None:
    table = plots(BOX, whole=tables.integer([1]), area=tables.real([1.0]))
    with pytest.raises(InputError) as error:
        recompute_areas(table, "whole")
    assert error.value.message_id == "area_field_not_real"
    with pytest.raises(CrsError):
        recompute_areas(replace(table, crs=None), "area")


def test_areas_add_up_to_the_control() -> None:
    # 100, 50 and 25 m²: two hundredths too few, the larger get one each.
    shapes = [BOX, shapely.box(0, 0, 10, 5), shapely.box(0, 0, 5, 5)]
    table = plots(*shapes, area=tables.real([np.nan] * 3))
    done = apportion_control(table, "area", 175.02, Tolerance(0.005, 1.0), AreaMethod.PLANAR)
    assert done.table.columns["area"].values.tolist() == [100.01, 50.01, 25.0]
    assert same(undo(done.table, done.changes), table)


def test_what_is_recorded_without_a_polygon_counts_towards_the_control() -> None:
    table = plots(BOX, None, shapely.box(0, 0, 10, 5), None, area=tables.real([1.0, 30.25, 2.0, np.nan]))
    done = apportion_control(table, "area", 180.27, Tolerance(0.005, 1.0), AreaMethod.PLANAR)
    # 180.27 − 30.25 are 150.02 for 100 and 50 m²
    assert done.table.columns["area"].values.tolist()[:3] == [100.01, 30.25, 50.01]
    assert done.left == (("control", 6), ("control", 8))
    with pytest.raises(InputError) as error:
        apportion_control(table, "area", 30.25, Tolerance(0.005, 1.0), AreaMethod.PLANAR)
    assert error.value.values["area"] == 180.25


def test_a_field_that_was_added_goes_again_unless_it_was_filled() -> None:
    table = plots(BOX, None)
    steps = [
        lambda each: add_area_field(each, "area_m2"),
        lambda each: recompute_areas(each, "area_m2", AreaMethod.PLANAR),
    ]
    done = mend(table, "reclaim", steps)
    column = done.table.columns["area_m2"]
    assert (column.kind, column.width, column.decimals, column.alias) == (tables.Kind.REAL, 18, 2, "面积")
    read = read_changes(change_table(done.changes))
    assert [(change.row, change.what) for change in read] == [(-1, "area_m2"), (0, "area_m2")]
    assert same(undo(done.table, read), table)
    values = column.values.copy()
    values[1] = 3.0
    filled = replace(done.table, columns={**done.table.columns, "area_m2": replace(column, values=values)})
    with pytest.raises(InputError) as error:
        undo(filled, read)
    assert error.value.message_id == "undo_not_as_repaired"


@pytest.mark.parametrize("control", [0.0175, 17500.0, 0.0])
def test_a_control_in_another_unit_is_refused(control: float) -> None:
    table = plots(BOX, area=tables.real([np.nan]))
    with pytest.raises(InputError) as error:
        apportion_control(table, "area", control, Tolerance(0.005, 1.0), AreaMethod.PLANAR)
    assert error.value.message_id == "control_unlikely"


def test_the_factor_is_that_of_every_other_area(monkeypatch: pytest.MonkeyPatch) -> None:
    table = plots(BOX, area=tables.real([np.nan]))
    for factor, unlikely in ((areas.UNLIKE, 100.0 * UNLIKE + 0.01), (3.0, 300.01)):
        monkeypatch.setattr(areas, "UNLIKE", factor)
        held = apportion_control(table, "area", 100.0 * factor, Tolerance(0.005, 1.0), AreaMethod.PLANAR)
        assert held.table.column("area").values.tolist() == [100.0 * factor]
        with pytest.raises(InputError, match="control_unlikely"):
            apportion_control(table, "area", unlikely, Tolerance(0.005, 1.0), AreaMethod.PLANAR)


@pytest.mark.parametrize("role", ["parcels", "villages", "township", "farmland", "boundary", "redline", "lines"])
def test_statutory_layers_are_refused(role: str) -> None:
    with pytest.raises(InputError) as error:
        mend(plots(BOX), role, [make_valid])
    assert error.value.message_id == "statutory_not_changed"


def swapped(shape: Any) -> Any:
    return shapely.transform(shape, lambda points: points[:, ::-1])


def test_exchanged_axes_are_exchanged_back_and_taken_back() -> None:
    right = shapely.box(40_550_000, 3_460_000, 40_550_010, 3_460_020)
    table = plots(swapped(right), None, swapped(right))
    done = exchange_axes(table)
    assert shapely.bounds(done.table.shapes[[0, 2]]).tolist() == [list(right.bounds)] * 2
    assert done.table.shapes[1] is None
    assert [(change.row, change.fid, change.what) for change in done.changes] == [(0, 5, "axes"), (2, 7, "axes")]
    back = undo(done.table, read_changes(change_table(done.changes)))
    assert back.shapes[0].wkb == table.shapes[0].wkb
    assert back.shapes[1] is None
    assert back.shapes[2].wkb == table.shapes[2].wkb


def test_axes_that_are_not_exchanged_stay() -> None:
    for shape in (shapely.box(40_550_000, 3_460_000, 40_550_010, 3_460_020), BOX):
        with pytest.raises(CrsError) as error:
            exchange_axes(plots(shape))
        assert error.value.message_id == "axes_not_exchanged"


def test_of_a_survey_only_axes_are_exchanged() -> None:
    require_own("parcels", "DLTB", ("axes",))
    for words in (("axes", "valid"), ("valid",), ()):
        with pytest.raises(InputError) as error:
            require_own("parcels", "DLTB", words)
        assert error.value.message_id == "statutory_not_changed"


def test_own_layers_are_not_refused() -> None:
    for role in ("reclaim", "newbuild", "settlements"):
        require_own(role, "x")


def test_operations_are_done_in_their_order() -> None:
    assert operations_of("codes, Valid，snap") == ("valid", "snap", "codes")
    assert operations_of(",".join(OPERATIONS)) == OPERATIONS
    for wrong in ("", "valid,mend"):
        with pytest.raises(InputError) as error:
            operations_of(wrong)
        assert error.value.message_id == "no_such_operation"


def test_several_repairs_are_taken_back_together() -> None:
    sliver = shapely.box(0, 10, 10, 10.05)
    table = plots(BOW_TIE, BOX, sliver, code=tables.text([" 1", "2", None]), area=tables.real([0.0] * 3))
    steps = [
        make_valid,
        lambda each: merge_slivers(each, np.array([False, False, True])),
        trim_codes,
        lambda each: recompute_areas(each, "area", AreaMethod.PLANAR),
    ]
    done = mend(table, "reclaim", steps)
    assert sorted({(change.step, change.operation) for change in done.changes}) == [
        (1, "valid"),
        (2, "slivers"),
        (3, "codes"),
        (4, "areas"),
    ]
    assert done.table.columns["area"].values.tolist() == [50.0, 100.5]
    read = read_changes(change_table(done.changes))
    assert read == done.changes
    renumbered = replace(done.table, fid=np.array([1, 2]))
    restored = undo(renumbered, read)
    assert same(replace(restored, fid=table.fid), table)


def test_what_was_changed_since_is_not_taken_back() -> None:
    done = trim_codes(plots(BOX, BOX, code=tables.text([" 1", "2"])))
    later = replace(done.table, columns={**done.table.columns, "code": tables.text(["3", "2"])})
    with pytest.raises(InputError) as error:
        undo(later, done.changes)
    assert error.value.message_id == "undo_not_as_repaired"
    assert error.value.values == {"layer": "拆旧地块", "feature": 5, "field": "code"}
    moved = make_valid(plots(BOW_TIE))
    with pytest.raises(InputError):
        undo(replace(moved.table, geometry=array([BOX])), moved.changes)


def test_another_layer_is_told() -> None:
    done = trim_codes(plots(BOX, BOX, code=tables.text(["1", " 2"])))
    with pytest.raises(InputError) as error:
        undo(done.table.take(np.array([0])), done.changes)
    assert error.value.message_id == "undo_other_layer"


def test_a_list_that_lost_its_ends_is_told() -> None:
    done = make_valid(plots(BOW_TIE))
    cut = [change._replace(was=str(change.was)[:20]) for change in done.changes]
    with pytest.raises(InputError) as error:
        undo(done.table, cut)
    assert error.value.message_id == "undo_unreadable"
    table = change_table(done.changes)
    with pytest.raises(InputError):
        read_changes(replace(table, columns={**table.columns, "row": tables.text(["x"])}))


texts = st.one_of(st.none(), st.text(max_size=4))
reals = st.floats(allow_nan=True, allow_infinity=False)
days = st.one_of(st.just("NaT"), st.dates().map(lambda day: day.isoformat() if day.year > 999 else "NaT"))
shapes = st.one_of(
    st.none(),
    st.tuples(st.floats(-1e6, 1e6), st.floats(0.1, 50)).map(lambda at: shapely.box(at[0], 0, at[0] + at[1], 7)),
    st.just(BOW_TIE),
)
rows = st.tuples(texts, reals, st.integers(-(2**62), 2**62), st.booleans(), st.booleans(), days, shapes)


def table_of(drawn: Sequence[Any]) -> LayerTable:
    absent = np.array([row[4] for row in drawn], dtype=bool)
    columns = {
        "t": tables.text([row[0] for row in drawn]),
        "r": tables.real([row[1] for row in drawn]),
        "i": tables.integer([row[2] for row in drawn], absent),
        "b": tables.boolean([row[3] for row in drawn], absent),
        "d": tables.date([row[5] for row in drawn]),
    }
    return LayerTable("x", np.arange(len(drawn)) * 3, array([row[6] for row in drawn]), columns, CRS)


@settings(deadline=None)
@given(st.data())
def test_any_change_can_be_taken_back(data: Any) -> None:
    count = data.draw(st.integers(1, 6))
    before = table_of(data.draw(st.lists(rows, min_size=count, max_size=count)))
    kept = np.array(sorted(data.draw(st.sets(st.integers(0, count - 1), min_size=1))))
    other = table_of(data.draw(st.lists(rows, min_size=len(kept), max_size=len(kept))))
    after = replace(other, fid=before.fid[kept])
    done = mended("codes", before, after, kept)
    assert same(undo(after, read_changes(change_table(done.changes))), before)
    assert len({(change.row, change.what) for change in done.changes}) == len(done.changes)

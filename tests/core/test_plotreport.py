"""T19 and T20: any polygons over parcels and lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.plotreport import plot_report

PARCELS = [
    {"shape": (0, 0, 10, 100), "class_code": "0101"},
    {"shape": (10, 0, 30, 100), "class_code": "0702"},
    {"shape": (30, 0, 40, 100), "class_code": "0103", "deduct_rate": 0.1},
    {"shape": (40, 0, 50, 100)},
]


def test_classes_by_hand(kit: Any) -> None:
    base = kit.base(PARCELS, farmland=kit.areas((0, 0, 5, 100), (30, 0, 31, 100)))
    report = plot_report(base, kit.array(kit.box(0, 0, 45, 100), None, kit.box(12, 0, 13, 100)))
    rows = [
        (row.plot, row.class_code, row.group, row.area, row.net, row.cultivated, row.paddy, row.farmland)
        for row in report.classes
    ]
    assert rows == [
        (0, None, 0, 500_00, 500_00, 0, 0, 0),
        (0, "0101", 1, 1000_00, 1000_00, 1000_00, 1000_00, 500_00),
        (0, "0103", 1, 1000_00, 900_00, 900_00, 0, 100_00),
        (0, "0702", 2, 2000_00, 2000_00, 0, 0, 0),
        (2, "0702", 2, 100_00, 100_00, 0, 0, 0),
    ]
    assert report.area.tolist() == [4500_00, 0, 100_00]


def test_farmland_not_given_is_not_zero(kit: Any) -> None:
    report = plot_report(kit.base(PARCELS), kit.array(kit.box(0, 0, 5, 100)))
    assert [row.farmland for row in report.classes] == [None]
    assert report.lines == ()


def test_lines_by_hand(kit: Any) -> None:
    base = kit.base(
        PARCELS,
        farmland=kit.areas((0, 0, 5, 100)),
        boundary=kit.areas((20, 0, 100, 100)),
        redline=kit.areas((0, 0, 100, 10), (0, 0, 100, 30), key=[1, 2]),
        others=(kit.areas((0, 50, 100, 100), (0, 90, 100, 100), key=[0, 1]),),
    )
    report = plot_report(base, kit.array(kit.box(0, 0, 40, 100)))
    assert {row.line: (row.area, row.share) for row in report.lines} == {
        "farmland": (500_00, 0.125),
        "boundary": (2000_00, 0.5),
        "outside_boundary": (2000_00, 0.5),
        "redline1": (400_00, 0.1),
        "redline2": (800_00, 0.2),
        "other1": (2000_00, 0.5),
    }


def test_overlapping_plots_are_each_reported_in_full(kit: Any) -> None:
    base = kit.base(PARCELS, boundary=kit.areas((0, 0, 20, 100)))
    plots = kit.array(kit.box(0, 0, 20, 100), kit.box(10, 0, 30, 100), kit.box(0, 0, 20, 100), kit.box(30, 0, 40, 100))
    report = plot_report(base, plots)
    assert report.area.tolist() == [2000_00, 2000_00, 2000_00, 1000_00]
    assert {row.plot: row.area for row in report.lines if row.line == "boundary"} == {
        0: 2000_00,
        1: 1000_00,
        2: 2000_00,
        3: 0,
    }
    # 2 000 + 2 000 + 2 000 claimed where 3 000 are
    assert report.overlap_m2 == pytest.approx(3000)


def test_plots_beyond_the_parcels(kit: Any) -> None:
    base = kit.base(PARCELS)
    plots = kit.array(kit.box(45, 0, 60, 100), kit.box(500, 0, 510, 100), kit.box(55, 0, 70, 100), kit.box(0, 0, 1, 1))
    report = plot_report(base, plots)
    assert report.area.tolist() == [500_00, 0, 0, 100]
    # each in full, also where two of them lie over each other
    assert report.uncovered.round(6).tolist() == [1000, 1000, 1500, 0]
    assert {row.plot for row in report.classes} == {0, 3}


@pytest.mark.parametrize("plots", [(), (None,), (None, None)])
def test_no_plots(kit: Any, plots: tuple) -> None:
    report = plot_report(kit.base(PARCELS), kit.array(*plots))
    assert (report.classes, report.lines, report.overlap_m2) == ((), (), 0.0)
    assert len(report.area) == len(plots)


corner = st.tuples(st.integers(-10, 45), st.integers(-10, 90), st.integers(1, 40), st.integers(1, 60))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), corner), max_size=6))
def test_sums_are_the_plots(kit: Any, corners: list) -> None:
    base = kit.base(PARCELS, farmland=kit.areas((0, 0, 25, 40)), boundary=kit.areas((20, 0, 100, 100)))
    plots = kit.array(*(None if c is None else kit.box(c[0], c[1], c[0] + c[2], c[1] + c[3]) for c in corners))
    report = plot_report(base, plots)
    land = shapely.union_all(base.parcels.table.shapes)
    for plot, shape in enumerate(plots):
        inside = 0.0 if shape is None else shape.intersection(land).area
        rows = [row for row in report.classes if row.plot == plot]
        assert sum(row.area for row in rows) == report.area[plot]
        # a plot's pieces are rounded one by one
        assert report.area[plot] / 100 == pytest.approx(inside, abs=0.005 * 5)
        assert report.uncovered[plot] == pytest.approx(0 if shape is None else shape.area - inside, abs=1e-4)
        if rows:
            lines = {row.line: row for row in report.lines if row.plot == plot}
            assert lines["boundary"].area + lines["outside_boundary"].area == report.area[plot]
            assert lines["boundary"].share + lines["outside_boundary"].share == pytest.approx(1)
            assert sum(row.farmland for row in rows) == lines["farmland"].area
    assert np.all(report.area >= 0)

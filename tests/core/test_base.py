"""The base state: parcels cut along the lines, corrected by approvals; plots cut out of it."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from three_opt_three_protect.core.base import plot_pieces
from three_opt_three_protect.core.landuse import LandGroup

STRIPS = [
    # 100 m high each: paddy 1 000, village 2 000, pond 500
    {"shape": (0, 0, 10, 100), "class_code": "0101", "unit_code": "320509100201"},
    {"shape": (10, 0, 30, 100), "class_code": "0702", "unit_code": "320509100201"},
    {"shape": (30, 0, 35, 100), "class_code": "1104"},
]


def test_lines(kit: Any) -> None:
    base = kit.base(
        STRIPS,
        farmland=kit.areas((0, 0, 5, 100)),
        boundary=kit.areas((20, 0, 100, 100)),
        redline=kit.areas((0, 0, 100, 50), (0, 0, 100, 20), key=[2, 1]),
    )
    assert base.given == {"farmland", "boundary", "redline"}
    assert base.area[base.in_farm].sum() == 500_00
    assert base.area[base.in_bound].sum() == 1500_00
    # where the levels overlap the stricter one holds
    assert [base.area[base.redline == level].sum() for level in (0, 1, 2)] == [1750_00, 700_00, 1050_00]
    assert base.area.sum() == 3500_00
    assert base.cultivated_net.sum() == 1000_00
    assert base.paddy.tolist() == base.cultivated.tolist()


def test_lines_not_given_are_known_to_be_missing(kit: Any) -> None:
    base = kit.base(STRIPS)
    assert base.given == frozenset()
    assert not base.in_farm.any()
    assert base.others.shape == (3, 0)
    # uncut: the statutory parcel itself
    assert all(base.geometry[row] is base.parcels.table.shapes[row] for row in range(3))


def test_parcels_with_a_piece_and_left_out_are_all_there_are(kit: Any) -> None:
    line = {"shape": shapely.Polygon([(kit.X, kit.Y), (kit.X + 9, kit.Y), (kit.X, kit.Y)])}
    base = kit.base([*STRIPS, {"shape": None}, line], farmland=kit.areas((0, 0, 5, 100)))
    assert len(base.area) == 4  # the first parcel is cut in two
    assert (base.parcel_count, base.left_out) == (3, 2)


def test_approved_and_unbuilt_land_is_construction_land(kit: Any) -> None:
    base = kit.base(STRIPS, approved_unbuilt=kit.areas((5, 0, 15, 100)))
    converted = base.base_reason == "approved_unbuilt"
    assert base.area[converted].sum() == 500_00
    assert (base.group[converted] == LandGroup.CONSTRUCTION).all()
    # land that is construction land by survey stays what it is, without a reason
    assert base.area[base.group == LandGroup.CONSTRUCTION].sum() == 2500_00
    assert base.cultivated_net.sum() == 500_00
    assert base.area[base.paddy].sum() == 500_00


def test_village_of_the_record_else_of_the_polygon(kit: Any) -> None:
    base = kit.base(
        STRIPS,
        villages=kit.areas((0, 0, 100, 60), (0, 60, 100, 100), key=[0, 1], names=("320509100202", "")),
        settlements=kit.areas((10, 0, 20, 100), key=[0], names=("东浜",)),
    )
    by_unit = {
        unit: int(base.area[[each == unit for each in base.unit_code.tolist()]].sum())
        for unit in set(base.unit_code.tolist())
    }
    # a polygon without a code gives none: "" would be the township
    assert by_unit == {"320509100201": 3000_00, "320509100202": 300_00, None: 200_00}
    assert base.area[base.settlement == "东浜"].sum() == 1000_00


def test_other_layers_keep_their_rows(kit: Any) -> None:
    base = kit.base(
        STRIPS, farmland=kit.areas((0, 0, 5, 100)), others=(kit.areas((0, 0, 8, 100), (20, 0, 40, 100), key=[0, 1]),)
    )
    assert base.others.shape == (len(base.area), 1)
    assert [int(base.area[base.others[:, 0] == row].sum()) for row in (-1, 0, 1)] == [1200_00, 800_00, 1500_00]


def test_plot_pieces(kit: Any) -> None:
    base = kit.base(STRIPS)
    reclaim = kit.array(kit.box(5, 0, 20, 100), kit.box(15, 0, 25, 50), None)
    newbuild = kit.array(kit.box(8, 0, 12, 100), kit.box(34, 0, 45, 100))
    found = plot_pieces(base, reclaim, newbuild)
    assert found.area[found.reclaim == 0].sum() == 1500_00
    # land two plots claim belongs to the first, and is told
    assert found.area[found.reclaim == 1].sum() == 250_00
    assert found.overlap == pytest.approx((250.0, 0.0), abs=1e-6)
    assert found.area[(found.reclaim == 0) & (found.newbuild == 0)].sum() == 400_00
    assert [values.round(6).tolist() for values in found.uncovered] == [[0, 0, 0], [0, 1000]]


def test_plots_beyond_the_parcels_where_plots_overlap(kit: Any) -> None:
    base = kit.base([{"shape": (0, 0, 10, 10), "class_code": "0702"}])
    reclaim = kit.array(kit.box(5, 0, 15, 10), kit.box(8, 0, 12, 10), kit.box(50, 0, 60, 10))
    found = plot_pieces(base, reclaim, kit.array())
    # 0: 50 m² beyond; 1: all of it lies in plot 0; 2: all 100 m²
    assert found.uncovered[0].round(6).tolist() == [50, 0, 100]
    assert found.area.sum() == 50_00


def test_no_plots(kit: Any) -> None:
    base = kit.base(STRIPS)
    for reclaim in (kit.array(), kit.array(None), kit.array(kit.box(500, 0, 510, 10))):
        found = plot_pieces(base, reclaim, kit.array())
        assert len(found.base) == 0
        assert found.overlap == (0.0, 0.0)

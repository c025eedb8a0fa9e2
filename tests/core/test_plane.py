"""Metres in feet and degrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.plane import metres_per_unit, plane_of, widened
from three_opt_three_protect.core.tables import CrsInfo

DEGREES = CrsInfo(
    "EPSG:4490", is_geographic=True, metres_per_unit=111_319.49, semi_major=6378137.0, inverse_flattening=298.257222101
)


@pytest.mark.parametrize(
    ("latitude", "east", "north"), [(0, 111_320, 110_574), (30, 96_486, 110_852), (45, 78_847, 111_132)]
)
def test_lengths_of_a_degree(latitude: float, east: float, north: float) -> None:
    """The table of lengths of a degree printed in every handbook, to the metre."""
    found = metres_per_unit(DEGREES, np.array([float(latitude)]))
    assert (found[0][0], found[1][0]) == (pytest.approx(east, abs=1), pytest.approx(north, abs=1))


def test_metres_as_drawn_are_not_copied(kit: Any) -> None:
    shapes = kit.array(kit.box(0, 0, 1, 1))
    plane = plane_of(kit.crs, shapes)
    assert plane.as_drawn
    assert plane.metres(shapes) is shapes


def test_feet(kit: Any) -> None:
    crs = replace(kit.crs, metres_per_unit=0.3048)
    shapes = kit.array(shapely.box(0, 0, 10, 20))
    metres = plane_of(crs, shapes).metres(shapes)
    assert shapely.bounds(metres[0]).tolist() == pytest.approx([0, 0, 3.048, 6.096])


def test_degrees_are_scaled_at_the_middle_of_the_plan(kit: Any) -> None:
    shapes = kit.array(shapely.box(120.0, 29.9, 120.01, 30.1))
    west, south, east, north = shapely.bounds(plane_of(DEGREES, shapes).metres(shapes)[0])
    assert (east - west, north - south) == (pytest.approx(964.86, abs=0.1), pytest.approx(22_170.5, abs=1))


def test_a_plan_too_large_for_degrees(kit: Any) -> None:
    with pytest.raises(CrsError) as raised:
        plane_of(DEGREES, kit.array(shapely.box(120.0, 29.0, 121.0, 32.0)))
    assert raised.value.message_id == "plan_too_large_for_degrees"
    assert raised.value.values == {"crs": "EPSG:4490", "degrees": 3.0}
    # a county fits: at 31.9° north 0.9° to either side
    assert plane_of(DEGREES, kit.array(shapely.box(120.0, 31.0, 121.0, 32.8))).north > 0


def test_widened(kit: Any) -> None:
    road = shapely.LineString([(kit.X, kit.Y), (kit.X + 100, kit.Y)])
    (found,) = widened(kit.array(road), 20.0, kit.crs)
    assert shapely.bounds(found).tolist() == pytest.approx([kit.X - 20, kit.Y - 20, kit.X + 120, kit.Y + 20])
    (found,) = widened(kit.array(shapely.LineString([(120.0, 30.0), (120.1, 30.0)])), 96.486, DEGREES)
    assert shapely.bounds(found).tolist() == pytest.approx([119.999, 29.99913, 120.101, 30.00087], abs=2e-6)

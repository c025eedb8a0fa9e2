"""What the flow map of topsoil draws: core's plan as rings and points."""

from __future__ import annotations

from typing import Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plane import Plane, plane_of
from three_opt_three_protect.core.tables import Geometries
from three_opt_three_protect.core.topsoil import Places, joined
from three_opt_three_protect.core.topsoilplan import TopsoilPlan, totals
from three_opt_three_protect.reports.topsoilchart import Floats, Shapes, TopsoilPicture


def topsoil_picture(plan: TopsoilPlan, base: BaseState) -> TopsoilPicture:
    """Plots, flows and sums of a plan; the ground is the hull of the parcels."""
    plane = plane_of(base.spec.crs, base.geometry)
    # The hull is a backdrop only: the union of a county's parcels would take longer than the plan.
    points = shapely.multipoints(shapely.points(shapely.get_coordinates(shapely.envelope(base.geometry))))
    ground = np.array([shapely.convex_hull(points)], dtype=np.object_)
    takers = joined([plan.receivers, plan.stores])
    start = np.concatenate([plan.flows.start, plan.kept.start])
    end = np.concatenate([plan.flows.end, plan.kept.end + len(plan.receivers)])
    volume = np.concatenate([plan.flows.volume, plan.kept.volume])
    sums = totals(plan)
    return TopsoilPicture(
        _rings(plane.metres(ground))[0],
        _shapes(plan.donors, plan.donors.volume, plane),
        _shapes(plan.receivers, plan.receivers.volume, plane),
        _shapes(plan.stores, plan.filled, plane),
        np.stack([plan.donors.point[start], takers.point[end]], axis=1),
        to_m2(volume),
        (
            ("column.soil_stripped", sums.stripped / 100),
            ("column.soil_needed", sums.needed / 100),
            ("column.soil_used", sums.used / 100),
            ("column.soil_left", sums.left / 100),
            ("column.soil_short", sums.short / 100),
        ),
    )


def _shapes(places: Places, volume: Ints, plane: Plane) -> Shapes:
    areal = shapely.get_dimensions(places.shape) == 2
    names = tuple(str(name) for name in places.plot_id)
    return Shapes(_rings(plane.metres(places.shape[areal])), places.point, names, to_m2(volume))


def _rings(shapes: Geometries) -> Tuple[Tuple[Floats, ...], ...]:
    """The rings of every polygon."""
    out = []
    for shape in shapes:
        rings = shapely.get_rings(shapely.get_parts(shape))
        out.append(tuple(np.asarray(shapely.get_coordinates(ring), dtype=np.float64) for ring in rings))
    return tuple(out)

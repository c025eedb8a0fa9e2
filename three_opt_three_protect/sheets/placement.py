"""Where numbers and names stand on a map: in or beside their plot, inside their village, over nothing else.

QGIS's own labelling may drop a number or put it down on another, and every version does it
differently; on a sheet every plot has its number.  All lengths are mm on the paper, y upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = (0.6, 1.2, 2.2, 3.5, 5.0, 7.5, 10.0)
"""Distances tried between a number and its plot."""
LEADER = 2.0
"""From this distance on a thin line leads from the number to the plot."""
AIR = 0.25
"""Least distance between two texts."""
SPACING = 1.5
"""Between the points of a plot's edge that are tried, and between places in a village."""
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
"""Directions in order of preference: right, left, above, below, corners."""
_UNSURE, _PREFERENCE = 1.5, 0.05
_MOST = 4000


@dataclass(frozen=True)
class Wanted:
    """A text to place: what it says, its width and height, the polygon it belongs to."""

    text: str
    width: float
    height: float
    shape: Any


@dataclass(frozen=True)
class Put:
    """A text and the middle of its place; ``leader`` is the point of the plot a line leads to."""

    text: str
    x: float
    y: float
    leader: Optional[Tuple[float, float]] = None


def place_numbers(wanted: Sequence[Wanted], frame: Tuple[float, float, float, float]) -> Tuple[List[Put], List[Any]]:
    """A place for every text: inside a plot that has room for it, else beside it, the most crowded first.

    Parameters
    ----------
    wanted
        Plots with their numbers; every plot is in the way of every number.
    frame
        West, south, east, north that no text may cross.

    Returns
    -------
    tuple
        A :class:`Put` for every one of ``wanted``, in its order, and the boxes they take.
    """
    import shapely

    shapes = np.array([one.shape for one in wanted], dtype=object)
    tree = shapely.STRtree(shapes)
    near = tree.query(shapes, predicate="dwithin", distance=STEPS[-1])[0] if len(shapes) else np.empty(0, np.int64)
    crowd = np.bincount(near, minlength=len(shapes))
    places: List[Optional[Put]] = [None] * len(wanted)
    boxes: List[Any] = []
    for index in np.argsort(-crowd, kind="stable"):
        one = wanted[int(index)]
        put, box = _inside(one, int(index), tree, frame) or _beside(one, int(index), tree, boxes, frame)
        places[int(index)] = put
        boxes.append(shapely.buffer(box, AIR / 2, join_style="mitre"))
    return [place for place in places if place is not None], boxes


def _inside(one: Wanted, index: int, tree: Any, frame: Tuple[float, float, float, float]) -> Optional[Tuple[Put, Any]]:
    """The middle of a plot large enough for its number; None when it is not."""
    import shapely

    middle = shapely.get_coordinates([shapely.centroid(one.shape), shapely.point_on_surface(one.shape)])
    for centre, box in zip(middle, _boxes(middle, one)):
        roomy = shapely.covers(one.shape, shapely.buffer(box, STEPS[0])) and shapely.covers(shapely.box(*frame), box)
        if roomy and set(tree.query(box, predicate="intersects").tolist()) == {index}:
            return Put(one.text, float(centre[0]), float(centre[1])), box
    return None


def _beside(
    one: Wanted, index: int, tree: Any, taken: Sequence[Any], frame: Tuple[float, float, float, float]
) -> Tuple[Put, Any]:
    anchor, centre, distance, side = _candidates(one)
    boxes = _boxes(centre, one)
    clear = _clear(boxes, tree, taken, frame)
    # Nearer to another plot than to its own, a number would be read as the other's.
    rows, others = tree.query(boxes, predicate="dwithin", distance=STEPS[0] + AIR)
    unsure = np.bincount(rows[others != index], minlength=len(boxes)) > 0
    cost = distance + _PREFERENCE * side + _UNSURE * unsure
    # Nowhere free: as near as can be, on whatever is there.
    best = int(np.argmin(np.where(clear, cost, cost + 1000.0)))
    leader = (float(anchor[best, 0]), float(anchor[best, 1])) if distance[best] >= LEADER and clear[best] else None
    return Put(one.text, float(centre[best, 0]), float(centre[best, 1]), leader), boxes[best]


def _candidates(one: Wanted) -> Tuple[Floats, Floats, Floats, Floats]:
    """``(n, 2)`` points of the edge, ``(n, 2)`` middles of boxes beside them, ``(n,)`` distances and sides."""
    import shapely

    edge = shapely.boundary(one.shape)
    count = int(np.clip(shapely.length(edge) / SPACING, 8, 60))
    points = shapely.get_coordinates(shapely.line_interpolate_point(edge, np.linspace(0, 1, count, False), True))
    if shapely.get_type_id(edge) != 1:
        points = shapely.get_coordinates(edge)[:: max(1, len(shapely.get_coordinates(edge)) // 60)]
    sides = np.array(_SIDES, dtype=np.float64)
    reach = sides * [one.width / 2, one.height / 2]
    unit = sides / np.hypot(sides[:, 0], sides[:, 1])[:, None]
    offset = reach[None, :, :] + np.array(STEPS)[:, None, None] * unit[None, :, :]
    middle = points[:, None, None, :] + offset[None, :, :, :]
    shape = middle.shape[:3]
    anchor = np.broadcast_to(points[:, None, None, :], (*shape, 2))
    distance = np.broadcast_to(np.array(STEPS)[None, :, None], shape)
    side = np.broadcast_to(np.arange(len(_SIDES), dtype=np.float64)[None, None, :], shape)
    return anchor.reshape(-1, 2), middle.reshape(-1, 2), distance.reshape(-1), side.reshape(-1)


def place_names(
    wanted: Sequence[Wanted], plots: Sequence[Any], taken: Sequence[Any], frame: Tuple[float, float, float, float]
) -> List[Put]:
    """A place inside its polygon for every name, as near to the middle as plots and numbers allow."""
    import shapely

    tree = shapely.STRtree(np.array(plots, dtype=object))
    used = list(taken)
    places = []
    for one in wanted:
        centre = _grid(one)
        boxes = _boxes(centre, one)
        middle = shapely.get_coordinates(shapely.centroid(one.shape))[0]
        cost = np.hypot(*(centre - middle).T)
        clear = _clear(boxes, tree, used, frame)
        inside = shapely.covers(one.shape, boxes)
        best = int(np.argmin(cost + np.where(clear, 0.0, 1000.0) + np.where(inside, 0.0, 100.0)))
        used.append(shapely.buffer(boxes[best], AIR / 2, join_style="mitre"))
        places.append(Put(one.text, float(centre[best, 0]), float(centre[best, 1])))
    return places


def _grid(one: Wanted) -> Floats:
    """``(n, 2)`` places in a polygon, at least the one QGIS would call the point on its surface."""
    import shapely

    west, south, east, north = shapely.bounds(one.shape)
    step = max(SPACING, float(np.sqrt((east - west) * (north - south) / _MOST)))
    x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
    points = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(one.shape)
    points = points[shapely.contains(one.shape, shapely.points(points))]
    return np.vstack([points, shapely.get_coordinates(shapely.point_on_surface(one.shape))])


def _boxes(centre: Floats, one: Wanted) -> Any:
    import shapely

    half_width, half_height = one.width / 2, one.height / 2
    x, y = centre[:, 0], centre[:, 1]
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _clear(boxes: Any, tree: Any, taken: Sequence[Any], frame: Tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """``(n,)`` True where a box lies in the frame, on no plot and on no other text."""
    import shapely

    clear = np.asarray(shapely.covers(shapely.box(*frame), boxes))
    clear[tree.query(boxes, predicate="intersects")[0]] = False
    if taken:
        others = shapely.STRtree(np.array(taken, dtype=object))
        clear[others.query(boxes, predicate="intersects")[0]] = False
    return clear

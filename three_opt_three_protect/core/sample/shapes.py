"""Lines with a human hand in them, and the cutting of polygons along them.

Everything drawn is cut out of something drawn before, so whatever lies side by side has the
same border. :func:`coverage` at the end gives both sides of a border the same vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.enclosed import enclosed
from three_opt_three_protect.core.tables import Geometries

Points = NDArray[np.float64]
Reals = NDArray[np.float64]
Generator = np.random.Generator

GRID = 0.001
"""Coordinates lie on a grid of 1 mm, as survey databases store them."""


def generator(*seed: int) -> Generator:
    """A random generator of its own for one thing to draw."""
    return np.random.Generator(np.random.PCG64(list(seed)))


def as_array(shapes: Sequence[BaseGeometry]) -> Geometries:
    """Geometries as an object array ``(n,)``."""
    out = np.empty(len(shapes), dtype=np.object_)
    out[:] = list(shapes)
    return out


def polygons(shape: BaseGeometry, smallest: float = 0.0) -> List[Polygon]:
    """The polygons in ``shape`` of at least ``smallest`` m², largest first."""
    found = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > smallest]
    if any(part.geom_type == "GeometryCollection" for part in shapely.get_parts(shape)):
        for part in shapely.get_parts(shape):
            if part.geom_type == "GeometryCollection":
                found.extend(polygons(part, smallest))
    return sorted(found, key=lambda part: -part.area)


def clean(ring: Points) -> BaseGeometry:
    """A polygon from a ring that may cross itself."""
    shape = Polygon(ring)
    return shape if shape.is_valid else shapely.make_valid(shape)


def wave(rng: Generator, lengths: Sequence[float], heights: Sequence[float]) -> Tuple[Reals, Reals, Reals]:
    """A sum of sines as (angular frequency, height, phase), each ``(k,)``."""
    spread = rng.uniform(0.8, 1.25, len(lengths))
    return 2 * np.pi / (np.asarray(lengths) * spread), np.asarray(heights), rng.uniform(0, 2 * np.pi, len(lengths))


def height(sines: Tuple[Reals, Reals, Reals], at: Reals) -> Reals:
    """The sum of sines at ``at`` ``(n,)``."""
    frequency, tall, phase = sines
    return np.asarray((tall * np.sin(np.outer(at, frequency) + phase)).sum(axis=1))


@dataclass(frozen=True)
class Hand:
    """How a line is drawn.

    Attributes
    ----------
    step
        Mean distance of vertices, m.
    lengths, heights
        Wavelengths and amplitudes of the meanders, m.
    tremble
        Standard deviation of the single vertex, m.
    """

    step: float
    lengths: Tuple[float, ...]
    heights: Tuple[float, ...]
    tremble: float = 0.4


def curve(start: Points, end: Points, rng: Generator, hand: Hand) -> Points:
    """A drawn line ``(n, 2)`` from ``start`` to ``end``."""
    along = end - start
    length = float(np.hypot(*along))
    count = max(int(length / hand.step), 2)
    at = np.linspace(0, length, count + 1)
    at[1:-1] += rng.uniform(-0.3, 0.3, count - 1) * length / count
    off = height(wave(rng, hand.lengths, hand.heights), at) + rng.normal(0, hand.tremble, count + 1)
    unit = along / length
    return np.asarray(start + np.outer(at, unit) + np.outer(off, [-unit[1], unit[0]]))


def normals(line: Points) -> Points:
    """Unit vectors to the left of ``line`` at its vertices, ``(n, 2)``."""
    run = np.gradient(line, axis=0)
    run = run / np.maximum(np.hypot(run[:, 0], run[:, 1]), 1e-9)[:, None]
    return np.column_stack([-run[:, 1], run[:, 0]])


def offset(line: Points, by: float | Reals) -> Points:
    """``line`` moved to its left by ``by`` m (one number or one a vertex)."""
    return np.asarray(line + normals(line) * np.broadcast_to(np.asarray(by, dtype=np.float64), len(line))[:, None])


def band(line: Points, left: float | Reals, right: float | Reals) -> BaseGeometry:
    """The strip from ``left`` m to the left of ``line`` to ``right`` m to its right."""
    return clean(np.vstack([offset(line, left), offset(line, -np.asarray(right))[::-1]]))


def half_plane(line: Points, reach: float) -> BaseGeometry:
    """Everything to the left of ``line`` within ``reach`` m."""
    ahead = (line[-1] - line[0]) / max(float(np.hypot(*(line[-1] - line[0]))), 1e-9)
    left = np.array([-ahead[1], ahead[0]])
    first, last = line[0] - ahead * reach, line[-1] + ahead * reach
    return clean(np.vstack([first, line, last, last + left * 2 * reach, first + left * 2 * reach]))


@dataclass(frozen=True)
class Frame:
    """The smallest rectangle round a polygon: centre, unit vector along its long side, sizes in m."""

    centre: Points
    axis: Points
    length: float
    width: float

    @property
    def across(self) -> Points:
        """Unit vector across."""
        return np.array([-self.axis[1], self.axis[0]])


def frame(shape: BaseGeometry) -> Frame:
    """The frame of ``shape``."""
    hull = shapely.get_coordinates(shape.convex_hull)
    edges = np.diff(hull, axis=0)
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    clear = lengths > min(0.01, float(lengths.max()) / 2)  # a hair of an edge has no direction
    unit = edges[clear] / lengths[clear, None]
    along, across = unit @ hull.T, np.column_stack([-unit[:, 1], unit[:, 0]]) @ hull.T
    sizes = np.column_stack([np.ptp(along, axis=1), np.ptp(across, axis=1)])
    best = int(np.argmin(sizes.prod(axis=1)))
    middle = np.array([along[best].max() + along[best].min(), across[best].max() + across[best].min()]) / 2
    axis = unit[best]
    side = np.array([-axis[1], axis[0]])
    centre = axis * middle[0] + side * middle[1]
    long, wide = sizes[best]
    if wide > long:
        return Frame(centre, side, float(wide), float(long))
    return Frame(centre, axis, float(long), float(wide))


def turned(vector: Points, angle: float) -> Points:
    """``vector`` turned left by ``angle`` radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([vector[0] * cosine - vector[1] * sine, vector[0] * sine + vector[1] * cosine])


def cross_line(shape: BaseGeometry, rng: Generator, hand: Hand, skew: float, off_centre: float = 0.12) -> Points:
    """A drawn line across the long side of ``shape``, a little off the middle and askew."""
    box = frame(shape)
    middle = box.centre + box.axis * box.length * rng.uniform(-off_centre, off_centre)
    way = turned(box.across, rng.normal(0, skew))
    reach = 0.5 * float(np.hypot(box.length, box.width)) + 60
    return curve(middle - way * reach, middle + way * reach, rng, hand)


def blob(centre: Points, area: float, rng: Generator, ragged: float, axis: Points, stretch: float) -> Polygon:
    """A rounded area with an uneven outline.

    ``ragged`` is the size of the bays as a share of the radius; ``stretch`` its length : width along ``axis``.
    """
    radius = float(np.sqrt(area / np.pi))
    count = max(int(2 * np.pi * radius / 25), 24)
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ripple = np.ones(count)
    for order in (2, 3, 5, 8, 13, 21):
        ripple += ragged / order * np.sin(order * angle + rng.uniform(0, 2 * np.pi)) * rng.uniform(0.5, 1.2)
    ripple += rng.normal(0, 0.6 / max(radius, 50), count)
    ripple = np.clip(ripple, 0.35, 2.0)
    ripple = ripple / np.sqrt(np.mean(ripple**2))
    side = np.array([-axis[1], axis[0]])
    long, wide = radius * np.sqrt(stretch), radius / np.sqrt(stretch)
    ring = centre + np.outer(ripple * np.cos(angle) * long, axis) + np.outer(ripple * np.sin(angle) * wide, side)
    return polygons(clean(ring))[0]


def faces(region: BaseGeometry, lines: Sequence[Points], smallest: float) -> List[Polygon]:
    """``region`` cut along ``lines``; parts below ``smallest`` m² go to their neighbour later, all are kept."""
    inside = shapely.intersection(as_array([LineString(line) for line in lines if len(line) > 1]), region)
    noded = shapely.union_all(np.append(inside, [region.boundary]), grid_size=GRID)
    found = polygons(shapely.polygonize([noded]), smallest)
    return [face for face in found if region.contains(face.point_on_surface())]


def coverage(shapes: Sequence[BaseGeometry], outline: BaseGeometry) -> Tuple[Geometries, NDArray[np.int64]]:
    """Make drawn polygons a coverage of ``outline``: neighbours share every vertex of their border.

    Returns
    -------
    faces
        ``(m,)`` valid polygons on the 1 mm grid; a hair between ``shapes`` becomes a face of the nearest.
    origin
        ``(m,)`` int64, the row of ``shapes`` a face comes from.
    """
    drawn = as_array(shapes)
    noded = shapely.union_all(np.append(shapely.boundary(drawn), [outline.boundary]), grid_size=GRID)
    found = enclosed(noded)
    tree = shapely.STRtree(drawn)
    inner = shapely.point_on_surface(found)
    face, origin = tree.query(inner, predicate="within")
    first = np.full(len(found), -1, dtype=np.int64)
    first[face[::-1]] = origin[::-1]
    lost = np.flatnonzero(first < 0)
    if len(lost):
        first[lost] = tree.nearest(inner[lost])
    return found, first


def neighbours(shapes: Geometries, rows: NDArray[np.int64], tree: Optional[shapely.STRtree] = None) -> List[List[int]]:
    """For each of ``rows`` the rows that share an edge with it, longest shared edge first."""
    tree = tree or shapely.STRtree(shapes)
    near = tree.query(shapes[rows], predicate="intersects")
    keep = rows[near[0]] != near[1]
    one, other = near[0][keep], near[1][keep]
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[rows[one]]), shapely.boundary(shapes[other])))
    out: List[List[int]] = [[] for _ in rows]
    for index in np.lexsort((other, -shared)):
        if shared[index] > 0:
            out[int(one[index])].append(int(other[index]))
    return out

"""Bad geometry, drawn by hand: one line a case, with what must become of it.

Coordinates are small whole numbers near the origin, so that every area can be worked on paper;
:func:`wkb` and :func:`shape` put a case anywhere, also where eastings carry the zone number.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Callable, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import shapely
from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box

Place = Tuple[float, float]
Ring = Sequence[Tuple[float, float]]

ORIGIN: Place = (0.0, 0.0)
SURVEY: Place = (40_500_000.0, 3_450_000.0)
"""As in EPSG:4528: the easting carries the zone number, a step of float64 is 7e-9 m."""
PLACES = (ORIGIN, SURVEY)

NAN, INF = float("nan"), float("inf")


@dataclass(frozen=True)
class Raw:
    """A geometry only WKB can hold; ``kind`` is its WKB type, rings are not closed for you."""

    rings: Tuple[Ring, ...]
    kind: int = 3

    def wkb(self, place: Place) -> bytes:
        """Little endian."""
        high = {0: 2, 1: 3, 2: 3, 3: 4}[self.kind // 1000]
        out = struct.pack("<BII", 1, self.kind, len(self.rings))
        for ring in self.rings:
            if self.kind % 1000 == _CURVE_POLYGON:
                out += struct.pack("<BI", 1, self.kind - _CURVE_POLYGON + _CIRCULAR_STRING)
            out += struct.pack("<I", len(ring))
            for x, y in ring:
                out += struct.pack(f"<{high}d", x + place[0], y + place[1], *([7.0] * (high - 2)))
        return out


_CIRCULAR_STRING, _CURVE_POLYGON = 8, 10

Drawn = Union[shapely.Geometry, Raw, None]


@dataclass(frozen=True)
class Case:
    """One geometry, why it is repaired or left out ("" = it is not touched), and its areas before and after."""

    name: str
    make: Callable[[], Drawn] = field(repr=False)
    reason: str
    area_was: float
    area_is: float

    @property
    def kept(self) -> bool:
        """True when land is left."""
        return self.area_is > 0


def wkb(case: Case, place: Place = ORIGIN) -> Optional[bytes]:
    """The case as a file holds it."""
    drawn = case.make()
    if drawn is None or isinstance(drawn, Raw):
        return None if drawn is None else drawn.wkb(place)
    return bytes(shapely.to_wkb(moved(drawn, place), output_dimension=2))


def shape(case: Case, place: Place = ORIGIN) -> Optional[shapely.Geometry]:
    """The case as core gets it: what is no geometry at all has become None at the door."""
    return shapely.force_2d(shapely.from_wkb(wkb(case, place), on_invalid="ignore"))


def moved(geometry: shapely.Geometry, place: Place) -> shapely.Geometry:
    """The geometry somewhere else."""
    return shapely.transform(geometry, lambda xy: xy + place)


def array(shapes: Sequence[Optional[shapely.Geometry]]) -> np.ndarray:
    """An object array, also of nothing."""
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


# --- drawing -----------------------------------------------------------------------------------------

B = box(0, 0, 10, 10)
FLAT = Polygon([(20, 0), (25, 5), (30, 10)])
TIE = [(0, 0), (10, 10), (10, 0), (0, 10)]
SMALL_TIE = [(2, 2), (6, 6), (6, 2), (2, 6)]
"""Two triangles of 4 m² each."""


def ring(west: float, south: float, east: float, north: float) -> Ring:
    """The corners of a box, closed, anticlockwise."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def pierced(*holes: Ring) -> Polygon:
    """The box of 100 m² with holes."""
    return Polygon(B.exterior, holes)


def put(value: float, vertex: int, axis: int) -> Ring:
    """The ring of the box with one coordinate replaced; replacing that of the first also replaces the last."""
    points = [list(point) for point in ring(0, 0, 10, 10)[:4]]
    points[vertex][axis] = value
    return [(x, y) for x, y in [*points, points[0]]]


MANY = 100_000
_ANGLE = np.arange(MANY) * (2 * np.pi / MANY)


def circle(radius: float, tie: bool = False) -> Polygon:
    """A ring of 100 000 vertices round (50, 50); two neighbours change places for one tiny bow-tie."""
    points = np.column_stack([50 + radius * np.cos(_ANGLE), 50 + radius * np.sin(_ANGLE)])
    if tie:
        points[[5, 6]] = points[[6, 5]]
    return Polygon(points)


def star(inner: float, outer: float) -> Polygon:
    """A ring of 100 000 vertices that goes in and out at every step."""
    radius = np.where(np.arange(MANY) % 2, inner, outer)
    return Polygon(np.column_stack([50 + radius * np.cos(_ANGLE), 50 + radius * np.sin(_ANGLE)]))


CIRCLE_M2 = 0.5 * MANY * 40.0**2 * float(np.sin(2 * np.pi / MANY))
STAR_M2 = 0.5 * MANY * 39.9 * 40.0 * float(np.sin(2 * np.pi / MANY))


def thick(drawn: shapely.Geometry) -> Callable[[], Drawn]:
    """A case that costs nothing to draw."""
    return lambda: drawn


# --- what is not touched -----------------------------------------------------------------------------

FINE = [
    Case("box", thick(B), "", 100, 100),
    Case("vertex twice", thick(Polygon([(0, 0), (10, 0), (10, 0), (10, 10), (0, 10)])), "", 100, 100),
    Case("vertex 1000 times", thick(Polygon([(0, 0), *[(10, 0)] * 1000, (10, 10), (0, 10)])), "", 100, 100),
    Case("closing vertex thrice", thick(Polygon([*ring(0, 0, 10, 10), (0, 0), (0, 0)])), "", 100, 100),
    Case("vertices on an edge", thick(Polygon([(0, 0), (2, 0), (5, 0), (10, 0), (10, 10), (0, 10)])), "", 100, 100),
    Case("shell clockwise", thick(Polygon(ring(0, 0, 10, 10)[::-1], [ring(2, 2, 4, 4)])), "", 96, 96),
    Case("hole anticlockwise", thick(pierced(ring(2, 2, 4, 4))), "", 96, 96),
    Case("hole touches shell in a point", thick(pierced([(0, 5), (4, 3), (4, 7)])), "", 92, 92),
    Case("holes touch in a point", thick(pierced(ring(2, 2, 4, 4), ring(4, 4, 6, 6))), "", 92, 92),
    Case("parts touch in a point", thick(MultiPolygon([B, box(10, 10, 20, 20)])), "", 200, 200),
    Case("part in the hole of another", thick(MultiPolygon([pierced(ring(2, 2, 8, 8)), box(3, 3, 7, 7)])), "", 80, 80),
    Case("an empty part", thick(MultiPolygon([B, Polygon()])), "", 100, 100),
    Case("needle", thick(Polygon([(0, 0), (100, 0), (100, 1e-6)])), "", 5e-5, 5e-5),
    Case("tiny", thick(box(0, 0, 1e-6, 1e-6)), "", 1e-12, 1e-12),
    Case("huge", thick(box(0, 0, 1e6, 1e6)), "", 1e12, 1e12),
    Case("100 000 vertices", lambda: circle(40), "", CIRCLE_M2, CIRCLE_M2),
    Case("100 000 vertices in and out", lambda: star(39.9, 40), "", STAR_M2, STAR_M2),
]

# --- what is made valid ------------------------------------------------------------------------------

RINGS = [
    Case("bow-tie", thick(Polygon(TIE)), "invalid", 0, 50),
    # edges cross at (7.5, 7.5): lobes of 7.5 × 5 / 2 = 18.75 and 5 × 2.5 / 2 = 6.25
    Case("uneven bow-tie", thick(Polygon([(0, 0), (10, 10), (10, 5), (5, 10)])), "invalid", 12.5, 25),
    Case("bow-tie in a hole", thick(pierced(SMALL_TIE)), "invalid", 100, 92),
    Case("bow-tie in a part", thick(MultiPolygon([box(20, 0, 30, 10), Polygon(TIE)])), "invalid", 100, 150),
    # the ring comes back to (5, 10) after a triangle of 4 × 5 / 2
    Case(
        "inverted shell",
        thick(Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (7, 5), (3, 5), (5, 10), (0, 10)])),
        "invalid", 90, 90,
    ),
    Case(
        "inverted shell, pocket run the other way",
        thick(Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (3, 5), (7, 5), (5, 10), (0, 10)])),
        "invalid", 110, 100,
    ),
    # the end of the ring runs over its beginning: a strip of 10 × 2 lies twice inside
    Case(
        "ring over itself",
        thick(Polygon([(0, 0), (10, 0), (10, 10), (0, 10), (0, -2), (10, -2), (10, 2), (0, 2)])),
        "invalid", 140, 120,
    ),
    Case(
        "exverted hole", thick(pierced([(5, 5), (8, 3), (8, 7), (5, 5), (2, 7), (2, 3), (5, 5)])), "invalid", 88, 88,
    ),
    Case("two lobes that touch", thick(Polygon([(5, 5), (10, 0), (10, 10), (5, 5), (0, 10), (0, 0)])), "invalid",
         50, 50),
    Case("run round twice", thick(Polygon([*ring(0, 0, 10, 10), *ring(0, 0, 10, 10)])), "invalid", 200, 100),
    Case("spike outward", thick(Polygon([(0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)])), "invalid",
         100, 100),
    Case("spike inward", thick(Polygon([(0, 0), (10, 0), (10, 5), (3, 5), (10, 5), (10, 10), (0, 10)])), "invalid",
         100, 100),
    Case("spike along an edge", thick(Polygon([(0, 0), (15, 0), (10, 0), (10, 10), (0, 10)])), "invalid", 100, 100),
    # two boxes of 100 joined by a line there and back
    Case(
        "corridor without width",
        thick(Polygon([(0, 0), (10, 0), (10, 5), (20, 5), (20, 0), (30, 0), (30, 10), (20, 10), (20, 5), (10, 5),
                       (10, 10), (0, 10)])),
        "invalid", 200, 200,
    ),
    Case("100 000 vertices, one bow-tie", lambda: circle(40, tie=True), "invalid", CIRCLE_M2, CIRCLE_M2),
    Case("A, B, A in a part", thick(MultiPolygon([B, FLAT])), "invalid", 100, 100),
]  # fmt: skip

HOLES = [
    Case("hole outside", thick(pierced([(20, 20), (21, 20), (21, 21)])), "invalid", 99.5, 100),
    Case("hole across the shell", thick(pierced(ring(8, 2, 12, 4))), "invalid", 92, 96),
    Case("hole on an edge", thick(pierced(ring(8, 2, 10, 4))), "invalid", 96, 96),
    Case("hole cuts in two", thick(pierced([(0, 5), (5, 4), (10, 5), (5, 6)])), "invalid", 90, 90),
    Case("same hole twice", thick(pierced(ring(2, 2, 6, 6), ring(2, 2, 6, 6))), "invalid", 68, 84),
    # 16 + 16 − 4
    Case("holes overlap", thick(pierced(ring(2, 2, 6, 6), ring(4, 4, 8, 8))), "invalid", 68, 72),
    Case("holes share an edge", thick(pierced(ring(2, 2, 4, 4), ring(4, 2, 6, 4))), "invalid", 92, 92),
    Case("hole in a hole", thick(pierced(ring(2, 2, 8, 8), ring(4, 4, 6, 6))), "invalid", 60, 64),
    Case("hole without area", thick(pierced([(2, 2), (4, 4), (6, 6)])), "invalid", 100, 100),
    Case("hole is the shell", thick(pierced(ring(0, 0, 10, 10))), "zero_area", 0, 0),
    Case("hole larger than the shell", thick(pierced(ring(-5, -5, 15, 15))), "zero_area", -300, 0),
]

PARTS = [
    Case("parts overlap", thick(MultiPolygon([B, box(5, 2, 15, 8)])), "invalid", 160, 130),
    Case("parts overlap by 1e-6 m²", thick(MultiPolygon([B, box(0, 10 - 1e-7, 10, 20)])), "invalid", 200, 200),
    Case("parts share an edge", thick(MultiPolygon([B, box(10, 0, 20, 10)])), "invalid", 200, 200),
    Case("nested shells", thick(MultiPolygon([B, box(2, 2, 4, 4)])), "invalid", 104, 100),
    Case("same part twice", thick(MultiPolygon([B, B])), "invalid", 200, 100),
    Case("three parts over one another", thick(MultiPolygon([B, B, box(5, 0, 15, 10)])), "invalid", 300, 150),
    Case("part over the hole of another", thick(MultiPolygon([pierced(ring(2, 2, 8, 8)), box(1, 1, 9, 9)])),
         "invalid", 128, 100),
    Case("part without area", thick(MultiPolygon([B, FLAT])), "invalid", 100, 100),
]  # fmt: skip

LINE = LineString([(0, 0), (30, 30)])
MIXED = [
    Case("polygon and line", thick(GeometryCollection([B, LINE])), "invalid", 100, 100),
    Case("polygon, line, point", thick(GeometryCollection([Point(3, 3), LINE, B])), "invalid", 100, 100),
    Case("nested collections", thick(GeometryCollection([GeometryCollection([GeometryCollection([B]), LINE])])),
         "invalid", 100, 100),
    Case("polygons of a collection overlap", thick(GeometryCollection([B, box(5, 5, 15, 15)])), "invalid", 200, 175),
    Case("bow-tie in a collection", thick(GeometryCollection([LINE, MultiPolygon([Polygon(TIE)])])), "invalid", 0, 50),
    Case("collection with an empty polygon", thick(GeometryCollection([B, Polygon()])), "invalid", 100, 100),
]  # fmt: skip

# --- what is left out --------------------------------------------------------------------------------

LEFT_OUT = [
    Case("null", thick(None), "null", NAN, 0),
    Case("empty polygon", thick(Polygon()), "empty", NAN, 0),
    Case("empty multipolygon", thick(MultiPolygon()), "empty", NAN, 0),
    Case("multipolygon of an empty part", thick(MultiPolygon([Polygon()])), "empty", NAN, 0),
    Case("empty collection", thick(GeometryCollection()), "empty", NAN, 0),
    Case("point", thick(Point(1, 1)), "not_polygon", 0, 0),
    Case("points", thick(MultiPoint([(1, 1), (2, 2)])), "not_polygon", 0, 0),
    Case("line", thick(LINE), "not_polygon", 0, 0),
    Case("closed line", thick(LineString(ring(0, 0, 10, 10))), "not_polygon", 0, 0),
    Case("lines", thick(MultiLineString([LINE, [(5, 0), (5, 9)]])), "not_polygon", 0, 0),
    Case("collection of points and lines", thick(GeometryCollection([Point(0, 0), LINE])), "not_polygon", 0, 0),
    Case("vertices in a line", thick(Polygon([(0, 0), (1, 1), (2, 2)])), "zero_area", 0, 0),
    Case("vertices in one place", thick(Polygon([(0, 0)] * 4)), "zero_area", 0, 0),
    Case("there and back", thick(Raw(([(0, 0), (10, 10), (0, 0)],))), "zero_area", 0, 0),
    Case("parts without area", thick(MultiPolygon([FLAT, Polygon([(0, 0), (5, 0), (9, 0)])])), "zero_area", 0, 0),
]

NOT_FINITE = [
    *(
        Case(f"{value} in {'xy'[axis]} of {vertex}", thick(Raw((put(value, vertex, axis),))), "not_finite", NAN, 0)
        for value in (NAN, INF, -INF)
        for vertex in ((1, 2, 3) if value != value else (0, 1, 2, 3))
        for axis in (0, 1)
    ),
    *(
        Case(f"{value} in a hole", thick(Raw((ring(-9, -9, 19, 19), put(value, 2, 0)))), "not_finite", NAN, 0)
        for value in (NAN, INF, -INF)
    ),
    Case("nan in the second hole", thick(Raw((ring(-9, -9, 19, 19), ring(12, 12, 14, 14), put(NAN, 3, 1)))),
         "not_finite", NAN, 0),
    Case("nan in the second part", thick(MultiPolygon([box(20, 20, 30, 30), Polygon(put(NAN, 2, 1)[:4])])),
         "not_finite", NAN, 0),
    Case("nan in a collection", thick(GeometryCollection([B, LineString([(0, 0), (NAN, 1)])])), "not_finite", NAN, 0),
    Case("infinite point", thick(Point(INF, 0)), "not_finite", NAN, 0),
    Case("1e200", thick(Polygon([(0, 0), (1e200, 0), (0, 1e200)])), "not_finite", NAN, 0),
]  # fmt: skip

UNREADABLE = [
    # what GEOS refuses to hold is None when core sees it
    Case("ring not closed", thick(Raw((ring(0, 0, 10, 10)[:4],))), "null", NAN, 0),
    Case("ring of two points", thick(Raw(([(0, 0), (0, 0)],))), "null", NAN, 0),
    Case("ring of one point", thick(Raw(([(0, 0)],))), "null", NAN, 0),
    Case("hole not closed", thick(Raw((ring(0, 0, 10, 10), ring(2, 2, 4, 4)[:4]))), "null", NAN, 0),
    Case("nan in the first and last vertex", thick(Raw((put(NAN, 0, 0),))), "null", NAN, 0),
    Case("nan in the last vertex only", thick(Raw(([*ring(0, 0, 10, 10)[:4], (NAN, 0)],))), "null", NAN, 0),
]

HIGH = [
    Case("with Z", thick(Raw((ring(0, 0, 10, 10),), 1003)), "", 100, 100),
    Case("with M", thick(Raw((ring(0, 0, 10, 10),), 2003)), "", 100, 100),
    Case("with Z and M", thick(Raw((ring(0, 0, 10, 10),), 3003)), "", 100, 100),
    Case("bow-tie with Z", thick(Raw(([*TIE, TIE[0]],), 1003)), "invalid", 0, 50),
]

CURVES = [
    # a circle of radius 10 from two arcs; drawn as a chain of chords it is a little smaller
    Case("circle", thick(Raw(([(-10, 0), (0, 10), (10, 0), (0, -10), (-10, 0)],), 10)), "", 100 * np.pi, 100 * np.pi),
]
"""Only files and QGIS hold these."""

CORPUS: List[Case] = [*FINE, *RINGS, *HOLES, *PARTS, *MIXED, *LEFT_OUT, *NOT_FINITE, *UNREADABLE]
"""Every case core can be given."""

FILE_CORPUS: List[Case] = [case for case in [*CORPUS, *HIGH, *CURVES] if case.name != "huge"]
"""Every case that fits side by side in one layer."""


# --- parcels and zones together ----------------------------------------------------------------------

Areas = Mapping[Tuple[int, int], float]


@dataclass(frozen=True)
class Meeting:
    """Parcels, zones with their keys, and the area of every (parcel, key), worked by hand; −1 is outside."""

    name: str
    parcels: Sequence[shapely.Geometry]
    zones: Sequence[shapely.Geometry]
    areas: Areas
    keys: Sequence[int] = ()


P = box(0, 0, 100, 100)
_SMALL = (1e-9, 1e-6, 1e-3, 1.0, 1e3)
_NEAR = (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
_ROUND = Polygon([(50, 0), (100, 30), (80, 100), (20, 90), (0, 40)])


def _overlapping(name: str, area: float) -> List[Meeting]:
    """A strip of 100 m that holds ``area``: of a zone over a parcel, of two parcels, of two zones."""
    wide = area / 100
    over, half = box(0, 100 - wide, 100, 200), box(-5, -5, 50, 205)
    return [
        Meeting(f"zone over a parcel by {name}", [P], [over], {(0, 0): area, (0, -1): 10_000 - area}),
        Meeting(
            f"parcels overlap by {name}", [P, over], [half],
            {(0, 0): 5000, (0, -1): 5000, (1, 0): 5000 + area / 2, (1, -1): 5000 + area / 2},
        ),
        Meeting(
            f"zones overlap by {name}", [box(0, 0, 100, 200)], [P, over],
            {(0, 0): 10_000, (0, 1): 10_000},
        ),
        Meeting(
            f"gap of {name} between parcels", [P, box(0, 100 + wide, 100, 200)], [half],
            {(0, 0): 5000, (0, -1): 5000, (1, 0): 5000 - area / 2, (1, -1): 5000 - area / 2},
        ),
    ]  # fmt: skip


def _slanted(gap: float) -> Meeting:
    """A zone whose edge turns from ``gap`` inside to ``gap`` outside along the parcels' common edge."""
    zone = Polygon([(0, 100 - gap), (100, 100 + gap), (100, 250), (0, 250)])
    wedge = gap * 50 / 2
    return Meeting(
        f"edges {gap:g} m apart", [P, box(0, 100, 100, 200)], [zone],
        {(0, 0): wedge, (0, -1): 10_000 - wedge, (1, 0): 10_000 - wedge, (1, -1): wedge},
    )  # fmt: skip


MEETINGS: List[Meeting] = [
    Meeting("zone is the parcel", [P], [P], {(0, 0): 10_000}),
    Meeting("zone touches in a point", [P], [box(100, 100, 200, 200)], {(0, -1): 10_000}),
    Meeting("zone touches along an edge", [P], [box(100, 0, 200, 100)], {(0, -1): 10_000}),
    Meeting("parcel in the hole of a zone", [P], [Polygon(box(-50, -50, 150, 150).exterior, [P.exterior])],
            {(0, -1): 10_000}),
    Meeting("zone in the hole of a parcel", [Polygon(P.exterior, [ring(20, 20, 60, 60)])], [box(20, 20, 60, 60)],
            {(0, -1): 8400}),
    Meeting("zone over the hole of a parcel", [Polygon(P.exterior, [ring(20, 20, 60, 60)])], [box(0, 0, 60, 60)],
            {(0, 0): 2000, (0, -1): 6400}),
    Meeting("duplicates of a parcel", [P, P, P], [box(0, 0, 30, 100)],
            {(row, key): area for row in range(3) for key, area in ((0, 3000), (-1, 7000))}),
    Meeting("duplicates of a parcel, zone the same", [P, P], [P], {(0, 0): 10_000, (1, 0): 10_000}),
    Meeting("parcel in a parcel", [P, box(20, 20, 40, 40)], [box(0, 0, 30, 100)],
            {(0, 0): 3000, (0, -1): 7000, (1, 0): 200, (1, -1): 200}),
    Meeting("zones the same, lowest key first", [P], [P, P], {(0, 2): 10_000}, keys=(7, 2)),
    Meeting("zones nested, large first", [P], [P, box(20, 20, 40, 40)], {(0, 0): 10_000}),
    Meeting("zones nested, small first", [P], [P, box(20, 20, 40, 40)], {(0, 1): 9600, (0, 0): 400}, keys=(1, 0)),
    Meeting("zones of one key overlap", [P], [box(0, 0, 60, 100), box(40, 0, 80, 100)],
            {(0, 3): 8000, (0, -1): 2000}, keys=(3, 3)),
    Meeting("zones of one key share an edge", [P], [box(-10, -10, 50, 110), box(50, -10, 110, 110)], {(0, 3): 10_000},
            keys=(3, 3)),
    Meeting("zones of three keys cross",
            [P], [box(0, 0, 60, 100), box(0, 0, 100, 60), box(50, 50, 100, 100)],
            {(0, 0): 6000, (0, 1): 2400, (0, 2): 1600}),
    Meeting("T-junction of parcels on a zone edge", [P, box(100, 0, 200, 40), box(100, 40, 200, 100)],
            [box(100, -10, 300, 110)], {(0, -1): 10_000, (1, 0): 4000, (2, 0): 6000}),
    Meeting("zone vertices on a parcel edge",
            [P, box(100, 0, 200, 100)], [Polygon([(100, 0), (100, 33), (100, 71), (100, 100), (50, 50)])],
            {(0, 0): 2500, (0, -1): 7500, (1, -1): 10_000}),
    Meeting("parcel vertices on a zone edge",
            [Polygon([(0, 0), (100, 0), (100, 20), (100, 60), (100, 100), (0, 100)]), box(100, 0, 200, 100)], [P],
            {(0, 0): 10_000, (1, -1): 10_000}),
    # 50 × 100 − triangle; the slanted edge has no vertex where the zone ends on it
    Meeting("zone ends on a slanted edge", [Polygon([(0, 0), (100, 0), (0, 70)])], [box(-10, -10, 30, 200)],
            {(0, 0): 3500 - 70 * 49 / 2, (0, -1): 70 * 49 / 2}),
    Meeting("parts of a parcel, one in a zone", [MultiPolygon([P, box(200, 0, 300, 100)])], [box(150, -50, 350, 150)],
            {(0, 0): 10_000, (0, -1): 10_000}),
    Meeting("parts that touch in a point, zone round one", [MultiPolygon([B, box(10, 10, 20, 20)])], [B],
            {(0, 0): 100, (0, -1): 100}),
    Meeting("zone of many parts", [P], [MultiPolygon([box(10 * i, 0, 10 * i + 5, 100) for i in range(10)])],
            {(0, 0): 5000, (0, -1): 5000}),
    Meeting("the same 5 corners twice", [_ROUND], [_ROUND], {(0, 0): _ROUND.area}),
    Meeting("huge zone", [P], [box(-1e6, -1e6, 1e6, 1e6)], {(0, 0): 10_000}),
    Meeting("huge parcel, small zone", [box(-1e6, -1e6, 1e6, 1e6)], [P], {(0, 0): 10_000, (0, -1): 4e12 - 10_000}),
    Meeting("tiny zone", [P], [box(50, 50, 50 + 1e-6, 50 + 1e-6)], {(0, -1): 10_000}),
    Meeting("tiny parcel across a zone", [box(0, 0, 2e-6, 2e-6)], [box(-1, -1, 1e-6, 1)], {(0, -1): 4e-12}),
    Meeting("100 000 vertices as zone", [P], [circle(40)], {(0, 0): CIRCLE_M2, (0, -1): 10_000 - CIRCLE_M2}),
    Meeting("100 000 vertices as parcel", [circle(40)], [box(0, 0, 50, 100)],
            {(0, 0): CIRCLE_M2 / 2, (0, -1): CIRCLE_M2 / 2}),
    Meeting("100 000 vertices as both", [circle(40)], [circle(40)], {(0, 0): CIRCLE_M2}),
    Meeting("100 000 vertices in and out", [P], [star(39.9, 40)], {(0, 0): STAR_M2, (0, -1): 10_000 - STAR_M2}),
    *(one for area in _SMALL for one in _overlapping(f"{area:g} m²", area)),
    *(_slanted(gap) for gap in _NEAR),
]  # fmt: skip

"""The base state (规划基数): every parcel cut along the lines, its survey class corrected by approvals.

Sources: 00-supplement 1.3 (base conversion), 1.9 (two redline levels).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.conversion import (
    KINDS,
    Statement,
    base_classes,
    unclear_findings,
    unstated,
)
from three_opt_three_protect.core.factor import Factor, Texts, is_none
from three_opt_three_protect.core.gradesaround import PieceGrades, piece_grades
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.overlay import Coverage, ZoneLayer
from three_opt_three_protect.core.parcelareas import (
    NO_CONTROLS,
    AreaControls,
    AreaReport,
    parcel_areas,
    stray_features,
)
from three_opt_three_protect.core.parcels import Parcels
from three_opt_three_protect.core.pieces import AreaSpec, Ints, MeasuredPieces, Whole, split
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

APPROVED_UNBUILT = KINDS[0]

Bools = NDArray[np.bool_]

ROLES: Tuple[str, ...] = ("farmland", "boundary", "redline", *KINDS, "villages", "settlements")
"""Lines in the order in which parcels are cut with them."""


@dataclass(frozen=True)
class Areas:
    """A layer of lines or units: repaired polygons and, where they differ, a key for each.

    ``statement`` is what a layer of base conversions says of each; its keys are its rows.
    """

    geometry: Geometries
    key: Optional[Ints] = None
    names: Tuple[str, ...] = ()
    statement: Optional[Statement] = None

    def zones(self) -> ZoneLayer:
        """The layer as the overlay takes it; without keys all polygons are one zone."""
        key = np.zeros(len(self.geometry), dtype=np.int64) if self.key is None else self.key
        return ZoneLayer(self.geometry, key)


@dataclass(frozen=True)
class Lines:
    """What parcels are cut with; None = not given, and every account that needs it is unknown.

    ``redline`` has the control level (1, 2) as key; ``villages`` and ``settlements`` have the row
    of their code or name in ``names`` as key.  ``others`` are any further layers; their keys are the
    rows of their features.
    """

    farmland: Optional[Areas] = None
    boundary: Optional[Areas] = None
    redline: Optional[Areas] = None
    approved_unbuilt: Optional[Areas] = None
    illegal_built: Optional[Areas] = None
    temporary: Optional[Areas] = None
    demolished: Optional[Areas] = None
    villages: Optional[Areas] = None
    settlements: Optional[Areas] = None
    others: Tuple[Areas, ...] = ()

    def given(self) -> Tuple[Tuple[str, Areas], ...]:
        """The layers that are there, by role, in a fixed order; the others last."""
        known = tuple((role, getattr(self, role)) for role in ROLES if getattr(self, role) is not None)
        return known + tuple((f"other{number}", areas) for number, areas in enumerate(self.others, 1))


@dataclass(frozen=True)
class Units:
    """Codes of units, in order, and the unit of every base piece (−1 = none)."""

    codes: Tuple[str, ...]
    of_piece: Ints


def _coded(names: Texts) -> Units:
    words = np.array(["" if name is None else str(name) for name in names])
    codes, index = np.unique(words, return_inverse=True)
    index = index.astype(np.int64).reshape(-1)
    if len(codes) and codes[0] == "":
        return Units(tuple(str(code) for code in codes[1:]), index - 1)
    return Units(tuple(str(code) for code in codes), index)


@dataclass(frozen=True)
class BaseState:
    """Base pieces: parcels cut along the lines, ``(n,)`` each.

    Attributes
    ----------
    unit, settlement
        Village code and natural village of a piece, None where there is none.
    in_farm, in_bound
        Bool; redline is the control level, 0 outside.
    class_base
        The base class: the survey's, or what stands for it; None where that is not stated.
    group, cultivated, paddy
        By the base class; construction where approved and unbuilt.
    base_reason
        Why base and survey class differ, None where they do not.
    others
        ``(n, k)`` int64, row of the covering feature of each further layer, −1 outside.
    area, net
        Int64 hundredths of a m².
    given
        Roles of the lines that were given.
    report
        How the areas of the parcels came about.
    infer_radius_m
        Metres around cultivated land without a grade in which its grade is looked for; 0 = it has none.
    """

    parcels: Parcels
    spec: AreaSpec
    measured: MeasuredPieces
    unit: Factor
    settlement: Texts
    in_farm: Bools
    in_bound: Bools
    redline: NDArray[np.int64]
    class_base: Factor
    group: NDArray[np.int8]
    cultivated: Bools
    paddy: Bools
    base_reason: Texts
    others: NDArray[np.int64]
    given: frozenset[str]
    report: AreaReport
    infer_radius_m: float = 0.0

    @property
    def adjusted_m2(self) -> float:
        """Largest difference between a recorded area and the parcel's own, m²."""
        return self.report.adjusted_m2

    @property
    def parcel(self) -> Ints:
        """``(n,)`` row of the parcel of every piece."""
        return self.measured.pieces.parcel

    @property
    def unit_code(self) -> Texts:
        """``(n,)`` village code, None where there is none."""
        return self.unit.values

    @property
    def parcel_count(self) -> int:
        """Parcels in use: those that have a piece."""
        return int(np.count_nonzero(np.bincount(self.parcel, minlength=1)))

    @property
    def left_out(self) -> int:
        """Parcels without a usable polygon: together with :attr:`parcel_count` as many as were read."""
        return len(self.parcels.table) - self.parcel_count

    @property
    def area(self) -> Ints:
        """``(n,)`` gross hundredths."""
        return self.measured.area

    @property
    def net(self) -> Ints:
        """``(n,)`` net hundredths."""
        return self.measured.net

    @property
    def geometry(self) -> Geometries:
        """``(n,)`` polygons."""
        return self.measured.pieces.geometry

    @cached_property
    def converted(self) -> Bools:
        """``(n,)`` bool: the base class is not the survey's."""
        return ~is_none(self.base_reason)

    def inside(self, role: str) -> Bools:
        """``(n,)`` bool: the piece lies in the layer of this role (:data:`ROLES`); nowhere where it was not given."""
        if role not in self.given:
            return np.zeros(len(self.area), dtype=np.bool_)
        column = [each for each in ROLES if each in self.given].index(role)
        return np.asarray(self.measured.pieces.zone[:, column] >= 0)

    @property
    def unclear(self) -> Bools:
        """``(n,)`` bool: the survey's class does not count, and what was there before is not stated."""
        return np.asarray(self.converted & (self.group == LandGroup.UNKNOWN))

    @cached_property
    def grades(self) -> PieceGrades:
        """Quality grades of the pieces, worked out once."""
        return piece_grades(self, self.infer_radius_m)

    @cached_property
    def cultivated_net(self) -> Ints:
        """``(n,)`` net hundredths that are cultivated land, 0 elsewhere."""
        return np.asarray(np.where(self.cultivated, self.net, 0), dtype=np.int64)

    @cached_property
    def villages(self) -> Units:
        """The villages, found once: they stay as they are while plots change."""
        return _coded(self.unit_code)

    @cached_property
    def settlements(self) -> Units:
        """Natural villages, known as ``village code/name``: names repeat across villages."""
        pairs = zip(self.unit_code, self.settlement)
        named = [None if name is None else f"{unit or ''}/{name}" for unit, name in pairs]
        return _coded(np.array(named, dtype=np.object_))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index of the pieces, built once."""
        return shapely.STRtree(self.geometry)


def base_state(
    parcels: Parcels,
    lines: Lines,
    spec: AreaSpec,
    snap: float = 0.0,
    progress: Progress = SILENT,
    coverage: Optional[Coverage] = None,
    controls: AreaControls = NO_CONTROLS,
    infer_radius_m: float = 0.0,
) -> BaseState:
    """Cut the parcels along the lines and find the base class of every piece.

    Parameters
    ----------
    snap
        Metres within which line vertices are moved onto parcel vertices.
    coverage
        Of the repaired parcels, where there is one already.
    controls
        Control areas and features of the second survey.
    infer_radius_m
        See :class:`BaseState`.
    """
    whole, report = parcel_areas(parcels, spec, controls, progress)
    given = lines.given()
    measured = split(whole, [layer.zones() for _, layer in given], spec, snap, progress, coverage)
    zone = {role: measured.pieces.zone[:, number] for number, (role, _) in enumerate(given)}
    outside = np.full(len(measured.area), -1, dtype=np.int64)
    row = measured.pieces.parcel
    stated = {kind: _statement(areas) for kind, areas in given if kind in KINDS}
    converting = {kind: zone[kind] for kind in stated}
    found = base_classes(parcels.code, parcels.classes, row, converting, stated)
    unclear = unclear_findings(found, converting, stated)
    return BaseState(
        parcels,
        spec,
        measured,
        _units(parcels.unit.take(row), lines.villages, zone.get("villages", outside)),
        _names(lines.settlements, zone.get("settlements", outside)),
        zone.get("farmland", outside) >= 0,
        zone.get("boundary", outside) >= 0,
        np.maximum(zone.get("redline", outside), 0),
        found.code,
        found.group,
        found.cultivated,
        found.paddy,
        found.reason.values,
        measured.pieces.zone[:, len(given) - len(lines.others) :],
        frozenset(role for role, _ in given),
        replace(report, findings=(*report.findings, *unclear, *stray_features(measured, controls))),
        infer_radius_m,
    )


def _statement(areas: Areas) -> Statement:
    return unstated(len(areas.geometry)) if areas.statement is None else areas.statement


def _names(areas: Optional[Areas], key: Ints) -> Texts:
    out = np.full(len(key), None, dtype=np.object_)
    if areas is not None:
        inside = key >= 0
        out[inside] = np.array(areas.names, dtype=np.object_)[key[inside]]
    return out


def _units(recorded: Factor, villages: Optional[Areas], key: Ints) -> Factor:
    """The recorded village (坐落) where there is one, else the village polygon the piece lies in."""
    covered = recorded.missing & (key >= 0)
    if villages is None or not covered.any():
        return recorded
    known = recorded.levels.tolist()
    # A village that states no code is none: "" would be the township.
    names = [name or None for name in villages.names]
    return Factor.picked([*known, *names], np.where(covered, len(known) + key, recorded.code))


@dataclass(frozen=True)
class PlotPieces:
    """Parts of base pieces that lie in a plot.

    ``base`` is the row of the base piece, ``reclaim`` and ``newbuild`` the row of the plot or −1;
    ``area`` and ``net`` are int64 hundredths.  ``overlap`` (reclaim, newbuild) is the area in m²
    that plots of one layer claim more than once, ``uncovered`` the area in m² of every reclaim and
    new-build plot that lies on no parcel.
    """

    base: Ints
    reclaim: Ints
    newbuild: Ints
    area: Ints
    net: Ints
    overlap: Tuple[float, float]
    uncovered: Tuple[NDArray[np.float64], NDArray[np.float64]]


def plot_pieces(
    base: BaseState, reclaim: Geometries, newbuild: Geometries, snap: float = 0.0, progress: Progress = SILENT
) -> PlotPieces:
    """Cut the base pieces along the plots; pieces without a plot are not returned.

    Only base pieces near a plot are looked at, so that the balance can follow an edit.
    """
    plots = np.concatenate([reclaim, newbuild])
    near = np.unique(base.tree.query(plots[~shapely.is_missing(plots)])[1]) if len(plots) else np.empty(0, np.int64)
    whole = Whole(base.geometry[near], base.area[near], base.net[near])
    layers = [ZoneLayer(shapes, np.arange(len(shapes), dtype=np.int64)) for shapes in (reclaim, newbuild)]
    measured = split(whole, layers, base.spec, snap, progress)
    zone = measured.pieces.zone
    inside = (zone >= 0).any(axis=1)
    square = base.spec.crs.metres_per_unit**2
    covered = measured.pieces.geometry[inside]
    uncovered = tuple(
        _uncovered(shapes, zone[inside, number], covered) for number, shapes in enumerate((reclaim, newbuild))
    )
    return PlotPieces(
        near[measured.pieces.parcel[inside]],
        zone[inside, 0],
        zone[inside, 1],
        measured.area[inside],
        measured.net[inside],
        (float(measured.pieces.overlap[0]) * square, float(measured.pieces.overlap[1]) * square),
        (uncovered[0] * square, uncovered[1] * square),
    )


def _uncovered(plots: Geometries, key: Ints, geometry: Geometries) -> NDArray[np.float64]:
    """Planar area of each plot that no piece of it covers.

    Land an earlier plot of the layer has taken is not missing: those plots are left at zero when
    the rest is covered, hence the difference with the union of the earlier overlap.
    """
    own = np.nan_to_num(shapely.area(plots))
    taken = np.bincount(key[key >= 0], shapely.area(geometry[key >= 0]), len(plots))
    missing = own - taken
    short = np.flatnonzero(missing > 1e-6 * np.maximum(own, 1))
    tree = shapely.STRtree(plots)
    for row in short:
        meeting = np.sort(tree.query(plots[row], predicate="intersects"))
        earlier = plots[meeting[meeting < row]]
        if len(earlier):
            missing[row] -= shapely.area(shapely.intersection(plots[row], shapely.union_all(earlier)))
    return np.asarray(np.maximum(missing, 0.0))

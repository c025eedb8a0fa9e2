"""Parcels × zones with official areas that close: overlay, measure, apportion, deduct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core import measure
from three_opt_three_protect.core.controls import NO_UNIT, Closing, Level, close_levels
from three_opt_three_protect.core.deductions import Deducted, Features
from three_opt_three_protect.core.featureshares import PieceDeductions, deduct_pieces
from three_opt_three_protect.core.measure import AreaMethod, Tolerance, ToLonLat
from three_opt_three_protect.core.overlay import NOISE, Coverage, Pieces, ZoneLayer, overlay
from three_opt_three_protect.core.parcels import Parcels
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import CrsInfo, Geometries

Ints = NDArray[np.int64]

SNAP_M = 0.001
"""Snapping tolerance where none is asked for: what drawing programs round away, far below what a survey resolves."""


@dataclass(frozen=True)
class AreaSpec:
    """How areas are measured and how far a recorded area may stray from the geometry."""

    crs: CrsInfo
    method: AreaMethod
    tolerance: Tolerance
    to_lonlat: Optional[ToLonLat] = None

    def measure(self, geometries: Geometries, progress: Progress = SILENT) -> NDArray[np.float64]:
        """Areas in m², see :func:`three_opt_three_protect.core.measure.measure`."""
        return measure.measure(geometries, self.crs, self.method, self.to_lonlat, progress)


@dataclass(frozen=True)
class SecondSurvey:
    """What the second survey takes off parcels: features, and the sums with the ridges."""

    lines: Features
    points: Features
    deducted: Deducted


@dataclass(frozen=True)
class Whole:
    """What is to be split: geometry, and the areas its parts must add up to.

    ``area`` and ``net`` are ``(m,)`` int64 hundredths of a m².  Without ``second`` all that is deducted is
    ridges, in proportion to the area.
    """

    geometry: Geometries
    area: Ints
    net: Ints
    second: Optional[SecondSurvey] = None


@dataclass(frozen=True)
class MeasuredPieces:
    """Pieces with gross and net areas, ``(n,)`` int64 hundredths of a m²; ``deductions`` of the second survey."""

    pieces: Pieces
    area: Ints
    net: Ints
    deductions: Optional[PieceDeductions] = None


def whole_parcels(parcels: Parcels, spec: AreaSpec, progress: Progress = SILENT) -> tuple[Whole, float]:
    """Control areas of parcels: the recorded area, else the parcel's own rounded to 0.01 m².

    Returns
    -------
    Whole
        Ready to be split.
    float
        Largest correction by a recorded area, m².
    """
    geometry = parcels.repaired.geometry
    own = spec.measure(geometry, progress)
    recorded = parcels.recorded_m2
    control = measure.to_units(np.where(np.isnan(recorded), own, recorded))
    deducted = measure.to_units(measure.to_m2(control) * parcels.deduct_rate)
    used = parcels.repaired.kept & ~np.isnan(recorded)
    adjusted = float(np.abs(recorded[used] - own[used]).max(initial=0.0))
    return Whole(geometry, control, control - deducted), adjusted


def controlled_parcels(
    whole: Whole, parcels: Parcels, levels: Sequence[Level], unit: Ints, tolerance: Tolerance
) -> Tuple[Whole, List[Closing]]:
    """Parcels with areas that add up to the control areas of villages and township.

    Parameters
    ----------
    whole
        See :func:`whole_parcels`.
    levels
        The levels above the parcels, the highest first.
    unit
        ``(m,)`` int64, row of each parcel in the last of them, −1 where it lies in none.
    tolerance
        Difference of a unit that is still rounding.

    Returns
    -------
    Whole
        With the areas brought to the controls; KCMJ follows TBMJ.
    list of Closing
        The report, see :func:`three_opt_three_protect.core.controls.close_levels`.

    Raises
    ------
    BalanceError
        ``controls_exceed``.
    """
    # A parcel without geometry has no piece that could bear anything.
    inside = np.where(parcels.repaired.kept, unit, NO_UNIT)
    lowest = Level(parcels.table.name, parcels.table.fid, measure.to_m2(whole.area), inside, rank=parcels.table.fid)
    areas, closings = close_levels([*levels, lowest], tolerance)
    deducted = measure.to_units(measure.to_m2(areas[-1]) * parcels.deduct_rate)
    return Whole(whole.geometry, areas[-1], areas[-1] - deducted), closings


def split(
    whole: Whole,
    layers: Sequence[ZoneLayer],
    spec: AreaSpec,
    snap: float = 0.0,
    progress: Progress = SILENT,
    coverage: Optional[Coverage] = None,
) -> MeasuredPieces:
    """Overlay ``whole`` with ``layers``; the pieces' areas add up to their parent's, gross and net.

    Parameters
    ----------
    snap
        Metres, see ``tolerance`` of :func:`three_opt_three_protect.core.overlay.overlay`.
    coverage
        Of the geometry of ``whole``, where there is one already.
    """
    unit = spec.crs.metres_per_unit
    parcels = whole.geometry if coverage is None else coverage
    pieces = overlay(parcels, layers, snap / unit, Part(progress, 0.0, 0.6), NOISE / unit**2)
    progress.step("measuring", 0.4)
    count = np.bincount(pieces.parcel, minlength=len(whole.area))
    cut = count[pieces.parcel] > 1
    # A parcel in one piece keeps its control area; only the parts of others are measured.
    area = measure.to_m2(whole.area)[pieces.parcel]
    area[cut] = spec.measure(pieces.geometry[cut], progress)
    gross = measure.apportion(area, pieces.parcel, whole.area, spec.tolerance)
    second = whole.second
    if second is None:
        return MeasuredPieces(pieces, gross, _net(whole, pieces.parcel, gross))
    near = max(snap, SNAP_M)
    held = deduct_pieces(
        pieces.geometry, pieces.parcel, gross, second.deducted, second.lines, second.points, spec.crs, near
    )
    return MeasuredPieces(pieces, gross, held.areas.net, held)


def _net(whole: Whole, parent: Ints, gross: Ints) -> Ints:
    deducted = whole.area - whole.net
    rate = deducted / np.maximum(whole.area, 1)
    return measure.deduct(gross, rate[parent], parent, deducted)

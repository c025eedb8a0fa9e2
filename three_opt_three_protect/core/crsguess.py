"""Which coordinate system coordinates look like, and whether that is the one stated.

Surveys in China are drawn in Gauss–Krüger zones of 3° or 6°, with the zone's number before the easting (8 digits)
or without (6 digits), or in degrees; the magnitude of the numbers tells these apart.  The datum (CGCS2000,
Xi'an 80, Beijing 54) moves land by some ten or hundred metres: no coordinate shows it, so it is
taken from what is stated or left to the planner.  Source: domain notes 05, digits as GB/T 35643 and
survey checkers use them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError, Value
from three_opt_three_protect.core.tables import CrsInfo, LayerTable

Floats = NDArray[np.float64]

FITS, CONTRADICTS, MISSING, UNKNOWN = "fits", "contradicts", "missing", "unknown"

MILLION = 1e6
EASTING = (100_000.0, 900_000.0)
"""Metres, the zone's number left out: no zone of 3° or 6° is wider."""
EIGHT_DIGITS = 10_000_000.0
"""Metres: no easting with a zone number is smaller, no northing as large."""
NORTHING = (1_900_000.0, 6_100_000.0)
"""Metres from the equator: the land of China lies between 18° and 54° north."""
LONGITUDE, LATITUDE = (73.0, 136.0), (3.0, 54.0)
"""Degrees, of China."""
_MOST_NAMED = 3


@dataclass(frozen=True)
class ZoneFamily:
    """A run of EPSG codes, one a zone (a row of ``resources/crs/gauss_kruger.csv``).

    Attributes
    ----------
    datum
        Authority id of the geographic CRS behind it.
    first, last
        EPSG codes.
    meridian, step
        Degrees: central meridian of the first, and from one to the next.
    zone
        Number of the first where it stands before the easting, else None.
    usual
        Degrees: the central meridian offered where coordinates and CRS do not tell it, None = no zone is.
    """

    datum: str
    first: int
    last: int
    meridian: float
    step: float
    zone: Optional[int]
    usual: Optional[float] = None

    def at(self, meridian: Optional[float] = None) -> Optional[str]:
        """Authority id of the zone with this central meridian, or with the usual one; None where there is none."""
        meridian = self.usual if meridian is None else meridian
        if meridian is None:
            return None
        number = (meridian - self.meridian) / self.step
        if number != int(number) or not 0 <= number <= self.last - self.first:
            return None
        return f"EPSG:{self.first + int(number)}"

    def of_zone(self, zone: int) -> Optional[str]:
        """Authority id of the zone whose number stands before the easting, None where there is none."""
        if self.zone is None or not self.zone <= zone <= self.zone + self.last - self.first:
            return None
        return f"EPSG:{self.first + zone - self.zone}"


class Reading(NamedTuple):
    """How coordinates read: ``form`` is ``degrees``, ``zoned``, ``plain`` (no zone number) or ``""``."""

    form: str
    zone: int = 0
    swapped: bool = False


@dataclass(frozen=True)
class CrsGuess:
    """What coordinates look like beside what is stated.

    Attributes
    ----------
    candidates
        Datum → authority ids that fit, best first; the stated datum comes first, then as in the resources.
    swapped
        The first coordinate is the northing (or latitude): see :func:`swap_axes`.
    verdict
        ``fits``, ``contradicts``, ``missing`` (nothing is stated) or ``unknown`` (nothing can be said).
    why
        Id of the sentence about it, ``""`` where it fits.
    values
        What that sentence names.
    """

    candidates: Mapping[str, Tuple[str, ...]]
    swapped: bool
    verdict: str
    why: str
    values: Mapping[str, Value]

    @property
    def best(self) -> str:
        """The likeliest of every datum, as a message names them: ``"EPSG:4528, EPSG:2364"``; ``"–"`` for none."""
        named = [ids[0] for ids in self.candidates.values() if ids]
        return ", ".join(named[:_MOST_NAMED]) or "–"


def guess_crs(
    bounds: Sequence[float],
    stated: Optional[CrsInfo],
    families: Sequence[ZoneFamily],
    meridian: Optional[float] = None,
    layer: str = "",
) -> CrsGuess:
    """Which coordinate systems ``bounds`` fit, and whether ``stated`` is one of them.

    Parameters
    ----------
    bounds
        Least x, least y, most x, most y of the layer (:func:`bounds_of`).
    stated
        The layer's CRS, None = it has none.
    families
        The zones known (``storage.crs.zone_families``).
    meridian
        Central meridian in degrees offered where the easting has 6 digits and nothing is stated; None = the usual.
    layer
        Named in ``values``.
    """
    found = read_coordinates(bounds)
    if stated is not None and stated.central_meridian is not None:
        meridian = stated.central_meridian
    candidates = _candidates(found, families, meridian, "" if stated is None else stated.datum)
    if not candidates:  # a zone that does not exist
        found = Reading("")
    verdict, why = _verdict(found, stated)
    guess = CrsGuess(candidates, found.swapped, verdict, why, {})
    if not why:
        return guess
    return replace(guess, values={"layer": layer, "crs": _name_of(stated), "like": guess.best})


def guess_of(table: LayerTable, families: Sequence[ZoneFamily], meridian: Optional[float] = None) -> CrsGuess:
    """:func:`guess_crs` of a layer's coordinates and CRS."""
    return guess_crs(bounds_of(table), table.crs, families, meridian, table.name)


def bounds_of(table: LayerTable) -> Tuple[float, float, float, float]:
    """Bounds of all finite coordinates; NaN where there are none.

    The middle nine tenths of the features count: one feature at (0, 0) is a fault of its own, not of the CRS.
    """
    none = (float("nan"),) * 4
    if table.geometry is None:
        return none
    with np.errstate(invalid="ignore"):
        each = shapely.bounds(table.geometry)
    each = each[np.isfinite(each).all(axis=1)]
    if not len(each):
        return none
    low, high = np.quantile(each, 0.05, axis=0, method="higher"), np.quantile(each, 0.95, axis=0, method="lower")
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


def read_coordinates(bounds: Sequence[float]) -> Reading:
    """How coordinates within ``bounds`` read, in this order of axes or the other."""
    west, south, east, north = (float(value) for value in bounds)
    for swapped in (False, True):
        x, y = ((south, north), (west, east)) if swapped else ((west, east), (south, north))
        if _inside(x, LONGITUDE) and _inside(y, LATITUDE):
            return Reading("degrees", 0, swapped)
        if not _inside(y, NORTHING):
            continue
        if _inside(x, EASTING):
            return Reading("plain", 0, swapped)
        zone = int(x[0] // MILLION) if x[0] >= EIGHT_DIGITS else 0
        if zone and _inside((x[0] - zone * MILLION, x[1] - zone * MILLION), EASTING):
            return Reading("zoned", zone, swapped)
    return Reading("")


def no_crs(table: LayerTable, families: Sequence[ZoneFamily]) -> CrsError:
    """The error for a layer without CRS: names what its coordinates look like where they can be told."""
    guess = guess_of(table, families)
    if guess.swapped:
        return CrsError("crs_axes_swapped", **guess.values)
    if guess.candidates:
        return CrsError("no_crs_like", layer=table.name, like=guess.best)
    return CrsError("no_crs", layer=table.name)


def swap_axes(table: LayerTable) -> LayerTable:
    """The layer with x and y exchanged; whoever calls it tells the planner (``log_axes_swapped``)."""
    shapes = table.shapes.copy()
    there = ~shapely.is_missing(shapes)
    xy = shapely.get_coordinates(shapes[there])
    shapes[there] = shapely.set_coordinates(shapes[there], np.ascontiguousarray(xy[:, ::-1]))
    return replace(table, geometry=shapes)


def _name_of(crs: Optional[CrsInfo]) -> str:
    return "–" if crs is None else crs.authid or crs.wkt[:40]


def _inside(values: Tuple[float, float], limits: Tuple[float, float]) -> bool:
    return limits[0] <= values[0] and values[1] <= limits[1]


def _candidates(
    found: Reading, families: Sequence[ZoneFamily], meridian: Optional[float], stated: str
) -> Dict[str, Tuple[str, ...]]:
    datums = list(dict.fromkeys(family.datum for family in families))
    if stated in datums:
        datums.sort(key=lambda datum: datum != stated)
    out: Dict[str, Tuple[str, ...]] = {}
    for datum in datums:
        own = sorted((family for family in families if family.datum == datum), key=lambda family: family.step)
        ids: List[str] = []
        if found.form == "degrees":
            ids = [datum]
        elif found.form == "zoned":
            ids = [one for one in (family.of_zone(found.zone) for family in own) if one]
        elif found.form == "plain":
            plain = [family for family in own if family.zone is None]
            ids = [one for one in (family.at(meridian) for family in plain) if one]
        if ids:
            out[datum] = tuple(ids)
    return out


def _verdict(found: Reading, stated: Optional[CrsInfo]) -> Tuple[str, str]:
    if stated is None:
        return MISSING, "crs_axes_swapped" if found.swapped else "no_crs_like" if found.form else "no_crs"
    if not found.form:
        return UNKNOWN, ""
    if found.swapped:
        return CONTRADICTS, "crs_axes_swapped"
    if stated.is_geographic:
        return (FITS, "") if found.form == "degrees" else (CONTRADICTS, "crs_metres_in_degrees")
    if found.form == "degrees":
        return CONTRADICTS, "crs_degrees_in_metres"
    if stated.central_meridian is None:
        return UNKNOWN, ""
    zone = int(stated.false_easting // MILLION)
    if zone == found.zone:
        return FITS, ""
    if not zone:
        return CONTRADICTS, "crs_zone_number_there"
    return CONTRADICTS, "crs_other_zone" if found.zone else "crs_no_zone_number"

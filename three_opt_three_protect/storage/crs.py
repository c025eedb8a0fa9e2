"""Coordinate reference systems: PROJ's knowledge as plain :class:`CrsInfo`, and moving a layer.

Only two pure projections are ever chained (source → its own degrees → target).  No datum shift is
chosen for the planner: PROJ offers a "valid" shift Xi'an 80 → CGCS2000 that is near 100 m wrong.
"""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Mapping, Optional, Tuple, cast

import numpy as np

from three_opt_three_protect import paths
from three_opt_three_protect.core.crsguess import ZoneFamily, no_crs
from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure import Floats, ToLonLat
from three_opt_three_protect.core.tables import CrsInfo, Geometries, LayerTable, first_features, is_undefined
from three_opt_three_protect.storage.packages import package

if TYPE_CHECKING:
    import pyproj

WGS84 = "EPSG:4326"
CGCS2000 = "EPSG:4490"

_DEGREE = math.pi / 180
_TRANSVERSE_MERCATOR = "9807"
_TOKENS = {"IAG 1975": "IAG75", "GRS 1980": "GRS80", "WGS 84": "WGS84"}
_SAME_NAME = 25
"""PROJ's confidence for "same name, another axis order": what an ESRI .prj gives."""


def crs_info(definition: Optional[str], layer: str = "") -> Optional[CrsInfo]:
    """``definition`` (``"EPSG:4528"``, WKT, PROJ text) as plain data; None for none.

    Parameters
    ----------
    definition
        What the file states; None or blank = no CRS.
    layer
        Named in the error.

    Raises
    ------
    CrsError
        ``unknown_crs``: PROJ does not understand it.
    """
    if definition is None or not definition.strip() or is_undefined(definition):
        return None
    return _gauss_kruger().get(definition) or _by_proj(definition, layer)


def zone_families() -> Tuple[ZoneFamily, ...]:
    """The Gauss–Krüger zones of all datums (``resources/crs``), CGCS2000 first, for ``core.crsguess``."""
    return tuple(
        ZoneFamily(
            row["datum"],
            int(row["first"]),
            int(row["last"]),
            float(row["meridian"]),
            float(row["step"]),
            int(row["zone"]) if row["zone"] else None,
            float(row["usual"]) if row["usual"] else None,
        )
        for row in _zone_rows()
    )


@cache
def _zone_rows() -> Tuple[Mapping[str, str], ...]:
    with paths.resource("crs", "gauss_kruger.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _gauss_kruger() -> Mapping[str, CrsInfo]:
    """The zones surveys are drawn in (``resources/crs``), known without loading PROJ; without WKT."""
    found = {}
    for row in _zone_rows():
        for number, code in enumerate(range(int(row["first"]), int(row["last"]) + 1)):
            zone = int(row["zone"]) + number if row["zone"] else 0
            found[f"EPSG:{code}"] = CrsInfo(
                authid=f"EPSG:{code}",
                ellipsoid=row["ellipsoid"],
                semi_major=float(row["semi_major"]),
                inverse_flattening=float(row["inverse_flattening"]),
                datum=row["datum"],
                central_meridian=float(row["meridian"]) + number * float(row["step"]),
                false_easting=zone * 1e6 + 500_000.0,
            )
    return found


def _by_proj(definition: str, layer: str) -> CrsInfo:
    crs = _horizontal(_parse(definition, layer))
    authid = _authid(crs.to_authority())
    if authid in _gauss_kruger():
        return _gauss_kruger()[authid]
    if authid:  # an ESRI .prj says the same in other words: go on with the official definition
        crs = _parse(authid, layer)
    ellipsoid, geodetic = crs.ellipsoid, crs.geodetic_crs
    semi_major = 0.0 if ellipsoid is None else float(ellipsoid.semi_major_metre)
    info = CrsInfo(
        authid=authid,
        wkt=crs.to_wkt(),
        is_geographic=crs.is_geographic,
        metres_per_unit=_unit_factor(crs) * (semi_major if crs.is_geographic else 1.0),
        ellipsoid="" if ellipsoid is None else _TOKENS.get(ellipsoid.name, ellipsoid.name.replace(" ", "")),
        semi_major=semi_major,
        inverse_flattening=0.0 if ellipsoid is None else float(ellipsoid.inverse_flattening),
        datum="" if geodetic is None else _datum(geodetic),
    )
    return _with_gauss_kruger(info, crs)


def to_lonlat(crs: CrsInfo) -> ToLonLat:
    """The inverse projection of any CRS, by PROJ, on the CRS's own ellipsoid.

    Returns
    -------
    callable
        ``(x, y)`` float64 arrays → ``(longitude, latitude)`` in degrees, same shape.

    Raises
    ------
    CrsError
        ``no_ellipsoid``: a local grid has no degrees behind it.
    """
    from pyproj import Transformer

    projected = _of(crs)
    geodetic = _geodetic(projected, crs)
    degrees = _unit_factor(geodetic) / _DEGREE
    transformer = Transformer.from_crs(projected, geodetic, always_xy=True)

    def inverse(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        longitude, latitude = _transformed(transformer, x, y)
        return longitude * degrees, latitude * degrees

    return inverse


def same_datum(one: CrsInfo, other: CrsInfo) -> bool:
    """True where coordinates pass without a datum shift.

    WGS 84 and CGCS2000 count as the same: they differ by centimetres (see :func:`taken_as_same`).
    """
    return bool(one.datum) and (one.datum == other.datum or taken_as_same(one, other))


def taken_as_same(one: CrsInfo, other: CrsInfo) -> bool:
    """True for WGS 84 beside CGCS2000, which whoever brings them together must say."""
    return {one.datum, other.datum} == {WGS84, CGCS2000}


def bring_to(table: LayerTable, target: CrsInfo, operation: str = "") -> LayerTable:
    """``table`` in the CRS ``target``.

    Parameters
    ----------
    table
        A layer with geometry and CRS.
    target
        The CRS wanted.
    operation
        A PROJ pipeline the planner answers for (x, y in file order), needed between two datums.

    Raises
    ------
    CrsError
        ``no_crs``, ``no_crs_like``, ``other_datum`` (no operation was given), ``bad_operation``, or
        ``outside_crs`` (a coordinate has no image in the target).
    """
    if table.geometry is None:
        return table
    if table.crs is None:
        raise no_crs(table, zone_families())
    if table.crs == target or (table.crs.authid and table.crs.authid == target.authid):
        return table
    if operation:
        move = _pipeline(operation, table.name)
    elif same_datum(table.crs, target):
        move = _two_projections(table.crs, target)
    else:
        raise CrsError(
            "other_datum",
            layer=table.name,
            datum=table.crs.datum or "?",
            target=target.datum or "?",
            known=best_known_operation(table.crs, target)[:40] or "–",
        )
    return replace(table, geometry=_moved(table, move), crs=target)


def best_known_operation(source: CrsInfo, target: CrsInfo) -> str:
    """Name of PROJ's most accurate operation from ``source`` to ``target``, ``""`` when it has none.

    Operations of unknown accuracy and "Ballpark" ones, which ignore the datum, do not count.
    """
    from pyproj.transformer import TransformerGroup

    group = TransformerGroup(_of(source), _of(target), always_xy=True)
    known = [
        (float(one.accuracy), str(one.description))
        for one in group.transformers
        if one.accuracy >= 0 and "Ballpark" not in str(one.description)
    ]
    return min(known)[1] if known else ""


def _parse(definition: str, layer: str) -> pyproj.CRS:
    proj = package("pyproj")
    try:
        return cast("pyproj.CRS", proj.CRS.from_user_input(definition))
    except proj.exceptions.CRSError as error:
        raise CrsError("unknown_crs", layer=layer, crs=definition[:40]) from error


def _of(crs: CrsInfo) -> pyproj.CRS:
    return _parse(crs.authid or crs.wkt, "")


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    return crs


def _authid(authority: Optional[Tuple[str, str]]) -> str:
    return ":".join(authority) if authority else ""


def _datum(geodetic: pyproj.CRS) -> str:
    authid = _authid(geodetic.to_authority(min_confidence=_SAME_NAME))
    return WGS84 if authid == "OGC:CRS84" else authid or str(geodetic.name)


def _geodetic(projected: pyproj.CRS, crs: CrsInfo) -> pyproj.CRS:
    geodetic = projected.geodetic_crs
    if geodetic is None:
        raise CrsError("no_ellipsoid", crs=crs.authid or crs.wkt[:40])
    return geodetic


def _unit_factor(crs: pyproj.CRS) -> float:
    """Metres or radians in one unit; 1 where the axis does not say."""
    factor = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 0.0
    return float(factor) or 1.0


def _with_gauss_kruger(info: CrsInfo, crs: pyproj.CRS) -> CrsInfo:
    """Central meridian and false easting, if the projection is Gauss–Krüger in metres."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_code != _TRANSVERSE_MERCATOR or info.metres_per_unit != 1.0:
        return info
    # EPSG parameter codes: 8801 latitude and 8802 longitude of origin, 8805 scale, 8806/8807 false easting/northing
    values = {str(one.code): float(one.value) * float(one.unit_conversion_factor) for one in operation.params}
    if values.get("8801") != 0.0 or values.get("8805") != 1.0 or values.get("8807") != 0.0:
        return info
    meridian = round(values["8802"] / _DEGREE, 9)
    return replace(info, central_meridian=meridian, false_easting=values["8806"])


def _transformed(transformer: pyproj.Transformer, x: Floats, y: Floats) -> Tuple[Floats, Floats]:
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.size == 1:  # pyproj takes an array of one for a number, which numpy is about to forbid
        u, v = transformer.transform(x.item(), y.item())
        return np.full(x.shape, u), np.full(x.shape, v)
    return cast(Tuple[Floats, Floats], transformer.transform(x, y))


def _pipeline(operation: str, layer: str) -> ToLonLat:
    import pyproj

    try:
        transformer = pyproj.Transformer.from_pipeline(operation)
    except pyproj.exceptions.ProjError as error:
        raise CrsError("bad_operation", layer=layer, operation=operation[:60]) from error
    return lambda x, y: _transformed(transformer, x, y)


def _two_projections(source: CrsInfo, target: CrsInfo) -> ToLonLat:
    from pyproj import Transformer

    inverse, projected = to_lonlat(source), _of(target)
    geodetic = _geodetic(projected, target)
    units = _DEGREE / _unit_factor(geodetic)
    forward = Transformer.from_crs(geodetic, projected, always_xy=True)

    def move(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        longitude, latitude = inverse(x, y)
        return _transformed(forward, longitude * units, latitude * units)

    return move


def _moved(table: LayerTable, move: ToLonLat) -> Geometries:
    import shapely

    def both(points: Any) -> Any:
        return np.column_stack(move(points[:, 0], points[:, 1]))

    shapes = np.array(shapely.transform(table.shapes, both), dtype=np.object_)
    lost = ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    lost &= ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    lost &= np.isfinite(shapely.bounds(table.shapes)).all(axis=1)
    if lost.any():
        raise CrsError("outside_crs", layer=table.name, features=first_features(table, lost))
    return shapes

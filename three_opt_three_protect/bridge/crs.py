"""Coordinate reference systems as plain data, and layers brought to one of them.

Datums are never mixed silently: PROJ calls a transformation between Xi'an 80 and CGCS2000 valid
though it moves nothing ("ballpark"), where the real shift is near 100 m.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Dict, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsEllipsoidUtils,
    QgsGeometry,
    QgsUnitTypes,
)

from three_opt_three_protect.bridge.compat import preferred_wkt
from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import CrsInfo, LayerTable, is_undefined

if TYPE_CHECKING:
    from three_opt_three_protect.core.datumshift import DatumShift
    from three_opt_three_protect.core.measure import ToLonLat

Floats = NDArray[np.float64]
Log = Callable[[str, Dict[str, str]], None]
"""Told a message id and its values."""

WGS84 = "EPSG:4326"
CGCS2000 = "EPSG:4490"

_TOKENS = {
    "EPSG:1024": "CGCS2000",
    "EPSG:7049": "IAG75",
    "EPSG:7030": "WGS84",
    "EPSG:7019": "GRS80",
    "EPSG:7024": "Krassowsky1940",
}
"""EPSG's ellipsoids under the names core knows."""

_SHORT = {CGCS2000: "CGCS2000", WGS84: "WGS 84", "EPSG:4610": "Xi'an 80", "EPSG:4214": "Beijing 54"}
"""What planners call the datums they meet."""

_TRANSFORM_BATCH = 1_000_000
"""Vertices in one call of PROJ: about 0.3 s."""


def stated_crs(crs: QgsCoordinateReferenceSystem) -> Optional[CrsInfo]:
    """What a layer states, None where it states none or only that it has none."""
    if not crs.isValid() or is_undefined(str(crs.toWkt())):
        return None
    return crs_info(crs)


def crs_info(crs: QgsCoordinateReferenceSystem) -> CrsInfo:
    """``crs`` as plain data; it must be valid."""
    acronym = crs.ellipsoidAcronym()
    parameters = QgsEllipsoidUtils.ellipsoidParameters(acronym)
    proj = _proj_parameters(crs.toProj())
    meridian, easting = _gauss_kruger(proj)
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
    if crs.isGeographic() and parameters.valid:
        metres = parameters.semiMajor * np.pi / 180
    wkt = preferred_wkt(crs)
    return CrsInfo(
        authid=crs.authid(),
        wkt=wkt,
        is_geographic=bool(crs.isGeographic()),
        metres_per_unit=float(metres),
        ellipsoid=_TOKENS.get(acronym, acronym),
        semi_major=float(parameters.semiMajor) if parameters.valid else 0.0,
        inverse_flattening=float(parameters.inverseFlattening) if parameters.valid else 0.0,
        datum=_datum(crs, wkt),
        central_meridian=meridian,
        false_easting=easting,
    )


def qgis_crs(info: CrsInfo) -> QgsCoordinateReferenceSystem:
    """The QGIS object of ``info``."""
    crs = QgsCoordinateReferenceSystem(info.authid) if info.authid else QgsCoordinateReferenceSystem()
    return crs if crs.isValid() else QgsCoordinateReferenceSystem.fromWkt(info.wkt)


def _datum(crs: QgsCoordinateReferenceSystem, wkt: str) -> str:
    """Authority id of the geographic CRS, else the name of the datum in the WKT."""
    authid = str(crs.geographicCrsAuthId())
    if authid.strip(":"):
        return authid
    for keyword in ('DATUM["', 'ENSEMBLE["'):
        start = wkt.find(keyword)
        if start >= 0:
            return wkt[start + len(keyword) :].split('"', 1)[0]
    return ""


def _proj_parameters(proj: str) -> Dict[str, str]:
    pairs = (word.lstrip("+").partition("=") for word in proj.split())
    return {key: value for key, _, value in pairs}


def _gauss_kruger(proj: Dict[str, str]) -> Tuple[Optional[float], float]:
    """Central meridian and false easting when ``proj`` is a Gauss–Krüger projection in metres."""
    scale = float(proj.get("k", proj.get("k_0", "1")))
    plain = (
        proj.get("proj") == "tmerc"
        and scale == 1.0
        and float(proj.get("lat_0", "0")) == 0.0
        and float(proj.get("y_0", "0")) == 0.0
        and proj.get("units", "m") == "m"
        and not {"axis", "pm", "to_meter"} & set(proj)
    )
    return (float(proj.get("lon_0", "0")), float(proj.get("x_0", "0"))) if plain else (None, 0.0)


def same_datum(first: CrsInfo, second: CrsInfo) -> bool:
    """True when coordinates may pass from one to the other without a shift."""
    if first.wkt == second.wkt:
        return True
    if not first.datum or "unknown" in first.datum.lower():
        return False
    return first.datum == second.datum or {first.datum, second.datum} == {WGS84, CGCS2000}


def bring_to(
    table: LayerTable,
    target: LayerTable,
    context: QgsCoordinateTransformContext,
    log: Optional[Log] = None,
    progress: Progress = SILENT,
    shift: Optional[DatumShift] = None,
) -> LayerTable:
    """``table`` in the CRS of ``target``.

    Parameters
    ----------
    table
        Layer to bring over; a plain table comes back as it is.
    target
        Layer whose CRS counts.
    context
        Of the project or the Processing run: an operation the user has set there for exactly
        these two CRS allows a change of datum.
    log
        Told ``log_datum_same``, ``log_datum_operation`` and ``log_datum_parameters``.
    shift
        The planner's own parameters between the two datums; they go before what is set in the project.

    Raises
    ------
    CrsError
        ``no_crs``, ``two_datums``, ``transform_failed``; with ``shift`` as ``core.datumshift.shift_between``.
    """
    if table.geometry is None:
        return table
    here, there = _crs_of(table), _crs_of(target)
    if here.wkt == there.wkt:
        return table
    source, destination = qgis_crs(here), qgis_crs(there)
    names = {"layer": table.name, "datum": _datum_name(here), "other_datum": _datum_name(there)}
    if not same_datum(here, there) and shift is not None:
        context = _with_shift(shift, table.name, here, there, context)
        _tell(log, "log_datum_parameters", **names, parameters=shift.written)
    elif not same_datum(here, there):
        operation = context.calculateCoordinateOperation(source, destination)
        if not operation:
            raise CrsError("two_datums", other=target.name, **names)
        _tell(log, "log_datum_operation", layer=table.name, operation=operation)
    elif here.datum != there.datum:
        _tell(log, "log_datum_same", **names)
    transform = QgsCoordinateTransform(source, destination, context)
    return _transformed(table, there, transform, progress)


def _with_shift(
    shift: DatumShift, layer: str, here: CrsInfo, there: CrsInfo, context: QgsCoordinateTransformContext
) -> QgsCoordinateTransformContext:
    """``context`` with ``shift`` as the one operation between the two: no other may take its place."""
    from three_opt_three_protect.core.datumshift import shift_between

    pipeline = shift_between(shift, layer, here, there)
    with_shift = QgsCoordinateTransformContext(context)
    if not with_shift.addCoordinateOperation(qgis_crs(here), qgis_crs(there), pipeline, False):
        raise CrsError("bad_operation", layer=layer, operation=pipeline[:60])
    return with_shift


def _tell(log: Optional[Log], message_id: str, **values: str) -> None:
    if log is not None:
        log(message_id, values)


def _crs_of(table: LayerTable) -> CrsInfo:
    if table.crs is None:
        raise no_crs_of(table)
    return table.crs


def no_crs_of(table: LayerTable) -> CrsError:
    """The error for a layer without CRS, with what its coordinates look like."""
    from three_opt_three_protect.core.crsguess import no_crs
    from three_opt_three_protect.storage.crs import zone_families

    return no_crs(table, zone_families())


def _datum_name(info: CrsInfo) -> str:
    """Name and id of a datum for a message."""
    if info.datum in _SHORT:
        return f"{_SHORT[info.datum]} ({info.datum})"
    description = QgsCoordinateReferenceSystem(info.datum).description() if ":" in info.datum else ""
    return f"{description} ({info.datum})" if description else info.datum or "?"


def _transformed(table: LayerTable, crs: CrsInfo, transform: QgsCoordinateTransform, progress: Progress) -> LayerTable:
    import shapely

    shapes = table.shapes.copy()
    xy = shapely.get_coordinates(shapes)
    x, y = _transform_xy(xy[:, 0], xy[:, 1], transform, table.name, progress)
    return replace(table, geometry=shapely.set_coordinates(shapes, np.column_stack([x, y])), crs=crs)


def _transform_xy(
    x: Floats, y: Floats, transform: QgsCoordinateTransform, name: str, progress: Progress = SILENT
) -> Tuple[Floats, Floats]:
    """Coordinates through ``transform``, a million at a time.

    A line is the only QGIS object that takes and gives back many vertices as one block of memory.
    """
    out = np.empty((len(x), 2), dtype=np.float64)
    for start in range(0, len(x), _TRANSFORM_BATCH):
        progress.check(start / len(x))
        stop = min(start + _TRANSFORM_BATCH, len(x))
        block = np.column_stack([x[start:stop], y[start:stop]]).astype("<f8")
        line = QgsGeometry()
        line.fromWkb(struct.pack("<BII", 1, 2, len(block)) + block.tobytes())
        try:
            done = line.transform(transform) == QgsGeometry.OperationResult.Success
        except QgsCsException:
            done = False
        if not done:
            raise CrsError("transform_failed", layer=name, crs=transform.destinationCrs().authid())
        out[start:stop] = np.frombuffer(bytes(line.asWkb()), dtype="<f8", offset=9).reshape(-1, 2)
    if not np.isfinite(out).all():
        raise CrsError("transform_failed", layer=name, crs=transform.destinationCrs().authid())
    return out[:, 0], out[:, 1]


def to_lonlat(crs: CrsInfo, name: str = "") -> ToLonLat:
    """Inverse projection of ``crs`` to degrees on its own ellipsoid, for ``core.measure``.

    Raises
    ------
    CrsError
        ``transform_failed``, when the function returned meets a point it cannot invert.
    """
    source = qgis_crs(crs)
    geographic = QgsCoordinateReferenceSystem(crs.datum) if ":" in crs.datum else QgsCoordinateReferenceSystem()
    if not geographic.isValid():
        shape = f"+a={crs.semi_major!r} +rf={crs.inverse_flattening!r}"
        geographic = QgsCoordinateReferenceSystem.fromProj(f"+proj=longlat {shape} +no_defs")
    transform = QgsCoordinateTransform(source, geographic, QgsCoordinateTransformContext())

    def inverse(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        return _transform_xy(
            np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), transform, name or crs.authid
        )

    return inverse

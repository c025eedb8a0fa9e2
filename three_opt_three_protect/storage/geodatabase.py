"""A file geodatabase written whole or not at all, by GDAL's own driver.

Fields are what ArcGIS calls text, long integer, double and date: numbers have no width there.  Fiona would be the
tool for exact fields, but its flush takes a harmless remark of this driver (a corner of the coordinate domain outside
the projection) for a failure, so pyogrio writes.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError, MissingPackageError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Kind, LayerTable
from three_opt_three_protect.storage.geopackage import require_target
from three_opt_three_protect.storage.packages import package
from three_opt_three_protect.storage.plaintables import free_name, text_width
from three_opt_three_protect.storage.wholeset import FileSet, parts_of, put_in_place

DRIVER = "OpenFileGDB"
_AT_ONCE = 50_000
_INT32 = 2**31 - 1
_GRID: Mapping[str, str] = {"XYSCALE": "100000", "XYTOLERANCE": "0.0001"}
"""Coordinates stand in whole steps there: of 0.01 mm, a tenth of the tolerance that surveys are checked with
(05-crs-and-encoding). GDAL's own 0.1 mm would move vertices by as much as that tolerance allows."""


def write_geodatabase(
    path: Path, layers: Mapping[str, LayerTable], geometries: Mapping[str, str], progress: Progress = SILENT
) -> None:
    """Write ``layers`` as the file geodatabase ``path``, replacing what was there.

    Parameters
    ----------
    path
        The .gdb folder to make.
    layers
        Name in the geodatabase → table.
    geometries
        Name → ``Polygon``, ``LineString``, ``Point``, ``MultiPoint`` or ``""`` for a table.

    Raises
    ------
    InputError
        ``no_such_folder``, ``cannot_write`` (a folder called so that is no geodatabase), ``file_in_use``,
        ``not_written``, ``name_reserved``.
    MissingPackageError
        ``package_missing``, ``gdb_not_writable``.
    """
    pyogrio = package("pyogrio")
    if "w" not in (pyogrio.list_drivers().get(DRIVER) or ""):
        raise MissingPackageError("gdb_not_writable", path=path.name)
    if not path.is_dir():
        require_target(path)
    elif any(path.iterdir()) and not any(path.glob("*.gdbtable")):
        raise InputError("cannot_write", path=str(path))
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.absolute().parent) as work:
        draft, aside = Path(work) / path.name, Path(work) / "aside"
        aside.mkdir()
        try:
            for number, (name, table) in enumerate(layers.items()):
                for start in range(0, max(1, len(table)), _AT_ONCE):
                    progress.check((number + start / max(1, len(table))) / len(layers))
                    rows = slice(start, start + _AT_ONCE)
                    _write(draft, name, table, geometries[name], rows)
                _require_names(draft, name, table)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise InputError("not_written", path=str(path), why=str(error)[-60:]) from error
        put_in_place([FileSet([draft], path.absolute().parent, parts_of(path), aside)])


def _write(draft: Path, name: str, table: LayerTable, geometry: str, rows: slice) -> None:
    import shapely

    columns = list(table.columns.values())
    crs = None if table.crs is None else table.crs.authid or table.crs.wkt or None
    shapes = None if table.geometry is None or not geometry else table.geometry[rows]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # said when the layer is used
        warnings.filterwarnings("ignore", ".*laundered")  # refused below
        package("pyogrio.raw").write(
            draft,
            None if shapes is None else shapely.to_wkb(shapes, output_dimension=2),
            [_stored(column, rows) for column in columns],
            list(table.columns),
            field_mask=[_gaps(column, rows) for column in columns],
            layer=name,
            driver=DRIVER,
            geometry_type=_geometry_type(geometry) if shapes is not None else None,
            crs=crs,
            promote_to_multi=geometry in ("Polygon", "LineString"),
            **({"append": True} if rows.start else {"layer_options": _options(table)}),
        )


def _require_names(draft: Path, name: str, table: LayerTable) -> None:
    """Refuse names that the driver has changed: GROUP and ORDER are words of its own, a name may not begin with 1."""
    pyogrio = package("pyogrio")
    if name not in pyogrio.list_layers(draft)[:, 0]:
        raise InputError("name_reserved", layer=name, name=name)
    for wanted, given in zip(table.columns, pyogrio.read_info(draft, layer=name)["fields"]):
        if wanted != given:
            raise InputError("name_reserved", layer=name, name=wanted)


def _options(table: LayerTable) -> Dict[str, str]:
    """Names that no field has for what the driver adds, and fine steps; GDAL's own for degrees (10⁻⁹°) are fine."""
    names = {"FID": free_name("objectid", table).upper(), "GEOMETRY_NAME": free_name("shape", table).upper()}
    projected = table.geometry is not None and table.crs is not None and not table.crs.is_geographic
    return {**names, **_GRID} if projected else names


def _geometry_type(geometry: str) -> str:
    return f"Multi{geometry}" if geometry in ("Polygon", "LineString") else geometry


def _is_wide(column: Column) -> bool:
    """Whether a whole number does not fit into a long integer; ArcGIS puts it into a double then."""
    return column.kind is Kind.INT and int(np.abs(column.values).max(initial=0)) > _INT32


def _stored(column: Column, rows: slice) -> NDArray[Any]:
    """The values of ``rows`` in the dtype from which pyogrio declares the field."""
    values = column.values[rows]
    if column.kind is Kind.TEXT:
        width = text_width(column)
        return values.astype(f"U{width}") if width else values
    if column.kind is Kind.DATE:
        return values.astype("datetime64[ms]")
    if column.kind is Kind.REAL:
        return values
    if _is_wide(column):
        return np.where(column.is_missing[rows], np.nan, values.astype(np.float64))
    return values.astype(np.int32)


def _gaps(column: Column, rows: slice) -> Optional[NDArray[np.bool_]]:
    if column.kind in (Kind.REAL, Kind.DATE):
        return None
    missing = column.is_missing[rows]
    return missing if missing.any() else None

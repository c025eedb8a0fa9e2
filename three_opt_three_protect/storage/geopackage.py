"""A GeoPackage written whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple, Type, Union

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable
from three_opt_three_protect.storage.packages import package

_VERSION = "1.2"
"""QGIS 3.22 warns about anything newer."""

_FIONA_TYPES = {Kind.TEXT: "str", Kind.INT: "int64", Kind.REAL: "float", Kind.DATE: "date", Kind.BOOL: "bool"}

# GEOS type ids: 0 point, 1 line, 2 ring, 3 polygon, 4–6 their multi forms
_GEOMETRY_TYPES = (({3, 6}, "MultiPolygon"), ({1, 2, 5}, "MultiLineString"), ({0}, "Point"), ({0, 4}, "MultiPoint"))

# GeoPackage 1.2, annex F.9 (schema extension)
_DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""
_DATA_COLUMN_CONSTRAINTS = """
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))
"""
_EXTENSIONS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))
"""


def require_target(path: Union[str, Path]) -> None:
    """Refuse a file that cannot be written, before the work that would be lost.

    Raises
    ------
    InputError
        ``no_such_folder``, ``cannot_write``, ``file_in_use``.
    """
    path = Path(path)
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError("no_such_folder", path=str(folder))
    if path.exists() and not path.is_file():  # a folder; a device would be replaced by a file
        raise InputError("cannot_write", path=str(path))
    if path.with_name(path.name + "-wal").exists():
        raise InputError("file_in_use", path=str(path))


def write_layers(path: Union[str, Path], layers: Mapping[str, LayerTable], progress: Progress = SILENT) -> None:
    """Write ``layers`` as the GeoPackage ``path``, replacing what was there.

    Layers without geometry become attribute tables. Text fields keep their width (widened to the
    longest value), every field its alias; feature ids are given anew, 1 … n in row order; lone
    polygons and lines become multi-part, as QGIS expects of one layer.

    Parameters
    ----------
    path
        The .gpkg to make. It is written beside itself and put in place at the end, so that a
        reader sees the old or the new file, never half of one.
    layers
        Name in the file → table.
    progress
        Asked between layers.

    Raises
    ------
    InputError
        ``no_such_folder``, ``file_in_use``, ``cannot_write``, ``not_written``, ``field_twice``.
    Cancelled
        The user asked to stop; nothing was written.
    """
    path = Path(path)
    require_target(path)
    for name, table in layers.items():
        _refuse_field_twice(name, table)
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.absolute().parent) as folder:
            draft = Path(folder) / "draft.gpkg"
            for number, (name, table) in enumerate(layers.items()):
                progress.check(number / len(layers))
                _create(draft, name, table)
                if len(table):
                    _append(draft, name, table)
            _write_aliases(draft, layers)
            _put_in_place(draft, path)
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except _failures() as error:
        raise InputError("not_written", path=str(path), why=_reason(error)) from error


def _failures() -> Tuple[Type[Exception], ...]:
    """What is raised when the disk is full or goes away."""
    return (
        OSError,
        sqlite3.Error,
        package("fiona.errors").FionaError,
        package("fiona._err").CPLE_BaseError,
        package("pyogrio.errors").DataSourceError,
        package("pyogrio.errors").DataLayerError,
    )


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)[-60:]


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.replace(draft, path)
    except PermissionError as error:  # Windows: another program has the old file open
        raise InputError("file_in_use", path=str(path)) from error


def _refuse_field_twice(name: str, table: LayerTable) -> None:
    seen = set()
    for field in table.columns:
        if field.lower() in seen:
            raise InputError("field_twice", layer=name, field=field)
        seen.add(field.lower())


def _create(path: Path, name: str, table: LayerTable) -> None:
    """An empty layer with exact field types, which pyogrio cannot make."""
    properties = [(field, _declared(column)) for field, column in table.columns.items()]
    package("fiona").open(
        path,
        "w",
        driver="GPKG",
        layer=name,
        schema={"geometry": _geometry_type(table.geometry) or "None", "properties": properties},
        crs=_crs(table),
        VERSION=_VERSION,
        FID=_free_name("fid", table),
        GEOMETRY_NAME=_free_name("geom", table),
    ).close()


def _append(path: Path, name: str, table: LayerTable) -> None:
    import shapely

    columns = list(table.columns.values())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # said when the layer is used
        package("pyogrio.raw").write(
            path,
            None if table.geometry is None else shapely.to_wkb(table.geometry, output_dimension=2),
            [column.values for column in columns],
            list(table.columns),
            field_mask=[column.missing for column in columns],
            layer=name,
            driver="GPKG",
            geometry_type=_geometry_type(table.geometry),
            crs=_crs(table),
            promote_to_multi=_geometry_type(table.geometry) not in ("Unknown", "Point", None),
            append=True,
        )


def _declared(column: Column) -> str:
    declared = _FIONA_TYPES[column.kind]
    if column.kind is not Kind.TEXT or column.width == 0:
        return declared
    longest = max((len(value) for value in column.values if value is not None), default=0)
    return f"{declared}:{max(column.width, longest)}"


def _crs(table: LayerTable) -> Optional[str]:
    return None if table.crs is None else table.crs.authid or table.crs.wkt or None


def _geometry_type(shapes: Optional[Geometries]) -> Optional[str]:
    """The layer's type; polygons for an empty layer, because a plan's layers are that."""
    import shapely

    if shapes is None:
        return None
    present = set(np.unique(shapely.get_type_id(shapes)).tolist()) - {-1}
    return next((name for types, name in _GEOMETRY_TYPES if present <= types), "Unknown")


def _free_name(wanted: str, table: LayerTable) -> str:
    taken = {field.lower() for field in table.columns}
    while wanted in taken:
        wanted += "_"
    return wanted


def _write_aliases(path: Path, layers: Mapping[str, LayerTable]) -> None:
    rows = [row for name, table in layers.items() for row in _alias_rows(name, table)]
    if not rows:
        return
    with closing(sqlite3.connect(path)) as database, database:
        for statement in (_DATA_COLUMNS, _DATA_COLUMN_CONSTRAINTS, _EXTENSIONS):
            database.execute(statement)
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            database.execute(
                "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
                (table, "http://www.geopackage.org/spec121/#extension_schema"),
            )
        database.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)", rows
        )


def _alias_rows(layer: str, table: LayerTable) -> List[Tuple[str, str, str, str]]:
    """One row a field with an alias; ``name`` must be unique in the layer, ``title`` need not."""
    used: Dict[str, str] = {}
    rows = []
    for field, column in table.columns.items():
        if column.alias:
            name = column.alias if column.alias not in used else f"{column.alias} {field}"
            used[name] = field
            rows.append((layer, field, name, column.alias))
    return rows

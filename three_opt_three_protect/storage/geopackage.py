"""A GeoPackage written whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Type, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable
from three_opt_three_protect.storage.badfiles import require_short
from three_opt_three_protect.storage.packages import package
from three_opt_three_protect.storage.plaintables import free_name, text_width, texts_of, write_plain_tables

_AT_ONCE = 50_000
"""Rows written between two looks at the cancel button, where someone listens: GDAL cannot be stopped in between.
What comes after the first of these costs half as much again, because the spatial index is there already."""

_DRAFT = 40
"""Bytes of a path that the folder and the name of a draft may take."""

_VERSION = "1.2"
"""QGIS 3.22 warns about anything newer."""

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
        ``no_such_folder``, ``cannot_write``, ``path_too_long``, ``file_in_use``.
    """
    path = Path(path)
    require_short(path, _DRAFT)
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError("no_such_folder", path=str(folder))
    if os.path.exists(path) and not path.is_file():  # a folder; a device would be replaced by a file
        raise InputError("cannot_write", path=str(path))
    if os.path.exists(f"{path}-wal"):
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
        Asked between layers and every 50 000 rows.

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
            if any(table.geometry is not None for table in layers.values()):
                _write_by_gdal(draft, layers, progress)
            else:
                write_plain_tables(draft, layers, progress)
            _write_aliases(draft, layers)
            _put_in_place(draft, path)
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except _failures() as error:
        raise InputError("not_written", path=str(path), why=_reason(error)) from error


def _failures() -> Tuple[Type[Exception], ...]:
    """What is raised when the disk is full or goes away."""
    if "pyogrio" not in sys.modules:  # GDAL had no part in it
        return (OSError, sqlite3.Error)
    errors = package("pyogrio.errors")
    return (OSError, sqlite3.Error, errors.DataSourceError, errors.DataLayerError)


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


def _write_by_gdal(draft: Path, layers: Mapping[str, LayerTable], progress: Progress) -> None:
    share = 1.0 / len(layers)
    for number, (name, table) in enumerate(layers.items()):
        at_once = len(table) if progress is SILENT else _AT_ONCE
        for start in _write_layer(draft, name, table, max(1, at_once)):
            progress.check(share * (number + start / max(1, len(table))))


def _write_layer(path: Path, name: str, table: LayerTable, at_once: int) -> Iterator[int]:
    """Write one layer; gives its first row before every ``at_once`` rows."""
    import shapely

    columns = list(table.columns.values())
    values = [_declared(column) for column in columns]
    gaps = [column.is_missing if column.kind is Kind.TEXT else column.missing for column in columns]
    kind = _geometry_type(table.geometry)
    new: Mapping[str, Any] = {
        "dataset_options": {"VERSION": _VERSION},
        "layer_options": {"FID": free_name("fid", table), "GEOMETRY_NAME": free_name("geom", table)},
    }
    for start in range(0, max(1, len(table)), at_once):
        yield start
        rows = slice(start, start + at_once)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # said when the layer is used
            package("pyogrio.raw").write(
                path,
                None if table.geometry is None else shapely.to_wkb(table.geometry[rows], output_dimension=2),
                [one[rows] for one in values],
                list(table.columns),
                field_mask=[None if gap is None else gap[rows] for gap in gaps],
                layer=name,
                driver="GPKG",
                geometry_type=kind,
                crs=_crs(table),
                promote_to_multi=kind not in ("Unknown", "Point", None),
                **(new if start == 0 else {"append": True}),
            )


def _declared(column: Column) -> NDArray[Any]:
    """The values; of a text field with a width as the array of that width, from which pyogrio declares the field."""
    width = text_width(column) if column.kind is Kind.TEXT else 0
    if not width:
        return column.values
    texts = np.array(texts_of(column).tolist(), dtype=f"U{width}")  # None is masked where it is written
    return texts[column.factor.code] if column.has_factor else texts


def _crs(table: LayerTable) -> Optional[str]:
    return None if table.crs is None else table.crs.authid or table.crs.wkt or None


def _geometry_type(shapes: Optional[Geometries]) -> Optional[str]:
    """The layer's type; polygons for an empty layer, because a plan's layers are that."""
    import shapely

    if shapes is None:
        return None
    present = set(np.unique(shapely.get_type_id(shapes)).tolist()) - {-1}
    return next((name for types, name in _GEOMETRY_TYPES if present <= types), "Unknown")


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

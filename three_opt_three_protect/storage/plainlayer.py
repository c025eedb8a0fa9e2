"""Layers of a GeoPackage read through Python's own SQLite: the same table as by GDAL, in half the time.

Only what is plain is read here: a table of polygons or lines, or without geometry, with an EPSG code and
fields of the common types.  Curves, M, views, other extensions, values of another type than their field:
all that is left to GDAL.  Source: OGC 12-128r14 (GeoPackage 1.2), 1.1.1 to 2.1.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Numbering
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable, factor_column
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.plaintables import quoted

Wanted = Union[Sequence[str], Callable[[Sequence[str]], Sequence[str]], None]
"""Fields to read, or what picks them from the names of all; None = all."""

_BATCH = 1_000
"""Rows at a time: the blobs of many fall out of the processor's cache before they are geometries."""

_KINDS: Mapping[str, Kind] = {
    "TEXT": Kind.TEXT,
    "INTEGER": Kind.INT,
    "INT": Kind.INT,
    "MEDIUMINT": Kind.INT,
    "REAL": Kind.REAL,
    "DOUBLE": Kind.REAL,
    "BOOLEAN": Kind.BOOL,
    "DATE": Kind.DATE,
}
_DECLARED = re.compile(r"([A-Z]+)(?:\((\d+)\))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_HEADER_BYTES = 8
_NONE = type(None)
_EXTENDED, _ENVELOPE_BITS = 0x20, 0x0E
_FLAT = frozenset((2, 3, 5, 6))
"""WKB types of lines and polygons and their multi forms; 1000 more with Z."""


class _NotPlain(Exception):
    """Something only GDAL reads."""


class _Field(NamedTuple):
    name: str
    kind: Optional[Kind]
    width: int
    alias: str


class _Form(NamedTuple):
    """How values of one kind stand in SQLite and in a column."""

    kind: Kind
    stored: type
    dtype: Any
    gap: Any
    masked: bool
    fits: Callable[[Sequence[Any]], bool]


class _Layout(NamedTuple):
    """How a table is built; ``geometry`` and ``crs`` are ``""`` for a table without."""

    key: str
    geometry: str
    crs: str
    fields: List[_Field]


def read_plain_layer(path: Path, layer: Optional[str], wanted: Wanted = None) -> Optional[LayerTable]:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    layer
        May be left out when the file has only one.
    wanted
        Fields to read, or what picks them from the names of all; left out = all.

    Returns
    -------
    LayerTable
        None where it is not plain and GDAL must read it.

    Raises
    ------
    InputError
        ``no_such_field``, ``file_locked``.
    CrsError
        ``unknown_crs``.
    """
    if path.suffix.lower() != ".gpkg":
        return None
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as database:
            name = layer or _only_layer(database)
            layout = _layout(database, name)
            fields = _chosen(layout.fields, wanted, name)
            return _table(database, path, name, layout, fields)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InputError("file_locked", path=path.name) from error
        return None
    except (_NotPlain, sqlite3.Error):
        return None


def aliases(database: sqlite3.Connection, layer: str) -> Mapping[str, str]:
    """Field → alias, as the schema extension states it."""
    if not _has_table(database, "gpkg_data_columns"):
        return {}
    rows = database.execute(
        "SELECT column_name, coalesce(title, name, '') FROM gpkg_data_columns WHERE table_name = ?", (layer,)
    )
    return {str(column): str(alias) for column, alias in rows}


def _has_table(database: sqlite3.Connection, name: str) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _only_layer(database: sqlite3.Connection) -> str:
    """The only table or view that is not the format's own; GDAL also lists what is not registered."""
    rows = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    names = [str(name) for (name,) in rows if not str(name).startswith(("gpkg_", "rtree_", "sqlite_"))]
    if len(names) != 1:
        raise _NotPlain
    return names[0]


def _layout(database: sqlite3.Connection, layer: str) -> _Layout:
    made = database.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (layer,)).fetchone()
    if made is None or made[0] != "table" or not str(made[1]).upper().startswith("CREATE TABLE"):
        raise _NotPlain
    content = database.execute("SELECT data_type FROM gpkg_contents WHERE table_name = ?", (layer,)).fetchone()
    if content is None or content[0] not in ("features", "attributes"):
        raise _NotPlain
    if _has_table(database, "gpkg_extensions"):
        used = database.execute("SELECT extension_name FROM gpkg_extensions WHERE table_name = ?", (layer,))
        if any(name != "gpkg_rtree_index" for (name,) in used):
            raise _NotPlain
    geometry, crs = _geometry_column(database, layer) if content[0] == "features" else ("", "")
    rows = database.execute("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", (layer,)).fetchall()
    keys = [str(name) for name, declared, pk, _ in rows if pk and str(declared).upper() == "INTEGER"]
    if len(keys) != 1 or sum(bool(pk) for _, _, pk, _ in rows) != 1 or any(hidden for *_, hidden in rows):
        raise _NotPlain
    called = aliases(database, layer)
    fields = [
        _field(str(name), str(declared), called.get(str(name), ""))
        for name, declared, _, _ in rows
        if name not in (keys[0], geometry)
    ]
    return _Layout(keys[0], geometry, crs, fields)


def _geometry_column(database: sqlite3.Connection, layer: str) -> Tuple[str, str]:
    """Name of the geometry column and its EPSG code."""
    rows = database.execute(
        "SELECT c.column_name, s.organization, s.organization_coordsys_id FROM gpkg_geometry_columns c"
        " JOIN gpkg_spatial_ref_sys s ON s.srs_id = c.srs_id WHERE c.table_name = ?",
        (layer,),
    ).fetchall()
    if len(rows) != 1 or str(rows[0][1]).upper() != "EPSG":
        raise _NotPlain
    return str(rows[0][0]), f"EPSG:{rows[0][2]}"


def _field(name: str, declared: str, alias: str) -> _Field:
    parts = _DECLARED.fullmatch(declared.upper())
    if parts is None:
        return _Field(name, None, 0, alias)
    kind = _KINDS.get(parts[1])
    return _Field(name, None if parts[2] and kind is not Kind.TEXT else kind, int(parts[2] or 0), alias)


def _chosen(fields: Sequence[_Field], wanted: Wanted, layer: str) -> List[_Field]:
    names = [field.name for field in fields]
    chosen = wanted(names) if callable(wanted) else names if wanted is None else wanted
    for name in chosen:
        if name not in names:
            raise InputError("no_such_field", layer=layer, field=name, fields=", ".join(names))
    by_name = dict(zip(names, fields))
    found = [by_name[name] for name in dict.fromkeys(chosen)]
    if any(field.kind is None for field in found):
        raise _NotPlain
    return found


def _table(
    database: sqlite3.Connection, path: Path, name: str, layout: _Layout, fields: Sequence[_Field]
) -> LayerTable:
    readers = [_reader(field) for field in fields]
    shapes = _Shapes()
    fids: List[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    columns = [layout.key, *([layout.geometry] if layout.geometry else []), *(field.name for field in fields)]
    rows = database.execute(_select(name, layout.key, columns))
    for batch in iter(lambda: rows.fetchmany(_BATCH), []):
        fid, *values = zip(*batch)
        del batch
        fids.append(np.array(fid, dtype=np.int64))
        if layout.geometry:
            shapes.add(values.pop(0))
        for reader, part in zip(readers, values):
            reader.add(part)
    table = {field.name: reader.column() for field, reader in zip(fields, readers)}
    geometry = shapes.all() if layout.geometry else None
    crs = crs_info(layout.crs, name) if layout.geometry else None
    return LayerTable(name, np.concatenate(fids), geometry, table, crs, str(path), shapes.flattened)


def _select(table: str, key: str, columns: Sequence[str]) -> str:
    """SQL takes no names as parameters: they are the file's own, each in quotes."""
    return " ".join(("SELECT", ", ".join(map(quoted, columns)), "FROM", quoted(table), "ORDER BY", quoted(key)))


class _Shapes:
    """Geometry blobs → geometries, batch by batch; a blob is gone when its geometry stands."""

    def __init__(self) -> None:
        self._parts: List[Geometries] = [np.empty(0, dtype=np.object_)]
        self.flattened = 0

    def add(self, blobs: Sequence[Any]) -> None:
        import shapely

        there = [blob for blob in blobs if blob is not None]
        wkb, has_z = _wkb(there)
        # what is no geometry at all (an unclosed ring) becomes None, which repair counts and lists
        made = shapely.from_wkb(np.array(wkb, dtype=np.object_), on_invalid="ignore")
        if has_z:
            self.flattened += int(shapely.has_z(made).sum())
            made = shapely.force_2d(made)
        if len(there) == len(blobs):
            self._parts.append(made)
            return
        part = np.empty(len(blobs), dtype=np.object_)
        part[[blob is not None for blob in blobs]] = made
        self._parts.append(part)

    def all(self) -> Geometries:
        return np.concatenate(self._parts)


def _wkb(blobs: Sequence[Any]) -> Tuple[List[bytes], bool]:
    """The blobs without their headers (2.1.3), and whether one of them has Z."""
    if not set(map(type, blobs)) <= {bytes}:
        raise _NotPlain
    starts = {start: _header_length(start) for start in {blob[:4] for blob in blobs}}
    if len(starts) == 1:
        length = next(iter(starts.values()))
        wkb = [blob[length:] for blob in blobs]
    else:
        wkb = [blob[starts[blob[:4]] :] for blob in blobs]
    types = {_wkb_type(start) for start in {one[:5] for one in wkb}}
    flat = {one % 1000 for one in types}
    if not (flat <= _FLAT and max(types, default=0) < 2000):
        raise _NotPlain
    return wkb, any(one > 1000 for one in types)


def _header_length(start: bytes) -> int:
    if len(start) < 4 or start[:3] != b"GP\0" or start[3] & _EXTENDED:
        raise _NotPlain
    envelope = (start[3] & _ENVELOPE_BITS) >> 1
    if envelope >= len(_ENVELOPE_BYTES):
        raise _NotPlain
    return _HEADER_BYTES + _ENVELOPE_BYTES[envelope]


def _wkb_type(start: bytes) -> int:
    if len(start) < 5 or start[0] > 1:
        raise _NotPlain
    return int.from_bytes(start[1:], "little" if start[0] else "big")


class _Texts:
    """A text field, batch by batch; equal texts become one object."""

    def __init__(self, field: _Field) -> None:
        self._field, self._numbering = field, Numbering()
        self._parts: List[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]

    def add(self, values: Sequence[Any]) -> None:
        self._parts.append(self._numbering.of(values))

    def column(self) -> Column:
        if not set(map(type, self._numbering)) <= {str, _NONE}:
            raise _NotPlain
        factor = Factor.picked(list(self._numbering), np.concatenate(self._parts))
        return factor_column(factor, self._field.alias, self._field.width)


class _Values:
    """A field of numbers, switches or days, batch by batch."""

    def __init__(self, field: _Field, form: _Form) -> None:
        self._field, self._form = field, form
        self._parts: List[NDArray[Any]] = [np.empty(0, dtype=form.dtype)]
        self._gaps: List[NDArray[np.bool_]] = [np.empty(0, dtype=np.bool_)]

    def add(self, values: Sequence[Any]) -> None:
        types = set(map(type, values))
        if not types <= {self._form.stored, _NONE}:
            raise _NotPlain
        gaps = np.zeros(len(values), dtype=np.bool_)
        if _NONE in types:
            gaps = np.array([value is None for value in values], dtype=np.bool_)
            values = [self._form.gap if value is None else value for value in values]
        if not self._form.fits(values):
            raise _NotPlain
        self._parts.append(np.array(values, dtype=self._form.dtype))
        self._gaps.append(gaps)

    def column(self) -> Column:
        gaps = np.concatenate(self._gaps)
        masked = self._form.masked and bool(gaps.any())
        values = np.concatenate(self._parts)
        return Column(values, self._form.kind, gaps if masked else None, self._field.alias)


def _reader(field: _Field) -> Union[_Texts, _Values]:
    return _Texts(field) if field.kind is Kind.TEXT else _Values(field, _FORMS[field.kind])


def _any(values: Sequence[Any]) -> bool:
    return True


def _are_switches(values: Sequence[Any]) -> bool:
    return set(values) <= {0, 1}


def _are_days(values: Sequence[Any]) -> bool:
    return all(value == "NaT" or _is_day(value) for value in set(values))


def _is_day(value: str) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and np.datetime64(value) is not None
    except ValueError:
        return False


_FORMS: Mapping[Optional[Kind], _Form] = {
    Kind.INT: _Form(Kind.INT, int, np.int64, 0, True, _any),
    Kind.REAL: _Form(Kind.REAL, float, np.float64, np.nan, False, _any),
    Kind.BOOL: _Form(Kind.BOOL, int, np.bool_, 0, True, _are_switches),
    Kind.DATE: _Form(Kind.DATE, str, "datetime64[D]", "NaT", False, _are_days),
}

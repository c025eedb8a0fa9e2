"""Vector files read into :class:`LayerTable`, in bulk.

For the command line, batch and tests: inside a QGIS process only ``bridge`` opens a user's files,
because the SQLite in these packages would drop QGIS's locks.
"""

from __future__ import annotations

import json
import os
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.factor import Factor, is_none
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable, factor_column
from three_opt_three_protect.storage.badfiles import require_sound, sqlite_error, why_unreadable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.dbf import SUFFIXES, DbfEncoding, dbf_encoding, known_encoding
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.packages import package
from three_opt_three_protect.storage.plainlayer import Wanted, aliases, read_plain_layer
from three_opt_three_protect.storage.told import Tell, warn

__all__ = ["list_layers", "read_layer", "split_source", "write_layers"]

PathLike = Union[str, Path]

_EXACT_IN_FLOAT = 2**53
_ARC_STEP_DEGREES = "0.1"
"""GDAL's own 4° between the points of an arc costs 8 parts in 10 000 of a circle's area, 0.1° half in a million."""


class _Raw(NamedTuple):
    """A layer as pyogrio gives it."""

    names: List[str]
    dtypes: List[str]
    values: List[NDArray[Any]]
    fid: NDArray[np.int64]
    wkb: Optional[NDArray[np.object_]]
    crs: Optional[str]
    measured: bool


def split_source(source: str) -> Tuple[Path, Optional[str]]:
    """``"plan.gpkg|layername=parcels"``, as QGIS writes a source, → path and layer (None = not said)."""
    path, _, rest = source.partition("|layername=")
    return Path(path), rest or None


def list_layers(path: PathLike) -> Dict[str, str]:
    """Layer name → geometry type as GDAL calls it, ``""`` for a plain table.

    Raises
    ------
    InputError
        ``no_such_file`` or ``not_a_vector_file``, or what ``storage.badfiles`` finds.
    """
    path = _existing(path)
    require_sound(path)
    pyogrio = package("pyogrio")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is said again when a layer is read
            rows = pyogrio.list_layers(path)
    except (pyogrio.errors.DataSourceError, UnicodeDecodeError) as error:
        raise why_unreadable(path, sqlite_error(path)) from error
    return {str(name): str(geometry or "") for name, geometry in rows}


def read_layer(
    path: PathLike,
    layer: Optional[str] = None,
    encoding: Optional[str] = None,
    columns: Wanted = None,
    tell: Optional[Tell] = None,
) -> LayerTable:
    """Read one layer.

    Parameters
    ----------
    path
        Any vector file or database GDAL opens.
    layer
        May be left out when the file has only one.
    encoding
        Of a shapefile; left out = as the file states where that is true, else UTF-8 if it can be, else GB18030.
    columns
        Fields to read, in this order, or what picks them from the names of all; left out = all.
    tell
        Told what was found about the text of a shapefile; left out = a ``storage.told.ReadingWarning``.

    Returns
    -------
    LayerTable
        In the file's row order; arcs drawn out to 0.1°; Z and M dropped and counted.

    Raises
    ------
    InputError
        ``no_such_file``, ``not_a_vector_file``, ``no_such_layer``, ``which_layer``, ``no_such_field``,
        ``text_not_readable``, ``unknown_encoding``, ``file_damaged``, or what ``storage.badfiles`` finds.
    CrsError
        ``unknown_crs``.
    """
    path = _existing(path)
    require_sound(path)
    plain = read_plain_layer(path, layer, columns)
    return _by_gdal(path, layer, encoding, columns, tell or warn) if plain is None else plain


def _by_gdal(path: Path, layer: Optional[str], given: Optional[str], wanted: Wanted, tell: Tell = warn) -> LayerTable:
    name = _layer_name(path, layer)
    encoding = _encoding(path, name, given, tell)
    columns = wanted(_fields(path, name, encoding)) if callable(wanted) else wanted
    raw = _read(path, name, encoding, columns)
    facts, called = _widths(path, name, encoding), _aliases(path, name)
    table = {}
    for field, dtype, values in zip(raw.names, raw.dtypes, raw.values):
        width, decimals = facts.get(field, (0, 0))
        if dtype.startswith(("int", "uint")) and _rounded(values):
            values = _exact_integers(path, name, encoding.name, field)
        table[field] = _column(values, dtype, called.get(field, ""), width, decimals)
    for field in columns or ():
        if field not in table:
            raise InputError("no_such_field", layer=name, field=field, fields=", ".join(_fields(path, name, encoding)))
    if columns is not None:
        table = {field: table[field] for field in columns}
    geometry, flattened = _geometry(raw)
    crs = None if geometry is None else crs_info(raw.crs, name)
    return LayerTable(name, raw.fid, geometry, table, crs, str(path), flattened)


def _existing(path: PathLike) -> Path:
    path = Path(path)
    if not os.path.exists(path):
        raise InputError("no_such_file", path=str(path))
    return path


def _layer_name(path: Path, layer: Optional[str]) -> str:
    layers = list_layers(path)
    if not layers:
        raise InputError("not_a_vector_file", path=path.name)
    if layer is None:
        if len(layers) > 1:
            raise InputError("which_layer", path=path.name, layers=", ".join(layers))
        return next(iter(layers))
    if layer not in layers:
        raise InputError("no_such_layer", path=path.name, layer=layer, layers=", ".join(layers))
    return layer


class _Codec(NamedTuple):
    """How the text of a layer is read; ``is_cut`` where something ends inside a character."""

    name: Optional[str] = None
    is_cut: bool = False


def _encoding(path: Path, layer: str, given: Optional[str], tell: Tell) -> _Codec:
    if path.suffix.lower() not in SUFFIXES:
        return _Codec(given)
    if given:
        return _Codec(known_encoding(given))
    found: Optional[DbfEncoding] = dbf_encoding(path)
    if found is None:
        return _Codec()
    for message_id, values in found.notes(layer):
        tell(message_id, values)
    return _Codec(found.encoding, found.is_cut)


def _read(
    path: Path, layer: str, encoding: _Codec, columns: Optional[Sequence[str]], most: Optional[int] = None
) -> _Raw:
    if not encoding.is_cut:
        try:
            return _pyogrio_read(path, layer, encoding.name, columns, most)
        except UnicodeDecodeError as error:
            if path.suffix.lower() not in SUFFIXES:
                raise InputError("text_not_readable", layer=layer, encoding=error.encoding) from error
    # GDAL drops what it cannot decode, pyogrio stops there: read bytes one to one, then decode
    raw = _pyogrio_read(path, layer, "ISO-8859-1", None, most)
    codec = encoding.name or "UTF-8"
    names = [name.encode("latin-1").decode(codec, "ignore") for name in raw.names]
    try:
        values = [_recoded(one, codec, encoding.is_cut) if one.dtype == object else one for one in raw.values]
    except UnicodeDecodeError as error:
        raise InputError("text_not_readable", layer=layer, encoding=codec) from error
    wanted = [row for row, name in enumerate(names) if columns is None or name in columns]
    return raw._replace(
        names=[names[row] for row in wanted],
        dtypes=[raw.dtypes[row] for row in wanted],
        values=[values[row] for row in wanted],
    )


def _recoded(values: NDArray[Any], codec: str, is_cut: bool) -> NDArray[Any]:
    """Texts of bytes read one to one; where some are known to be cut, without the broken character at the end."""
    out = np.empty(len(values), dtype=np.object_)
    errors = "ignore" if is_cut else "strict"
    out[:] = [one.encode("latin-1").decode(codec, errors) if isinstance(one, str) else one for one in values]
    return out


def _pyogrio_read(
    path: Path, layer: str, encoding: Optional[str], columns: Optional[Sequence[str]], most: Optional[int]
) -> _Raw:
    pyogrio = package("pyogrio")
    before = pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE")
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": _ARC_STEP_DEGREES})
    try:
        with warnings.catch_warnings(record=True) as noted:
            warnings.simplefilter("always")
            meta, fid, wkb, values = package("pyogrio.raw").read(
                path, layer=layer, encoding=encoding, columns=columns, max_features=most, return_fids=True
            )
    except pyogrio.errors.CRSError as error:
        raise CrsError("unknown_crs", layer=layer, crs=str(error)[:40]) from error
    except UnicodeDecodeError:
        raise
    except (pyogrio.errors.FeatureError, ValueError) as error:  # a page that is gone, a day of the year 0
        raise InputError("file_damaged", layer=layer, why=str(error)[:80]) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": before})
    measured = [one for one in noted if str(one.message).startswith("Measured (M)")]
    for other in noted:
        if other not in measured:
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    return _Raw(
        [str(name) for name in meta["fields"]],
        [str(dtype) for dtype in meta["dtypes"]],
        list(values),
        np.asarray(fid, dtype=np.int64),
        wkb if meta["geometry_type"] else None,
        meta["crs"],
        bool(measured),
    )


def _column(values: NDArray[Any], dtype: str, alias: str, width: int, decimals: int) -> Column:
    """The column of the kind the field has; pyogrio turns int and bool with gaps into float."""
    if dtype == "bool" or dtype.startswith(("int", "uint")):
        kind, target = (Kind.BOOL, np.bool_) if dtype == "bool" else (Kind.INT, np.int64)
        missing = None
        if values.dtype == object:
            missing = is_none(values)
        elif np.issubdtype(values.dtype, np.floating):
            missing = np.isnan(values)
        whole = values if missing is None else np.where(missing, 0, values)
        return Column(whole.astype(target), kind, missing, alias, width)
    if dtype.startswith("float"):
        return Column(values.astype(np.float64), Kind.REAL, None, alias, width, decimals)
    if dtype.startswith("datetime"):
        return Column(values.astype("datetime64[D]"), Kind.DATE, None, alias)
    if not set(map(type, values)) <= {str, type(None)}:
        words = np.empty(len(values), dtype=np.object_)
        words[:] = [_as_words(one) for one in values]
        values = words
    return factor_column(Factor.of(values), alias, width)


def _as_words(value: Any) -> Optional[str]:
    """Text as it is; lists as JSON, bytes as hexadecimal digits: nothing is left out."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(np.asarray(value).tolist(), ensure_ascii=False)


def _rounded(values: NDArray[Any]) -> bool:
    """True where long codes lost digits on their way through float."""
    return bool(np.issubdtype(values.dtype, np.floating) and (np.abs(values) >= _EXACT_IN_FLOAT).any())


def _exact_integers(path: Path, layer: str, encoding: Optional[str], field: str) -> NDArray[np.object_]:
    fiona = package("fiona")
    with fiona.open(path, layer=layer, encoding=encoding, include_fields=[field], ignore_geometry=True) as source:
        values = [feature.properties[field] for feature in source]
    out = np.empty(len(values), dtype=np.object_)
    out[:] = values
    return out


def _geometry(raw: _Raw) -> Tuple[Optional[Geometries], int]:
    import shapely

    if raw.wkb is None:
        return None, 0
    # what is no geometry at all (an unclosed ring) becomes None, which repair counts and lists
    shapes = shapely.from_wkb(raw.wkb, on_invalid="ignore")
    high = shapely.has_z(shapes)
    flattened = int((~shapely.is_missing(shapes)).sum() if raw.measured else high.sum())
    if high.any():
        shapes = shapely.force_2d(shapes)
    return np.asarray(shapes, dtype=np.object_), flattened


def _fields(path: Path, layer: str, encoding: _Codec) -> List[str]:
    return _read(path, layer, encoding, None, most=1).names


def _widths(path: Path, layer: str, encoding: _Codec) -> Mapping[str, Tuple[int, int]]:
    """Field → width and decimals; empty where fiona cannot open what pyogrio could."""
    fiona = package("fiona")
    try:
        with fiona.open(path, layer=layer, encoding=encoding.name) as source:
            properties = source.schema["properties"]
    except (fiona.errors.FionaError, UnicodeDecodeError):
        return {}
    return {name: _width(declared) for name, declared in properties.items()}


def _width(declared: str) -> Tuple[int, int]:
    """``"float:18.2"`` → (18, 2); ``"str"`` → (0, 0)."""
    width, _, decimals = declared.partition(":")[2].partition(".")
    return int(width or 0), int(decimals or 0)


def _aliases(path: Path, layer: str) -> Mapping[str, str]:
    """Field → alias of a GeoPackage (its schema extension); GDAL gives none through these packages."""
    if path.suffix.lower() != ".gpkg":
        return {}
    with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as database:
        return aliases(database, layer)

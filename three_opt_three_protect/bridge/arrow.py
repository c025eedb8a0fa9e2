"""A layer's file read in columns by QGIS's own GDAL: five times the speed of features.

QGIS's own GDAL and SQLite, because another copy would drop QGIS's lock on a GeoPackage it edits.
Only where the file is the layer, no more and no less, and where a column can hold the same as the
features do; otherwise the features are read (:mod:`three_opt_three_protect.bridge.features`).
"""

from __future__ import annotations

import codecs
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Generator, Iterator, List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, ogr
from qgis.core import QgsFields, QgsProviderRegistry, QgsVectorLayer, QgsWkbTypes

from three_opt_three_protect.bridge.compat import kind_of, type_number
from three_opt_three_protect.bridge.gather import Batch, Wkb
from three_opt_three_protect.core.tables import Column, Kind

BATCH = 4_000
"""Features at a time: the WKB of many falls out of the processor's cache before it is geometries."""

DRIVERS = ("GPKG", "ESRI Shapefile", "OpenFileGDB", "GeoJSON", "FlatGeobuf")
"""Formats QGIS opens without options of its own."""

HAS_ARROW = hasattr(ogr.Layer, "GetArrowStreamAsNumPy")
"""GDAL 3.6 on."""

_SAME_VALUES = (2, 3, 4, 5, 6, 10)
"""Field types (QVariant, QMetaType) whose columns hold what the features do: integers, real, text.

Not bool, whose bits GDAL 3.6 packs wrongly, nor days, which before 1970 are one late there, nor moments, which it
moves to UTC.
"""

_HOLDS = {Kind.TEXT: "S", Kind.INT: "iu", Kind.REAL: "f"}
"""Kind → numpy's letters for the columns GDAL gives."""


class NotAlike(Exception):
    """The columns would not be the same as the features."""


@dataclass(frozen=True)
class Stream:
    """A file's layer that can be read in columns.

    Attributes
    ----------
    fields
        Numbers of the fields wanted among the layer's own.
    encoding
        Of its text.
    """

    layer: QgsVectorLayer
    path: Path
    table: str
    fields: Sequence[int]
    encoding: str

    @property
    def is_shapefile(self) -> bool:
        """True for a shapefile and its table."""
        return self.path.suffix.lower() in (".shp", ".dbf")


def stream_of(layer: QgsVectorLayer, fields: Sequence[int]) -> Optional[Stream]:
    """How to read ``layer`` in columns, None when it is not all of a file's layer as it lies there.

    Parameters
    ----------
    fields
        Numbers of the fields wanted.
    """
    if not HAS_ARROW or layer.providerType() != "ogr":
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    said = {key for key, value in parts.items() if value not in (None, "", [], {})}
    path = Path(str(parts.get("path") or ""))
    changed = layer.isEditable() or layer.subsetString() or layer.vectorJoins()
    if changed or not said <= {"path", "layerName"} or not path.exists() or not _is_plain(layer, fields):
        return None
    encoding = str(layer.dataProvider().encoding())
    try:
        codecs.lookup(encoding)
    except LookupError:  # "System", for one
        return None
    return Stream(layer, path, str(parts.get("layerName") or ""), fields, encoding)


def _is_plain(layer: QgsVectorLayer, fields: Sequence[int]) -> bool:
    kind, own = layer.wkbType(), layer.fields()
    straight = QgsWkbTypes.flatType(kind) == kind or QgsWkbTypes.hasZ(kind) or QgsWkbTypes.hasM(kind)
    known = kind not in (QgsWkbTypes.Type.Unknown, QgsWkbTypes.Type.GeometryCollection)
    provided = all(own.fieldOrigin(index) == QgsFields.FieldOrigin.OriginProvider for index in range(len(own)))
    alike = all(type_number(own[index]) in _SAME_VALUES for index in fields)
    return straight and known and not QgsWkbTypes.isCurvedType(kind) and provided and alike


def arrow_batches(stream: Stream) -> Generator[Batch, None, None]:
    """The layer's rows; close the iterator when it is not read to its end.

    Raises
    ------
    NotAlike
        The features must be read instead.
    """
    with _opened(stream) as layer:
        names = _names(stream, layer)
        geometry = _geometry_name(stream, layer)
        left_out = [name for name in _own_names(layer) if name not in names]
        if left_out and layer.SetIgnoredFields(left_out) != ogr.OGRERR_NONE:
            raise NotAlike
        fid = layer.GetFIDColumn() or "OGC_FID"
        count, last = 0, -1
        with layer.GetArrowStreamAsNumPy([f"MAX_FEATURES_IN_BATCH={BATCH}"]) as batches:
            for columns in batches:
                batch = _batch(stream, columns, fid, names, geometry)
                if not len(batch.fid):
                    break  # of more than some 120 fields GDAL 3.6 gives a GeoPackage's rows as nothing, without end
                if batch.fid[0] <= last or not (np.diff(batch.fid) > 0).all():
                    raise NotAlike
                count, last = count + len(batch.fid), int(batch.fid[-1])
                yield batch
        if count != layer.GetFeatureCount():
            raise NotAlike


@contextmanager
def _opened(stream: Stream) -> Iterator[Any]:
    """The layer in its file, closed again whatever happens: one left open crashes QGIS when it ends."""
    data = layer = None
    try:
        data = _open(stream)
        layer = None if data is None else data.GetLayerByName(stream.table) if stream.table else data.GetLayer(0)
        if layer is None:
            raise NotAlike
        yield layer
    except (RuntimeError, MemoryError) as error:  # what osgeo raises, and a text too long for a column
        raise NotAlike from error
    finally:
        layer = data = None  # closes it


def _open(stream: Stream) -> Any:
    # QGIS has GDAL hand out a shapefile's text as it lies there: the option keeps it so.
    options = ["ENCODING="] if stream.is_shapefile else []
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        kind = gdal.OF_VECTOR | gdal.OF_READONLY
        return gdal.OpenEx(str(stream.path), kind, allowed_drivers=list(DRIVERS), open_options=options)
    finally:
        gdal.PopErrorHandler()


def _own_names(layer: Any) -> List[str]:
    definition = layer.GetLayerDefn()
    return [str(definition.GetFieldDefn(row).GetName()) for row in range(definition.GetFieldCount())]


def _names(stream: Stream, layer: Any) -> List[str]:
    """Names of the columns wanted, in order; the layer must have QGIS's fields and no others."""
    key = layer.GetFIDColumn()
    listed = [item.name() for item in stream.layer.fields()]
    if listed != ([key] if key else []) + _own_names(layer) or len(set(listed)) < len(listed):
        raise NotAlike
    if stream.is_shapefile and not all(name.isascii() for name in listed):  # GDAL gives them undecoded
        raise NotAlike
    return [listed[index] for index in stream.fields]


def _geometry_name(stream: Stream, layer: Any) -> str:
    """Name of the geometry's column, ``""`` for a plain table."""
    if stream.layer.wkbType() == QgsWkbTypes.Type.NoGeometry:
        return ""
    return str(layer.GetGeometryColumn() or "wkb_geometry")


def _batch(stream: Stream, columns: Dict[str, Any], fid: str, names: Sequence[str], geometry: str) -> Batch:
    own = stream.layer.fields()
    try:
        found = [_column(own[index], columns[name], stream.encoding) for index, name in zip(stream.fields, names)]
        wkb = _wkb(columns[geometry]) if geometry else None
        return Batch(np.array(columns[fid], dtype=np.int64), found, wkb)
    except (KeyError, UnicodeDecodeError) as error:
        raise NotAlike from error


def _column(item: Any, given: Any, encoding: str) -> Column:
    kind = kind_of(item)
    nulls = np.array(np.ma.getmaskarray(given), dtype=np.bool_)
    values = np.ma.getdata(given)
    if values.dtype.kind not in _HOLDS.get(kind, "") or values.dtype == np.float32:
        raise NotAlike
    missing: Optional[NDArray[np.bool_]] = None
    array: NDArray[Any]
    if kind is Kind.TEXT:
        array = np.empty(len(values), dtype=np.object_)
        raw = values.tolist()
        words: Dict[bytes, str] = {value: value.decode(encoding) for value in set(raw)}
        array[:] = [words[value] for value in raw]
        array[nulls] = None
    elif kind is Kind.REAL:
        array = np.where(nulls, np.nan, values)
    else:
        array, missing = np.where(nulls, 0, values).astype(np.int64), nulls
    return Column(array, kind, missing, item.alias(), max(item.length(), 0), max(item.precision(), 0))


def _wkb(given: Any) -> Wkb:
    wkb = np.empty(len(given), dtype=np.object_)
    wkb[:] = np.ma.getdata(given)
    wkb[np.ma.getmaskarray(given)] = None
    return wkb

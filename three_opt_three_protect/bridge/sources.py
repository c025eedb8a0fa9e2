"""QGIS layers and feature sources → LayerTable: the one door, nothing else calls ``getFeatures``.

What QGIS calls NULL becomes missing, Z and M are dropped with a count, curves become straight
segments, and what shapely cannot hold becomes None with a reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsField,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QByteArray, QDateTime, QFileInfo, Qt, QTime

from three_opt_three_protect.bridge.compat import is_null, kind_of
from three_opt_three_protect.bridge.crs import crs_info
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable

BATCH = 10_000
"""Features between two looks at the cancel button: well under 0.3 s."""

UNREADABLE = "unreadable"
NOT_FINITE = "not_finite"

_PLAIN = frozenset(
    (
        QgsWkbTypes.Type.Point,
        QgsWkbTypes.Type.LineString,
        QgsWkbTypes.Type.Polygon,
        QgsWkbTypes.Type.MultiPoint,
        QgsWkbTypes.Type.MultiLineString,
        QgsWkbTypes.Type.MultiPolygon,
    )
)
_DATABASE_PROVIDERS = ("postgres", "mssql", "oracle", "hana")


@dataclass(frozen=True)
class Reading:
    """A layer as read, and what happened at the door.

    Attributes
    ----------
    table
        The layer.
    unusable
        Feature id and reason (``unreadable``, ``not_finite``) of every geometry that became None.
    segmented
        Number of geometries whose curves became straight segments.
    """

    table: LayerTable
    unusable: Sequence[Tuple[int, str]] = ()
    segmented: int = 0


def read_table(
    source: QgsFeatureSource,
    name: str = "",
    progress: Progress = SILENT,
    fields: Optional[Sequence[str]] = None,
    origin: str = "",
) -> LayerTable:
    """The table of :func:`read_layer`."""
    return read_layer(source, name, progress, fields, origin).table


def read_layer(
    source: QgsFeatureSource,
    name: str = "",
    progress: Progress = SILENT,
    fields: Optional[Sequence[str]] = None,
    origin: str = "",
) -> Reading:
    """Read a layer, a selection or a Processing source.

    Parameters
    ----------
    source
        QgsVectorLayer, QgsProcessingFeatureSource (keeps "selected features only") or any other
        QgsFeatureSource.
    name
        As the user knows the layer; left out: the source's own name.
    progress
        Told after every batch of features.
    fields
        Names of the fields wanted, None = all. A name the layer does not have is passed over:
        ``LayerTable.column`` says so when it is asked for.
    origin
        Path or identifier for provenance; left out: that of a QgsVectorLayer.

    Raises
    ------
    Cancelled
        The user asked to stop.
    """
    wanted = [(index, item) for index, item in enumerate(source.fields()) if fields is None or item.name() in fields]
    request = QgsFeatureRequest()
    if fields is not None:
        request.setSubsetOfAttributes([index for index, _ in wanted])
    has_geometry = source.wkbType() != QgsWkbTypes.Type.NoGeometry
    gathered = _Gathered([item for _, item in wanted], has_geometry)
    total = max(source.featureCount(), 1)
    fids: List[int] = []
    rows: List[Any] = []
    shapes: List[QgsGeometry] = []
    iterator = open_features(source, request)
    try:
        for feature in iterator:
            fids.append(feature.id())
            attributes = feature.attributes()
            rows.append([attributes[index] for index, _ in wanted] if fields is not None else attributes)
            if has_geometry:
                shapes.append(feature.geometry())
            if len(fids) == BATCH:
                gathered.add(fids, rows, shapes)
                fids, rows, shapes = [], [], []
                progress.check(min(1.0, gathered.count / total))
    finally:
        iterator.close()
    gathered.add(fids, rows, shapes)
    progress.check(1.0)
    crs = source.sourceCrs() if has_geometry else None
    table = LayerTable(
        name or source.sourceName(),
        np.concatenate(gathered.fids),
        np.concatenate(gathered.geometries) if has_geometry else None,
        gathered.columns(),
        crs_info(crs) if crs is not None and crs.isValid() else None,
        origin or (origin_of(source) if isinstance(source, QgsVectorLayer) else ""),
        gathered.flattened,
    )
    return Reading(_in_order(table), gathered.unusable, gathered.segmented)


def _in_order(table: LayerTable) -> LayerTable:
    """Rows by feature id where they come otherwise.

    A selection, and some databases, hand features out in another order every time.
    """
    if (np.diff(table.fid) > 0).all():
        return table
    return table.take(np.argsort(table.fid, kind="stable"))


def open_features(source: QgsFeatureSource, request: QgsFeatureRequest) -> Any:
    """An iterator over features that does not check geometries; close it in ``finally``.

    Processing's own check raises from inside the iterator on 3.22 and the next run in the same
    process then crashes.
    """
    if isinstance(source, QgsProcessingFeatureSource):
        return source.getFeatures(request, QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks)
    return source.getFeatures(request)


@dataclass
class _Gathered:
    """Batches turned into arrays as they come, so that no layer is held as Python objects."""

    fields: Sequence[QgsField]
    has_geometry: bool
    count: int = 0
    flattened: int = 0
    segmented: int = 0
    unusable: List[Tuple[int, str]] = field(default_factory=list)
    fids: List[NDArray[np.int64]] = field(default_factory=list)
    geometries: List[Geometries] = field(default_factory=list)
    parts: List[List[Column]] = field(default_factory=list)

    def add(self, fids: List[int], rows: List[Any], shapes: List[QgsGeometry]) -> None:
        """Take one batch."""
        self.count += len(fids)
        self.fids.append(np.array(fids, dtype=np.int64))
        turned: Sequence[Any] = list(zip(*rows)) if rows else [()] * len(self.fields)
        self.parts.append([_column(item, values) for item, values in zip(self.fields, turned)])
        if self.has_geometry:
            self._add_shapes(self.fids[-1], shapes)

    def _add_shapes(self, fids: NDArray[np.int64], shapes: List[QgsGeometry]) -> None:
        import shapely

        wkb = np.empty(len(shapes), dtype=np.object_)
        for row, shape in enumerate(shapes):
            wkb[row] = self._wkb(shape)
        with np.errstate(invalid="ignore"):
            geometries = shapely.from_wkb(wkb, on_invalid="ignore")
        had = np.array([item is not None for item in wkb], dtype=np.bool_)
        lost = had & shapely.is_missing(geometries)
        xy, owner = shapely.get_coordinates(geometries, return_index=True)
        broken = np.zeros(len(shapes), dtype=np.bool_)
        broken[owner[~np.isfinite(xy).all(axis=1)]] = True
        geometries[broken] = None
        self.geometries.append(geometries)
        for row in np.flatnonzero(lost | broken):
            finite = not broken[row] and _is_finite(shapes[row])
            self.unusable.append((int(fids[row]), UNREADABLE if finite else NOT_FINITE))

    def _wkb(self, shape: QgsGeometry) -> Optional[bytes]:
        if shape.isNull():
            return None
        if shape.wkbType() in _PLAIN:
            return bytes(shape.asWkb())
        plain = QgsGeometry(shape)
        if QgsWkbTypes.isCurvedType(plain.wkbType()) or plain.constGet().hasCurvedSegments():
            plain.convertToStraightSegment()
            self.segmented += 1
        had_z = plain.get().dropZValue()
        had_m = plain.get().dropMValue()
        self.flattened += had_z or had_m
        return bytes(plain.asWkb())

    def columns(self) -> Dict[str, Column]:
        """The columns over all batches."""
        return {item.name(): _join([part[index] for part in self.parts]) for index, item in enumerate(self.fields)}


def _is_finite(shape: QgsGeometry) -> bool:
    """False when a vertex has a coordinate that is no number (the bounding box passes over them)."""
    return all(np.isfinite(vertex.x()) and np.isfinite(vertex.y()) for vertex in shape.vertices())


def _join(parts: Sequence[Column]) -> Column:
    first = parts[0]
    missing = np.concatenate([part.is_missing for part in parts]) if first.missing is not None else None
    values = np.concatenate([part.values for part in parts])
    return Column(values, first.kind, missing, first.alias, first.width, first.decimals)


def _column(item: QgsField, values: Sequence[Any]) -> Column:
    kind = kind_of(item)
    nulls = [is_null(value) for value in values]
    missing: Optional[NDArray[np.bool_]] = None
    array: NDArray[Any]
    if kind is Kind.TEXT:
        array = np.empty(len(values), dtype=np.object_)
        array[:] = [None if null else _text(value) for value, null in zip(values, nulls)]
    elif kind is Kind.REAL:
        array = np.array([np.nan if null else value for value, null in zip(values, nulls)], dtype=np.float64)
    elif kind is Kind.DATE:
        array = np.array([None if null else _iso(value) for value, null in zip(values, nulls)], dtype="datetime64[D]")
    else:
        dtype: Any = np.bool_ if kind is Kind.BOOL else np.int64
        array = np.array([0 if null else value for value, null in zip(values, nulls)], dtype=dtype)
        missing = np.array(nulls, dtype=np.bool_)
    return Column(array, kind, missing, item.alias(), max(item.length(), 0), max(item.precision(), 0))


def _iso(value: Any) -> Optional[str]:
    """A QDate or the day of a QDateTime as ISO text, None when it is no valid date."""
    day = value.date() if isinstance(value, QDateTime) else value
    return str(day.toString(Qt.DateFormat.ISODate)) if day.isValid() else None


def _text(value: Any) -> str:
    """Text as it is; what core has no kind for in a readable form."""
    if isinstance(value, str):
        return value
    if isinstance(value, QTime):
        return str(value.toString(Qt.DateFormat.ISODate))
    if isinstance(value, QByteArray):
        return bytes(value.toHex()).decode("ascii")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def file_of(layer: QgsVectorLayer) -> Optional[str]:
    """Path of the file a layer lies in; None for a database, a service or memory."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path")
    return str(path) if path else None


def title_of(layer: QgsVectorLayer, project: Optional[QgsProject] = None) -> str:
    """What the user calls a layer.

    A layer of a project has the name it has there. One that was opened from its address
    (``plan.gpkg|layername=parcels``) QGIS names after the file, the same for all its layers: that
    one is called by its own name in the file.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    inner, path = parts.get("layerName"), parts.get("path")
    listed = project is not None and project.mapLayer(layer.id()) is not None
    if inner and path and not listed and layer.name() == QFileInfo(str(path)).baseName():
        return str(inner)
    return str(layer.name())


def origin_of(layer: QgsVectorLayer) -> str:
    """Where a layer comes from, without user name and password."""
    if layer.providerType() == "memory":
        return "memory"
    if layer.providerType() in _DATABASE_PROVIDERS:
        uri = QgsDataSourceUri(layer.source())
        uri.setUsername("")
        uri.setPassword("")
        uri.setAuthConfigId("")
        return str(uri.uri(False))
    return str(layer.publicSource())

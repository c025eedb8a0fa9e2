"""QGIS layers and feature sources → LayerTable: the one door.

What QGIS calls NULL becomes missing, Z and M are dropped with a count, curves become straight
segments, and what shapely cannot hold becomes None with a reason.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import AbstractSet, Generator, Optional, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsDataSourceUri,
    QgsFeatureSource,
    QgsField,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QFileInfo

from three_opt_three_protect.bridge.arrow import NotAlike, arrow_batches, stream_of
from three_opt_three_protect.bridge.crs import stated_crs
from three_opt_three_protect.bridge.damage import Complaints, complaints
from three_opt_three_protect.bridge.features import feature_batches
from three_opt_three_protect.bridge.gather import Batch, Gathered
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.headings import with_headings
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable

_WHY = 80
"""Letters of what GDAL says in a message."""
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
    layer: Optional[QgsVectorLayer] = None,
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
    layer
        The layer ``source`` is the whole of, for the faster way where its file allows one.

    Raises
    ------
    InputError
        ``file_damaged``: GDAL could not read some of the features.
    Cancelled
        The user asked to stop.
    """
    if layer is None and isinstance(source, QgsVectorLayer):
        layer = source
    wanted = [(index, item) for index, item in enumerate(source.fields()) if fields is None or item.name() in fields]
    has_geometry = source.wkbType() != QgsWkbTypes.Type.NoGeometry
    gathered = _streamed(layer, wanted, source.featureCount(), progress) if layer is not None else None
    if gathered is None:
        gathered = Gathered([item for _, item in wanted])
        with complaints() as failed:
            batches = feature_batches(source, wanted, has_geometry)
            _gather(gathered, batches, source.featureCount(), progress, failed)
        if failed.said:
            raise InputError("file_damaged", layer=name or source.sourceName(), why=failed.said[:_WHY])
    crs = source.sourceCrs() if has_geometry else None
    table = LayerTable(
        name or source.sourceName(),
        gathered.fid,
        gathered.geometry if has_geometry else None,
        gathered.columns(),
        stated_crs(crs) if crs is not None else None,
        origin or (origin_of(source) if isinstance(source, QgsVectorLayer) else ""),
        gathered.flattened,
    )
    return Reading(with_headings(_in_order(table)), gathered.unusable, gathered.segmented)


def _streamed(
    layer: QgsVectorLayer, wanted: Sequence[Tuple[int, QgsField]], total: int, progress: Progress
) -> Optional[Gathered]:
    """The columns of the layer's file, None when its features must be read."""
    stream = stream_of(layer, [index for index, _ in wanted])
    if stream is None:
        return None
    gathered = Gathered([item for _, item in wanted], QgsWkbTypes.isMultiType(layer.wkbType()))
    try:
        with complaints() as failed:
            _gather(gathered, arrow_batches(stream), total, progress, failed)
    except NotAlike:
        return None
    if failed.said:
        return None
    # QGIS mends some of what shapely cannot read, and an empty layer has no batches.
    return gathered if gathered.count and not gathered.odd and not gathered.unusable else None


def _gather(
    gathered: Gathered, batches: Generator[Batch, None, None], total: int, progress: Progress, failed: Complaints
) -> None:
    with closing(batches):
        for batch in batches:
            failed.look()
            gathered.add(batch)
            progress.check(min(1.0, gathered.count / max(total, 1)))
    progress.check(1.0)


def _in_order(table: LayerTable) -> LayerTable:
    """Rows by feature id where they come otherwise.

    A selection, and some databases, hand features out in another order every time.
    """
    if (np.diff(table.fid) > 0).all():
        return table
    return table.take(np.argsort(table.fid, kind="stable"))


def file_of(layer: QgsVectorLayer) -> Optional[str]:
    """Path of the file a layer lies in; None for a database, a service or memory."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path")
    return str(path) if path else None


def title_of(layer: QgsVectorLayer, listed: AbstractSet[str] = frozenset()) -> str:
    """What the user calls a layer.

    A layer of a project (its id is in ``listed``) has the name it has there. One that was opened from
    its address (``plan.gpkg|layername=parcels``) QGIS names after the file, the same for all its
    layers: that one is called by its own name in the file.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    inner, path = parts.get("layerName"), parts.get("path")
    if inner and path and layer.id() not in listed and layer.name() == QFileInfo(str(path)).baseName():
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

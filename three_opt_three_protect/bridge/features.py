"""Features of a QGIS source in batches: the one place that calls ``getFeatures``."""

from __future__ import annotations

import json
from typing import Any, Generator, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsFeatureRequest, QgsFeatureSource, QgsField, QgsGeometry, QgsProcessingFeatureSource
from qgis.PyQt.QtCore import QByteArray, QDateTime, Qt, QTime

from three_opt_three_protect.bridge.compat import is_null, kind_of
from three_opt_three_protect.bridge.gather import Batch, Wkb
from three_opt_three_protect.core.tables import Column, Kind

BATCH = 10_000
"""Features between two looks at the cancel button: well under 0.3 s."""


def open_features(source: QgsFeatureSource, request: QgsFeatureRequest) -> Any:
    """An iterator over features that does not check geometries; close it in ``finally``.

    Processing's own check raises from inside the iterator on 3.22 and the next run in the same
    process then crashes.
    """
    if isinstance(source, QgsProcessingFeatureSource):
        return source.getFeatures(request, QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks)
    return source.getFeatures(request)


def feature_batches(
    source: QgsFeatureSource, wanted: Sequence[Tuple[int, QgsField]], has_geometry: bool
) -> Generator[Batch, None, None]:
    """The features of ``source`` as it stands on the screen; an empty source gives one empty batch.

    Parameters
    ----------
    wanted
        Number and field of the columns.
    """
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([index for index, _ in wanted])
    if not has_geometry:
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    fids: List[int] = []
    rows: List[Any] = []
    shapes: List[QgsGeometry] = []
    iterator = open_features(source, request)
    try:
        for feature in iterator:
            fids.append(feature.id())
            attributes = feature.attributes()
            rows.append([attributes[index] for index, _ in wanted])
            if has_geometry:
                shapes.append(feature.geometry())
            if len(fids) == BATCH:
                yield _batch(wanted, fids, rows, shapes if has_geometry else None)
                fids, rows, shapes = [], [], []
    finally:
        iterator.close()
    yield _batch(wanted, fids, rows, shapes if has_geometry else None)


def _batch(
    wanted: Sequence[Tuple[int, QgsField]],
    fids: Sequence[int],
    rows: Sequence[Sequence[Any]],
    shapes: Optional[Sequence[QgsGeometry]],
) -> Batch:
    turned: Sequence[Any] = list(zip(*rows)) if rows else [()] * len(wanted)
    columns = [_column(item, values) for (_, item), values in zip(wanted, turned)]
    return Batch(np.array(fids, dtype=np.int64), columns, None if shapes is None else _wkb(shapes))


def _wkb(shapes: Sequence[QgsGeometry]) -> Wkb:
    wkb = np.empty(len(shapes), dtype=np.object_)
    for row, shape in enumerate(shapes):
        if not shape.isNull():
            wkb[row] = bytes(shape.asWkb())
    return wkb


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

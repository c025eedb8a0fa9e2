"""Batches of features turned into arrays as they come, whoever read them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsField, QgsGeometry, QgsWkbTypes

from three_opt_three_protect.core.tables import Column, Geometries

Wkb = NDArray[np.object_]
"""``(n,)`` bytes, None where a feature has no geometry."""

UNREADABLE = "unreadable"
NOT_FINITE = "not_finite"

_HEADER = 5
_EWKB_FLAGS = 0xF0000000
_STRAIGHT = (1, 2, 3, 4, 5, 6)
"""WKB codes of points, lines, polygons and their multi forms; with Z, M or both they are 1000, 2000, 3000 more."""
_FIRST_MULTI = 4
"""WKB code of a multipoint; below it the single forms in the same order."""


@dataclass(frozen=True)
class Batch:
    """Some features: ``(n,)`` int64 ids, the columns asked for, and WKB (None for a plain table)."""

    fid: NDArray[np.int64]
    columns: Sequence[Column]
    wkb: Optional[Wkb]


@dataclass
class Gathered:
    """What a layer's batches held.

    Attributes
    ----------
    fields
        Fields of the columns, in order.
    multipart
        Single parts become multiparts of one part.
    count, flattened, segmented, odd
        Features; geometries whose Z or M was dropped; geometries whose curves became straight segments;
        geometries that are no points, lines, polygons or multiparts of these as they come.
    unusable
        Feature id and reason of every geometry that became None.
    """

    fields: Sequence[QgsField]
    multipart: bool = False
    count: int = 0
    flattened: int = 0
    segmented: int = 0
    odd: int = 0
    unusable: List[Tuple[int, str]] = field(default_factory=list)
    _fids: List[NDArray[np.int64]] = field(default_factory=list)
    _geometries: List[Geometries] = field(default_factory=list)
    _parts: List[Sequence[Column]] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Take one batch."""
        self.count += len(batch.fid)
        self._fids.append(batch.fid)
        self._parts.append(batch.columns)
        if batch.wkb is not None:
            self._geometries.append(self._shapes(batch.fid, batch.wkb))

    @property
    def fid(self) -> NDArray[np.int64]:
        """``(n,)`` feature ids."""
        return np.concatenate(self._fids)

    @property
    def geometry(self) -> Geometries:
        """``(n,)`` 2-D geometries or None."""
        return np.concatenate(self._geometries)

    def columns(self) -> Dict[str, Column]:
        """The columns over all batches."""
        return {item.name(): _join([part[index] for part in self._parts]) for index, item in enumerate(self.fields)}

    def _shapes(self, fids: NDArray[np.int64], wkb: Wkb) -> Geometries:
        import shapely

        present = np.array([item is not None for item in wkb], dtype=np.bool_)
        kind, deep = _kinds(wkb, present)
        wkb = self._read_by_shapely(wkb, present, kind, deep)
        with np.errstate(invalid="ignore"):
            shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        self.flattened += int(deep.sum())
        if deep.any():
            shapes[deep] = shapely.force_2d(shapes[deep])
        broken = _not_finite(shapes)
        lost = present & shapely.is_missing(shapes)
        shapes[broken] = None
        for row in np.flatnonzero(lost | broken):
            readable = not broken[row] and _is_finite(_geometry(wkb[row]))
            self.unusable.append((int(fids[row]), UNREADABLE if readable else NOT_FINITE))
        return np.asarray(shapes, dtype=np.object_)

    def _read_by_shapely(
        self, wkb: Wkb, present: NDArray[np.bool_], kind: NDArray[np.int64], deep: NDArray[np.bool_]
    ) -> Wkb:
        """``wkb`` without curves, multipart where the layer is; ``deep`` is brought along."""
        odd = np.flatnonzero(present & ~np.isin(kind, _STRAIGHT))
        single = np.flatnonzero((kind > 0) & (kind < _FIRST_MULTI)) if self.multipart else odd[:0]
        if not len(odd) and not len(single):
            return wkb
        wkb = wkb.copy()
        for row in odd:
            wkb[row], deep[row] = self._straightened(wkb[row])
        for row in single:
            wkb[row] = _multipart(wkb[row])
        self.odd += len(odd)
        return wkb

    def _straightened(self, wkb: bytes) -> Tuple[bytes, bool]:
        """A curve or collection as shapely can read it, and whether it has Z or M."""
        shape = _geometry(wkb)
        if shape.isNull():
            return wkb, False
        if QgsWkbTypes.isCurvedType(shape.wkbType()) or shape.constGet().hasCurvedSegments():
            shape.convertToStraightSegment()
            self.segmented += 1
        kind = shape.wkbType()
        return bytes(shape.asWkb()), bool(QgsWkbTypes.hasZ(kind) or QgsWkbTypes.hasM(kind))


def _geometry(wkb: bytes) -> QgsGeometry:
    """QGIS's geometry of ``wkb``, null when there is none in it."""
    shape = QgsGeometry()
    shape.fromWkb(wkb)
    return shape


def _multipart(wkb: bytes) -> bytes:
    """A point, line or polygon as the only part of its multi form, whose code is 3 more."""
    order = "<" if wkb[0] == 1 else ">"
    code = int(struct.unpack_from(order + "I", wkb, 1)[0]) + _FIRST_MULTI - 1
    return wkb[:1] + struct.pack(order + "II", code, 1) + wkb


def _kinds(wkb: Wkb, present: NDArray[np.bool_]) -> Tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """WKB code without Z and M, 0 where there is none, and whether it has either (ISO 13249-3; EWKB's flags)."""
    kind, deep = np.zeros(len(wkb), dtype=np.int64), np.zeros(len(wkb), dtype=np.bool_)
    heads = [item[:_HEADER] for item in wkb[present].tolist()]
    head = b"".join(heads)
    if len(head) < _HEADER * len(heads):
        head = b"".join([item.ljust(_HEADER, b"\0") for item in heads])
    order_and_code = np.frombuffer(head, dtype=np.uint8).reshape(-1, _HEADER)
    number = np.ascontiguousarray(order_and_code[:, 1:])
    little = order_and_code[:, 0] == 1
    code = np.where(little, number.view("<u4")[:, 0], number.view(">u4")[:, 0]).astype(np.int64)
    plain = code & ~_EWKB_FLAGS
    kind[present] = plain % 1000
    deep[present] = (plain >= 1000) | (code != plain)
    return kind, deep


def _not_finite(shapes: Geometries) -> NDArray[np.bool_]:
    """``(n,)`` True where a coordinate is no number; a length that is none points to it, points have none."""
    import shapely

    with np.errstate(over="ignore", invalid="ignore"):
        length = shapely.length(shapes)
    suspect = np.flatnonzero(~np.isfinite(length) | (shapely.get_dimensions(shapes) == 0))
    suspect = suspect[~shapely.is_missing(shapes[suspect])]
    xy, owner = shapely.get_coordinates(shapes[suspect], return_index=True)
    broken = np.zeros(len(shapes), dtype=np.bool_)
    broken[suspect[owner[~np.isfinite(xy).all(axis=1)]]] = True
    return broken


def _is_finite(shape: QgsGeometry) -> bool:
    """False when a vertex has a coordinate that is no number (the bounding box passes over them)."""
    return all(np.isfinite(vertex.x()) and np.isfinite(vertex.y()) for vertex in shape.vertices())


def _join(parts: Sequence[Column]) -> Column:
    first = parts[0]
    missing: Optional[NDArray[Any]] = None
    if first.missing is not None:
        missing = np.concatenate([part.is_missing for part in parts])
    values = np.concatenate([part.values for part in parts])
    return Column(values, first.kind, missing, first.alias, first.width, first.decimals)

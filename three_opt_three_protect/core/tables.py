"""LayerTable: the one currency that passes between the rooms.

A layer becomes plain arrays at the door (bridge in QGIS, storage elsewhere) and is never
touched again. Missing is ``None`` in text, ``NaN`` in real, ``NaT`` in date and a mask in
int and bool; it is never 0 and never ``""``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Texts, is_none, numbered

Geometries = NDArray[np.object_]
"""Object array of shapely geometries or ``None``."""


class Kind(str, Enum):
    """What a column holds."""

    TEXT = "text"
    INT = "int"
    REAL = "real"
    DATE = "date"
    BOOL = "bool"


_DTYPE: Mapping[Kind, Any] = {
    Kind.TEXT: np.object_,
    Kind.INT: np.int64,
    Kind.REAL: np.float64,
    Kind.DATE: np.dtype("datetime64[D]"),
    Kind.BOOL: np.bool_,
}


@dataclass(frozen=True)
class Column:
    """One attribute of every row.

    Attributes
    ----------
    values
        ``(n,)``; dtype object (text), int64, float64, datetime64[D] or bool by ``kind``.
    kind
        What the values are.
    missing
        ``(n,)`` bool for int and bool columns, True where there is no value; None = all there.
    alias, width, decimals
        As in the source; 0 = not stated.
    """

    values: NDArray[Any]
    kind: Kind
    missing: Optional[NDArray[np.bool_]] = None
    alias: str = ""
    width: int = 0
    decimals: int = 0

    def __post_init__(self) -> None:
        if self.values.dtype != np.dtype(_DTYPE[self.kind]):
            raise TypeError(f"a {self.kind.value} column cannot hold {self.values.dtype}")
        if self.missing is not None and self.missing.shape != self.values.shape:
            raise ValueError("the mask of missing values has another length than the values")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """``(n,)`` bool, True where there is no value."""
        if self.kind is Kind.TEXT:
            return is_none(self.values)
        if self.kind is Kind.REAL:
            return np.asarray(np.isnan(self.values))
        if self.kind is Kind.DATE:
            return np.asarray(np.isnat(self.values))
        if self.missing is None:
            return np.zeros(len(self.values), dtype=np.bool_)
        return self.missing

    @property
    def has_factor(self) -> bool:
        """Whether the distinct values are known already."""
        return "factor" in vars(self)

    @cached_property
    def factor(self) -> Factor:
        """The distinct values of a text column and the rows they stand in, found once."""
        if self.kind is not Kind.TEXT:
            raise TypeError(f"a {self.kind.value} column holds no text")
        return Factor.of(self.values)

    def take(self, rows: NDArray[Any]) -> Column:
        """The same column at ``rows`` (index or mask)."""
        if self.has_factor:
            return factor_column(self.factor.take(rows), self.alias, self.width)
        missing = None if self.missing is None else self.missing[rows]
        return Column(self.values[rows], self.kind, missing, self.alias, self.width, self.decimals)


def text(values: Union[Sequence[Optional[str]], Texts], alias: str = "", width: int = 0) -> Column:
    """A text column; None stays None."""
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values if isinstance(values, np.ndarray) else list(values)
    return Column(array, Kind.TEXT, alias=alias, width=width)


def factor_column(factor: Factor, alias: str = "", width: int = 0) -> Column:
    """A text column whose distinct values are known; equal texts are one object."""
    column = Column(factor.values, Kind.TEXT, alias=alias, width=width)
    vars(column)["factor"] = factor
    return column


def integer(values: Any, missing: Optional[NDArray[np.bool_]] = None, alias: str = "", width: int = 0) -> Column:
    """An int column; ``missing`` masks the rows without a value."""
    return Column(np.asarray(values, dtype=np.int64), Kind.INT, missing, alias=alias, width=width)


def real(values: Any, alias: str = "", width: int = 0, decimals: int = 0) -> Column:
    """A real column; NaN = missing."""
    return Column(np.asarray(values, dtype=np.float64), Kind.REAL, alias=alias, width=width, decimals=decimals)


def date(values: Any, alias: str = "") -> Column:
    """A date column from datetime64 values or ISO text; NaT = missing."""
    return Column(np.asarray(values, dtype="datetime64[D]"), Kind.DATE, alias=alias)


def boolean(values: Any, missing: Optional[NDArray[np.bool_]] = None, alias: str = "") -> Column:
    """A bool column; ``missing`` masks the rows without a value."""
    return Column(np.asarray(values, dtype=np.bool_), Kind.BOOL, missing, alias=alias)


@dataclass(frozen=True)
class CrsInfo:
    """A coordinate reference system as plain data.

    Attributes
    ----------
    authid
        ``"EPSG:4528"`` or ``""`` when it has none.
    wkt
        WKT2 text; may be empty where ``authid`` says it all.
    is_geographic
        Coordinates are degrees.
    metres_per_unit
        Metres in one unit of the coordinates; for degrees the length of one degree of the equator.
    ellipsoid
        ``"CGCS2000"``, ``"IAG75"`` (Xi'an 80), ``"WGS84"``, ``"GRS80"``, … or ``""``.
    semi_major, inverse_flattening
        Of the ellipsoid, metres and 1; 0 when unknown.
    datum
        Authority id of the geographic CRS behind it (``"EPSG:4490"``) or its name.
    central_meridian
        Degrees, for a Gauss–Krüger projection (transverse Mercator, scale 1, latitude of
        origin 0); None for everything else.
    false_easting
        Metres, with the zone number if the coordinates carry it.
    """

    authid: str
    wkt: str = ""
    is_geographic: bool = False
    metres_per_unit: float = 1.0
    ellipsoid: str = ""
    semi_major: float = 0.0
    inverse_flattening: float = 0.0
    datum: str = ""
    central_meridian: Optional[float] = None
    false_easting: float = 0.0


def is_undefined(wkt: str) -> bool:
    """Tell whether a definition only says that there is none: what a GeoPackage states of a layer without CRS.

    Source: OGC 12-128r14, 1.1.2.1.2, the default records of ``gpkg_spatial_ref_sys``.
    """
    return wkt.partition('["')[2].startswith("Undefined ")


@dataclass(frozen=True)
class LayerTable:
    """A layer as arrays; row order is the source's.

    Attributes
    ----------
    name
        As the user knows the layer; messages cite it.
    fid
        ``(n,)`` int64, the source's feature ids; messages cite them.
    geometry
        ``(n,)`` object array of 2-D shapely geometries or None; None for a plain table.
    columns
        Field name → column.
    crs
        None when the layer has none or is a plain table.
    source
        Path or identifier without credentials, for provenance.
    flattened
        Number of geometries whose Z or M was dropped at the door.
    """

    name: str
    fid: NDArray[np.int64]
    geometry: Optional[Geometries] = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    crs: Optional[CrsInfo] = None
    source: str = ""
    flattened: int = 0

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if len(column) != len(self.fid):
                raise ValueError(f"column {name} has {len(column)} rows, the layer {len(self.fid)}")
        if self.geometry is not None and len(self.geometry) != len(self.fid):
            raise ValueError(f"{len(self.geometry)} geometries, {len(self.fid)} rows")

    def __len__(self) -> int:
        return len(self.fid)

    def column(self, name: str) -> Column:
        """The column called ``name``.

        Raises
        ------
        InputError
            ``no_such_field``: names the layer and the fields it has.
        """
        if name not in self.columns:
            raise InputError("no_such_field", layer=self.name, field=name, fields=", ".join(self.columns))
        return self.columns[name]

    @property
    def shapes(self) -> Geometries:
        """The geometries.

        Raises
        ------
        InputError
            ``no_geometry``: the layer is a plain table.
        """
        if self.geometry is None:
            raise InputError("no_geometry", layer=self.name)
        return self.geometry

    def take(self, rows: NDArray[Any]) -> LayerTable:
        """The same layer with only ``rows`` (index or mask)."""
        return LayerTable(
            self.name,
            self.fid[rows],
            None if self.geometry is None else self.geometry[rows],
            {name: column.take(rows) for name, column in self.columns.items()},
            self.crs,
            self.source,
            self.flattened,
        )


def first_features(table: LayerTable, rows: Union[NDArray[Any], Sequence[int]], most: int = 5) -> str:
    """The feature ids of ``rows`` (index or mask) as a message cites them: ``"3, 8, 12 …"``."""
    fids = table.fid[np.asarray(rows)]
    return ", ".join(str(fid) for fid in fids[:most]) + (" …" if len(fids) > most else "")


def as_factor(column: Column) -> Factor:
    """Values as text, None where missing or blank; whole numbers without a decimal point.

    Codes are text in the standards but often arrive as numbers.
    """
    if column.kind is Kind.TEXT:
        return column.factor.map(_stripped)
    distinct, code = numbered(column.values)
    levels = [_written(value) for value in distinct]
    return Factor.picked([*levels, None], np.where(column.is_missing, len(levels), code))


def as_text(column: Column) -> NDArray[np.object_]:
    """The rows of :func:`as_factor`, ``(n,)``, for the caller to keep."""
    return as_factor(column).values.copy()


def _stripped(value: Optional[str]) -> Optional[str]:
    return None if value is None else value.strip() or None


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, np.floating) and value.is_integer() else str(value)


def as_real(column: Column) -> NDArray[np.float64]:
    """Values as float64, NaN where missing; text that is no number is missing too."""
    if column.kind is Kind.TEXT:
        return np.array([_number(value) for value in column.factor.levels], dtype=np.float64)[column.factor.code]
    if column.kind is Kind.DATE:
        raise InputError("date_is_no_number", layer="", field=column.alias)
    values = column.values.astype(np.float64)
    if column.kind is not Kind.REAL:
        values[column.is_missing] = np.nan
    return values


def _number(value: Optional[str]) -> float:
    try:
        return np.nan if value is None else float(value)
    except ValueError:
        return np.nan

"""The one file with switches between versions of QGIS and Qt.

Everything else in the QGIS rooms is written once, against what 3.22 and the newest QGIS share.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsField, QgsProcessingAlgorithm
from qgis.PyQt.QtCore import QMetaType, QVariant

from three_opt_three_protect.core.tables import Kind

HAS_METATYPES: bool = Qgis.QGIS_VERSION_INT >= 33800
"""QgsField takes QMetaType from 3.38 on, QVariant before."""

try:  # Qt 6 moved actions.
    from qgis.PyQt.QtGui import QAction
except ImportError:
    from qgis.PyQt.QtWidgets import QAction

__all__ = [
    "HAS_METATYPES",
    "QAction",
    "chosen_fields",
    "finish_sink",
    "is_null",
    "kind_of",
    "make_field",
    "preferred_wkt",
    "set_label_font",
    "show_every_label",
    "type_number",
]


def _types() -> Dict[Kind, Any]:
    """Field type of each kind in the enumeration this QGIS wants."""
    if HAS_METATYPES:
        of = QMetaType.Type
        return {
            Kind.TEXT: of.QString,
            Kind.INT: of.LongLong,
            Kind.REAL: of.Double,
            Kind.DATE: of.QDate,
            Kind.BOOL: of.Bool,
        }
    old = QVariant.Type
    return {
        Kind.TEXT: old.String,
        Kind.INT: old.LongLong,
        Kind.REAL: old.Double,
        Kind.DATE: old.Date,
        Kind.BOOL: old.Bool,
    }


_KIND_BY_NUMBER: Dict[int, Kind] = {
    1: Kind.BOOL,
    2: Kind.INT,
    3: Kind.INT,
    4: Kind.INT,
    5: Kind.INT,
    6: Kind.REAL,
    10: Kind.TEXT,
    14: Kind.DATE,
    16: Kind.DATE,
    38: Kind.REAL,
}
"""Numbers shared by QVariant.Type and QMetaType.Type: bool, the integers, double, text, dates, float."""


def kind_of(field: QgsField) -> Kind:
    """Kind of a column for ``field``; what core has no kind for (time, lists, …) is read as text."""
    return _KIND_BY_NUMBER.get(type_number(field), Kind.TEXT)


def type_number(field: QgsField) -> int:
    """Number of the type of ``field``, the same in QVariant.Type and QMetaType.Type."""
    number = field.type()
    return int(getattr(number, "value", number))


def chosen_fields(algorithm: QgsProcessingAlgorithm, parameters: Dict[str, Any], name: str, context: Any) -> List[str]:
    """Names chosen in the field parameter ``name``."""
    if hasattr(algorithm, "parameterAsStrings"):
        return list(algorithm.parameterAsStrings(parameters, name, context))
    return list(algorithm.parameterAsFields(parameters, name, context))


def make_field(name: str, kind: Kind, width: int = 0, decimals: int = 0, alias: str = "") -> QgsField:
    """A field of an output layer."""
    field = QgsField(name, _types()[kind], "", width, decimals)
    if alias:
        field.setAlias(alias)
    return field


def is_null(value: Any) -> bool:
    """True for None, the NULL of a data provider and an empty date."""
    if value is None:
        return True
    if isinstance(value, QVariant):
        return bool(value.isNull())
    return False


def preferred_wkt(crs: QgsCoordinateReferenceSystem) -> str:
    """WKT2 text of ``crs``."""
    if hasattr(Qgis, "CrsWktVariant"):
        return str(crs.toWkt(Qgis.CrsWktVariant.Preferred))
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))


def finish_sink(sink: Any) -> Tuple[bool, str]:
    """Close a sink where QGIS can say whether that worked (3.42 on).

    Returns
    -------
    tuple
        Success and the last error.
    """
    if hasattr(sink, "finalize"):
        sink.finalize()
    error = str(sink.lastError())
    return not error, error


def set_label_font(item: Any, font: Any, colour: Any) -> None:
    """Font and colour of a layout label; text formats came with 3.24."""
    if not hasattr(item, "setTextFormat"):
        item.setFont(font)
        item.setFontColor(colour)
        return
    from qgis.core import QgsTextFormat

    style = QgsTextFormat()
    style.setFont(font)
    style.setSize(font.pointSizeF())
    style.setColor(colour)
    item.setTextFormat(style)


def show_every_label(settings: Any) -> None:
    """Labels are put down whatever lies there; the setting moved in 3.26."""
    if hasattr(settings, "placementSettings"):
        placement = settings.placementSettings()
        placement.setOverlapHandling(Qgis.LabelOverlapHandling.AllowOverlapAtNoCost)
        settings.setPlacementSettings(placement)
    else:
        settings.displayAll = True

"""Symbols and renderers for the roles of a plan: the same on the screen, on sheets and in legends."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMergedFeatureRenderer,
    QgsRendererCategory,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from three_opt_three_protect.bridge.compat import is_null
from three_opt_three_protect.bridge.stylepacks import (
    AreaSymbol,
    ClassColour,
    Hatch,
    Rgb,
    StylePack,
    load_pack,
    load_symbols,
)
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.storage.catalogue import load_class_systems
from three_opt_three_protect.storage.words import load_words

PARCELS = "parcels"

KIND_FIELD = {"redline": "level", "newbuild": "use"}
"""Role → its field whose words tell the kinds of ``symbols.csv`` apart."""

_KIND_WORDS = {"redline": "redline_level", "newbuild": "use"}
_DEFAULT_KIND = {"redline": "1"}
"""A redline without a stated level is drawn as the strictest (as it is judged)."""

_MERGED = ("farmland", "farmland_added", "boundary")
"""Drawn as blocks: the line runs round the block (保护片块界线), not round every parcel in it."""

_HAIRLINE = 0.05
_PENS = {
    "solid": Qt.PenStyle.SolidLine,
    "dash": Qt.PenStyle.DashLine,
    "dot": Qt.PenStyle.DotLine,
    "dash_dot": Qt.PenStyle.DashDotLine,
}
_MM = QgsUnitTypes.RenderUnit.RenderMillimeters


def style_layer(
    layer: QgsVectorLayer,
    role: str,
    pack: str = "plan",
    class_field: str = "",
    system: Optional[ClassSystem] = None,
    soft: float = 0.0,
    factor: float = 1.0,
    small: bool = False,
) -> None:
    """Give ``layer`` the symbols of its role.

    Parameters
    ----------
    layer
        Polygon layer.
    role
        ``parcels`` or a role of ``resources/styles/symbols.csv``; another role is left as it is.
    pack
        ``plan``, ``survey`` or ``territorial``: the class colours.
    class_field
        For parcels the field with the land code; for redline and newbuild the field that tells
        level and use (left out: ``level``, ``use``).
    system
        The classification of the codes; left out: the first shipped, the third survey.
    soft
        0–1, how far class colours are mixed with white, as a ground for other layers.
    factor
        By which widths and spacings are multiplied (large paper).
    small
        Drawn at a scale smaller than 1:10 000: thinner lines.

    Raises
    ------
    InputError
        ``no_such_field``.
    SchemaError
        ``style_pack_unknown``.
    """
    if role == PARCELS:
        layer.setRenderer(parcel_renderer(layer, pack, class_field, system, soft))
    elif any(of == role for of, _ in load_symbols()):
        layer.setRenderer(role_renderer(layer, role, class_field, factor, small))
    layer.triggerRepaint()


def parcel_renderer(
    layer: QgsVectorLayer, pack: str, class_field: str, system: Optional[ClassSystem] = None, soft: float = 0.0
) -> QgsCategorizedSymbolRenderer:
    """Categories by legend entry: one entry holds all codes of its colour."""
    index = _index(layer, class_field)
    codes = [value for value in layer.uniqueValues(index) if not is_null(value)]
    return class_renderer(codes, pack, class_field, system or default_system(), soft)


def class_renderer(
    codes: Iterable[Any], pack: str, class_field: str, system: ClassSystem, soft: float = 0.0
) -> QgsCategorizedSymbolRenderer:
    """As :func:`parcel_renderer`, for ``codes`` without a layer; what the system does not know is 其他."""
    legend = group_codes(codes, load_pack(pack), system)
    categories = [
        QgsRendererCategory(found if len(found) > 1 else found[0], class_symbol(entry, soft), entry.name)
        for entry, found in legend
    ]
    other = load_symbols()["other", ""]
    categories.append(QgsRendererCategory("", area_symbol(other), other.name))
    return QgsCategorizedSymbolRenderer(class_field, categories)


def group_codes(codes: Iterable[Any], pack: StylePack, system: ClassSystem) -> List[Tuple[ClassColour, List[Any]]]:
    """Legend entries with the codes they stand for, in the order of the pack; unknown codes are left out."""
    found: Dict[str, List[Any]] = {}
    for code in sorted(codes, key=str):
        entry = pack.find(str(code), system)
        if entry is not None:
            found.setdefault(entry.name, []).append(code)
    return [(entry, found[entry.name]) for entry in pack.entries if entry.name in found]


def default_system() -> ClassSystem:
    """The classification a layer is taken to use when nothing is said."""
    return next(iter(load_class_systems().values()))


def role_renderer(
    layer: QgsVectorLayer, role: str, kind_field: str = "", factor: float = 1.0, small: bool = False
) -> QgsFeatureRenderer:
    """The renderer of a role of ``symbols.csv``: one symbol, one a kind, or merged blocks."""
    kinds = kinds_of(role)
    if list(kinds) != [""]:
        field = kind_field or KIND_FIELD[role]
        if layer.fields().lookupField(field) < 0:
            kinds = {"": kinds[_DEFAULT_KIND.get(role, "")]}
        else:
            return kind_renderer(role, field, factor, small)
    renderer = QgsSingleSymbolRenderer(area_symbol(kinds[""], factor, small))
    return _merged(renderer) if role in _MERGED else renderer


def kind_renderer(role: str, field: str, factor: float = 1.0, small: bool = False) -> QgsCategorizedSymbolRenderer:
    """One category a kind, for every spelling of it in ``words.yaml``; the rest as the default kind."""
    kinds = kinds_of(role)
    default = _DEFAULT_KIND.get(role, "")
    spellings = load_words()[_KIND_WORDS[role]]
    categories = []
    for kind, symbol in kinds.items():
        words: List[Any] = [word for word, token in spellings.items() if token == kind]
        if kind != default and words:
            categories.append(QgsRendererCategory(words, area_symbol(symbol, factor, small), symbol.name))
    categories.append(QgsRendererCategory("", area_symbol(kinds[default], factor, small), kinds[default].name))
    return QgsCategorizedSymbolRenderer(field, categories)


def kinds_of(role: str) -> Mapping[str, AreaSymbol]:
    """Kind → symbol of a role; a role without kinds has the kind ``""``."""
    return {kind: symbol for (of, kind), symbol in load_symbols().items() if of == role}


def kind_of_value(role: str, value: Any) -> str:
    """The kind ``value`` of the role's field stands for, as the renderer decides."""
    token = load_words()[_KIND_WORDS[role]].get("" if is_null(value) else str(value).strip(), "")
    return token if token in kinds_of(role) else _DEFAULT_KIND.get(role, "")


def class_symbol(entry: ClassColour, soft: float = 0.0) -> QgsFillSymbol:
    """The fill of a land class; without a line of its own the outline hides the seams between parcels."""
    fill = _colour(entry.fill, soft)
    line = fill.darker(112) if entry.line is None else _colour(entry.line, max(soft, 0.3))
    symbol = _symbol(_fill(fill, line, _HAIRLINE, Qt.PenStyle.SolidLine))
    if entry.hatch is not None:
        symbol.appendSymbolLayer(_hatch(entry.hatch, 0.08, 1.0, soft, entry.hatch.angle or 0.0))
    return symbol


def area_symbol(
    symbol: AreaSymbol, factor: float = 1.0, small: bool = False, hatch_over_fill: bool = False
) -> QgsFillSymbol:
    """The fill symbol of a line layer or a plot; under a fill that hides the ground a hatch would be hidden too."""
    symbol = symbol.at(small)
    fill = QColor(0, 0, 0, 0) if symbol.fill is None else _colour(symbol.fill)
    fill.setAlphaF(symbol.alpha if symbol.fill is not None else 0.0)
    line = QColor(0, 0, 0, 0) if symbol.line is None else _colour(symbol.line)
    pen = Qt.PenStyle.NoPen if symbol.line is None else _PENS[symbol.dash]
    outline = _fill(fill, line, symbol.width * factor, pen)
    if symbol.fill is None:
        outline.setBrushStyle(Qt.BrushStyle.NoBrush)
    drawn = _symbol(outline)
    if symbol.hatch is not None:
        if hatch_over_fill and symbol.fill is not None:
            drawn.insertSymbolLayer(0, _fill(fill, line, 0.0, Qt.PenStyle.NoPen))
            outline.setBrushStyle(Qt.BrushStyle.NoBrush)
        angles: Sequence[float] = (45.0, -45.0) if symbol.hatch.angle is None else (symbol.hatch.angle,)
        for angle in angles:
            # Under the outline, so that the line of the plot stays whole.
            drawn.insertSymbolLayer(drawn.symbolLayerCount() - 1, _hatch(symbol.hatch, 0.15, factor, 0.0, angle))
    return drawn


def border_symbol(symbol: AreaSymbol, factor: float = 1.0, small: bool = False) -> QgsLineSymbol:
    """The outline of a role as a line, for borders and legends."""
    symbol = symbol.at(small)
    line = QgsSimpleLineSymbolLayer(_colour(symbol.line or (0, 0, 0)), symbol.width * factor, _PENS[symbol.dash])
    line.setWidthUnit(_MM)
    line.setPenCapStyle(Qt.PenCapStyle.FlatCap)
    drawn = QgsLineSymbol()
    drawn.changeSymbolLayer(0, line)
    return drawn


def _symbol(layer: QgsSimpleFillSymbolLayer) -> QgsFillSymbol:
    # The constructor that takes a list does not keep Python from deleting the layers.
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, layer)
    return symbol


def _fill(fill: QColor, line: QColor, width: float, pen: Any) -> QgsSimpleFillSymbolLayer:
    layer = QgsSimpleFillSymbolLayer(fill, Qt.BrushStyle.SolidPattern, line, pen, width, Qt.PenJoinStyle.RoundJoin)
    layer.setStrokeWidthUnit(_MM)
    return layer


def _hatch(hatch: Hatch, width: float, factor: float, soft: float, angle: float) -> QgsLinePatternFillSymbolLayer:
    pattern = QgsLinePatternFillSymbolLayer()
    pattern.setLineAngle(angle)
    pattern.setDistance(hatch.spacing * factor)
    pattern.setDistanceUnit(_MM)
    line = QgsSimpleLineSymbolLayer(_colour(hatch.colour, soft), width * factor, Qt.PenStyle.SolidLine)
    line.setWidthUnit(_MM)
    pattern.subSymbol().changeSymbolLayer(0, line)
    return pattern


def _colour(rgb: Rgb, soft: float = 0.0) -> QColor:
    red, green, blue = (round(part + (255 - part) * soft) for part in rgb)
    return QColor(red, green, blue)


def _merged(renderer: QgsFeatureRenderer) -> QgsFeatureRenderer:
    return QgsMergedFeatureRenderer(renderer)


def _index(layer: QgsVectorLayer, field: str) -> int:
    index = int(layer.fields().lookupField(field))
    if index < 0:
        names = ", ".join(item.name() for item in layer.fields())
        raise InputError("no_such_field", layer=layer.name(), field=field, fields=names)
    return index

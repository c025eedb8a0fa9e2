"""How QGIS shows the result layers of the algorithms: one category a token, its legend in the user's language.

The symbols stand in ``resources/styles/results.csv``, the words of the legend in the message files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Dict, List, Mapping, Optional, Tuple

from qgis.core import QgsCategorizedSymbolRenderer, QgsRendererCategory, QgsSymbol, QgsVectorLayer, QgsWkbTypes

from three_opt_three_protect import paths
from three_opt_three_protect.bridge.stylepacks import DASHES, PACKS, AreaSymbol, read_rows
from three_opt_three_protect.bridge.styles import area_symbol, border_symbol
from three_opt_three_protect.bridge.words import sentence

PACK = "plan"
"""Land colours that results lie on where nothing is said."""

_COLUMNS = (
    "algorithm", "output", "field", "token", "pack", "message", "fill", "alpha", "line", "width", "dash", "hatch",
    "angle", "spacing", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Category:
    """One entry of a legend: value of the field (``""`` = everything else), message id of its words, symbol."""

    token: str
    message_id: str
    symbol: AreaSymbol


@dataclass(frozen=True)
class ResultStyle:
    """The categories of one output; ``field`` is a field or an expression."""

    field: str
    categories: Tuple[Category, ...]


Key = Tuple[str, str]
"""Algorithm and output parameter."""


@cache
def load_result_styles(pack: str = PACK) -> Mapping[Key, ResultStyle]:
    """Every output that has a style, with the symbols for the land colours of ``pack``.

    Raises
    ------
    SchemaError
        ``resource_wrong_value``, ``resource_wrong_columns`` with file and line.
    """
    fields: Dict[Key, str] = {}
    found: Dict[Key, Dict[str, Category]] = {}
    for row in read_rows(paths.resource("styles", "results.csv"), _COLUMNS):
        key = row["algorithm"], row["output"]
        if row["pack"] and row["pack"] not in PACKS:
            row.wrong("pack", ", ".join(PACKS))
        if row["dash"] not in DASHES:
            row.wrong("dash", ", ".join(DASHES))
        if fields.setdefault(key, row["field"]) != row["field"]:
            row.wrong("field", fields[key])
        if row["pack"] in ("", pack):
            symbol = AreaSymbol(
                row["algorithm"], row["token"], row["message"], row.maybe_rgb("fill"), row.number("alpha") / 100.0,
                row.maybe_rgb("line"), row.number("width"), row["dash"], row.hatch(), row.number("alpha") / 100.0,
                row.number("width"),
            )  # fmt: skip
            categories = found.setdefault(key, {})
            # The pack's own row takes the place of the one for all packs, whichever stands first.
            if row["pack"] or row["token"] not in categories:
                categories[row["token"]] = Category(row["token"], row["message"], symbol)
    return {key: ResultStyle(fields[key], tuple(categories.values())) for key, categories in found.items()}


def result_renderer(style: ResultStyle, is_line: bool = False) -> QgsCategorizedSymbolRenderer:
    """The renderer of a style, its legend in the user's language."""
    categories: List[QgsRendererCategory] = []
    for category in style.categories:
        look = category.symbol
        symbol: QgsSymbol = border_symbol(look) if is_line else area_symbol(look, hatch_over_fill=True)
        categories.append(QgsRendererCategory(category.token, symbol, sentence(category.message_id, {})))
    return QgsCategorizedSymbolRenderer(style.field, categories)


def style_result(layer: Optional[QgsVectorLayer], algorithm: str, output: str, pack: str = PACK) -> bool:
    """Give a result layer its symbols, in the thread the layer belongs to: that of a model while it still runs.

    Parameters
    ----------
    layer
        What an algorithm wrote; None or a table without geometry is left alone.
    algorithm, output
        Id of the algorithm and name of the sink parameter.

    Returns
    -------
    bool
        Whether the output has a style and the layer took it.
    """
    style = load_result_styles(pack).get((algorithm, output))
    if style is None or layer is None or not isinstance(layer, QgsVectorLayer) or not layer.isValid():
        return False
    kind = layer.geometryType()
    if kind not in (QgsWkbTypes.GeometryType.PolygonGeometry, QgsWkbTypes.GeometryType.LineGeometry):
        return False
    layer.setRenderer(result_renderer(style, kind == QgsWkbTypes.GeometryType.LineGeometry))
    return True

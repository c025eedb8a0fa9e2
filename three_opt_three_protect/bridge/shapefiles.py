"""A shapefile QGIS is about to write: told what it cannot hold, names and encoding settled before it is begun.

QGIS cuts texts and names without a word, a Chinese name in the middle of a character, and where no encoding is
chosen ("System") writes no .cpg, so that nobody can tell later how the text was meant.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Mapping

from qgis.core import (
    QgsFeatureSource,
    QgsField,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsWkbTypes,
)

from three_opt_three_protect.bridge.compat import kind_of
from three_opt_three_protect.bridge.features import feature_batches
from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.tables import Column, Kind, LayerTable
from three_opt_three_protect.storage.dbf import SUFFIXES, known_encoding

Tell = Callable[[str, Mapping[str, Value]], None]
"""Told a message id and its values."""

_OPTION = "fileEncoding"
_LEFT_TO_THE_SYSTEM = ("", "system")
_SAFE = "UTF-8"

_SHAPE_HEADER = 52
"""Bytes of a record and its shape before the points."""
_NUMBER = 24
"""Bytes of a number or day whose field states no length: never more."""


@dataclass
class Content:
    """What a shapefile is to hold.

    Attributes
    ----------
    texts
        Field → bytes of its longest text.
    shapes
        Bytes of the .shp, to some hundredths.
    """

    layer: str
    rows: int = 0
    shapes: int = 0
    texts: Dict[str, int] = field(default_factory=dict)

    def add(self, columns: Mapping[str, Column], encoding: str) -> None:
        """Take the texts of some rows."""
        from three_opt_three_protect.storage.shapefilelimits import longest_text

        for name, column in columns.items():
            if column.kind is Kind.TEXT:
                self.texts[name] = max(self.texts.get(name, 0), longest_text(column, encoding))


def is_shapefile(path: Path) -> bool:
    """Whether QGIS writes ``path`` as a shapefile or its table."""
    return path.suffix.lower() in SUFFIXES


def with_encoding(value: Any, context: QgsProcessingContext) -> QgsProcessingOutputLayerDefinition:
    """The value of a sink parameter with an encoding: the planner's, else UTF-8."""
    given = value if isinstance(value, QgsProcessingOutputLayerDefinition) else str(value)
    definition = QgsProcessingOutputLayerDefinition(given)
    options = dict(definition.createOptions)
    chosen = str(options.get(_OPTION) or context.defaultEncoding())
    options[_OPTION] = _SAFE if chosen.lower() in _LEFT_TO_THE_SYSTEM else chosen
    definition.createOptions = options
    return definition


def encoding_of(definition: QgsProcessingOutputLayerDefinition) -> str:
    """The encoding :func:`with_encoding` has settled, as Python knows it.

    Raises
    ------
    InputError
        ``unknown_encoding``.
    """
    return known_encoding(str(definition.createOptions[_OPTION]))


def table_content(table: LayerTable, encoding: str) -> Content:
    """What a shapefile of ``table`` is to hold."""
    from three_opt_three_protect.storage.shapefilelimits import shape_bytes

    content = Content(table.name, len(table), shape_bytes(table.geometry))
    content.add(table.columns, encoding)
    return content


def source_content(source: QgsFeatureSource, added: Mapping[str, Column], encoding: str) -> Content:
    """What a shapefile of all features of ``source``, with the columns ``added``, is to hold."""
    wanted = [
        (index, item)
        for index, item in enumerate(source.fields())
        if kind_of(item) is Kind.TEXT and item.name() not in added
    ]
    content = Content(str(source.sourceName()))
    has_geometry = source.wkbType() != QgsWkbTypes.Type.NoGeometry
    with closing(feature_batches(source, wanted, has_geometry)) as batches:
        for batch in batches:
            content.rows += len(batch.fid)
            content.add({item.name(): column for (_, item), column in zip(wanted, batch.columns)}, encoding)
            if batch.wkb is not None:
                content.shapes += sum(_SHAPE_HEADER + len(shape) for shape in batch.wkb if shape is not None)
    content.add(added, encoding)
    return content


def fitted_fields(content: Content, fields: QgsFields, encoding: str, tell: Tell) -> QgsFields:
    """``fields`` under names a shapefile can hold; which were shortened is told.

    Raises
    ------
    InputError
        ``shapefile_too_large``, ``shapefile_too_many_fields``, ``shapefile_text_too_long``.
    """
    from three_opt_three_protect.storage import shapefilelimits as limits

    limits.require_field_count(content.layer, len(fields))
    for name, size in content.texts.items():
        limits.require_text_fits(content.layer, name, size)
    limits.require_sizes(content.layer, content.shapes, content.rows, [_width(item, limits) for item in fields])
    names = [str(item.name()) for item in fields]
    fitted = limits.fitted_names(names, encoding)
    changed = [f"{name} → {made}" for name, made in zip(names, fitted) if made != name]
    if not changed:
        return fields
    tell("shapefile_names_shortened", {"layer": content.layer, "count": len(changed), "fields": ", ".join(changed)})
    renamed = QgsFields()
    for item, made in zip(fields, fitted):
        copied = QgsField(item)
        copied.setName(made)
        renamed.append(copied)
    return renamed


def _width(item: QgsField, limits: Any) -> int:
    """Bytes of a field as QGIS declares it."""
    most: int = limits.TEXT_BYTES if kind_of(item) is Kind.TEXT else _NUMBER
    return min(item.length(), most) if item.length() > 0 else most

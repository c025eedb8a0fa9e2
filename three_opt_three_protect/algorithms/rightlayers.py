"""Layers put right before a run, or refused with a reason: text in another encoding, damaged files, lines for areas."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from osgeo import gdal
from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProperty,
    QgsVectorLayer,
    QgsWkbTypes,
)

from three_opt_three_protect.algorithms.checks import entries, input_layer
from three_opt_three_protect.bridge.encodings import found_encoding, is_read_right, rightly_read, set_right_encoding
from three_opt_three_protect.bridge.sources import file_of
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.storage.badfiles import require_sound, why_unreadable

Tell = Callable[[str, Mapping[str, Value]], None]

_PACKED = ("/vsizip/", "/vsitar/", "/vsi7z/", "/vsirar/")
_FILES = (".shp", ".dbf", ".gpkg", ".gdb", ".mdb", ".zip", ".rar", ".7z", ".geojson", ".json", ".sqlite", ".dxf")


def right_layers(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    tell: Optional[Tell] = None,
) -> Dict[str, Any]:
    """``parameters`` with every shapefile read in its own encoding.

    A layer Processing opened itself is set right; one of the project is opened a second time, because a run
    changes nothing there. Fields chosen by the name they were shown with get their right name.

    Parameters
    ----------
    tell
        Told what was found about the text.

    Raises
    ------
    InputError
        ``text_not_readable``, ``encoding_and_edits``, ``polygons_needed``, or what ``storage.badfiles`` finds.
    """
    given = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        value = given.get(definition.name())
        if isinstance(definition, QgsProcessingParameterMultipleLayers):
            found = [_right(entry, definition, context, tell) for entry in entries(value)]
            if any(new is not old for new, old in zip(found, entries(value))):
                given[definition.name()] = found
        elif isinstance(definition, QgsProcessingParameterFeatureSource):
            before = _field_names(value, context)
            given[definition.name()] = _right(value, definition, context, tell)
            after = _field_names(given[definition.name()], context)
            if before != after:
                _rename_fields(algorithm, definition.name(), dict(zip(before, after)), given)
    return given


def _right(
    value: Any, definition: QgsProcessingParameterDefinition, context: QgsProcessingContext, tell: Optional[Tell]
) -> Any:
    if isinstance(value, str) and Path(value).suffix.lower() in _FILES:
        require_sound(Path(value))
    layer = input_layer(value, context)
    if layer is None or not layer.isValid():
        _require_openable(value)
        return value
    _require_sound_file(layer)
    _require_type(layer, definition)
    found = found_encoding(layer)
    if found is None:
        return value
    if tell is not None:
        for message_id, values in found.notes(layer.name()):
            tell(message_id, values)
    if is_read_right(layer):
        return value
    if context.temporaryLayerStore().mapLayer(layer.id()) is not None:
        set_right_encoding(layer)
        return value
    again = context.temporaryLayerStore().addMapLayer(rightly_read(layer))
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return again.id()
    changed = QgsProcessingFeatureSourceDefinition(value)
    changed.source = QgsProperty.fromValue(again.id())
    return changed


def _require_openable(value: Any) -> None:
    """A file that is there and does not open: say why, where QGIS says only that it does not."""
    if not isinstance(value, str):
        return
    path = Path(value.split("|", 1)[0])
    if path.suffix.lower() not in _FILES or not os.path.exists(path):
        return
    require_sound(path)
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        gdal.ErrorReset()
        opened = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
        said = str(gdal.GetLastErrorMsg())
    except RuntimeError as error:  # where another plugin has asked osgeo for exceptions
        opened, said = None, str(error)
    finally:
        gdal.PopErrorHandler()
    if opened is None or "locked" in said:
        raise why_unreadable(path, said)


def _require_sound_file(layer: QgsVectorLayer) -> None:
    if layer.providerType() != "ogr":
        return
    file = file_of(layer) or ""
    if file.startswith(_PACKED):
        raise InputError("zip_given", path=next((part for part in file.split("/") if "." in part), file))
    if file:
        require_sound(Path(file))


def _require_type(layer: QgsVectorLayer, definition: QgsProcessingParameterDefinition) -> None:
    """Processing offers only fitting layers, and takes any that comes by its path."""
    if _types(definition) != [QgsProcessing.SourceType.TypeVectorPolygon]:
        return
    unknown = (QgsWkbTypes.GeometryType.UnknownGeometry, QgsWkbTypes.GeometryType.NullGeometry)
    if layer.geometryType() not in (QgsWkbTypes.GeometryType.PolygonGeometry, *unknown):
        raise InputError("polygons_needed", layer=layer.name())


def _types(definition: QgsProcessingParameterDefinition) -> Sequence[int]:
    if isinstance(definition, QgsProcessingParameterMultipleLayers):
        return [definition.layerType()]
    return list(definition.dataTypes())


def _field_names(value: Any, context: QgsProcessingContext) -> List[str]:
    layer = input_layer(value, context)
    return [] if layer is None else [str(item.name()) for item in layer.fields()]


def _rename_fields(
    algorithm: QgsProcessingAlgorithm, parent: str, renamed: Mapping[str, str], given: Dict[str, Any]
) -> None:
    for definition in algorithm.parameterDefinitions():
        if not isinstance(definition, QgsProcessingParameterField):
            continue
        value = given.get(definition.name())
        if definition.parentLayerParameterName() == parent and value:
            many = isinstance(value, (list, tuple))
            names = [renamed.get(str(name), name) for name in (value if many else [value])]
            given[definition.name()] = names if many else names[0]

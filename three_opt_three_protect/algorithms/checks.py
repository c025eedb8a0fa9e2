"""Parameters checked before anything runs, where QGIS itself passes over a mistake."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import AbstractSet, Any, Dict, Iterator, List, Mapping, Optional, Tuple

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
    QgsProperty,
    QgsVectorLayer,
)

from three_opt_three_protect.bridge.compat import chosen_fields, is_null
from three_opt_three_protect.bridge.destinations import destination_file
from three_opt_three_protect.bridge.sources import file_of, title_of
from three_opt_three_protect.core.errors import InputError

MAY_BE_NEW = "may_be_new"
"""In the metadata of a field parameter: it may name a field that the run adds."""


def check_parameters(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    listed: AbstractSet[str] = frozenset(),
) -> None:
    """Raise on the first parameter that cannot be meant.

    Parameters
    ----------
    listed
        Ids of the project's layers.

    Raises
    ------
    InputError
        ``no_such_field``, ``no_such_layer_given``, ``parameter_is_no_number``, ``output_is_input``, ``output_twice``.
    """
    given = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        if isinstance(definition, QgsProcessingParameterField):
            _check_field(algorithm, definition, given, context, listed)
        elif isinstance(definition, QgsProcessingParameterMultipleLayers):
            _check_layers(definition, given, context)
        elif isinstance(definition, QgsProcessingParameterNumber):
            _check_number(definition, given.get(definition.name()))
    _check_files(algorithm, given, context)


def input_layer(value: Any, context: QgsProcessingContext) -> Optional[QgsVectorLayer]:
    """The vector layer behind the value of a layer parameter, None when there is none."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext(), "")[0]
    if isinstance(value, QgsVectorLayer):
        return value
    if not value or not isinstance(value, str):
        return None
    layer = QgsProcessingUtils.mapLayerFromString(value, context)
    return layer if isinstance(layer, QgsVectorLayer) else None


def is_whole(value: Any) -> bool:
    """True when the value of a layer parameter means all features of the layer."""
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return True
    limited = getattr(value, "featureLimit", -1) >= 0 or getattr(value, "filterExpression", "")
    return not value.selectedFeaturesOnly and not limited


def entries(value: Any) -> List[Any]:
    """The entries of a several-layers parameter as given."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [entry.strip() for entry in value.split(";")]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _check_field(
    algorithm: QgsProcessingAlgorithm,
    definition: QgsProcessingParameterField,
    given: Dict[str, Any],
    context: QgsProcessingContext,
    listed: AbstractSet[str],
) -> None:
    if definition.metadata().get(MAY_BE_NEW):
        return
    chosen = chosen_fields(algorithm, given, definition.name(), context)
    parent = definition.parentLayerParameterName()
    source = algorithm.parameterAsSource(given, parent, context) if chosen and parent else None
    if source is None:
        return
    names = [item.name() for item in source.fields()]
    for name in chosen:
        if name not in names:
            layer = input_layer(given.get(parent), context)
            title = title_of(layer, listed) if layer is not None else source.sourceName()
            raise InputError("no_such_field", layer=title, field=name, fields=", ".join(names))


def _check_number(definition: QgsProcessingParameterNumber, value: Any) -> None:
    """QGIS takes a text that is no number for the parameter left out, and NaN for one within all limits."""
    if is_null(value) or value == "" or isinstance(value, QgsProperty):
        return
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError("parameter_is_no_number", parameter=definition.name(), value=str(value)[:40])


def _check_layers(
    definition: QgsProcessingParameterMultipleLayers, given: Dict[str, Any], context: QgsProcessingContext
) -> None:
    for number, entry in enumerate(entries(given.get(definition.name())), 1):
        if input_layer(entry, context) is None:
            raise InputError("no_such_layer_given", parameter=definition.name(), number=number, entry=str(entry)[-60:])


def _check_files(algorithm: QgsProcessingAlgorithm, given: Dict[str, Any], context: QgsProcessingContext) -> None:
    inputs = list(_input_files(algorithm, given, context))
    outputs: List[Tuple[str, Path, str]] = []
    for definition in algorithm.destinationParameterDefinitions():
        path, table = destination_file(given.get(definition.name()), context)
        if path is None:
            continue
        for name, source in inputs:
            if _same(path, source):
                raise InputError("output_is_input", output=definition.name(), input=name, file=path.name)
        for name, other, other_table in outputs:
            # A file that is an output as a whole replaces all tables in it.
            if _same(path, other) and (table == other_table or not table or not other_table):
                raise InputError("output_twice", output=definition.name(), other=name, file=path.name)
        outputs.append((definition.name(), path, table))


def _input_files(
    algorithm: QgsProcessingAlgorithm, given: Dict[str, Any], context: QgsProcessingContext
) -> Iterator[Tuple[str, Path]]:
    for definition in algorithm.parameterDefinitions():
        if isinstance(definition, QgsProcessingDestinationParameter):
            continue
        value = given.get(definition.name())
        if isinstance(definition, QgsProcessingParameterFile) and value:
            yield definition.name(), Path(str(value))
        if isinstance(definition, (QgsProcessingParameterFeatureSource, QgsProcessingParameterMultipleLayers)):
            for entry in entries(value):
                layer = input_layer(entry, context)
                file = file_of(layer) if layer is not None else None
                if file:
                    yield definition.name(), Path(file)


def _same(first: Path, second: Path) -> bool:
    if os.path.exists(first) and os.path.exists(second):
        return os.path.samefile(first, second)
    return os.path.normcase(os.path.abspath(first)) == os.path.normcase(os.path.abspath(second))

"""Values of destination parameters: what they point at, and the same pointing elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from qgis.core import (
    QgsDataSourceUri,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
)


def destination_text(value: Any, context: QgsProcessingContext) -> str:
    """The text behind the value of a destination parameter; ``""`` when it is not given."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        return str(value.sink.valueAsString(context.expressionContext(), "")[0])
    return "" if value is None else str(value)


def destination_file(value: Any, context: QgsProcessingContext) -> Tuple[Optional[Path], str]:
    """File a destination parameter points at, and the table in it.

    Returns
    -------
    tuple
        None for memory, temporary and database outputs; the table is ``""`` when the whole file
        is the output.
    """
    text = destination_text(value, context)
    if text.startswith("ogr:"):
        uri = QgsDataSourceUri(text[len("ogr:") :])
        return (Path(uri.database()), str(uri.table())) if uri.database() else (None, "")
    remote = text.startswith(("memory:", "postgres:", "postgis:", "spatialite:", "mssql:", "oracle:", "hana:"))
    if not text or remote or text == "TEMPORARY_OUTPUT":
        return None, ""
    return Path(text), ""


def in_file(value: Any, path: Path) -> QgsProcessingOutputLayerDefinition:
    """The value of a sink parameter, all as it was but written to ``path`` and not loaded."""
    given = value if isinstance(value, QgsProcessingOutputLayerDefinition) else str(value)
    definition = QgsProcessingOutputLayerDefinition(given)
    definition.sink = QgsProperty.fromValue(str(path))
    definition.destinationProject = None
    return definition


def load_on_completion(
    definition: QgsProcessingDestinationParameter, value: Any, destination: str, context: QgsProcessingContext
) -> None:
    """Have the layer loaded after the run, as a sink does when the user asked for it."""
    project = value.destinationProject if isinstance(value, QgsProcessingOutputLayerDefinition) else None
    if project is None:
        return
    name = value.destinationName or definition.description()
    details = QgsProcessingContext.LayerDetails(name, project, definition.name())
    context.addLayerToLoadOnCompletion(destination, details)

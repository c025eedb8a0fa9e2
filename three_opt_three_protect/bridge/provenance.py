"""Where a result comes from: algorithm, parameters, inputs with hashes, profile, versions, time."""

from __future__ import annotations

from configparser import ConfigParser
from datetime import datetime, timezone
from typing import Dict, List

import numpy as np
from qgis.core import Qgis, QgsException, QgsLayerMetadata, QgsProviderRegistry

from three_opt_three_protect import paths


def plugin_version() -> str:
    """Version in metadata.txt, ``""`` when there is none."""
    parser = ConfigParser(interpolation=None)
    parser.read(paths.METADATA, encoding="utf-8")
    return parser.get("general", "version", fallback="")


def versions() -> Dict[str, str]:
    """Versions of what computed the result."""
    import shapely
    from osgeo import gdal

    return {
        "plugin": plugin_version(),
        "qgis": Qgis.QGIS_VERSION,
        "gdal": gdal.__version__,
        "geos": shapely.geos_version_string,
        "shapely": shapely.__version__,
        "numpy": np.__version__,
    }


def now() -> str:
    """The time as ISO text in UTC."""
    return datetime.now(timezone.utc).replace(microsecond=0).isoformat()


def layer_metadata(title: str, facts: Dict[str, str]) -> QgsLayerMetadata:
    """Metadata of an output layer: ``facts`` as lines of its history."""
    result = QgsLayerMetadata()
    result.setTitle(title)
    result.setType("dataset")
    result.setIdentifier(facts.get("algorithm", ""))
    history: List[str] = [f"{key}: {value}" for key, value in facts.items()]
    result.setHistory(history)
    return result


def save_metadata(destination: str, result: QgsLayerMetadata) -> str:
    """Write metadata into the output's file (GeoPackage) or beside it (.qmd).

    Returns
    -------
    str
        ``""``, or why it could not be written; the layer itself is complete either way.
    """
    registry = QgsProviderRegistry.instance()
    sublayers = registry.querySublayers(destination)
    # A GeoPackage wants to know which table is meant, also when it holds only one.
    uri = sublayers[0].uri() if len(sublayers) == 1 else destination
    try:
        ok, why = registry.saveLayerMetadata("ogr", uri, result)
    except QgsException as error:
        return str(error)
    return "" if ok else str(why)

"""An output that is a GeoPackage of its own: written whole, in bulk, instead of feature by feature.

The package that does it brings a GDAL and a SQLite of its own, so only where nothing of QGIS has the
file open. Everything else goes through a sink.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import AbstractSet, Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputLayerDefinition

from three_opt_three_protect.bridge.destinations import destination_file
from three_opt_three_protect.core.tables import LayerTable

NEEDS = "pyogrio"

_KEYS = frozenset(("fid", "geom"))
"""Columns of GeoPackage itself; a sink sorts out fields called like them."""


def whole_file(
    value: Any, context: QgsProcessingContext, table: LayerTable, is_polygon: bool, in_use: AbstractSet[Path]
) -> Optional[Path]:
    """The file to be written whole, None when it must be a sink.

    Parameters
    ----------
    value
        Of the destination parameter.
    table
        What is to be written.
    is_polygon
        The output is declared as polygons.
    in_use
        Files of the layers of the project.
    """
    path, inner = destination_file(value, context)
    if path is None or inner or path.suffix != ".gpkg" or find_spec(NEEDS) is None:
        return None
    if isinstance(value, QgsProcessingOutputLayerDefinition) and (value.useRemapping() or value.createOptions):
        return None
    if table.geometry is not None and not (is_polygon and table.crs is not None and table.crs.authid):
        return None
    named = {name.lower() for name in table.columns}
    return None if named & _KEYS or not named or is_one_of(path, in_use) else path


def is_one_of(path: Path, files: AbstractSet[Path]) -> bool:
    """True when ``path`` is one of ``files``, by whatever name."""
    if not os.path.exists(path):
        return False
    return any(file.exists() and os.path.samefile(path, file) for file in files)


def layer_name(path: Path) -> str:
    """What QGIS calls the layer of such a file: all before the first full stop."""
    return path.name.split(".", 1)[0]

"""Plan databases looked into from inside QGIS, where some of them may be open as layers.

A second SQLite that opens and closes such a file drops QGIS's locks on it: what a file says of itself is read
by QGIS's own, and its layers are read through QGIS where the project has the file open.
"""

from __future__ import annotations

from pathlib import Path
from typing import AbstractSet, Dict, Mapping, Sequence

from osgeo import gdal
from qgis.core import QgsProject, QgsVectorLayer

from three_opt_three_protect.bridge.damage import complaints
from three_opt_three_protect.bridge.sources import file_of, read_layer
from three_opt_three_protect.bridge.wholefile import is_one_of
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.tables import LayerTable

META = "plan_meta"


def project_files(project: QgsProject) -> frozenset[Path]:
    """Files the layers of a project lie in; to be asked for in the main thread."""
    layers = [layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    return frozenset(Path(file) for file in map(file_of, layers) if file)


def plan_meta(path: Path) -> Dict[str, str]:
    """What a plan database says of itself, key → value.

    Raises
    ------
    InputError
        ``no_such_file``.
    SchemaError
        ``not_a_plan``: something else, damaged, or without version.
    """
    if not path.is_file():
        raise InputError("no_such_file", path=path.name)
    with complaints():
        found = _key_values(path)
    if not found.get("schema_version"):
        raise SchemaError("not_a_plan", path=path.name)
    return found


def _key_values(path: Path) -> Dict[str, str]:
    """The lines of ``plan_meta``, none where the file has none or is none."""
    try:
        data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=["GPKG"])
        layer = None if data is None else data.GetLayerByName(META)
        # A layer does not keep its file open: ``data`` must live until everything is read.
        rows = [] if layer is None else [(one.GetField("key"), one.GetField("value")) for one in layer]
    except (RuntimeError, KeyError, ValueError):  # damaged, or a table of that name with other fields
        return {}
    return {str(key): "" if value is None else str(value) for key, value in rows}


def plan_layers(path: Path, roles: Sequence[str], in_use: AbstractSet[Path]) -> Dict[str, LayerTable]:
    """Layers of a plan database by role, those that are there; may run in a worker thread.

    Parameters
    ----------
    in_use
        Files the project has open.

    Raises
    ------
    InputError, SchemaError
        As ``storage.plandb.read_plan``.
    """
    if not is_one_of(path, in_use):
        from three_opt_three_protect.storage.plandb import read_plan

        found: Mapping[str, LayerTable] = read_plan(path).layers
        return {role: found[role] for role in roles if role in found}
    plan_meta(path)
    layers = {role: QgsVectorLayer(f"{path}|layername={role}", role, "ogr") for role in roles}
    return {role: read_layer(layer, role).table for role, layer in layers.items() if layer.isValid()}

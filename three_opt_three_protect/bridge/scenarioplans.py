"""Plan databases as scenarios: what a parameter gives becomes files, and a file becomes its layers by role.

Read through QGIS throughout, since any of the files may be open as layers.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence

from qgis.core import QgsProviderRegistry, QgsVectorLayer

from three_opt_three_protect.bridge.planfiles import plan_meta
from three_opt_three_protect.bridge.sources import Reading, origin_of, read_layer
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.progress import SILENT, Progress

_LAYER = "layer."


def read_roles(path: Path, roles: Sequence[str], scenario: str, progress: Progress = SILENT) -> Dict[str, Reading]:
    """Read the layers of a plan database that play one of ``roles``, under whatever names they stand in the file.

    Nothing stays open: a layer kept by an error's traceback until QGIS ends would crash it.

    Parameters
    ----------
    scenario
        What the scenario is called; its layers are called ``scenario/role``.

    Raises
    ------
    InputError
        ``no_such_file``, ``file_damaged``.
    SchemaError
        ``not_a_plan``, ``plan_too_new``, ``role_twice``.
    """
    meta = plan_meta(path)
    _require_version(path, meta)
    found: Dict[str, Reading] = {}
    for name, role in _roles_of(path, meta).items():
        if role not in roles:
            continue
        if role in found:
            raise SchemaError("role_twice", path=path.name, role=role, layer=name)
        reading = _read(path, name, f"{scenario}/{role}", progress)
        if reading is not None:
            found[role] = reading
    return found


def _read(path: Path, name: str, title: str, progress: Progress) -> Optional[Reading]:
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    try:
        return read_layer(layer, title, progress, origin=origin_of(layer)) if layer.isValid() else None
    finally:
        del layer


def _require_version(path: Path, meta: Mapping[str, str]) -> None:
    from three_opt_three_protect.storage.plandb import SCHEMA_VERSION

    version = meta["schema_version"]
    if not version.isdecimal():
        raise SchemaError("not_a_plan", path=path.name)
    if int(version) > SCHEMA_VERSION:
        raise SchemaError("plan_too_new", path=path.name, version=version, known=SCHEMA_VERSION)


def _roles_of(path: Path, meta: Mapping[str, str]) -> Dict[str, str]:
    """Layer in the file → role."""
    from three_opt_three_protect.storage.plandb import STANDARD_NAMES

    stated = {name: key[len(_LAYER) :] for key, name in meta.items() if key.startswith(_LAYER)}
    names = [str(layer.name()) for layer in QgsProviderRegistry.instance().querySublayers(str(path))]
    return {name: stated.get(name) or STANDARD_NAMES.get(name.upper(), name) for name in names}


def scenario_names(paths: Sequence[Path]) -> List[str]:
    """What the scenarios are called: their files' names, with the folder where two are called alike.

    Raises
    ------
    InputError
        ``scenario_twice``: two of the files are one.
    """
    for place, path in enumerate(paths):
        if any(_same(path, other) for other in paths[:place]):
            raise InputError("scenario_twice", name=path.stem)
    names = [path.stem for path in paths]
    twice = {name for name in names if names.count(name) > 1}
    named = [f"{path.parent.name}/{name}" if name in twice else name for path, name in zip(paths, names)]
    return [f"{name} ({place})" if named.count(name) > 1 else name for place, name in enumerate(named, 1)]


def _same(first: Path, second: Path) -> bool:
    if first.exists() and second.exists():
        return os.path.samefile(first, second)
    return os.path.normcase(os.path.abspath(first)) == os.path.normcase(os.path.abspath(second))

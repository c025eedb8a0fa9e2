"""The plan database: one GeoPackage with a layer a role and what the plan was made from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Callable, Dict, List, Mapping, NamedTuple, Tuple, Union

import numpy as np

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable, as_text, integer, text
from three_opt_three_protect.storage.forms import load_relations
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer

SCHEMA_VERSION = 1

LAYER_ROLES = (
    "parcels",
    "parcels_next",
    "villages",
    "settlements",
    "township",
    "farmland",
    "boundary",
    "redline",
    "retained",
    "roads",
    "reclaim",
    "newbuild",
    "approved_unbuilt",
    "illegal_built",
    "temporary",
    "bulldozed",
    "suspects",
    "demolished",
    "past_projects",
    "village_boundary",
    "reserve_farmland",
    "control",
    "use_zone",
    "plan",
    "lines",
    "points",
)
TABLE_ROLES = ("population", "targets", "other_changes", "accounts", "verdicts", "evidence", "planted")
META = "plan_meta"
RELATIONS = "plan_relations"
"""Table of the relations between the layers that are there."""

STANDARD_NAMES = {"SYSB_CJ": "reclaim", "SYSB_JX": "newbuild"}
"""Layer names of the database standard (03-schemas 3.8) → role."""

_VERSION_KEY = "schema_version"
_LAYER = "layer."
"""Key of a layer that is not called by its role: ``layer.reclaim`` → ``SYSB_CJ``."""
_OF_QGIS = ("layer_styles",)
"""Tables QGIS keeps beside the layers."""
_CHUNK = 1 << 20

Layers = Dict[str, LayerTable]
Meta = Dict[str, str]

_MIGRATIONS: Mapping[int, Callable[[Layers, Meta], Tuple[Layers, Meta]]] = {}
"""Version → what makes the next one of it, in memory; the file read stays as it is."""


class PlanDatabase(NamedTuple):
    """What a plan database holds: role → layer, and key → value."""

    layers: Layers
    meta: Meta

    @property
    def unknown(self) -> List[str]:
        """Layers that play no role of this version; they are kept."""
        return [name for name in self.layers if name not in LAYER_ROLES + TABLE_ROLES]


def write_plan(
    path: Union[str, Path], layers: Mapping[str, LayerTable], meta: Mapping[str, str], progress: Progress = SILENT
) -> None:
    """Write a plan database, whole or not at all.

    Parameters
    ----------
    path
        The .gpkg to make or replace.
    layers
        Role → layer, in the order to write.
    meta
        Key → value (``profile``, ``created``, ``input.…``); ``schema_version`` is added.
    progress
        Asked between layers.

    Raises
    ------
    InputError
        As :func:`storage.geopackage.write_layers`.
    """
    stated = {**meta, _VERSION_KEY: str(SCHEMA_VERSION)}
    write_layers(path, {**layers, META: _meta_table(stated)}, progress)


def read_plan(path: Union[str, Path]) -> PlanDatabase:
    """Read a plan database; an older one is brought up to date in memory.

    Raises
    ------
    InputError
        The file is missing or unreadable.
    SchemaError
        ``not_a_plan`` (no ``plan_meta`` or no version), ``plan_too_new``, ``role_twice``.
    """
    path = Path(path)
    names = list_layers(path)
    if META not in names:
        raise SchemaError("not_a_plan", path=path.name)
    meta = _meta(read_layer(path, META))
    version = _version(path, meta)
    layers: Layers = {}
    roles = {value: key[len(_LAYER) :] for key, value in meta.items() if key.startswith(_LAYER)}
    for name in names:
        if name in (META, RELATIONS, *_OF_QGIS):
            continue
        role = roles.get(name) or STANDARD_NAMES.get(name.upper(), name)
        if role in layers:
            raise SchemaError("role_twice", path=path.name, role=role, layer=name)
        layers[role] = read_layer(path, name)
    for old in range(version, SCHEMA_VERSION):
        layers, meta = _MIGRATIONS[old](layers, meta)
    return PlanDatabase(layers, {**meta, _VERSION_KEY: str(SCHEMA_VERSION)})


def relation_table(names: Mapping[str, str], fields: Mapping[str, Mapping[str, str]]) -> LayerTable:
    """The relations between the layers written, as a table.

    Parameters
    ----------
    names
        Role → name in the file.
    fields
        Role → role field → field in the file; a relation whose field a layer lacks is left out.
    """
    found = [
        one
        for one in load_relations()
        if one.parent_field in fields.get(one.parent, {}) and one.child_field in fields.get(one.child, {})
    ]
    columns = {
        "name": text([one.name for one in found], "名称", 40),
        "parent": text([names[one.parent] for one in found], "上级图层", 40),
        "par_field": text([fields[one.parent][one.parent_field] for one in found], "上级字段", 40),
        "child": text([names[one.child] for one in found], "下级图层", 40),
        "chi_field": text([fields[one.child][one.child_field] for one in found], "下级字段", 40),
        "digits": integer([one.digits for one in found], alias="编码位数"),
    }
    return LayerTable(RELATIONS, np.arange(1, len(found) + 1, dtype=np.int64), columns=columns)


def hash_inputs(sources: Mapping[str, Union[str, Path]]) -> Meta:
    """Lines for ``plan_meta``: ``input.ROLE`` → file name and SHA-256.

    The folder is left out: a plan that is handed on tells nothing about the machine it was made on.
    """
    return {f"input.{role}": f"{Path(path).name} sha256:{sha256_of(path)}" for role, path in sources.items()}


def sha256_of(path: Union[str, Path]) -> str:
    """SHA-256 of a source's content, hexadecimal.

    A shapefile counts with its companions, a folder (file geodatabase) with every file in it, in
    the order of their names.
    """
    digest = hashlib.sha256()
    for one in _parts(Path(path)):
        with one.open("rb") as file:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                digest.update(chunk)
    return digest.hexdigest()


def _parts(path: Path) -> List[Path]:
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_file() and one.suffix != ".lock")
    if path.suffix.lower() == ".shp":
        wanted = (".shp", ".shx", ".dbf", ".prj", ".cpg")
        return sorted(one for one in path.parent.iterdir() if one.stem == path.stem and one.suffix.lower() in wanted)
    return [path]


def _meta_table(meta: Mapping[str, str]) -> LayerTable:
    return LayerTable(
        META,
        np.arange(1, len(meta) + 1, dtype=np.int64),
        columns={"key": text(list(meta)), "value": text(list(meta.values()))},
    )


def _meta(table: LayerTable) -> Meta:
    keys, values = as_text(table.column("key")), as_text(table.column("value"))
    return {str(key): "" if value is None else str(value) for key, value in zip(keys, values)}


def _version(path: Path, meta: Meta) -> int:
    stated = meta.get(_VERSION_KEY, "")
    if not stated.isdecimal() or int(stated) < 1:
        raise SchemaError("not_a_plan", path=path.name)
    if int(stated) > SCHEMA_VERSION:
        raise SchemaError("plan_too_new", path=path.name, version=stated, known=SCHEMA_VERSION)
    return int(stated)

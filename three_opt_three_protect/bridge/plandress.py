"""A plan database dressed for QGIS: symbols, forms and field names saved in the file itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, List, Mapping, Optional, Union

from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.forms import Period, apply_form
from three_opt_three_protect.bridge.styles import KIND_FIELD, PARCELS, style_layer
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import LayerTable

FIELD_OF_KIND: Mapping[str, str] = {PARCELS: "class_code", **KIND_FIELD}
"""Role → role field whose values are drawn apart."""

PACK = "plan"
"""Class colours of a plan database."""

WRITING_SHARE = 0.7
"""Of writing and dressing."""


@dataclass(frozen=True)
class PlanFile:
    """What a plan database holds.

    Attributes
    ----------
    names
        Role → name in the file.
    layers, fields
        Role → table, and → role field → field.
    meta
        What the file says of itself, key → value.
    results
        Further tables by their name in the file.
    """

    names: Mapping[str, str]
    layers: Mapping[str, LayerTable]
    fields: Mapping[str, Mapping[str, str]]
    meta: Mapping[str, str]
    results: Mapping[str, LayerTable] = field(default_factory=dict)


def write_dressed(
    path: Path,
    plan: PlanFile,
    period: Period,
    warn: Callable[..., None],
    system: Optional[ClassSystem] = None,
    progress: Progress = SILENT,
) -> None:
    """Write a plan database with its relations, symbols and forms.

    Parameters
    ----------
    path
        A draft nobody else knows.
    period, system
        See :func:`dress_plan`.
    warn
        Told ``log_style_not_saved``.

    Raises
    ------
    InputError
        As ``storage.plandb.write_plan``.
    Cancelled
        The user asked to stop.
    """
    from three_opt_three_protect.storage.plandb import RELATIONS, relation_table, write_plan

    named = {plan.names[role]: table for role, table in plan.layers.items()}
    relations = relation_table(plan.names, plan.fields)
    write_plan(path, {**named, **plan.results, RELATIONS: relations}, plan.meta, Part(progress, 0.0, WRITING_SHARE))
    dresses = dresses_of(plan.names, plan.layers, plan.fields)
    for failed in dress_plan(path, dresses, period, system, Part(progress, WRITING_SHARE, 1.0 - WRITING_SHARE)):
        warn("log_style_not_saved", layer=failed[-90:])


@dataclass(frozen=True)
class Dress:
    """What a layer of the file is: its role, role field → field, and field → Chinese name."""

    role: str
    fields: Mapping[str, str]
    aliases: Mapping[str, str]


def dress_plan(
    path: Union[str, Path],
    layers: Mapping[str, Dress],
    period: Period,
    system: Optional[ClassSystem] = None,
    progress: Progress = SILENT,
) -> List[str]:
    """Save the symbols and the form of every layer as its default style.

    Parameters
    ----------
    path
        A GeoPackage nobody else has open.
    layers
        Name in the file → what it is.
    period
        Years of the plan, for defaults and limits.
    system
        Classification of the parcels' codes.

    Returns
    -------
    list of str
        Layers whose style could not be saved, with the reason.
    """
    from three_opt_three_protect.storage.forms import load_forms

    failed = []
    forms = load_forms()
    for number, (name, dress) in enumerate(layers.items()):
        progress.check(number / len(layers))
        kind = dress.fields.get(FIELD_OF_KIND.get(dress.role, ""), "")
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        if not layer.isValid():
            failed.append(f"{name}: {layer.error().summary()}")
            continue
        if layer.isSpatial() and (dress.role != PARCELS or kind):
            style_layer(layer, dress.role, PACK, kind, system)
        # GDAL of QGIS 3.22 does not read the names the file keeps for its fields: the style carries them too.
        for item, alias in dress.aliases.items():
            layer.setFieldAlias(layer.fields().indexOf(item), alias)
        apply_form(layer, forms.get(dress.role, {}), period, dress.fields)
        why = layer.saveStyleToDatabase(name, "", True, "")
        if why:
            failed.append(f"{name}: {why}")
        del layer
    return failed


def dresses_of(
    names: Mapping[str, str], layers: Mapping[str, LayerTable], fields: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Dress]:
    """What every layer of a plan database is.

    Parameters
    ----------
    names
        Role → name in the file.
    layers, fields
        Role → table, and → role field → field.
    """
    found = {}
    for role, table in layers.items():
        of = PARCELS if role == "parcels_next" else role
        aliases = {name: column.alias for name, column in table.columns.items() if column.alias}
        found[names[role]] = Dress(of, fields.get(role, {}), aliases)
    return found

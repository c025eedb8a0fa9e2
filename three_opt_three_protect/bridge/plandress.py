"""A plan database dressed for QGIS: symbols, forms and field names saved in the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping, Optional, Union

from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.forms import Period, apply_form
from three_opt_three_protect.bridge.styles import KIND_FIELD, PARCELS, style_layer
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable

FIELD_OF_KIND: Mapping[str, str] = {PARCELS: "class_code", **KIND_FIELD}
"""Role → role field whose values are drawn apart."""

PACK = "plan"
"""Class colours of a plan database."""


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
        for field, alias in dress.aliases.items():
            layer.setFieldAlias(layer.fields().indexOf(field), alias)
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

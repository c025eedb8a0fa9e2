"""A plan database dressed for QGIS: symbols, forms and field names saved in the file itself."""

from __future__ import annotations

from pathlib import Path
from typing import List, Mapping, Optional, Tuple, Union

from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.forms import Period, apply_form
from three_opt_three_protect.bridge.styles import PARCELS, style_layer
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.progress import SILENT, Progress

PACK = "plan"
"""Class colours of a plan database."""

Dress = Mapping[str, Tuple[str, str]]
"""Layer of the file → role and, for parcels, the field of the land class."""


def dress_plan(
    path: Union[str, Path],
    layers: Dress,
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
        What is to be dressed.
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
    for number, (name, (role, class_field)) in enumerate(layers.items()):
        progress.check(number / len(layers))
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        if not layer.isValid():
            failed.append(f"{name}: {layer.error().summary()}")
            continue
        if layer.isSpatial() and (role != PARCELS or class_field):
            style_layer(layer, role, PACK, class_field if role == PARCELS else "", system)
        apply_form(layer, forms.get(role, {}), period)
        why = layer.saveStyleToDatabase(name, "", True, "")
        if why:
            failed.append(f"{name}: {why}")
        del layer
    return failed

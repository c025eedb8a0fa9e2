"""The classification of a layer, found from its codes, names and areas (00-supplement 1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.landuse import ClassSystem, MixedCodes, detect, mixed_systems
from three_opt_three_protect.core.roles import role_column, role_factor
from three_opt_three_protect.core.tables import LayerTable, as_factor
from three_opt_three_protect.storage.catalogue import load_class_systems, load_detection_limits


@dataclass(frozen=True)
class Detected:
    """What the codes of a layer say.

    Attributes
    ----------
    best
        The classification that fits best, whether it fits well or not.
    share
        Share of the area that it fits, 0–1.
    sure
        It fits well and no other fits as well with another meaning.
    tied
        The two that fit as well as each other, ``""`` = no tie.
    mixed
        Codes of other classifications.
    """

    best: ClassSystem
    share: float
    sure: bool
    tied: str
    mixed: Tuple[MixedCodes, ...]

    @property
    def mixture(self) -> bool:
        """The best is one of several that together fit the layer."""
        return self.share + sum(other.share for other in self.mixed) >= load_detection_limits().minimum_share

    def finding(self, layer: str) -> Finding:
        """The line for the log."""
        values: Dict[str, Value] = {"layer": layer, "system": self.best.name, "share": round(100 * self.share, 1)}
        return Finding("class_system_found", INFO, layer, values)


def detected(table: LayerTable, mapping: Mapping[str, str], codes: Optional[Factor] = None) -> Detected:
    """The classification of a layer that has codes.

    Parameters
    ----------
    mapping
        Role field → field of the layer; has ``class_code``.
    codes
        ``(n,)`` the codes where they are there already.
    """
    systems = load_class_systems()
    limits = load_detection_limits()
    codes = role_factor(table, mapping, "class_code") if codes is None else codes
    column = role_column(table, mapping, "class_name")
    names = None if column is None else as_factor(column)
    shapes = table.geometry
    areas = np.ones(len(table)) if shapes is None else np.nan_to_num(shapely.area(shapes), posinf=0.0)
    found = detect(codes, names, areas, list(systems.values()), table.name, mapping["class_code"], limits=limits)
    ranked = list(found.scores)
    tie = found.system is None and found.scores[ranked[0]] >= limits.minimum_share
    best = systems[found.system or ranked[0]]
    mixed = mixed_systems(codes, names, areas, list(systems.values()), best.id)
    tied = ", ".join(ranked[:2]) if tie else ""
    return Detected(best, found.scores[best.id], found.system is not None, tied, mixed)


def system_of(table: LayerTable, mapping: Mapping[str, str]) -> Tuple[Optional[ClassSystem], Tuple[Finding, ...]]:
    """The classification to check a layer by, None where it has no codes or none can be told; and what to say of it.

    Of a mixture it is the one that fits best: the checks find the others.
    """
    if "class_code" not in mapping:
        return None, ()
    codes = role_factor(table, mapping, "class_code")
    if codes.missing.all():
        return None, ()
    found = detected(table, mapping, codes)
    if found.tied:
        values = {"layer": table.name, "field": mapping["class_code"], "systems": found.tied}
        return None, (Finding("class_system_tie", WARNING, table.name, values),)
    if not found.sure and not (found.mixed and found.mixture):
        seen = ", ".join([str(code) for code in codes.levels if code is not None][:5])
        values = {"layer": table.name, "field": mapping["class_code"], "codes": seen}
        return None, (Finding("class_system_unknown", WARNING, table.name, values),)
    return found.best, (found.finding(table.name),)

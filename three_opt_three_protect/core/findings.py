"""A finding: something a planner should look at that does not stop the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Mapping

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.repair import Repaired
from three_opt_three_protect.core.severity import SEVERITIES
from three_opt_three_protect.core.tables import LayerTable, first_features

ERROR, WARNING, INFO = SEVERITIES


@dataclass(frozen=True)
class Finding:
    """Id and values of one line for the planner; its sentence stands in the message files."""

    id: str
    severity: str
    layer: str
    values: Mapping[str, Value] = field(default_factory=dict)


SEEN_M2 = 0.005
"""Areas that print as 0.00 are no finding."""


def feature_finding(
    finding_id: str, severity: str, table: LayerTable, where: NDArray[np.bool_], area: float
) -> List[Finding]:
    """One finding that names the layer, its first features, how many, and the area in m²; none where there are none."""
    if not where.any():
        return []
    values: Mapping[str, Value] = {
        "layer": table.name,
        "features": first_features(table, where),
        "count": int(where.sum()),
        "area": round(area, 2),
    }
    return [Finding(finding_id, severity, table.name, values)]


def repair_findings(table: LayerTable, repaired: Repaired) -> List[Finding]:
    """What was made valid and what was left out of a layer, with the first features of each, and land gained or lost.

    Areas in degrees would say nothing: of a layer in longitude and latitude they are not told.
    """
    found: List[Finding] = []
    kept = repaired.kept
    for finding_id, severity, done in (("geometry_left_out", WARNING, False), ("geometry_repaired", INFO, True)):
        rows = [issue.row for issue in repaired.issues if kept[issue.row] == done]
        if rows:
            values: Mapping[str, Value] = {
                "layer": table.name,
                "features": first_features(table, rows),
                "count": len(rows),
            }
            found.append(Finding(finding_id, severity, table.name, values))
    return found + _area_changed(table, repaired)


def _area_changed(table: LayerTable, repaired: Repaired) -> List[Finding]:
    """Land that repair gained or lost, m²: the totals of other programs differ by that much."""
    if table.crs is None or table.crs.is_geographic:
        return []
    square = table.crs.metres_per_unit**2
    change = {issue.row: (issue.area_is - issue.area_was) * square for issue in repaired.issues}
    seen = {row: area for row, area in change.items() if abs(area) >= SEEN_M2}
    if not seen:
        return []
    values: Mapping[str, Value] = {
        "layer": table.name,
        "features": first_features(table, list(seen)),
        "gained": round(sum(area for area in seen.values() if area > 0), 2),
        "lost": round(-sum(area for area in seen.values() if area < 0), 2),
    }
    return [Finding("repair_changed_area", WARNING, table.name, values)]

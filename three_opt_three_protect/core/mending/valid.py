"""Polygons that cross themselves made valid."""

from __future__ import annotations

from dataclasses import replace

from three_opt_three_protect.core.mending.changes import Mended, mended
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import repair_polygons
from three_opt_three_protect.core.tables import LayerTable

VALID = "valid"


def make_valid(table: LayerTable, progress: Progress = SILENT) -> Mended:
    """Make every invalid polygon valid (:mod:`three_opt_three_protect.core.repair`).

    A feature that has no usable polygon stays as it is and is listed.
    """
    fixed = repair_polygons(table.shapes, progress)
    geometry = table.shapes.copy()
    for issue in fixed.issues:
        if issue.reason == "invalid":
            geometry[issue.row] = fixed.geometry[issue.row]
    left = [issue.row for issue in fixed.issues if issue.reason != "invalid"]
    return mended(VALID, table, replace(table, geometry=geometry), left=left)

"""What happened to the geometry of the layers a run has read: counts, and the table ISSUES."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Dict, List

import numpy as np

from three_opt_three_protect.bridge.sources import Reading
from three_opt_three_protect.core.tables import LayerTable, integer, real, text

if TYPE_CHECKING:
    from three_opt_three_protect.core.repair import Repaired


@dataclass(frozen=True)
class _Issue:
    layer: str
    fid: int
    reason: str
    area_was: float
    area_is: float


class GeometryReport:
    """Reports of reading and repairing, by layer parameter."""

    def __init__(self) -> None:
        self._readings: Dict[str, Reading] = {}
        self._repairs: Dict[str, Repaired] = {}
        self._issues: List[_Issue] = []

    def read(self, name: str, reading: Reading) -> None:
        """Take the report of the door."""
        self._readings[name] = reading

    def repair(self, name: str, table: LayerTable, fixed: Repaired) -> None:
        """Take the report of the repair of ``table``: feature ids, m²; what was lost at the door keeps its reason."""
        self._repairs[name] = fixed
        unusable = dict(self._readings[name].unusable)
        crs = table.crs
        factor = np.nan if crs is None or crs.is_geographic else crs.metres_per_unit**2
        for issue in fixed.issues:
            fid = int(table.fid[issue.row])
            reason = unusable.get(fid, issue.reason) if issue.reason == "null" else issue.reason
            self._issues.append(_Issue(table.name, fid, reason, issue.area_was * factor, issue.area_is * factor))

    def of(self, name: str) -> Repaired:
        """The repair of the layer parameter ``name``, so that it need not be done again."""
        return self._repairs[name]

    def unusable(self, name: str) -> List[int]:
        """Features of the layer parameter ``name`` whose geometry could not be read and is missing."""
        return [fid for fid, _ in self._readings[name].unusable]

    def repaired(self) -> int:
        """Polygons made valid in all layers."""
        return sum(fixed.repaired for fixed in self._repairs.values())

    def dropped(self) -> int:
        """Features left out of all layers."""
        return sum(fixed.dropped for fixed in self._repairs.values())

    def flattened(self) -> int:
        """Geometries whose Z or M was not read, in all layers."""
        return sum(reading.table.flattened for reading in self._readings.values())

    def segmented(self) -> int:
        """Geometries whose curves were read as straight segments, in all layers."""
        return sum(reading.segmented for reading in self._readings.values())

    def issues(self) -> LayerTable:
        """The table ISSUES: ``layer``, ``fid``, ``reason``, ``area_was``, ``area_is`` (m²)."""
        found = self._issues
        return LayerTable(
            "issues",
            np.arange(len(found), dtype=np.int64),
            columns={
                "layer": text([item.layer for item in found], alias="图层"),
                "fid": integer([item.fid for item in found], alias="要素编号"),
                "reason": text([item.reason for item in found], alias="原因"),
                "area_was": real([item.area_was for item in found], alias="原面积"),
                "area_is": real([item.area_is for item in found], alias="现面积"),
            },
        )

"""The list of everything planted in a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence

import numpy as np

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.tables import LayerTable, real, text


@dataclass(frozen=True)
class Planted:
    """One deliberate change or defect; ``parcel_id`` is the feature id in ``layer``."""

    kind: str
    layer: str
    note: str
    area: float
    plot_id: Optional[str] = None
    parcel_id: Optional[str] = None


def planted_table(found: Sequence[Planted]) -> LayerTable:
    """The list of everything planted."""
    return LayerTable(
        "planted",
        np.arange(1, len(found) + 1, dtype=np.int64),
        None,
        {
            "kind": text([row.kind for row in found], "类型", 40),
            "layer": text([row.layer for row in found], "图层", 40),
            "plot_id": text([row.plot_id for row in found], "地块编号", 20),
            "parcel_id": text([row.parcel_id for row in found], "图斑", 20),
            "note": text([row.note for row in found], "说明", 200),
            "area_m2": real([round(row.area, 2) for row in found], "面积", 15, 2),
        },
        None,
        SOURCE,
    )

"""The list of everything planted in a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence

import numpy as np

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.tables import LayerTable, integer, real, text


@dataclass(frozen=True)
class Planted:
    """One deliberate change or defect, or one consequence of defects.

    ``parcel_id`` is the feature id in ``layer`` as text, None for the layer as a whole or where ``plot_id`` names the
    feature.  ``rule`` is the data check that finds it, None where it is a change and no defect; ``meant`` is False
    for what only follows from defects (an area that no longer adds up).
    """

    kind: str
    layer: str
    note: str
    area: float
    plot_id: Optional[str] = None
    parcel_id: Optional[str] = None
    rule: Optional[str] = None
    meant: bool = True


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
            "rule": text([row.rule for row in found], "质检规则", 40),
            "meant": integer([int(row.meant) for row in found], alias="直接缺陷", width=1),
        },
        None,
        SOURCE,
    )

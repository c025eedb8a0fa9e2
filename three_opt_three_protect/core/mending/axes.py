"""x and y exchanged, of a layer whose file has them in the other order.

That is a fault of the file and no change to the land: of a survey layer too a copy may be made with it.
"""

from __future__ import annotations

import numpy as np
import shapely

from three_opt_three_protect.core.crsguess import bounds_of, read_coordinates, swap_axes
from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.mending.changes import AXES, Change, Mended
from three_opt_three_protect.core.tables import LayerTable

__all__ = ["AXES", "exchange_axes"]


def exchange_axes(table: LayerTable) -> Mended:
    """Exchange x and y of every feature; a change says only that it was done, exchanging again takes it back.

    Raises
    ------
    CrsError
        ``axes_not_exchanged``: the coordinates do not look exchanged, so nothing is done.
    """
    if not read_coordinates(bounds_of(table)).swapped:
        raise CrsError("axes_not_exchanged", layer=table.name)
    moved = np.flatnonzero(~shapely.is_missing(table.shapes)).tolist()
    changes = tuple(Change(0, AXES, row, int(table.fid[row]), AXES, "yx", "xy") for row in moved)
    return Mended(swap_axes(table), changes)

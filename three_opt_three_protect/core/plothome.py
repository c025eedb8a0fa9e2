"""The village a plot lies in (坐落): the one that holds most of it."""

from __future__ import annotations

import numpy as np

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.pieces import Ints


def home_units(base: BaseState, piece: Ints, plot: Ints, area: Ints, stated: Texts) -> Texts:
    """Village code of every plot; the one its layer states where it lies on no parcel with a village.

    Parameters
    ----------
    piece
        ``(p,)`` row of the base piece of every plot piece.
    plot
        ``(p,)`` row of the plot, −1 = none.
    area
        ``(p,)`` hundredths of a m².
    stated
        ``(n,)`` village code as the layer has it, or None.

    Returns
    -------
    ndarray
        ``(n,)`` text; of villages with equal areas the first by code.
    """
    count = len(stated)
    codes = base.unit.values[piece]
    inside = (plot >= 0) & np.array([code is not None for code in codes], dtype=np.bool_)
    names, unit = np.unique(codes[inside].astype(str), return_inverse=True)
    out = stated.copy()
    if not len(names):
        return out
    pair = plot[inside] * len(names) + unit.reshape(-1)
    share = sum_by(pair.astype(np.int64), area[inside], count * len(names)).reshape(count, len(names))
    known = share.max(axis=1) > 0
    out[known] = names[share[known].argmax(axis=1)].astype(object)
    return out

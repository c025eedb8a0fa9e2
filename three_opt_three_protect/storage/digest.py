"""Fingerprints of what was read, so that a result says what it was made of."""

from __future__ import annotations

import hashlib

import numpy as np

from three_opt_three_protect.core.tables import Kind, LayerTable


def digest(table: LayerTable) -> str:
    """SHA-256 of what a table holds, in its order: the same rows give the same digest wherever they lie."""
    state = hashlib.sha256()
    if table.geometry is not None:
        import shapely

        for wkb in shapely.to_wkb(table.geometry, output_dimension=2):
            state.update(wkb or b"\0")
    for name, column in table.columns.items():
        state.update(name.encode("utf-8"))
        missing = column.is_missing
        state.update(np.packbits(missing).tobytes())
        if column.kind is Kind.TEXT:
            state.update("\x1f".join("" if value is None else value for value in column.values).encode("utf-8"))
        else:
            values = column.values[~missing]
            state.update(values.astype("<i8" if column.kind is Kind.DATE else values.dtype).tobytes())
    return state.hexdigest()

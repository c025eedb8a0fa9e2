"""Parcels × zones, exact: :func:`overlay`, and :func:`overlaps` to know whether the input is clean."""

from __future__ import annotations

from three_opt_three_protect.core.overlay.coverage import Overlaps, overlaps
from three_opt_three_protect.core.overlay.engine import NOISE, Pieces, ZoneLayer, overlay

__all__ = ["NOISE", "Overlaps", "Pieces", "ZoneLayer", "overlaps", "overlay"]

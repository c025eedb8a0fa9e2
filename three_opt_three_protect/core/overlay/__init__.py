"""Parcels × zones, exact.

``edges`` finds equal edges, ``coverage`` knows which parcels lie beside and over each other,
``snapping`` moves zone vertices onto parcel vertices, ``crossing`` finds the edges that run through
parcels, ``cutting`` cuts those parcels, ``classify`` says what lies in which zone, ``merging`` puts
parts with the same zones together, ``engine`` leads through all of it.
"""

from __future__ import annotations

from three_opt_three_protect.core.overlay.coverage import Coverage, Overlaps, overlaps
from three_opt_three_protect.core.overlay.engine import NOISE, Pieces, ZoneLayer, overlay

__all__ = ["NOISE", "Coverage", "Overlaps", "Pieces", "ZoneLayer", "overlaps", "overlay"]

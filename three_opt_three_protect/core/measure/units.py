"""Units and rounding: areas as whole hundredths of a square metre, hectares and 亩 (04-area 4.4)."""

from __future__ import annotations

from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNITS_PER_M2 = 100
"""Accounts add whole hundredths of a square metre."""

M2_PER_HA = 10_000.0
MU_PER_HA = 15.0
M2_PER_UNIT = {
    "m2": 1.0,
    "ha": M2_PER_HA,
    "mu": M2_PER_HA / MU_PER_HA,
    "10k_mu": 1e4 * M2_PER_HA / MU_PER_HA,
    "km2": 1e6,
}
"""Units in which an area may be stated → m²."""

_HALF = 2e-15
"""A half in decimal is rarely one in binary: some units in the last place are added so that 1.005 goes up."""


def to_units(area: Floats) -> Ints:
    """m² → whole hundredths, half away from zero as on paper (0.125, 1.005 go up)."""
    scaled = np.abs(np.asarray(area, dtype=np.float64)) * UNITS_PER_M2
    rounded = np.floor(scaled * (1 + _HALF) + 0.5)
    return np.asarray((np.sign(area) * rounded), dtype=np.int64)


def to_m2(units: Union[NDArray[Any], np.integer[Any], int]) -> Floats:
    """Whole hundredths → m²."""
    return np.asarray(units, dtype=np.float64) / UNITS_PER_M2


def round_half_away(value: Floats, decimals: int) -> Floats:
    """Round half away from zero, as the survey's software does (04-area 4.4)."""
    scale = 10.0**decimals
    scaled = np.abs(np.asarray(value, dtype=np.float64)) * scale
    return np.asarray(np.sign(value) * np.floor(scaled * (1 + _HALF) + 0.5) / scale)


def to_ha(m2: Floats, decimals: int = 4) -> Floats:
    """m² → hectares."""
    return round_half_away(np.asarray(m2, dtype=np.float64) / M2_PER_HA, decimals)


def to_mu(m2: Floats, decimals: int = 2) -> Floats:
    """m² → 亩, as hectares of four decimals × 15: what a reviewer's calculator gives (00-supplement 1.10)."""
    return round_half_away(to_ha(m2) * MU_PER_HA, decimals)

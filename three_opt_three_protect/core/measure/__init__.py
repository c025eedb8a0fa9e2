"""Areas: the official ellipsoidal area, units, rounding, apportioning a control area.

Sources: 国土调查办发〔2008〕32号 图幅理论面积与图斑椭球面积计算公式及要求 (the strip formula and its
inverse Gauss projection); the 0.01 m² step rule is that of the survey's production software
(domain notes 04-area 4.6, 4.7).
"""

from __future__ import annotations

from three_opt_three_protect.core.measure.apportioning import Tolerance, apportion, deduct, share_out
from three_opt_three_protect.core.measure.ellipsoid import Ellipsoid, ellipsoid_of
from three_opt_three_protect.core.measure.polygons import AreaMethod, measure
from three_opt_three_protect.core.measure.projection import ToLonLat, gauss_kruger_inverse, lonlat_of
from three_opt_three_protect.core.measure.strip import strip_coefficients
from three_opt_three_protect.core.measure.units import (
    M2_PER_HA,
    M2_PER_UNIT,
    MU_PER_HA,
    UNITS_PER_M2,
    Floats,
    Ints,
    round_half_away,
    to_ha,
    to_m2,
    to_mu,
    to_units,
)

__all__ = [
    "M2_PER_HA",
    "M2_PER_UNIT",
    "MU_PER_HA",
    "UNITS_PER_M2",
    "AreaMethod",
    "Ellipsoid",
    "Floats",
    "Ints",
    "ToLonLat",
    "Tolerance",
    "apportion",
    "deduct",
    "ellipsoid_of",
    "gauss_kruger_inverse",
    "lonlat_of",
    "measure",
    "round_half_away",
    "share_out",
    "strip_coefficients",
    "to_ha",
    "to_m2",
    "to_mu",
    "to_units",
]

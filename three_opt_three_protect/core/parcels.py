"""Parcels as the accounts need them: who they are, what class, whose village, which recorded area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Mapping, Optional

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.deductions import ridge_rate
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Texts
from three_opt_three_protect.core.landuse import Classified, ClassSystem
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import Repaired, repair_polygons
from three_opt_three_protect.core.roles import role_factor, role_grade, role_real
from three_opt_three_protect.core.tables import LayerTable, first_features

VILLAGE_DIGITS = 12
"""Digits of a village's unit code; ZLDWDM goes on with the group (03-schemas 3.1)."""

TOWNSHIP_DIGITS = 9
"""Digits of a township's unit code, the first of its villages' codes."""

IMPOSSIBLE_M2 = 1e12
"""No parcel is a million km²; hundredths of more do not fit into whole numbers either."""


LEAST_M2 = 0.01
"""The smallest area that is recorded."""

UNLIKE = 2.0
"""An area that is stated so many times larger or smaller than what is there is of another unit or another place."""


@dataclass(frozen=True)
class Parcels:
    """The parcels of a plan (地类图斑), row by row as in the layer.

    Attributes
    ----------
    table
        The layer they came from.
    repaired
        Usable geometry and the report of what was repaired or left out.
    stated_id, code, unit
        Parcel number, class code and village code where the layer has them, ``(n,)`` each.
    classes
        What the class codes mean.
    recorded_m2
        ``(n,)`` recorded area, NaN where there is none.
    deduct_rate
        ``(n,)`` KCXS or TKXS as a share, 0 where there is none.
    grade
        ``(n,)`` quality grade, NaN where there is none.
    """

    table: LayerTable
    repaired: Repaired
    stated_id: Factor
    code: Factor
    unit: Factor
    classes: Classified
    recorded_m2: NDArray[np.float64]
    deduct_rate: NDArray[np.float64]
    grade: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def parcel_id(self) -> Texts:
        """``(n,)`` text: the number the layer states, else the feature id."""
        ids, absent = self.stated_id.values.copy(), self.stated_id.missing
        ids[absent] = [str(fid) for fid in self.table.fid[absent].tolist()]
        return ids

    @property
    def class_code(self) -> Texts:
        """``(n,)`` text or None."""
        return self.code.values

    @property
    def unit_code(self) -> Texts:
        """``(n,)`` text or None."""
        return self.unit.values

    @property
    def coded(self) -> bool:
        """True when the layer states class codes at all."""
        return any(code is not None for code in self.code.levels)

    @property
    def unknown_codes(self) -> Optional[int]:
        """Parcels in use whose class code the system does not know; None when the layer states no codes."""
        return int((self.repaired.kept & ~self.classes.known).sum()) if self.coded else None


def read_parcels(
    table: LayerTable,
    mapping: Mapping[str, str],
    system: ClassSystem,
    progress: Progress = SILENT,
    repaired: Optional[Repaired] = None,
) -> Parcels:
    """Take the parcels out of a layer.

    Parameters
    ----------
    table
        Polygons; must not be empty.
    mapping
        Role field (``parcel_id``, ``class_code``, ``unit_code``, ``area``, ``deduct_rate``,
        ``grade``) → source field; all may be left out.
    system
        The classification of the class codes.
    repaired
        The layer's geometry where it has been repaired already.

    Raises
    ------
    InputError
        ``empty_layer``, ``no_such_field``, ``no_number``, ``deduct_rate_out_of_range``,
        ``recorded_area_not_positive``, ``recorded_area_too_large``.
    """
    if not len(table):
        raise InputError("empty_layer", layer=table.name)
    code = role_factor(table, mapping, "class_code")
    unit = role_factor(table, mapping, "unit_code")
    return Parcels(
        table,
        repaired or repair_polygons(table.shapes, progress),
        role_factor(table, mapping, "parcel_id"),
        code,
        unit.map(lambda stated: None if stated is None else stated[:VILLAGE_DIGITS]),
        system.classify(code),
        recorded_areas(table, mapping),
        ridge_rate(table, mapping),
        role_grade(table, mapping, "grade"),
    )


def recorded_areas(table: LayerTable, mapping: Mapping[str, str], role_field: str = "area") -> NDArray[np.float64]:
    """``(n,)`` recorded areas in m², NaN where there is none.

    Raises
    ------
    InputError
        ``no_such_field``, ``no_number``, ``recorded_area_not_positive``, ``recorded_area_too_large``.
    """
    recorded = role_real(table, mapping, role_field)
    for message, wrong in (
        ("recorded_area_not_positive", recorded <= 0),
        ("recorded_area_too_large", recorded >= IMPOSSIBLE_M2),
    ):
        if wrong.any():
            features = first_features(table, wrong)
            raise InputError(message, layer=table.name, features=features, field=mapping[role_field])
    return recorded

"""Changes of cultivated land beside the plots of a plan: what else takes it and what else makes it.

Sources: 00-supplement 1.5 ("other changes = 0" may not be a constant: a required table, empty = unknown), M17, M18;
06-balance 6.3 (补改结合: upgrading gives paddy and yield, no quantity). The kinds stand in the profile
(``occupation_kinds``, ``supplement_kinds``), each with the account it counts in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.gradescale import grade_scale, require_scale
from three_opt_three_protect.core.measure import M2_PER_UNIT, UNITS_PER_M2, to_units
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.roles import role_grade, role_real, role_text
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import Days, last_day, role_day, role_words
from three_opt_three_protect.core.tables import LayerTable, first_features

Texts = NDArray[np.object_]
Reals = NDArray[np.float64]

COMPENSATION, IN_OUT, QUALITY = "compensation", "in_out", "quality"
"""What a supplement counts in: 占补平衡, 进出平衡, paddy and yield only (提质改造)."""

CONSTRUCTION, OTHER = "construction", "other"
"""What an occupation is: by non-agricultural construction, or any other kind."""


@dataclass(frozen=True)
class OtherChanges:
    """Rows of the table of other changes, ``(n,)`` each.

    Attributes
    ----------
    kind
        Token of the profile's ``occupation_kinds`` or ``supplement_kinds``.
    unit_code
        Village, None = of the township as a whole.
    day
        The date stated, else 31 December of the year stated, else NaT.
    area, paddy
        Whole hundredths of a m², of which paddy; NaN where not stated.
    grade, grade_was
        Grade of the land; of upgraded land after and before; NaN where not stated.
    """

    table: LayerTable
    kind: Texts
    unit_code: Texts
    day: Days
    area: Reals
    paddy: Reals
    grade: Reals
    grade_was: Reals

    def __len__(self) -> int:
        return len(self.table)


@dataclass(frozen=True)
class ChangeWords:
    """Spellings of the coded fields → token: kinds, units of area, grade scales."""

    kinds: Mapping[str, str]
    units: Mapping[str, str]
    scales: Mapping[str, str]


def change_effects(profile: Profile) -> Dict[str, str]:
    """Kind → what it counts in, occupations first, in the order of the profile."""
    return {**profile.word_of("occupation_kinds"), **profile.word_of("supplement_kinds")}


def read_other_changes(
    table: LayerTable, mapping: Mapping[str, str], words: ChangeWords, profile: Profile
) -> Optional[OtherChanges]:
    """Take other changes out of a table; None where it has no row: nothing is stated, not even that there are none.

    Parameters
    ----------
    mapping
        Role field → source field.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``change_kind_missing``, ``change_unit_missing``, ``amount_out_of_range``,
        ``paddy_exceeds_area``, ``no_date``, ``no_year``, ``change_outside_plan``, ``grade_out_of_scale``,
        ``grade_scale_mixed``.
    """
    for name in ("change", "area"):
        if name not in mapping:
            raise InputError("field_needed", layer=table.name, field=name, fields=", ".join(table.columns))
    if not len(table):
        return None
    factor = _factors(table, mapping, words.units)
    area, paddy = (_hundredths(table, mapping, name, factor) for name in ("area", "paddy"))
    _refuse(table, paddy > area, "paddy_exceeds_area", mapping.get("paddy", ""))
    scale = grade_scale(profile)
    stated = role_words(table, mapping, "scale", words.scales)
    grade, was = (role_grade(table, mapping, name) for name in ("grade", "grade_was"))
    for one in (grade, was):
        require_scale(scale, table, one, stated)
    return OtherChanges(
        table,
        _kinds(table, mapping, words.kinds, profile),
        _villages(role_text(table, mapping, "unit_code")),
        _days(table, mapping, profile),
        area,
        paddy,
        grade,
        was,
    )


def _kinds(table: LayerTable, mapping: Mapping[str, str], words: Mapping[str, str], profile: Profile) -> Texts:
    known = change_effects(profile)
    kind = role_words(table, mapping, "change", {word: token for word, token in words.items() if token in known})
    silent = np.array([token is None for token in kind], dtype=np.bool_)
    _refuse(table, silent, "change_kind_missing", mapping["change"])
    return kind


def _factors(table: LayerTable, mapping: Mapping[str, str], words: Mapping[str, str]) -> Reals:
    """What brings each row's areas to m²; every row states its unit, or the table has no field for it."""
    if "unit" not in mapping:
        return np.ones(len(table))
    unit = role_words(table, mapping, "unit", words)
    silent = np.array([token is None for token in unit], dtype=np.bool_)
    _refuse(table, silent, "change_unit_missing", mapping["unit"])
    return np.array([M2_PER_UNIT[str(token)] for token in unit], dtype=np.float64)


def _hundredths(table: LayerTable, mapping: Mapping[str, str], role_field: str, factor: Reals) -> Reals:
    amount = role_real(table, mapping, role_field) * factor
    _refuse(table, (amount < 0) | (amount > _MOST_M2), "amount_out_of_range", mapping.get(role_field, ""))
    known = ~np.isnan(amount)
    out = np.full(len(amount), np.nan)
    out[known] = to_units(amount[known])
    return out


_MOST_M2 = 2.0**53 / UNITS_PER_M2
"""Up to here hundredths are whole numbers."""


def _days(table: LayerTable, mapping: Mapping[str, str], profile: Profile) -> Days:
    """The date, else the end of the year; what lies before the plan is in its base, what lies after is not its own."""
    day, year = role_day(table, mapping, "chg_date"), role_real(table, mapping, "year")
    no_year = ~np.isnan(year) & ((year < 1000) | (year > 9999) | (year % 1 != 0))
    _refuse(table, no_year, "no_year", mapping.get("year", ""))
    ends = np.isnat(day) & ~np.isnan(year)
    day[ends] = last_day(year[ends].astype(np.int64))
    first, last = profile.period
    which = day.astype("datetime64[Y]").astype(np.int64) + 1970
    outside = ~np.isnat(day) & ((which < first) | (which > last))
    if outside.any():
        raise InputError(
            "change_outside_plan",
            layer=table.name,
            features=first_features(table, outside),
            year=int(which[outside][0]),
            first=first,
            last=last,
        )
    return day


def _villages(codes: Texts) -> Texts:
    """Village codes; a township's own code (9 digits) and no code both mean the township."""
    return np.array(
        [code[:VILLAGE_DIGITS] if code is not None and len(code) >= VILLAGE_DIGITS else None for code in codes],
        dtype=np.object_,
    )


def _refuse(table: LayerTable, wrong: NDArray[np.bool_], error_id: str, source_field: str) -> None:
    if wrong.any():
        raise InputError(error_id, layer=table.name, features=first_features(table, wrong), field=source_field)

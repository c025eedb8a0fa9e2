"""What the values of a field say it is: land codes, class names, unit codes, areas, years, words of coded fields."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import crossed
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.tables import Column, Kind, as_factor, as_real

UNIT_DIGITS = (9, 12, 19)
"""Digits of a township's, a village's and a group's code."""
TOWNSHIP_DIGITS = 9

_MOST = 0.8
"""Share of the rows that must fit for a field to be taken for something."""
_FILLED = 0.9
_NEAR = 0.02
"""A recorded area may differ from the geometry's by so much: the plane is not the ellipsoid."""
_NET_LEAST = 0.5
"""Ridges and lanes take less than half of a parcel."""
_CLEARLY = 0.999
_YEARS = (1980, 2100)
_FEW_ROWS = 10
_SHORTEST_CODE = 3
_OF_THE_GIS = ("SHAPE_", "SHAPE.", "ST_AREA", "OBJECTID", "FID", "OGC_FID")
"""Fields a program made for itself."""


@dataclass(frozen=True)
class Known:
    """What contents are held against.

    Attributes
    ----------
    systems
        All classifications of land.
    words
        Role field (``direction``, ``use``, …) → the words it may hold.
    """

    systems: Sequence[ClassSystem] = ()
    words: Mapping[str, FrozenSet[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """What a step looks at: the columns still free, all columns, what has been found, and for which role field."""

    free: Mapping[str, Column]
    columns: Mapping[str, Column]
    found: Mapping[str, str]
    area_m2: Optional[NDArray[np.float64]]
    known: Known
    schema: RoleSchema
    role_field: str

    def column(self, role_field: str) -> Optional[Column]:
        """The column found for another role field."""
        return self.columns[self.found[role_field]] if role_field in self.found else None


Step = Callable[[View], Optional[str]]
"""The field that fits, None when none does or two fit alike."""


def system_shares(codes: Column, systems: Sequence[ClassSystem]) -> Dict[str, float]:
    """System id → share of the filled rows whose code it lists; codes of one or two digits prove nothing."""
    values, counts = _levels(codes)
    total = counts.sum()
    long = [len(value) >= _SHORTEST_CODE for value in values]
    return {
        system.id: float(sum(counts[row] for row, value in enumerate(values) if long[row] and value in system.classes))
        / max(int(total), 1)
        for system in systems
    }


def unit_level(codes: Column) -> Optional[str]:
    """``township`` or ``village`` by the length of most unit codes without the zeros they end in; None = neither."""
    values, counts = _levels(codes)
    digits = np.array([_unit_digits(value) for value in values], dtype=np.int64)
    if not len(values) or counts[digits > 0].sum() < _MOST * counts.sum():
        return None
    return "township" if counts[digits == TOWNSHIP_DIGITS].sum() * 2 > counts.sum() else "village"


def _unit_digits(code: str) -> int:
    if not code.isdigit() or len(code) not in UNIT_DIGITS:
        return 0
    return TOWNSHIP_DIGITS if not code[TOWNSHIP_DIGITS:].strip("0") else len(code)


def _levels(column: Column) -> Tuple[List[str], NDArray[np.int64]]:
    """Distinct texts and the rows they stand in; rows without a value left out."""
    factor = as_factor(column)
    counts = np.bincount(factor.code, minlength=len(factor.levels))
    kept = [row for row, level in enumerate(factor.levels) if level is not None]
    return [_normal(str(factor.levels[row])) for row in kept], counts[kept].astype(np.int64)


def _normal(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _filled(column: Column) -> float:
    return 1.0 - float(as_factor(column).missing.mean()) if len(column) else 0.0


def _only(names: Sequence[str]) -> Optional[str]:
    return names[0] if len(names) == 1 else None


def _class_code(view: View) -> Optional[str]:
    """Codes of one classification in nearly every row; the field with more classes where several fit."""
    scored = []
    for name, column in view.free.items():
        values, _ = _levels(column)
        share = max(system_shares(column, view.known.systems).values(), default=0.0)
        # A deducted class or a settlement code is one and the same in all rows, or stands in few.
        if share >= _MOST and _filled(column) >= _FILLED and (len(values) > 1 or len(column) < _FEW_ROWS):
            scored.append((len(values), name))
    return max(scored, key=lambda entry: entry[0])[1] if scored else None


def _class_name(view: View) -> Optional[str]:
    names = {
        _normal(name)
        for system in view.known.systems
        for entry in system.classes.values()
        for name in (entry.name, *entry.aliases)
    }
    return _by_share(view, lambda value: value in names)


def _by_share(view: View, fits: Callable[[str], bool], filled: float = _FILLED) -> Optional[str]:
    """The one field most of whose rows fit; the one with more distinct values where several do."""
    scored = []
    for name, column in view.free.items():
        values, counts = _levels(column)
        fitting = sum(int(count) for value, count in zip(values, counts) if fits(value))
        if len(values) and fitting >= _MOST * counts.sum() and _filled(column) >= filled:
            scored.append((len(values), name))
    return max(scored, key=lambda entry: entry[0])[1] if scored else None


def _unit_code(view: View) -> Optional[str]:
    """Codes of 9, 12 or 19 digits of one county; with owners beside, the codes with fewer distinct villages.

    Where a parcel lies and who owns it look alike; the standards put the place last.
    """
    fitting: List[Tuple[int, int, str]] = []
    for order, (name, column) in enumerate(view.free.items()):
        values, counts = _levels(column)
        if unit_level(column) is None or _filled(column) < _FILLED:
            continue
        county = counts[[value[:6] == values[int(np.argmax(counts))][:6] for value in values]].sum()
        serial = "class_code" in view.schema.fields and len(values) * 2 > len(column) >= _FEW_ROWS
        if county >= _MOST * counts.sum() and not serial:
            fitting.append((len(set(values)), -order, name))
    return min(fitting)[2] if fitting else None


def _owner_code(view: View) -> Optional[str]:
    return None if "unit_code" not in view.found else _unit_code(view)


def _name_beside(code_field: str) -> Step:
    """The text that goes with a code one to one."""

    def step(view: View) -> Optional[str]:
        codes = view.column(code_field)
        if codes is None or not len(codes):
            return None
        code = as_factor(codes)
        fitting = []
        for name, column in view.free.items():
            values, _ = _levels(column)
            if column.kind is not Kind.TEXT or _filled(column) < _FILLED or any(value.isdigit() for value in values):
                continue
            label = as_factor(column)
            pairs = len(crossed([(code.code, len(code.levels)), (label.code, len(label.levels))])[1])
            if len(values) > 1 and pairs == len(label.levels) == len(code.levels):
                fitting.append(name)
        return _only(fitting)

    return step


def _area(view: View) -> Optional[str]:
    """Numbers near the geometry's areas; the largest where a net area stands beside."""
    scored = []
    for name, ratio in _ratios(view).items():
        if (np.abs(ratio - 1.0) < _NEAR).mean() >= _MOST:
            scored.append((float(np.nansum(as_real(view.free[name]))), name))
    return max(scored, key=lambda entry: entry[0])[1] if scored else None


def _net_area(view: View) -> Optional[str]:
    """Numbers never above the gross area and here and there clearly below."""
    gross = view.column("area")
    if gross is None:
        return None
    fitting = []
    for name, ratio in _ratios(view).items():
        share = as_real(view.free[name]) / as_real(gross)
        share = share[np.isfinite(share)]
        below = bool(len(share)) and bool((share <= 1.0 + 1e-6).all()) and bool((share < _CLEARLY).any())
        if below and (ratio > _NET_LEAST).mean() >= _MOST:
            fitting.append(name)
    return _only(fitting)


def _ratios(view: View) -> Mapping[str, NDArray[np.float64]]:
    """Number field → its values over the geometry's areas, where both are known."""
    if view.area_m2 is None:
        return {}
    found = {}
    for name, column in view.free.items():
        if column.kind not in (Kind.REAL, Kind.INT) or name.upper().startswith(_OF_THE_GIS):
            continue
        values = as_real(column)
        both = np.isfinite(values) & (view.area_m2 > 0)
        if both.any():
            found[name] = values[both] / view.area_m2[both]
    return found


def _deduct_rate(view: View) -> Optional[str]:
    """The share that leads from the gross to the net area."""
    gross, net = view.column("area"), view.column("net_area")
    if gross is None or net is None:
        return None
    expected = 1.0 - as_real(net) / as_real(gross)
    fitting = []
    for name, column in view.free.items():
        if column.kind is not Kind.REAL:
            continue
        rate = np.nan_to_num(as_real(column))
        if (rate > 0).any() and (np.abs(rate - expected) < 1e-3).mean() >= _MOST:
            fitting.append(name)
    return _only(fitting)


def _identity(view: View) -> Optional[str]:
    """The first field that no two rows share."""
    for name, column in view.free.items():
        values, counts = _levels(column)
        usable = column.kind in (Kind.TEXT, Kind.INT) and not name.upper().startswith(_OF_THE_GIS)
        if usable and 1 < len(values) == len(column) == counts.sum():
            return name
    return None


def _vocabulary(view: View) -> Optional[str]:
    words = view.known.words.get(view.role_field, frozenset())
    # A level of 1 or 2 could be anything; words are meant.
    spoken = {word for word in words if not word.isdigit()}
    return _by_share(view, lambda value: value in spoken, filled=0.5) if spoken else None


def _year(view: View) -> Optional[str]:
    """The only field of years."""
    low, high = _YEARS
    fitting = []
    for name, column in view.free.items():
        values, _ = _levels(column)
        if values and all(value.isdigit() and low <= int(value) < high for value in values):
            fitting.append(name)
    return _only(fitting)


def _date(view: View) -> Optional[str]:
    """The only date, where the role has but one left."""
    open_dates = [
        each.id for each in view.schema.fields.values() if each.kind is Kind.DATE and each.id not in view.found
    ]
    dates = [name for name, column in view.free.items() if column.kind is Kind.DATE]
    return _only(dates) if open_dates == [view.role_field] else None


_SHARES = ("rate", "consent", "deduct_share")
"""Role fields that hold shares."""


def _share(view: View) -> Optional[str]:
    """The only field of shares, where the role has but one left to fill."""
    still = [name for name in _SHARES if name in view.schema.fields and name not in view.found]
    fitting = []
    for name, column in view.free.items():
        if column.kind is not Kind.REAL or column.is_missing.all():
            continue
        values = column.values[~column.is_missing]
        if ((values >= 0) & (values <= 1)).all() and (values % 1 > 0).any():
            fitting.append(name)
    return _only(fitting) if still == [view.role_field] else None


STEPS: Tuple[Tuple[str, Step], ...] = (
    ("class_code", _class_code),
    ("class_name", _class_name),
    ("unit_code", _unit_code),
    ("owner_code", _owner_code),
    ("area", _area),
    ("net_area", _net_area),
    ("deduct_rate", _deduct_rate),
    ("unit_name", _name_beside("unit_code")),
    ("owner_name", _name_beside("owner_code")),
    ("direction", _vocabulary),
    ("use", _vocabulary),
    ("quota_src", _vocabulary),
    ("level", _vocabulary),
    ("acc_date", _date),
    ("cred_date", _date),
    ("use_date", _date),
    ("approved_on", _date),
    ("phase", _year),
    ("data_year", _year),
    ("year", _year),
    ("rate", _share),
    ("consent", _share),
    ("plot_id", _identity),
)
"""Role field → how it is recognised, in this order: what is sure first leaves fewer fields for the rest."""

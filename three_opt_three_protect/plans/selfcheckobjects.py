"""Plots and parcels of a self-check: parts put together, photos taken over, and what changed since the last one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Numbering
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.roles import guess_fields, role_factor, role_real
from three_opt_three_protect.core.selfcheck import Checked
from three_opt_three_protect.core.selfcheckrules import StatusRule
from three_opt_three_protect.core.severity import SEVERITIES
from three_opt_three_protect.core.tables import LayerTable, real, text
from three_opt_three_protect.plans.resulttables import result_table
from three_opt_three_protect.storage.catalogue import load_role_schemas

Ints = NDArray[np.int64]
Key = Tuple[str, str]

_LEAST_M2 = 0.005
"""Areas that print as the same are the same."""


@dataclass(frozen=True)
class Objects:
    """Parts put together: group of every part, first part of every group, and the parcel named for it."""

    index: Ints
    first: Ints
    names: Tuple[Optional[str], ...]


def objects(checked: Checked, rows: Ints) -> Objects:
    """Parts ``rows`` by plot (else parcel), status, village and owner; a plot has its id, no parcel."""
    plots = checked.plot_id[rows]
    parcels = _parcels(checked, rows)
    numbering = Numbering()
    named = [None if plot is not None else parcel for plot, parcel in zip(plots, parcels)]
    status = [checked.judged.rules[rule].status for rule in checked.rule[rows].tolist()]
    index = numbering.of(list(zip(plots, named, status, checked.unit.values[rows], checked.owner.values[rows])))
    first = np.full(len(numbering), -1, dtype=np.int64)
    first[index[::-1]] = np.arange(len(index) - 1, -1, -1)
    return Objects(index, first, tuple(named[row] for row in first.tolist()))


def _parcels(checked: Checked, rows: Ints) -> NDArray[np.object_]:
    """``(rows,)`` id of the later year's parcel, else the earlier one's."""
    out = np.empty(len(rows), dtype=np.object_)
    now, was = checked.after[rows], checked.before[rows]
    out[now >= 0] = checked.years[1].parcels.parcel_id[now[now >= 0]]
    out[now < 0] = checked.years[0].parcels.parcel_id[was[now < 0]]
    return out


def _key(plot: Optional[str], parcel: Optional[str]) -> Key:
    return ("plot", str(plot)) if plot is not None else ("parcel", str(parcel))


@dataclass(frozen=True)
class Photos:
    """What an earlier self-check says in ``photos``, by plot and parcel, and by one of them."""

    exact: Mapping[Tuple[Optional[str], Optional[str]], str] = field(default_factory=dict)
    near: Mapping[Key, str] = field(default_factory=dict)

    def of(self, checked: Checked) -> NDArray[np.object_]:
        """``(n,)`` photos of every part, None where there are none: for the planner to fill in."""
        out = np.full(len(checked.area), None, dtype=np.object_)
        if not self.near:
            return out
        rows = np.flatnonzero(checked.shown)
        plots, parcels = checked.plot_id[rows], _parcels(checked, rows)
        for row, plot, parcel in zip(rows.tolist(), plots, parcels):
            out[row] = self.exact.get((plot, parcel), self.near.get(_key(plot, parcel)))
        return out


@dataclass(frozen=True)
class Standing:
    """Where a plot, a parcel or a village's status stood: status, severity rank, area in m²."""

    status: str
    rank: int
    area: float


@dataclass(frozen=True)
class Previous:
    """An earlier self-check: photos, and standings by object (OUTPUT) or by village and status (SUMMARY)."""

    photos: Photos
    standing: Mapping[Key, Standing]
    by_object: bool


def read_previous(table: LayerTable, rules: Tuple[StatusRule, ...]) -> Previous:
    """An earlier OUTPUT, where it names plots or parcels, else an earlier SUMMARY.

    Raises
    ------
    InputError
        ``field_needed``: no field ``status`` or no area.
    """
    mapping = guess_fields(table, load_role_schemas()["selfcheck"])
    for needed in ("status", "area"):
        if needed not in mapping:
            raise InputError("field_needed", layer=table.name, field=needed, fields=", ".join(table.columns))
    known = {rule.status: rule.rank for rule in rules}
    names = ("status", "severity", "plot_id", "parcel_id", "parcel_old", "unit_code", "photos")
    column = {name: role_factor(table, mapping, name).values for name in names}
    area = np.nan_to_num(role_real(table, mapping, "area"))
    by_object = "plot_id" in mapping or "parcel_id" in mapping
    standings: Dict[Key, Dict[Tuple[str, int], float]] = {}
    exact: Dict[Tuple[Optional[str], Optional[str]], str] = {}
    near: Dict[Key, str] = {}
    for row in range(len(table)):
        status, severity = column["status"][row], column["severity"][row]
        if status is None:
            continue
        rank = SEVERITIES.index(severity) if severity in SEVERITIES else known.get(status, len(SEVERITIES) - 1)
        parcel = column["parcel_id"][row] or column["parcel_old"][row]
        key = _key(column["plot_id"][row], parcel) if by_object else (str(column["unit_code"][row] or ""), status)
        sums = standings.setdefault(key, {})
        sums[status, rank] = sums.get((status, rank), 0.0) + float(area[row])
        photo = column["photos"][row]
        if photo is not None and by_object:
            exact[column["plot_id"][row], parcel] = photo
            near.setdefault(key, photo)
    return Previous(Photos(exact, near), {key: _worst(sums) for key, sums in standings.items()}, by_object)


def _worst(sums: Mapping[Tuple[str, int], float]) -> Standing:
    """The most serious status, of equal ones the largest."""
    status, rank = min(sums, key=lambda one: (one[1], -round(sums[one], 2), one[0]))
    return Standing(status, rank, sums[status, rank])


def _now(checked: Checked, by_object: bool) -> Mapping[Key, Standing]:
    rows = np.flatnonzero(checked.shown) if by_object else np.arange(len(checked.area))
    status, rank = checked.status.values[rows], checked.rank[rows]
    if by_object:
        keys = [_key(plot, parcel) for plot, parcel in zip(checked.plot_id[rows], _parcels(checked, rows))]
    else:
        keys = [(str(unit or ""), str(one)) for unit, one in zip(checked.unit.values[rows], status)]
    numbering = Numbering()
    index = numbering.of(list(zip(keys, status.tolist(), rank.tolist())))
    area = to_m2(sum_by(index, checked.area[rows], len(numbering))).tolist()
    sums: Dict[Key, Dict[Tuple[str, int], float]] = {}
    for (key, one, level), units in zip(numbering, area):
        sums.setdefault(key, {})[one, level] = units
    return {key: _worst(found) for key, found in sums.items()}


Change = Tuple[str, Key, Optional[Standing], Optional[Standing]]
"""Word, object or village and status, and where it stood and stands."""


def change_table(checked: Checked, previous: Optional[Previous]) -> LayerTable:
    """What is new, gone, worse, better or otherwise changed since an earlier self-check (CHANGES); empty without one.

    Land that is only noted (info) is not listed as new or gone.
    """
    rows = [] if previous is None else _changes(checked, previous)
    by_object = previous is not None and previous.by_object
    plots = [key[1] if by_object and key[0] == "plot" else None for _, key, _, _ in rows]
    parcels = [key[1] if by_object and key[0] == "parcel" else None for _, key, _, _ in rows]
    units = [None if by_object else key[0] or None for _, key, _, _ in rows]
    area_was = np.array([0.0 if one is None else one.area for _, _, one, _ in rows])
    area_now = np.array([0.0 if one is None else one.area for _, _, _, one in rows])
    return result_table(
        "changes",
        {
            "change": text([found for found, _, _, _ in rows], "变化", 10),
            "plot_id": text(plots, "地块编号", 40),
            "parcel_id": text(parcels, "图斑", 40),
            "unit_code": text(units, "行政村代码", 12),
            "status_was": text([None if one is None else one.status for _, _, one, _ in rows], "上次判定", 30),
            "status": text([None if one is None else one.status for _, _, _, one in rows], "本次判定", 30),
            "area_was": real(area_was, "上次面积", 18, 2),
            "area_m2": real(area_now, "本次面积", 18, 2),
            "diff_m2": real(np.round(area_now - area_was, 2), "增减", 18, 2),
        },
    )


def _changes(checked: Checked, previous: Previous) -> List[Change]:
    now, was = _now(checked, previous.by_object), previous.standing
    rows = [(_change(was.get(key), now.get(key)), key, was.get(key), now.get(key)) for key in sorted({*now, *was})]
    return [row for row in rows if row[0]]


def _change(was: Optional[Standing], now: Optional[Standing]) -> str:
    info = len(SEVERITIES) - 1
    if was is None or now is None:
        there = was or now
        if there is None or there.rank == info:
            return ""
        return "new" if was is None else "gone"
    if was.rank != now.rank:
        return "worse" if now.rank < was.rank else "better"
    if now.rank < info and abs(now.area - was.area) >= _LEAST_M2:
        return "worse" if now.area > was.area else "better"
    return "changed" if was.status != now.status else ""

"""What the plan proposes: reclaim plots and new-build plots, with their dates.

Fields as in the plan database (``reclaim``, ``newbuild``).  A plot happens on its actual date,
else on 31 December of its phase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any, Dict, Mapping, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import Repaired, repair_polygons
from three_opt_three_protect.core.roles import refuse_words, role_column, role_grade, role_real, role_text
from three_opt_three_protect.core.tables import Kind, LayerTable, as_text, first_features

Texts = NDArray[np.object_]
Reals = NDArray[np.float64]
Days = NDArray[np.datetime64]

CULTIVATED = "cultivated"
"""The direction of a reclaim plot that states none (counted as assumed)."""


@dataclass(frozen=True)
class ReclaimPlots:
    """Reclaim plots (拆旧地块), row by row as in the layer.

    Attributes
    ----------
    direction
        ``(n,)`` cultivated, garden, forest, pond, water or ecological.
    direction_assumed
        ``(n,)`` bool, True where the layer states none.
    rate
        ``(n,)`` new cultivated ratio 0–1 of the plot, NaN where not stated.
    day
        ``(n,)`` datetime64[D] on which the reclaimed land counts: registration, else acceptance,
        else 31 December of the phase, else NaT.
    accepted_m2
        ``(n,)`` accepted measured area, NaN before acceptance.
    dated
        ``(n,)`` bool, ``day`` is a date that is stated, not the end of the phase.
    paddy_m2, paddy_rate
        ``(n,)`` paddy after reclamation, m² or as a share (0–1) of the cultivated land; NaN where not stated.
    scale
        ``(n,)`` the scale ``grade_new`` is in, None where not stated.
    """

    table: LayerTable
    repaired: Repaired
    plot_id: Texts
    unit_code: Texts
    settlement: Texts
    direction: Texts
    direction_assumed: NDArray[np.bool_]
    rate: Reals
    grade_new: Reals
    households: Reals
    population: Reals
    consent: Reals
    signed: Reals
    cost: Reals
    phase: Reals
    day: Days
    accepted_m2: Reals
    dated: NDArray[np.bool_]
    paddy_m2: Reals
    paddy_rate: Reals
    scale: Texts

    def __len__(self) -> int:
        return len(self.table)

    def take(self, rows: NDArray[Any]) -> ReclaimPlots:
        """The plots at ``rows`` (index or mask); what was repaired is said of the whole layer only."""
        return replace(self, **_taken(self, rows))

    def in_phases(self, years: NDArray[np.int64]) -> ReclaimPlots:
        """The same plots, each put into the year ``(n,)``; a plot that has a date keeps its day."""
        return replace(self, phase=years.astype(np.float64), day=_moved(self.day, self.dated, years))


@dataclass(frozen=True)
class NewBuildPlots:
    """New-build plots (建新地块), row by row as in the layer.

    Attributes
    ----------
    use
        ``(n,)`` town, industry, resettlement, infrastructure, reserved or None.
    class_after
        ``(n,)`` class code after building, None where not stated.
    quota_source
        ``(n,)`` linked, annual_plan, provincial or stock.
    day
        ``(n,)`` datetime64[D] of land conversion approval, else 31 December of the phase, else NaT.
    dated
        ``(n,)`` bool, ``day`` is a date that is stated, not the end of the phase.
    households
        ``(n,)`` that can be housed there, NaN where not stated.
    """

    table: LayerTable
    repaired: Repaired
    plot_id: Texts
    unit_code: Texts
    use: Texts
    class_after: Texts
    quota_source: Texts
    price: Reals
    phase: Reals
    day: Days
    dated: NDArray[np.bool_]
    households: Reals

    def __len__(self) -> int:
        return len(self.table)

    def take(self, rows: NDArray[Any]) -> NewBuildPlots:
        """The plots at ``rows`` (index or mask); what was repaired is said of the whole layer only."""
        return replace(self, **_taken(self, rows))

    def in_phases(self, years: NDArray[np.int64]) -> NewBuildPlots:
        """The same plots, each put into the year ``(n,)``; a plot that has a date keeps its day."""
        return replace(self, phase=years.astype(np.float64), day=_moved(self.day, self.dated, years))


def _taken(plots: Union[ReclaimPlots, NewBuildPlots], rows: NDArray[Any]) -> Dict[str, Any]:
    whole = {"table": plots.table.take(rows), "repaired": Repaired(plots.repaired.geometry[rows], ())}
    return {entry.name: getattr(plots, entry.name)[rows] for entry in fields(plots) if entry.name not in whole} | whole


def _moved(day: Days, dated: NDArray[np.bool_], years: NDArray[np.int64]) -> Days:
    return np.where(dated, day, last_day(years))


def last_day(years: NDArray[np.int64]) -> Days:
    """31 December of each year."""
    after = (years.astype(np.int64) - 1969).astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray(after - np.timedelta64(1, "D"))


def read_reclaim(
    table: LayerTable,
    mapping: Mapping[str, str],
    directions: Mapping[str, str],
    progress: Progress = SILENT,
    scales: Optional[Mapping[str, str]] = None,
) -> ReclaimPlots:
    """Take reclaim plots out of a layer; an empty layer is a plan without reclamation.

    Parameters
    ----------
    mapping
        Role field → source field.
    directions
        The words allowed as ``direction`` (and their other spellings) → the word.
    scales
        The words allowed as ``scale`` in the same way; None = as they are written.

    Raises
    ------
    InputError
        ``unknown_word``, ``share_out_of_range``, ``amount_out_of_range``, ``duplicate_plot_id``, ``no_date``,
        ``no_year``, ``no_such_field``.
    """
    direction = role_words(table, mapping, "direction", directions)
    assumed = np.array([word is None for word in direction], dtype=bool)
    direction[assumed] = CULTIVATED
    day, dated = _days(table, mapping, ("cred_date", "acc_date"))
    return ReclaimPlots(
        table,
        repair_polygons(table.shapes, progress),
        _plot_ids(table, mapping),
        role_text(table, mapping, "unit_code"),
        role_text(table, mapping, "settlement"),
        direction,
        assumed,
        _share(table, mapping, "rate"),
        role_grade(table, mapping, "grade_new"),
        _amount(table, mapping, "households"),
        _amount(table, mapping, "population"),
        _share(table, mapping, "consent"),
        _amount(table, mapping, "signed"),
        _amount(table, mapping, "cost"),
        _phase(table, mapping),
        day,
        _amount(table, mapping, "acc_m2"),
        dated,
        _amount(table, mapping, "paddy_m2"),
        _share(table, mapping, "paddy_rate"),
        role_text(table, mapping, "scale") if scales is None else role_words(table, mapping, "scale", scales),
    )


def read_newbuild(
    table: LayerTable,
    mapping: Mapping[str, str],
    uses: Mapping[str, str],
    sources: Mapping[str, str],
    progress: Progress = SILENT,
) -> NewBuildPlots:
    """Take new-build plots out of a layer; an empty layer is a plan that builds nothing.

    Parameters
    ----------
    uses, sources
        The words allowed as ``use`` and ``quota_src`` (and their other spellings) → the word. A plot
        without a source draws on ``linked`` quota, the strictest reading.

    Raises
    ------
    InputError
        ``unknown_word``, ``amount_out_of_range``, ``duplicate_plot_id``, ``no_date``, ``no_year``, ``no_such_field``.
    """
    source = role_words(table, mapping, "quota_src", sources)
    source[np.array([word is None for word in source], dtype=bool)] = "linked"
    day, dated = _days(table, mapping, ("use_date",))
    return NewBuildPlots(
        table,
        repair_polygons(table.shapes, progress),
        _plot_ids(table, mapping),
        role_text(table, mapping, "unit_code"),
        role_words(table, mapping, "use", uses),
        role_text(table, mapping, "cls_after"),
        source,
        _amount(table, mapping, "price"),
        _phase(table, mapping),
        day,
        dated,
        _amount(table, mapping, "households"),
    )


def _share(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Reals:
    share = role_real(table, mapping, role_field)
    wrong = (share < 0) | (share > 1)
    if wrong.any():
        raise InputError(
            "share_out_of_range", layer=table.name, features=first_features(table, wrong), field=mapping[role_field]
        )
    return share


def _amount(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Reals:
    """What is counted or paid; households below 0 would be flats."""
    amount = role_real(table, mapping, role_field)
    wrong = (amount < 0) | np.isinf(amount)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("amount_out_of_range", layer=table.name, features=features, field=mapping[role_field])
    return amount


def _phase(table: LayerTable, mapping: Mapping[str, str]) -> Reals:
    """The year of every plot; a stage number (1, 2, 3) is no year and would date the plot to antiquity."""
    phase = role_real(table, mapping, "phase")
    wrong = ~np.isnan(phase) & ((phase < 1000) | (phase > 9999) | (phase % 1 != 0))
    if wrong.any():
        raise InputError("no_year", layer=table.name, features=first_features(table, wrong), field=mapping["phase"])
    return phase


def role_words(table: LayerTable, mapping: Mapping[str, str], role_field: str, allowed: Mapping[str, str]) -> Texts:
    """``(n,)`` tokens of the words of a coded field, None where there is none.

    Raises
    ------
    InputError
        ``unknown_word``.
    """
    given = role_text(table, mapping, role_field)
    out = np.array([None if word is None else allowed.get(word) for word in given], dtype=np.object_)
    wrong = np.array([word is not None and word not in allowed for word in given], dtype=bool)
    refuse_words(table, mapping.get(role_field, role_field), given, wrong, allowed.values())
    return out


def _plot_ids(table: LayerTable, mapping: Mapping[str, str]) -> Texts:
    """Plots are known by their id; one without is known by its feature id."""
    ids = role_text(table, mapping, "plot_id")
    absent = np.array([value is None for value in ids], dtype=bool)
    ids[absent] = [str(fid) for fid in table.fid[absent]]
    distinct, first = np.unique(ids.astype(str), return_index=True)
    if len(distinct) < len(ids):
        again = np.setdiff1d(np.arange(len(ids)), first)
        raise InputError(
            "duplicate_plot_id",
            layer=table.name,
            features=first_features(table, again),
            field=mapping.get("plot_id", "plot_id"),
        )
    return ids


def _days(
    table: LayerTable, mapping: Mapping[str, str], date_fields: Tuple[str, ...]
) -> Tuple[Days, NDArray[np.bool_]]:
    """The first date given, else 31 December of the phase; and which of them are dates given."""
    days = np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    for role_field in date_fields:
        given = role_day(table, mapping, role_field)
        days = np.where(np.isnat(days), given, days)
    dated = ~np.isnat(days)
    phase = _phase(table, mapping)
    planned = ~dated & ~np.isnan(phase)
    days[planned] = last_day(phase[planned].astype(np.int64))
    return days, dated


def role_day(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Days:
    """``(n,)`` days of the field that plays ``role_field``, NaT where there is none; ``no_date`` where it is no day."""
    column = role_column(table, mapping, role_field)
    if column is None:
        return np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    if column.kind is Kind.DATE:
        return column.values.astype("datetime64[D]")
    days = np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    for row, word in enumerate(as_text(column)):
        if word is not None:
            days[row] = _parsed(table, row, mapping[role_field], word)
    return days


_DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)(?:[ T].*)?")
"""2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105; a time of day may follow."""


def _parsed(table: LayerTable, row: int, source_field: str, word: str) -> np.datetime64:
    found = _DAY.fullmatch(word)
    try:
        year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
    except ValueError:
        raise InputError(
            "no_date", layer=table.name, features=str(table.fid[row]), field=source_field, value=word
        ) from None

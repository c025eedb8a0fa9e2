"""Registers (:mod:`three_opt_three_protect.core.registers`) out of layers and tables."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Texts, is_none
from three_opt_three_protect.core.measure import M2_PER_UNIT, to_units
from three_opt_three_protect.core.registers import LOW_EFFICIENCY, Opinion, Place, Project, Stock
from three_opt_three_protect.core.roles import refuse_words, role_real, role_text
from three_opt_three_protect.core.tables import LayerTable, first_features

Fields = Mapping[str, str]
"""Role field → source field."""

_LIST = re.compile(r"[、,，;；\s]+")
"""Between plot ids in one cell."""


def read_stock(
    table: LayerTable,
    mapping: Fields,
    kinds: Mapping[str, str],
    units: Mapping[str, str],
    measured_m2: Optional[NDArray[np.float64]] = None,
) -> Tuple[Stock, ...]:
    """Stock land out of a layer or table.

    Parameters
    ----------
    kinds, units
        Spelling → token of the kinds and of the units of area.
    measured_m2
        ``(n,)`` area of each polygon: what counts where none is stated.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``amount_out_of_range``, ``no_year``, ``no_number``.
    """
    kind = _words(table, mapping, "stock_kind", kinds, needed=True)
    area = _areas(table, mapping, "area", units)
    if measured_m2 is not None:
        own = [int(amount) for amount in to_units(np.nan_to_num(measured_m2))]
        area = [amount if amount is not None else found or None for amount, found in zip(area, own)]
    texts = {name: role_text(table, mapping, name) for name in ("stock_id", "place", "user", "reason", "measure")}
    code, remark = role_text(table, mapping, "class_code"), role_text(table, mapping, "remark")
    since, year = _years(table, mapping, "since"), _years(table, mapping, "phase")
    return tuple(
        Stock(
            texts["stock_id"][row] or "",
            str(kind[row]),
            texts["place"][row],
            texts["user"][row],
            code[row],
            area[row],
            since[row],
            texts["reason"][row],
            texts["measure"][row],
            year[row],
            remark[row],
        )
        for row in range(len(table))
    )


def low_efficient_stock(
    table: LayerTable, mapping: Fields, limits: Mapping[str, float], area_m2: NDArray[np.float64]
) -> Tuple[Stock, ...]:
    """Land of enterprises that is below one of the profile's limits (``low_efficiency``).

    Parameters
    ----------
    area_m2
        ``(n,)`` area of each polygon.

    Raises
    ------
    InputError
        ``no_number``.
    """
    names = role_text(table, mapping, "name")
    figures = {name: role_real(table, mapping, name) for name in limits if name in mapping}
    area = to_units(np.nan_to_num(area_m2))
    out: List[Stock] = []
    for row in range(len(table)):
        below = {name: (float(values[row]), limits[name]) for name, values in figures.items()}
        below = {name: pair for name, pair in below.items() if pair[0] < pair[1]}
        if below:
            number = f"E{len(out) + 1}"
            out.append(Stock(number, LOW_EFFICIENCY, user=names[row], area=int(area[row]) or None, below=below))
    return tuple(out)


def read_opinions(table: LayerTable, mapping: Fields, answers: Mapping[str, str]) -> Tuple[Opinion, ...]:
    """Opinions out of a table; an empty row is passed over.

    Parameters
    ----------
    answers
        Spelling → token of ``adopted``.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``register_row_incomplete``.
    """
    _require(table, mapping, "opinion")
    _refuse_incomplete(table, mapping, "opinion", ("stage", "source", "date", "adopted", "reply"))
    adopted = _words(table, mapping, "adopted", answers)
    stage, source, date, opinion, reply = (
        role_text(table, mapping, name) for name in ("stage", "source", "date", "opinion", "reply")
    )
    return tuple(
        Opinion(stage[row], source[row], date[row], str(opinion[row]), adopted[row], reply[row])
        for row in range(len(table))
        if opinion[row] is not None
    )


def read_projects(
    table: LayerTable, mapping: Fields, units: Mapping[str, str], known_plots: Sequence[str]
) -> Tuple[Project, ...]:
    """Projects out of a table; an empty row is passed over.

    Parameters
    ----------
    units
        Spelling → token of the units of area.
    known_plots
        Ids of the plan's plots.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``amount_out_of_range``, ``no_year``, ``no_number``,
        ``project_plot_unknown``, ``project_plot_twice``, ``project_years_reversed``, ``register_row_incomplete``.
    """
    _require(table, mapping, "project")
    others = (
        "project_kind",
        "place",
        "plots",
        "area",
        "added",
        "cultivated",
        "invest",
        "start",
        "end",
        "body",
        "remark",
    )
    _refuse_incomplete(table, mapping, "project", others)
    plots = _plots(table, mapping, known_plots)
    names = ("area", "added", "cultivated")
    area, added, cultivated = (_areas(table, mapping, name, units) for name in names)
    invest = _amounts(table, mapping, "invest")
    start, end = _years(table, mapping, "start"), _years(table, mapping, "end")
    _refuse_reversed(table, start, end)
    texts = {name: role_text(table, mapping, name) for name in ("project", "project_kind", "place", "body", "remark")}
    return tuple(
        Project(
            str(texts["project"][row]),
            texts["project_kind"][row],
            texts["place"][row],
            plots[row],
            area[row],
            added[row],
            cultivated[row],
            None if np.isnan(invest[row]) else float(invest[row]),
            start[row],
            end[row],
            texts["body"][row],
            texts["remark"][row],
        )
        for row in range(len(table))
        if texts["project"][row] is not None
    )


def read_places(table: LayerTable, mapping: Fields) -> Tuple[Place, ...]:
    """Households and population out of the population table.

    Raises
    ------
    InputError
        ``amount_out_of_range``, ``no_number``.
    """
    code, settlement = (role_text(table, mapping, name) for name in ("unit_code", "settlement"))
    households, population = (_amounts(table, mapping, name) for name in ("households", "population"))
    return tuple(
        Place(code[row], settlement[row], float(households[row]), float(population[row])) for row in range(len(table))
    )


def _require(table: LayerTable, mapping: Fields, role_field: str) -> None:
    if role_field not in mapping:
        raise InputError("field_needed", layer=table.name, field=role_field, fields=", ".join(table.columns))


def _refuse_incomplete(table: LayerTable, mapping: Fields, needed: str, others: Sequence[str]) -> None:
    """Refuse rows that say something but not what they are about: passed over, they would be missed in the table."""
    filled = np.zeros(len(table), dtype=np.bool_)
    for name in others:
        filled |= ~is_none(role_text(table, mapping, name))
    wrong = filled & is_none(role_text(table, mapping, needed))
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("register_row_incomplete", layer=table.name, features=features, field=mapping[needed])


def _refuse_reversed(table: LayerTable, start: Sequence[Optional[int]], end: Sequence[Optional[int]]) -> None:
    wrong = np.array([None not in (one, other) and one > other for one, other in zip(start, end)], dtype=np.bool_)  # type: ignore[operator]
    if wrong.any():
        raise InputError("project_years_reversed", layer=table.name, features=first_features(table, wrong))


def _words(
    table: LayerTable, mapping: Fields, role_field: str, allowed: Mapping[str, str], needed: bool = False
) -> Texts:
    """Words of a coded field as tokens."""
    if needed:
        _require(table, mapping, role_field)
    stated = role_text(table, mapping, role_field)
    absent = is_none(stated)
    wrong = np.array([word not in allowed for word in stated], dtype=np.bool_) & (~absent | needed)
    refuse_words(table, mapping.get(role_field, role_field), stated, wrong, [_spellings(allowed)])
    return np.array([None if word is None else allowed[word] for word in stated], dtype=np.object_)


def _spellings(allowed: Mapping[str, str]) -> str:
    """Every token with the first of its spellings, as planners write it: 闲置 (idle)."""
    first: Dict[str, str] = {}
    for spelling, token in allowed.items():
        first.setdefault(token, spelling)
    return ", ".join(word if word == token else f"{word} ({token})" for token, word in first.items())


def _amounts(table: LayerTable, mapping: Fields, role_field: str) -> NDArray[np.float64]:
    amount = role_real(table, mapping, role_field)
    wrong = (amount < 0) | np.isinf(amount)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("amount_out_of_range", layer=table.name, features=features, field=mapping[role_field])
    return amount


def _areas(table: LayerTable, mapping: Fields, role_field: str, units: Mapping[str, str]) -> List[Optional[int]]:
    """Hundredths of a m², in m² where no unit is stated; None where there is none."""
    amount = _amounts(table, mapping, role_field)
    unit = _words(table, mapping, "unit", units)
    factor = np.array([1.0 if word is None else M2_PER_UNIT[word] for word in unit])
    hundredths = to_units(np.nan_to_num(amount) * factor)
    return [None if np.isnan(given) else int(found) for given, found in zip(amount, hundredths)]


def _years(table: LayerTable, mapping: Fields, role_field: str) -> List[Optional[int]]:
    year = role_real(table, mapping, role_field)
    wrong = ~np.isnan(year) & ((year < 1000) | (year > 9999) | (year % 1 != 0))
    if wrong.any():
        raise InputError("no_year", layer=table.name, features=first_features(table, wrong), field=mapping[role_field])
    return [None if np.isnan(each) else int(each) for each in year]


def _plots(table: LayerTable, mapping: Fields, known: Sequence[str]) -> List[Tuple[str, ...]]:
    """Plots named by each row; one the plan does not have is refused, and so is one that is named twice."""
    there = set(known)
    seen: Dict[str, int] = {}
    out: List[Tuple[str, ...]] = []
    for row, stated in enumerate(role_text(table, mapping, "plots")):
        ids = tuple(word for word in _LIST.split(str(stated or "")) if word)
        for plot in ids:
            if plot not in there or plot in seen:
                raise InputError(
                    "project_plot_unknown" if plot not in there else "project_plot_twice",
                    layer=table.name,
                    features=str(table.fid[row]),
                    field=mapping["plots"],
                    plot=plot,
                )
            seen[plot] = row
        out.append(ids)
    return out

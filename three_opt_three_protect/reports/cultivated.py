"""T9 耕地占补平衡表 and T28 耕地进出（各类占用与补充）平衡表.

Columns by 06-balance 6.5 (T9) and 00-supplement 3.2 (T28). A plot has the figures it has in every table; a row of other
changes is rounded once; totals are sums of what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.cultivated import (
    BUILDING,
    MEASURES,
    PADDY,
    PRODUCTIVITY,
    QUANTITY,
    RECLAMATION,
    Events,
)
from three_opt_three_protect.core.cultivatedlines import CultivatedAccount
from three_opt_three_protect.core.measure import round_half_away
from three_opt_three_protect.core.otherchanges import QUALITY
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.plots import reclaim_piece_figures
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_PLANNED = (BUILDING, RECLAMATION)
"""Kinds of the plots: known also where other changes are not."""

_HEADINGS: Mapping[str, str] = {QUANTITY: "quantity", PADDY: "of_paddy", PRODUCTIVITY: "yield_kg"}


@dataclass(frozen=True)
class _Printed:
    """The events with printed figures: measure → ``(n,)`` last digits (kg whole), NaN where not known."""

    account: CultivatedAccount
    unit: AreaUnit
    digits: Mapping[str, Floats]

    @property
    def events(self) -> Events:
        return self.account.events

    def cell(self, where: Bools, measure: str) -> Cell:
        """What the events ``where`` come to; None where an amount is not known."""
        return self.number(float(self.digits[measure][where].sum()), measure)

    def number(self, digits: float, measure: str) -> Cell:
        """Last digits as the number that is printed."""
        if np.isnan(digits):
            return None
        return digits if measure == PRODUCTIVITY else self.unit.number(digits)

    def known(self, kind: str) -> bool:
        """The table has figures of a kind: those of the plots, or other changes are stated."""
        return self.account.stated or kind in _PLANNED or bool((self.events.kind == kind).any())


def compensation_table(
    balance: Balance, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T9: one row a year: what is occupied, what makes up for it by source, and what is left (先补后占).

    Each year is counted by the rules of its date: construction and what makes up for it, or all kinds.
    """
    printed = _printed(balance, unit)
    account, events = printed.account, printed.events
    sources = tuple(kind for kind in account.supplements if _ever(printed, kind))
    effects = profile.word_of("supplement_kinds")
    rows = Rows(_compensation_columns(sources, effects, words, unit))
    years = events.day.astype("datetime64[Y]").astype(np.int64) + 1970
    undated = account.counted & np.isnat(events.day)
    rest = dict.fromkeys(MEASURES, np.nan if undated.any() else 0.0)
    for year in account.years:
        here = account.counted & (years == year)
        for measure in MEASURES:
            signed = np.where(events.supplement, 1.0, -1.0) * printed.digits[measure]
            rest[measure] += np.nan if account.partly(year) else float(signed[here].sum())
        left = {f"rest_{measure}": printed.number(rest[measure], measure) for measure in MEASURES}
        short = any(isinstance(value, float) and value < 0 for value in left.values())
        rows.add({"year": str(year), **_year_cells(printed, here, sources, effects), **left}, alert=short)
    if undated.any():
        rows.add({"year": words("row.undated"), **_year_cells(printed, undated, sources, effects)}, alert=True)
    _total(rows, "year", words)
    notes = [words("note.T9.scope"), words("note.T9.yield"), *_none_note(account, words)]
    return Table("T9", words("table.T9"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def flow_table(
    balance: Balance, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T28: one row a village: area taken by each kind, area made by each, net change."""
    printed = _printed(balance, unit)
    account, events = printed.account, printed.events
    effects = profile.word_of("supplement_kinds")
    supplied = tuple(kind for kind in account.supplements if effects[kind] != QUALITY)
    rows = Rows(_flow_columns(account.occupations, supplied, words, unit))
    codes = sorted({code for code in balance.base.unit.levels if code} | {code for code in events.unit_code if code})
    for code in (*codes, None):
        here = np.array([one == code for one in events.unit_code], dtype=np.bool_)
        if code is None and codes and not (printed.digits[QUANTITY][here] != 0).any():
            continue
        name = labels.villages.get(code, code) if code else words("row.no_village" if codes else "row.township")
        rows.add({"unit": name, **_flow_cells(printed, here, supplied)})
        if not account.stated:
            rows.blank("out_total", "in_total", "net")
    _total(rows, "unit", words)
    notes = [words("note.T28.identity"), *_none_note(account, words)]
    return Table("T28", words("table.T28"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _none_note(account: CultivatedAccount, words: Words) -> List[str]:
    return [] if account.stated else [words("note.changes.none")]


def _ever(printed: _Printed, kind: str) -> bool:
    """A source of its own in T9: it makes up for construction, or all kinds count in some year."""
    account, events = printed.account, printed.events
    return kind == RECLAMATION or bool((account.counted & events.supplement & (events.kind == kind)).any())


def _total(rows: Rows, heading: str, words: Words) -> None:
    """The sum row; a column in which something is not known has no sum."""
    unknown = [
        column.key
        for place, column in enumerate(rows.columns)
        if column.total and any(row.cells[place] is None for row in rows.rows)
    ]
    rows.sum(0, {heading: words("row.total")})
    rows.blank(*unknown)


def _year_cells(printed: _Printed, here: Bools, sources: Sequence[str], effects: Mapping[str, str]) -> Dict[str, Cell]:
    events = printed.events
    wins, takes = here & events.supplement, here & ~events.supplement
    cells: Dict[str, Cell] = {}
    for measure in MEASURES:
        cells[f"occupied_{measure}"] = printed.cell(takes, measure)
        cells[f"supplied_{measure}"] = printed.cell(wins, measure)
        for kind in sources:
            if effects[kind] != QUALITY or measure != QUANTITY:
                cells[f"{kind}_{measure}"] = printed.cell(wins & (events.kind == kind), measure)
    return cells


def _flow_cells(printed: _Printed, here: Bools, supplied: Sequence[str]) -> Dict[str, Cell]:
    events = printed.events
    cells: Dict[str, Cell] = {}
    for side, kinds in ((False, printed.account.occupations), (True, supplied)):
        for kind in kinds:
            where = here & (events.supplement == side) & (events.kind == kind)
            cells[f"{'in' if side else 'out'}_{kind}"] = printed.cell(where, QUANTITY) if printed.known(kind) else None
    return cells


def _compensation_columns(
    sources: Sequence[str], effects: Mapping[str, str], words: Words, unit: AreaUnit
) -> Tuple[Column, ...]:
    def three(name: str, *groups: str, quantity: bool = True, total: bool = True) -> List[Column]:
        return [
            Column(
                f"{name}_{measure}",
                words(f"column.change.{_HEADINGS[measure]}"),
                Kind.AREA,
                groups,
                11 if measure == PRODUCTIVITY else 9,
                0 if measure == PRODUCTIVITY else unit.decimals,
                total=total,
            )
            for measure in MEASURES
            if quantity or measure != QUANTITY
        ]

    supplement = words("column.change.supplement")
    year = Column("year", words("column.change_year"), width=9)
    columns = [year, *three("occupied", words("column.change.occupation"))]
    for kind in sources:
        columns += three(kind, supplement, words(f"change.{kind}"), quantity=effects[kind] != QUALITY)
    if len(sources) > 1:
        columns += three("supplied", supplement, words("column.change.supplement_total"))
    return (*columns, *three("rest", words("column.change.rest_cumulative"), total=False))


def _flow_columns(
    occupations: Sequence[str], supplied: Sequence[str], words: Words, unit: AreaUnit
) -> Tuple[Column, ...]:
    def area(key: str, title: str, group: str = "", terms: Tuple[Tuple[str, int], ...] = ()) -> Column:
        groups = (group,) if group else ()
        return Column(key, title, Kind.AREA, groups, 9, unit.decimals, total=True, terms=terms)

    taken, made = words("column.change.occupation"), words("column.change.supplement")
    return (
        Column("unit", words("column.unit"), width=16),
        *(area(f"out_{kind}", words(f"change.{kind}"), taken) for kind in occupations),
        area(
            "out_total",
            words("column.change.occupied_total"),
            taken,
            tuple((f"out_{kind}", 1) for kind in occupations),
        ),
        *(area(f"in_{kind}", words(f"change.{kind}"), made) for kind in supplied),
        area("in_total", words("column.change.supplied_total"), made, tuple((f"in_{kind}", 1) for kind in supplied)),
        area("net", words("column.change_net"), terms=(("in_total", 1), ("out_total", -1))),
    )


def _printed(balance: Balance, unit: AreaUnit) -> _Printed:
    """Every event with its printed figures: those of its plot's pieces, or of its row."""
    events, quality, change = balance.cultivated.events, balance.quality, balance.changes
    out, new = leaves(balance, True, unit), leaves(balance, False, unit)
    pieces = {
        (True, QUANTITY): (out, reclaim_piece_figures(balance, out)["gain"]),
        (False, QUANTITY): (new, new.part(change.loss)),
        (True, PADDY): (out, out.part(_whole(quality.paddy_after)) - out.part(_whole(quality.paddy_before))),
        (False, PADDY): (new, new.part(_whole(quality.paddy_lost))),
    }
    digits: Dict[str, Floats] = {PRODUCTIVITY: round_half_away(events.amounts[PRODUCTIVITY] / 100.0, 0)}
    for measure in (QUANTITY, PADDY):
        amount = events.amounts[measure]
        found = np.where(np.isnan(amount), np.nan, unit.steps(_whole(amount)).astype(np.float64))
        for side in (True, False):
            leaf, steps = pieces[side, measure]
            mine = events.planned & (events.supplement == side)
            found[mine] = np.where(np.isnan(amount[mine]), np.nan, _of_events(balance, leaf, steps, events, mine))
        digits[measure] = found
    return _Printed(balance.cultivated, unit, digits)


def _whole(amount: Floats) -> Ints:
    return np.asarray(np.nan_to_num(amount), dtype=np.int64)


def _of_events(balance: Balance, leaf: Leaves, steps: Ints, events: Events, mine: Bools) -> Floats:
    """Printed digits of the plot's pieces in the event's village."""
    unit = balance.base.unit
    village = unit.code[balance.changes.plots.base[leaf.piece]]
    count = len(unit.levels)
    sums = np.bincount(leaf.plot * count + village, steps, leaf.count * count)
    row: Mapping[Optional[str], int] = {name: number for number, name in enumerate(unit.levels)}
    keys = events.source[mine] * count + np.array([row[code] for code in events.unit_code[mine]], dtype=np.int64)
    return np.asarray(sums[keys], dtype=np.float64)

"""T11 建设用地空间管制分区面积统计表 / 规划分区统计表: every zone by land class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.amounts import base_amounts
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.classtally import ORDER, ClassLine, class_name, class_tally
from three_opt_three_protect.reports.matrix import settle_matrix
from three_opt_three_protect.reports.rounding import AreaUnit, settle
from three_opt_three_protect.reports.structure import printed_structure
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

CONTROL, USE_ZONE, PLANNING = "control", "use_zone", "planning"
"""Zones of construction control or land use (2006–2020), or planning zones (2021+): the title differs."""


@dataclass(frozen=True)
class Zones:
    """What the zones are called.

    Attributes
    ----------
    kind
        :data:`CONTROL`, :data:`USE_ZONE` or :data:`PLANNING`.
    layer
        Which of the base state's further layers they are, from 0.
    code, name
        Of every feature of that layer; features of one code and name are one zone.
    """

    kind: str
    layer: int
    code: Sequence[Optional[str]]
    name: Sequence[Optional[str]]


def zone_table(
    balance: Balance,
    system: ClassSystem,
    profile: Profile,
    zones: Zones,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
) -> Table:
    """T11: zone × class of the plan's base, of which permanent basic farmland; force-balanced to T2's base."""
    printed = printed_structure(balance, system, profile, unit)
    places = [place for place, amount in enumerate(printed.exact[1]) if amount]
    lines = [printed.lines[place] for place in places]
    names, member = _members(balance, zones)
    exact = [_by_line(balance, system, member == number, lines) for number in range(len(names))]
    base = [printed.base[place] for place in places]
    whole = sum(base)
    totals = settle([sum(row) for row in exact], whole)
    areas = settle_matrix(exact, totals, base)
    shares = settle([sum(row) for row in exact], 100_00)
    rows = Rows(_columns(lines, system, words, unit))
    for number, (code, name) in enumerate(names):
        cells: Dict[str, Cell] = {f"class{place}": amount / 100 for place, amount in enumerate(areas[number])}
        cells.update(
            zone=name or code or words("row.outside_zones"),
            code=code,
            share=shares[number] / 100,
            farmland=_farmland(balance, member == number, unit),
        )
        rows.add(cells)
    rows.sum(0, {"zone": words("row.total")})
    notes = [words("note.T11.base"), words("note.T2.classes", system=system.name), words("note.T2.forced")]
    if "farmland" not in balance.base.given:
        notes.append(words("note.missing_lines", lines=words("zone.farmland")))
    title = words(f"table.T11.{zones.kind}")
    return Table("T11", title, words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _members(balance: Balance, zones: Zones) -> Tuple[List[Tuple[Optional[str], Optional[str]]], NDArray[np.int64]]:
    """The zones in the order of their codes, and the zone of every base piece; land outside is the last."""
    of_feature = [(code, name) for code, name in zip(zones.code, zones.name)]
    names = sorted(set(of_feature), key=lambda pair: (pair[0] is None, pair[0] or "", pair[1] or ""))
    number = np.array([names.index(pair) for pair in of_feature] + [len(names)], dtype=np.int64)
    member = number[balance.base.others[:, zones.layer]]
    if (member == len(names)).any():
        names.append((None, None))
    return names, member


def _by_line(balance: Balance, system: ClassSystem, here: NDArray[np.bool_], lines: Sequence[ClassLine]) -> List[int]:
    base, rows = balance.base, np.flatnonzero(here)
    tally = class_tally(balance, system, rows, base.area[rows], base.net[rows], converted=True)
    return [sum(tally.get(key, 0) for key in line.keys) for line in lines]


def _farmland(balance: Balance, here: NDArray[np.bool_], unit: AreaUnit) -> Cell:
    """Permanent basic farmland, net, as in the accounts (``farmland_net_m2``); None where the layer is not given."""
    if "farmland" not in balance.base.given:
        return None
    amount = int(base_amounts(balance.base)["farmland_net_m2"][here].sum())
    return unit.survey_steps(amount) / 100


def _columns(lines: Sequence[ClassLine], system: ClassSystem, words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    digits = unit.survey_decimals
    classes: List[Column] = []
    for group in ORDER:
        members = [place for place, line in enumerate(lines) if line.group is group]
        if not members:
            continue
        head = (words(f"group.{GROUP_TOKEN[group] or 'unknown'}"),)
        for place in members:
            name = class_name(lines[place], system, words)
            classes.append(Column(f"class{place}", name, Kind.AREA, head, 11, digits, total=True))
        if len(members) > 1:
            parts = tuple((f"class{place}", 1) for place in members)
            title = words("row.subtotal")
            classes.append(Column(f"group{int(group)}", title, Kind.AREA, head, 12, digits, total=True, terms=parts))
    every = tuple((f"class{place}", 1) for place in range(len(lines)))
    return (
        Column("zone", words("column.zone"), width=20),
        Column("code", words("column.zone_code"), width=8),
        *classes,
        Column("area", words("column.sum"), Kind.AREA, (), 13, digits, total=True, terms=every),
        Column("share", words("column.share"), Kind.PERCENT, (), 8, 2, total=True),
        Column("farmland", words("zone.farmland"), Kind.AREA, (words("column.of_which"),), 13, digits, total=True),
    )

"""T18 耕作层剥离与再利用平衡表, and the list of flows behind it."""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.topsoil import Places, joined
from three_opt_three_protect.core.topsoilplan import TopsoilPlan, totals
from three_opt_three_protect.core.topsoiltransport import Floats, Flows
from three_opt_three_protect.reports.rounding import figure
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

_NAMED = 3
"""Destinations a cell names."""


def topsoil_table(plan: TopsoilPlan, words: Words, labels: Labels = NO_LABELS) -> Table:
    """T18: donors, receivers and stores, each with its sum, and the balance of all."""
    rows = Rows(_columns(words))
    _donors(rows, plan, words, labels)
    _receivers(rows, plan, words, labels)
    if len(plan.stores):
        _stores(rows, plan, words, labels)
    sums = totals(plan)
    balance = {
        "stripped": sums.stripped, "needed": sums.needed, "used": sums.used, "stored": sums.stored,
        "spare": sums.left - sums.stored, "short": sums.short,
    }  # fmt: skip
    cells: dict[str, Cell] = {key: value / 100 for key, value in balance.items()}
    rows.add({"side": words("topsoil.balance"), "haul": sums.haul, **cells})
    notes = (
        words("note.T18.closing"),
        words("note.T18.loose", ratio=f"{plan.haulage.loose:g}"),
        words("note.T18.haul", detour=f"{plan.haulage.detour:g}"),
        words("note.T18.unverified"),
    )
    return Table("T18", words("table.T18"), words("unit.m2_m3"), rows.columns, tuple(rows.rows), notes)


def flow_table(plan: TopsoilPlan, words: Words) -> Table:
    """Every flow: from, to, volume, way, haul, days between."""
    rows = Rows(_flow_columns(words))
    waiting = np.concatenate([plan.waiting, np.full(len(plan.kept.start), np.nan)])
    place = 0
    for flows, takers in ((plan.flows, plan.receivers), (plan.kept, plan.stores)):
        for row in range(len(flows.volume)):
            volume = int(flows.volume[row])
            rows.add(
                {
                    "from_id": str(plan.donors.plot_id[flows.start[row]]),
                    "to_id": str(takers.plot_id[flows.end[row]]),
                    "to_kind": words(f"topsoil.{takers.kind[flows.end[row]]}"),
                    "volume": volume / 100,
                    "loose": _loose(volume, plan),
                    "way": figure(float(flows.metres[row]) / 1000, 3),
                    "haul": figure(float(flows.haul[row]), 2),
                    "days": figure(float(waiting[place]), 0),
                }
            )
            place += 1
    rows.sum(0, {"from_id": words("row.total")})
    notes = (words("note.topsoil.days"),)
    return Table("", words("table.topsoil_flows"), words("unit.m3"), rows.columns, tuple(rows.rows), notes, False)


def _donors(rows: Rows, plan: TopsoilPlan, words: Words, labels: Labels) -> None:
    first, give = len(rows.rows), plan.donors
    takers = joined([plan.receivers, plan.stores])
    every = Flows(
        np.concatenate([plan.flows.start, plan.kept.start]),
        np.concatenate([plan.flows.end, plan.kept.end + len(plan.receivers)]),
        np.concatenate([plan.flows.volume, plan.kept.volume]),
        np.concatenate([plan.flows.metres, plan.kept.metres]),
    )
    haul = _by(plan.flows.start, plan.flows, len(give))
    for row in range(len(give)):
        rows.add(
            {
                **_place(give, row, words, labels, plan),
                "stripped": give.volume[row] / 100,
                "used": plan.used[row] / 100,
                "stored": plan.stored[row] / 100,
                "spare": plan.spare[row] / 100,
                "other": _named(takers, every.end[every.start == row], every.volume[every.start == row], words),
                "haul": float(haul[row]),
                "remark": _why(plan.why_left[row], words),
            }
        )
    rows.sum(first, {"side": words("row.subtotal"), "plot_id": words("topsoil.newbuild")})


def _receivers(rows: Rows, plan: TopsoilPlan, words: Words, labels: Labels) -> None:
    first, take = len(rows.rows), plan.receivers
    haul = _by(plan.flows.end, plan.flows, len(take))
    for row in range(len(take)):
        here = plan.flows.end == row
        rows.add(
            {
                **_place(take, row, words, labels, plan),
                "needed": take.volume[row] / 100,
                "used": plan.received[row] / 100,
                "short": plan.short[row] / 100,
                "other": _named(plan.donors, plan.flows.start[here], plan.flows.volume[here], words),
                "haul": float(haul[row]),
                "remark": _why(plan.why_short[row], words),
            }
        )
    rows.sum(first, {"side": words("row.subtotal"), "plot_id": words("topsoil.receivers")})


def _stores(rows: Rows, plan: TopsoilPlan, words: Words, labels: Labels) -> None:
    first, keep = len(rows.rows), plan.stores
    for row in range(len(keep)):
        here = plan.kept.end == row
        cells = _place(keep, row, words, labels, plan)
        cells.update(area=None, depth=None, loose=_loose(int(plan.filled[row]), plan))
        cells["stored"] = plan.filled[row] / 100
        cells["other"] = _named(plan.donors, plan.kept.start[here], plan.kept.volume[here], words)
        cells["remark"] = words("topsoil.capacity", volume=f"{keep.volume[row] / 100:.2f}")
        rows.add(cells)
    rows.sum(first, {"side": words("row.subtotal"), "plot_id": words("topsoil.storage")})


def _place(places: Places, row: int, words: Words, labels: Labels, plan: TopsoilPlan) -> dict[str, Cell]:
    day = places.day[row]
    unit = places.unit_code[row]
    return {
        "side": words(f"topsoil.{places.kind[row]}"),
        "plot_id": str(places.plot_id[row]),
        "village": labels.villages.get(unit or "", unit),
        "area": float(to_m2(int(places.area[row]))),
        "depth": figure(float(places.depth[row]), 2),
        "loose": _loose(int(places.volume[row]), plan),
        "date": None if np.isnat(day) else str(day),
    }


def _named(places: Places, rows: Ints, volume: Ints, words: Words) -> Optional[str]:
    """The largest flows, by the plot at their other end."""
    order = sorted(range(len(rows)), key=lambda one: (-int(volume[one]), str(places.plot_id[rows[one]])))
    if not order:
        return None
    listed: List[str] = [f"{places.plot_id[rows[one]]}（{volume[one] / 100:.2f}）" for one in order[:_NAMED]]
    first = "、".join(listed)
    return first if len(order) <= _NAMED else words("cell.and_others", first=first, count=len(order))


def _by(index: Ints, flows: Flows, count: int) -> Floats:
    return np.round(np.bincount(index, np.round(flows.haul, 2), count), 2)


def _why(reason: Optional[str], words: Words) -> Optional[str]:
    return None if reason is None else words(f"topsoil.{reason}")


def _loose(volume: int, plan: TopsoilPlan) -> float:
    return float(to_m2(to_units(np.round(to_m2(volume) * plan.haulage.loose, 6))))


def _columns(words: Words) -> Tuple[Column, ...]:
    def volume(key: str, group: str = "") -> Column:
        groups = (words(group),) if group else ()
        return Column(key, words(f"column.soil_{key}"), Kind.NUMBER, groups, 12, 2, total=True)

    return (
        Column("side", words("column.soil_side"), width=9, merged=True),
        Column("plot_id", words("column.plot_id"), width=10),
        Column("village", words("column.village"), width=12),
        Column("date", words("column.soil_date"), Kind.DATE, width=11),
        Column("area", words("column.area"), Kind.AREA, width=13, decimals=2, total=True),
        Column("depth", words("column.soil_depth"), Kind.NUMBER, width=7, decimals=2),
        volume("stripped", "column.soil_volume"),
        volume("needed", "column.soil_volume"),
        volume("loose", "column.soil_volume"),
        volume("used", "column.soil_balance"),
        volume("stored", "column.soil_balance"),
        volume("spare", "column.soil_balance"),
        volume("short", "column.soil_balance"),
        Column("other", words("column.soil_other"), width=34),
        Column("haul", words("column.soil_haul"), Kind.NUMBER, width=15, decimals=2, total=True),
        Column("remark", words("column.remark"), width=16),
    )


def _flow_columns(words: Words) -> Tuple[Column, ...]:
    return (
        Column("from_id", words("column.soil_from"), width=14),
        Column("to_id", words("column.soil_to"), width=14),
        Column("to_kind", words("column.soil_side"), width=16),
        Column("volume", words("column.soil_used"), Kind.NUMBER, width=14, decimals=2, total=True),
        Column("loose", words("column.soil_loose"), Kind.NUMBER, width=14, decimals=2, total=True),
        Column("way", words("column.soil_way"), Kind.NUMBER, width=11, decimals=3),
        Column("haul", words("column.soil_haul"), Kind.NUMBER, width=16, decimals=2, total=True),
        Column("days", words("column.soil_days"), Kind.NUMBER, width=18),
    )

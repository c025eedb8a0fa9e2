"""T21 土地权属状况表（复垦前后）: whose land the reclaim plots lie on, and what it is before and after."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.reports.plots import reclaim_piece_figures
from three_opt_three_protect.reports.rounding import AreaUnit, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

Owner = Tuple[Optional[str], Optional[str], Optional[str]]
"""Code, name and kind of right."""

_STATE = "国有"
"""What the names of the state's rights begin with (domain QSXZ)."""


def owner_table(balance: Balance, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS) -> Table:
    """T21: owner (权属, not 坐落) × class of the land in reclaim plots, with the pieces and figures of T5."""
    leaf = leaves(balance, True, unit)
    sums = reclaim_piece_figures(balance, leaf)
    owners = _owners(balance, labels)
    base, row = balance.base, balance.changes.plots.base[leaf.piece]
    arable = np.where(base.cultivated[balance.changes.plots.base], balance.changes.plots.net, 0)
    group, before = base.group[row], leaf.part(arable)
    sums = {
        "area": leaf.area,
        "cultivated_before": before,
        "agricultural_before": np.where(group == LandGroup.AGRICULTURAL, leaf.area, 0) - before,
        "built_before": np.where(group == LandGroup.CONSTRUCTION, leaf.area, 0),
        "unused_before": np.where(group == LandGroup.UNUSED, leaf.area, 0),
        "unknown_before": np.where(group == LandGroup.UNKNOWN, leaf.area, 0),
        **{key: sums[key] for key in ("cultivated", "agricultural", "unused", "kept")},
    }
    unknown = bool(sums["unknown_before"].any())
    members: Dict[Owner, List[int]] = {}
    for place, parcel in enumerate(base.parcel[row].tolist()):
        members.setdefault(owners[parcel], []).append(place)
    rows = Rows(_columns(words, unit, unknown))
    for owner in sorted(members, key=lambda one: tuple((part is None, part or "") for part in one)):
        code, name, right = owner
        cells: Dict[str, Cell] = {key: leaf.number(steps[members[owner]].sum()) for key, steps in sums.items()}
        cells.update(
            owner=name or (None if code else words("row.no_owner")),
            code=code,
            right=None if right is None else labels.rights.get(right, right),
            plots=len({int(leaf.plot[place]) for place in members[owner]}),
        )
        rows.add(cells)
    rows.sum(0, {"owner": words("row.total")})
    notes = [words("note.T21.owner"), words("note.T21.after")]
    if any(labels.rights.get(right or "", "").startswith(_STATE) for _, _, right in members):
        notes.append(words("note.T21.state_owned"))
    return Table("T21", words("table.T21"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _owners(balance: Balance, labels: Labels) -> List[Owner]:
    """Of every parcel."""
    table = balance.base.parcels.table
    fields = (labels.texts("parcels", table, name) for name in ("owner_code", "owner_name", "right_kind"))
    return list(zip(*fields))


def _columns(words: Words, unit: AreaUnit, unknown: bool) -> Tuple[Column, ...]:
    def area(key: str, title: str, group: str) -> Column:
        return Column(key, words(f"column.{title}"), Kind.AREA, (words(group),), 12, unit.decimals, total=True)

    before, after = "column.before_reclaim", "column.after_reclaim"
    return (
        Column("owner", words("column.owner"), width=24),
        Column("code", words("column.owner_code"), width=21),
        Column("right", words("column.right_kind"), width=16),
        Column("plots", words("column.plot_count"), Kind.NUMBER, width=7),
        Column("area", words("column.plot_area"), Kind.AREA, (), 12, unit.decimals, total=True),
        area("cultivated_before", "cultivated", before),
        area("agricultural_before", "agricultural", before),
        area("built_before", "built", before),
        area("unused_before", "unused", before),
        *((area("unknown_before", "unknown", before),) if unknown else ()),
        *(area(key, key, after) for key in ("cultivated", "agricultural", "unused", "kept")),
    )

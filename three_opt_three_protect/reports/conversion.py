"""T27 图斑基数转换表: parcels whose class in the plan's base is not the survey's."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.base import ROLES
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.reports.plots import area_columns, class_word, mu_note, with_mu
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Labels, Rows, Table, Words

Part = Tuple[int, str, Optional[str], Optional[str]]
"""Parcel, kind of conversion, class in the base, approval number."""


def conversion_table(
    balance: Balance, system: ClassSystem, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T27: one row a parcel, reason, class and approval, by reason; every row is rounded once (00-supplement 1.3)."""
    base = balance.base
    parts = _parts(balance, labels)
    numbers = base.parcels.parcel_id if labels.parcel_numbers is None else labels.parcel_numbers
    rows = Rows(_columns(words, unit))
    for kind in dict.fromkeys(kind for _, kind, _, _ in parts):
        first = len(rows.rows)
        name = words(f"role.{kind}")
        for (parcel, _, code, approval), pieces in ((part, rows_) for part, rows_ in parts.items() if part[1] == kind):
            survey = base.parcels.class_code[parcel]
            unit_code = base.unit_code[pieces[0]]
            cells: Dict[str, Cell] = {
                "reason": name,
                "parcel": numbers[parcel] or str(base.parcels.parcel_id[parcel]),
                "village": None if unit_code is None else labels.villages.get(unit_code, unit_code),
                "survey_code": survey,
                "survey": class_word(survey, system),
                "survey_group": _group(int(base.parcels.classes.group[parcel]), words),
                "base_code": code,
                "base": class_word(code, system) or words(f"class.{kind}" if kind in _AS_BUILT else "class.not_stated"),
                "base_group": _group(int(base.group[pieces[0]]), words),
                "approval": approval,
                "area": unit.number(unit.steps(int(base.area[pieces].sum()))),
            }
            rows.add(with_mu(cells, unit))
        rows.sum(first, {"reason": name, "parcel": words("row.subtotal")})
    rows.sum(0, {"reason": words("row.total")})
    notes = [words("note.T27.basis"), words("note.T27.area"), *mu_note(unit, words)]
    if not parts:
        notes.insert(0, words("note.T27.none"))
    return Table("T27", words("table.T27"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


_AS_BUILT = ("approved_unbuilt", "demolished")


def _parts(balance: Balance, labels: Labels) -> Dict[Part, NDArray[np.int64]]:
    """The converted base pieces by what one row says, in the order of the kinds and parcels."""
    base = balance.base
    members: Dict[Part, List[int]] = {}
    approvals = {kind: _approvals(balance, kind, labels) for kind in labels.approvals}
    code = base.class_base.values
    for piece in np.flatnonzero(base.converted).tolist():
        kind = str(base.base_reason[piece])
        approval = approvals[kind][piece] if kind in approvals else None
        members.setdefault((int(base.parcel[piece]), kind, code[piece], approval), []).append(piece)
    order = sorted(members, key=lambda part: (ROLES.index(part[1]), part[0], part[2] or "", part[3] or ""))
    return {part: np.array(members[part], dtype=np.int64) for part in order}


def _approvals(balance: Balance, kind: str, labels: Labels) -> List[Optional[str]]:
    """Approval number of every base piece, by the feature of the layer it lies in."""
    base = balance.base
    if kind not in base.given:
        return [None] * len(base.area)
    column = [role for role in ROLES if role in base.given].index(kind)
    stated = labels.approvals[kind]
    return [stated[row] if row >= 0 else None for row in base.measured.pieces.zone[:, column].tolist()]


def _group(group: int, words: Words) -> str:
    return words(f"group.{GROUP_TOKEN[LandGroup(group)] or 'unknown'}")


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    survey, plan = (words("column.survey_class"),), (words("column.base_class"),)
    return (
        Column("reason", words("column.conversion"), width=18, merged=True),
        Column("parcel", words("column.parcels"), width=14),
        Column("village", words("column.village"), width=12),
        Column("survey_code", words("column.class_code"), width=8, groups=survey),
        Column("survey", words("column.class_name"), width=14, groups=survey),
        Column("survey_group", words("column.group"), width=10, groups=survey),
        Column("base_code", words("column.class_code"), width=8, groups=plan),
        Column("base", words("column.class_name"), width=16, groups=plan),
        Column("base_group", words("column.group"), width=10, groups=plan),
        Column("approval", words("column.approval"), width=22),
        *area_columns(words, unit),
    )

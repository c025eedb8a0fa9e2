"""What core computed, as the layers and tables the interface promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.factor import Factor, crossed
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_ha, to_m2, to_mu
from three_opt_three_protect.core.rules import Line
from three_opt_three_protect.core.tables import Column, LayerTable, as_factor, factor_column, integer, real, text
from three_opt_three_protect.plans.resulttables import result_table, verdict_columns

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance
    from three_opt_three_protect.core.controls import Closing
    from three_opt_three_protect.core.parcelareas import AreaReport
    from three_opt_three_protect.core.plotreport import PlotReport

Words = Callable[..., str]
"""Message id and values → sentence, see ``storage.messages``."""

_M2 = {"width": 18, "decimals": 2}


def piece_layer(base: BaseState, zone_fids: Sequence[NDArray[np.int64]]) -> LayerTable:
    """Every base piece with its parcel, class, village, lines and areas (``zoneoverlay`` OUTPUT).

    With line or point features of the second survey also what they and the ridges take off each piece.

    Parameters
    ----------
    zone_fids
        Feature ids of each further zone layer.
    """
    columns: Dict[str, Column] = {
        "parcel_id": text(base.parcels.parcel_id[base.parcel], alias="图斑标识", width=18),
        **_keys(base, zone_fids),
        "area_m2": real(to_m2(base.area), alias="面积_平方米", **_M2),
        **_deducted(base),
        "net_m2": real(to_m2(base.net), alias="净面积_平方米", **_M2),
    }
    fid = np.arange(1, len(base.area) + 1, dtype=np.int64)
    return LayerTable("pieces", fid, base.geometry, columns, base.spec.crs)


def piece_summary(base: BaseState, zone_fids: Sequence[NDArray[np.int64]]) -> LayerTable:
    """Areas of base pieces by village, class and combination of zones (``zoneoverlay`` SUMMARY)."""
    found = _keys(base, zone_fids)
    keys = {"unit_code": found.pop("unit_code"), **found}
    index, first = crossed([_ranked(column) for column in keys.values()])
    count = len(first)
    area = to_m2(_sums(index, base.area, count))
    columns: Dict[str, Column] = {
        **{name: column.take(first) for name, column in keys.items()},
        "pieces": integer(np.bincount(index, minlength=count), alias="碎部数"),
        "area_m2": real(area, alias="面积_平方米", **_M2),
        "net_m2": real(to_m2(_sums(index, base.net, count)), alias="净面积_平方米", **_M2),
        "area_ha": real(to_ha(area), alias="面积_公顷", width=18, decimals=4),
        "area_mu": real(to_mu(area), alias="面积_亩", **_M2),
    }
    return LayerTable("summary", np.arange(1, count + 1, dtype=np.int64), columns=columns)


def _deducted(base: BaseState) -> Dict[str, Column]:
    """What line and point features and ridges take off each piece, where such features were given."""
    held = base.measured.deductions
    if held is None:
        return {}
    named = (
        ("line_m2", held.areas.line, "线状地物面积"),
        ("point_m2", held.areas.point, "零星地物面积"),
        ("ridge_m2", held.areas.ridge, "田坎面积"),
    )
    return {name: real(to_m2(area), alias=alias, **_M2) for name, area, alias in named}


def control_table(report: AreaReport) -> LayerTable:
    """Every unit with its control area and what was dealt out in it (``zoneoverlay`` CONTROLS)."""
    closings = report.closings
    level = [name for name, closing in closings.items() for _ in closing.code]

    def joined(of: Callable[[Closing], NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, dtype=np.int64), *(of(closing) for closing in closings.values())])

    def area(of: Callable[[Closing], NDArray[np.int64]], alias: str) -> Column:
        return real(to_m2(joined(of)), alias=alias, **_M2)

    return result_table(
        "controls",
        {
            "level": text(level, alias="级别", width=10),
            "unit_code": text(
                [str(code) for one in closings.values() for code in one.code], alias="单位代码", width=20
            ),
            "parts": integer(joined(lambda closing: closing.parts), alias="下级个数"),
            "control_m2": area(lambda closing: closing.control, "控制面积"),
            "sum_m2": area(lambda closing: closing.before, "下级面积合计"),
            "diff_m2": area(lambda closing: closing.difference, "差值"),
            "step_m2": area(lambda closing: closing.step, "单个最大调整"),
            "beyond": integer(joined(lambda closing: closing.beyond.astype(np.int64)), alias="超出取舍误差", width=1),
        },
    )


def _keys(base: BaseState, zone_fids: Sequence[NDArray[np.int64]]) -> Dict[str, Column]:
    row = base.parcel
    group = base.parcels.classes.group[row].astype(np.int64)
    groups = Factor.picked([GROUP_TOKEN[one] for one in LandGroup], group)
    keys: Dict[str, Column] = {
        "class_code": factor_column(base.parcels.code.take(row), "地类编码", 6),
        "land_group": factor_column(groups, "三大类", 12),
        "unit_code": factor_column(base.unit, "行政村代码", 12),
        "in_farm": _flag(base, "farmland", base.in_farm, "永久基本农田内"),
        "in_bound": _flag(base, "boundary", base.in_bound, "城镇开发边界内"),
        "in_redline": _flag(base, "redline", base.redline > 0, "生态保护红线内"),
    }
    for number, fids in enumerate(zone_fids):
        inside = base.others[:, number] >= 0
        covering = np.zeros(len(row), dtype=np.int64)
        covering[inside] = fids[base.others[inside, number]]
        keys[f"zone{number + 1}"] = integer(covering, ~inside, alias=f"叠加图层{number + 1}")
    return keys


def _flag(base: BaseState, role: str, inside: NDArray[np.bool_], alias: str) -> Column:
    """0 or 1; missing when the layer was not given."""
    missing = None if role in base.given else np.ones(len(inside), dtype=np.bool_)
    return integer(inside.astype(np.int64), missing, alias=alias, width=1)


def _ranked(column: Column) -> Tuple[NDArray[np.int64], int]:
    """Rank of every row's text among the distinct ones, and their number."""
    factor = as_factor(column)
    order = sorted(range(len(factor.levels)), key=lambda level: factor.levels[level] or "")
    return np.argsort(order)[factor.code], len(order)


def _sums(index: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Sums of whole numbers by group, exactly."""
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, index, values)
    return out


def account_table(balance: Balance) -> LayerTable:
    """All account lines (``ACCOUNTS``), then the totals as the tables print them (account ``printed``)."""
    from three_opt_three_protect.reports.quota import printed_totals

    printed = [Line("printed", "", line, value, "ha") for line, value in printed_totals(balance).items()]
    lines = [*balance.accounts.lines, *printed]
    return result_table(
        "accounts",
        {
            "account": text([line.account for line in lines], alias="账目", width=16),
            "unit_code": text([line.unit_code for line in lines], alias="单位代码", width=60),
            "line": text([line.line for line in lines], alias="科目", width=40),
            "value": real(
                [np.nan if line.value is None else line.value for line in lines], alias="数值", width=20, decimals=4
            ),
            "unit": text([line.unit for line in lines], alias="计量单位", width=12),
        },
    )


def verdict_table(balance: Balance, words: Words) -> LayerTable:
    """All verdicts (``VERDICTS``); ``advice`` in the language of ``words``."""
    found = balance.verdicts
    advice = text([words(f"advice.{verdict.rule}") for verdict in found], alias="处理建议", width=200)
    return result_table("verdicts", {**verdict_columns(found), "advice": advice})


def evidence_table(balance: Balance) -> LayerTable:
    """The pieces behind every verdict that names an evidence (``EVIDENCE``)."""
    rule: List[str] = []
    plot: List[Optional[str]] = []
    parcel: List[Optional[str]] = []
    area: List[NDArray[np.float64]] = [np.empty(0)]
    for verdict in balance.verdicts:
        rows = balance.evidence.get(verdict.evidence)
        if rows is not None:
            rule += [verdict.rule] * len(rows.area)
            plot += list(rows.plot_id)
            parcel += list(rows.parcel_id)
            area.append(to_m2(rows.area))
    return result_table(
        "evidence",
        {
            "rule": text(rule, alias="规则", width=40),
            "plot_id": text(plot, alias="地块编号", width=40),
            "parcel_id": text(parcel, alias="图斑标识", width=18),
            "area_m2": real(np.concatenate(area), alias="面积_平方米", **_M2),
        },
    )


def plot_class_table(report: PlotReport, plot_ids: Sequence[Optional[str]], system: ClassSystem) -> LayerTable:
    """T19: every plot by land class (``plotreport`` CLASSES)."""
    rows = report.classes
    names = [found.name if (found := system.find(row.class_code)) else None for row in rows]

    def area(values: Sequence[Optional[int]], alias: str) -> Column:
        return real([np.nan if value is None else value / 100 for value in values], alias=alias, **_M2)

    return result_table(
        "classes",
        {
            "plot_id": text([plot_ids[row.plot] for row in rows], alias="地块编号", width=40),
            "class_code": text([row.class_code for row in rows], alias="地类编码", width=6),
            "class_name": text(names, alias="地类名称", width=60),
            "land_group": text([GROUP_TOKEN[LandGroup(row.group)] for row in rows], alias="三大类", width=12),
            "area_m2": area([row.area for row in rows], "面积_平方米"),
            "net_m2": area([row.net for row in rows], "净面积_平方米"),
            "cult_m2": area([row.cultivated for row in rows], "其中耕地"),
            "paddy_m2": area([row.paddy for row in rows], "其中水田"),
            "farm_m2": area([row.farmland for row in rows], "其中永久基本农田"),
            "area_mu": real(to_mu(to_m2(np.array([row.area for row in rows], dtype=np.int64))), alias="面积_亩", **_M2),
        },
    )


def plot_line_table(report: PlotReport, plot_ids: Sequence[Optional[str]]) -> LayerTable:
    """T20: every plot by line (``plotreport`` LINES)."""
    rows = report.lines
    area = to_m2(np.array([row.area for row in rows], dtype=np.int64))
    return result_table(
        "lines",
        {
            "plot_id": text([plot_ids[row.plot] for row in rows], alias="地块编号", width=40),
            "line": text([row.line for row in rows], alias="管控线", width=20),
            "area_m2": real(area, alias="面积_平方米", **_M2),
            "share": real([round(row.share, 6) for row in rows], alias="占地块比例", width=10, decimals=6),
            "area_mu": real(to_mu(area), alias="面积_亩", **_M2),
        },
    )


def finding_table(findings: Sequence[Finding], words: Words) -> LayerTable:
    """Findings as lines a planner reads."""
    return result_table(
        "findings",
        {
            "finding": text([finding.id for finding in findings], alias="编号", width=40),
            "severity": text([finding.severity for finding in findings], alias="级别", width=8),
            "layer": text([finding.layer for finding in findings], alias="图层", width=60),
            "message": text([words(finding.id, **finding.values) for finding in findings], alias="说明", width=200),
        },
    )

"""Verdicts and findings as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping, Sequence

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import FAIL, PASS, WARN, Verdict
from three_opt_three_protect.core.rules import UNKNOWN as UNKNOWN_RESULT
from three_opt_three_protect.desk.figures import UNKNOWN, figure, unit_name
from three_opt_three_protect.desk.look import icon, result_colour, severity_result
from three_opt_three_protect.desk.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding

translate = QCoreApplication.translate


_WORST_FIRST = (FAIL, UNKNOWN_RESULT, WARN, PASS)

_UNVERIFIED = "unverified"


def verdict_table(verdicts: Sequence[Verdict], names: Mapping[str, str], screen: str, palette: QPalette) -> Table:
    """Verdicts, those not kept first, else in the order of the profile.

    The unit stands only where a rule is judged below the township.
    """
    sides = translate("BalanceTables", "A rule is kept when its left side is not less than its right side")
    units = any(verdict.unit_code for verdict in verdicts)
    columns = [
        Column(translate("BalanceTables", "Result"), width=6),
        Column(translate("BalanceTables", "Rule"), width=13),
        *([Column(translate("BalanceTables", "Unit of judgement"), width=6)] if units else []),
        Column(translate("BalanceTables", "Margin"), numeric=True, width=9),
        Column(translate("BalanceTables", "Left side"), numeric=True, width=6, tip=sides),
        Column(translate("BalanceTables", "Right side"), numeric=True, width=6, tip=sides),
        Column(translate("BalanceTables", "Unit"), width=3),
        Column(translate("BalanceTables", "Policy basis"), width=24),
    ]
    worst_first = sorted(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.result))
    return columns, [_verdict_row(verdict, units, names, screen, palette) for verdict in worst_first]


def _verdict_row(verdict: Verdict, units: bool, names: Mapping[str, str], screen: str, palette: QPalette) -> Row:
    rule = sentence(f"rule.{verdict.rule}", {})
    word = sentence(f"result.{verdict.result}", {})
    tip = verdict_tip(verdict, screen)
    colour = result_colour(verdict.result, palette)
    order = _WORST_FIRST.index(verdict.result)
    left, unit = figure(verdict.left, verdict.unit, screen)
    right, _ = figure(verdict.right, verdict.unit, screen)
    basis = basis_text(verdict)
    cells = [
        Cell(word, order, tip=tip, icon=icon(f"result_{verdict.result}"), colour=colour, bold=True),
        Cell(rule, tip=tip, bold=verdict.hard),
    ]
    if units:
        cells.append(Cell(unit_name(verdict.unit_code, names)))
    cells += [
        Cell(
            margin_text(verdict, screen),
            verdict.margin,
            _signed_margin(verdict, screen),
            tip,
            colour=colour if verdict.result != PASS else None,
        ),
        Cell(left, verdict.left, tip=tip),
        Cell(right, verdict.right, tip=tip),
        Cell(unit),
        Cell(basis, tip=basis),
    ]
    return Row(tuple(cells), (verdict.rule, verdict.unit_code))


def margin_text(verdict: Verdict, screen: str) -> str:
    """富余 12.35 亩, 尚缺 12.35 亩; a dash where it is not known."""
    if verdict.margin is None:
        return UNKNOWN
    text, unit = figure(abs(verdict.margin), verdict.unit, screen)
    return sentence("margin.spare" if verdict.margin >= 0 else "margin.short", {"figure": text, "unit": unit})


def _signed_margin(verdict: Verdict, screen: str) -> str:
    return "" if verdict.margin is None else figure(verdict.margin, verdict.unit, screen)[0]


def basis_text(verdict: Verdict) -> str:
    """The legal basis and how far it is verified; what is not verified says so first."""
    status = sentence(f"status.{verdict.basis_status}", {})
    if verdict.basis_status == _UNVERIFIED:
        return f"【{status}】{verdict.basis}"
    return f"{verdict.basis}【{status}】"


def verdict_tip(verdict: Verdict, screen: str) -> str:
    """Rule, what is missing, advice and basis, one a line."""
    lines = [sentence(f"rule.{verdict.rule}", {})]
    if verdict.hard:
        lines[0] += translate("BalanceTables", " (hard rule)")
    if verdict.missing:
        lines.append(translate("BalanceTables", "Missing: {what}").format(what=missing_text(verdict.missing)))
    elif verdict.result != PASS:
        lines.append(
            translate("BalanceTables", "Advice: {advice}").format(advice=sentence(f"advice.{verdict.rule}", {}))
        )
    lines.append(translate("BalanceTables", "Policy basis: {basis}").format(basis=basis_text(verdict)))
    return "\n".join(lines)


def advice_text(verdict: Verdict) -> str:
    """What is missing and what to do, on one line; nothing where the rule is kept."""
    parts = []
    if verdict.missing:
        parts.append(translate("BalanceTables", "Missing: {what}").format(what=missing_text(verdict.missing)))
    elif verdict.result != PASS:
        parts.append(sentence(f"advice.{verdict.rule}", {}))
    return " ".join(parts)


def missing_text(missing: Sequence[str]) -> str:
    """Roles, facts and account lines by their titles."""
    return translate("BalanceTables", ", ").join(dict.fromkeys(_missing_word(entry) for entry in missing))


def _missing_word(entry: str) -> str:
    for kind in ("role", "fact", "line"):
        key = f"{kind}.{entry}"
        word = sentence(key, {})
        if word != key:
            return word
    return entry


def finding_table(findings: Sequence[Finding], palette: QPalette) -> Table:
    """Findings, the most serious first as core sorts them."""
    columns = [
        Column(translate("BalanceTables", "Severity"), width=5),
        Column(translate("BalanceTables", "What to look at"), width=40),
    ]
    rows = []
    for place, finding in enumerate(findings):
        result = severity_result(finding.severity)
        words = sentence(finding.id, finding.values)
        severity = Cell(
            sentence(f"severity.{finding.severity}", {}),
            ("fail", "warn", "unknown").index(result),
            icon=icon(f"result_{result}" if result != "unknown" else "result_info"),
            colour=result_colour(result, palette),
        )
        rows.append(Row((severity, Cell(words, tip=words)), place))
    return columns, rows

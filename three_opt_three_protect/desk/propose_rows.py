"""Why there is no plan, in a planner's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping, Sequence

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import FAIL, WARN
from three_opt_three_protect.desk.account_rows import words
from three_opt_three_protect.desk.figures import figure, unit_name
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from three_opt_three_protect.core.optimiser.problem import Reason

translate = QCoreApplication.translate


def reason_table(
    reasons: Sequence[Reason],
    screen: str,
    palette: QPalette,
    names: Mapping[str, str],
) -> Table:
    """One limit a row: what it is, how much is missing, and what that comes from."""
    columns = [
        Column(translate("ProposeTables", "Cannot be kept"), width=11),
        Column(translate("ProposeTables", "Lacking"), numeric=True, width=8),
        Column(translate("ProposeTables", "Why"), width=20),
    ]
    rows = []
    for place, reason in enumerate(reasons):
        result = WARN if reason.given_up else FAIL
        title = limit_title(reason.id)
        if reason.unit_code:
            title = f"{unit_name(reason.unit_code, names)} {title}"
        if reason.year is not None:
            title = translate("ProposeTables", "{title}, by {year}").format(title=title, year=reason.year)
        cells = (
            Cell(title, icon=icon(f"result_{result}"), bold=not reason.given_up, tip=title),
            Cell(short_text(reason, screen), reason.short_by, colour=result_colour(result, palette)),
            Cell(why_text(reason, screen)),
        )
        rows.append(Row(cells, place))
    return columns, rows


def short_text(reason: Reason, screen: str) -> str:
    """尚缺 12.35 亩."""
    from three_opt_three_protect.plans.proposalwords import whole

    if reason.kind == "fixed":
        return sentence(f"allocation.fixed_{reason.id}", {"plots": ", ".join(reason.others)})
    text, unit = figure(whole(reason.short_by, reason.unit), reason.unit, screen)
    return sentence("margin.short", {"figure": text, "unit": unit})


def limit_title(limit: str) -> str:
    """Title of a rule, an assigned figure or a need, as the other screens call it."""
    from three_opt_three_protect.plans.proposalwords import account_name

    return account_name(limit, words)


def why_text(reason: Reason, screen: str) -> str:
    """What it comes from, and what can be done about it."""
    from three_opt_three_protect.plans.proposalwords import advice_id, is_first_move, whole

    text, unit = figure(whole(reason.short_by, reason.unit), reason.unit, screen)
    short = f"{text} {unit}".rstrip()
    if is_first_move(reason):
        return sentence("allocation.first_move", {"short": short})
    others = translate("ProposeTables", ", ").join(dict.fromkeys(map(limit_title, reason.others)))
    kind = "given_up" if reason.given_up else reason.kind
    said = sentence(f"allocation.{kind}", {"short": short, "others": others})
    advice = advice_id(reason)
    more = sentence(advice, {})
    return said if more == advice else f"{said}{more}"

"""Write ``docs/rules.md``, the list of all data checks, from ``resources/rules.csv``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Dict, Iterator, List

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from three_opt_three_protect.core.quality.case import RuleSpec
from three_opt_three_protect.core.quality.runner import STATUTORY
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.rulebook import load_rules

PAGE = ROOT / "docs" / "rules.md"
GROUPS = {
    "structure": "Structure 结构",
    "codes": "Codes 编码",
    "areas": "Areas 面积",
    "attributes": "Attributes 属性",
    "shapes": "Shapes 图形",
    "overlap": "Overlaps and gaps 重叠与缝隙",
    "nesting": "Nesting 上下级",
    "lines": "Lines 三条控制线",
    "plan": "Plan layers 规划地块",
    "years": "Two years 两年对照",
}
WEIGHTS = {"error": "严重", "warning": "一般", "info": "备注"}
HEAD = """# Data checks 数据质检

<!-- Written by scripts/rules_page.py from resources/rules.csv; do not edit here. -->

The algorithm `checkdata` and the findings dock run the {count} rules below. A rule runs when the layer has the role the
rule is for and everything the rule needs is given; the others are listed with what they lack (output `RULES_RUN`).

A finding weighs 严重(必改) *error*, 一般 *warning* or 备注 *info*. Survey data and lines ({statutory}) are statutory: a
township does not change them, so a finding there may weigh less (second word). Tolerances, figures and words stand in
`resources/rules.csv`; `TOLERANCE` of `checkdata` takes the place of every tolerance in the rule's own unit. *Status*
says how far the basis is verified: `text` and `repo` were read in a standard or in software that follows it, `practice`
is what offices do, `unverified` is to be confirmed.
"""


def page() -> str:
    """The whole page."""
    groups: Dict[str, List[RuleSpec]] = {}
    for rule in load_rules().values():
        groups.setdefault(rule.group, []).append(rule)
    roles = load_role_schemas()
    names = "、".join(roles[role].alias for role in STATUTORY)
    parts = [HEAD.format(count=len(load_rules()), statutory=names)]
    for group, rules in groups.items():
        parts.append(f"\n## {GROUPS[group]}\n\n" + "\n".join(table(rules)) + "\n")
    return "".join(parts)


def table(rules: List[RuleSpec]) -> Iterator[str]:
    """The rules of a group, one a line."""
    yield "| rule | what it finds | weighs | for | needs | tolerance | basis | status |"
    yield "|---|---|---|---|---|---|---|---|"
    for rule in rules:
        cells = (
            f"`{rule.id}`",
            f"{rule.title['zh']}<br>{rule.title['en']}",
            weight(rule),
            ", ".join(rule.roles) or "all",
            ", ".join(rule.needs) or "–",
            figures(rule),
            rule.basis or "–",
            rule.status,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def weight(rule: RuleSpec) -> str:
    """One word, or two where statutory data is judged otherwise."""
    own, statutory = WEIGHTS[rule.severity], WEIGHTS[rule.statutory]
    return own if own == statutory else f"{own} / {statutory}"


def figures(rule: RuleSpec) -> str:
    """Tolerance and options."""
    least = [] if rule.tolerance is None else [f"{rule.tolerance:.10g} {rule.unit}"]
    return ", ".join([*least, *(f"{name} = {value}" for name, value in rule.options.items())]) or "–"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

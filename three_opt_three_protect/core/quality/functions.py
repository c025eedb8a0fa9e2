"""Every rule's function by the rule's id, which is the function's name."""

from __future__ import annotations

from typing import Mapping

from three_opt_three_protect.core.quality import (
    areas,
    attributes,
    codes,
    features,
    lines,
    nesting,
    plots,
    shapes,
    structure,
    topology,
    years,
)
from three_opt_three_protect.core.quality.case import RuleFunction

_MODULES = (structure, codes, areas, features, attributes, shapes, topology, nesting, lines, plots, years)

FUNCTIONS: Mapping[str, RuleFunction] = {
    function.__name__: function for module in _MODULES for function in module.RULES
}

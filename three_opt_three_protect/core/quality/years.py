"""Two survey years: same township, same control areas."""

from __future__ import annotations

from typing import Tuple

from three_opt_three_protect.core.quality.case import RuleFunction

RULES: Tuple[RuleFunction, ...] = ()

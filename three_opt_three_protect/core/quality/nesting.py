"""Nesting: parcels in villages, villages in the township, codes and areas that add up."""

from __future__ import annotations

from typing import Tuple

from three_opt_three_protect.core.quality.case import RuleFunction

RULES: Tuple[RuleFunction, ...] = ()

"""Codes: land classes and their names, unit codes, settlement codes."""

from __future__ import annotations

from typing import Tuple

from three_opt_three_protect.core.quality.case import RuleFunction

RULES: Tuple[RuleFunction, ...] = ()

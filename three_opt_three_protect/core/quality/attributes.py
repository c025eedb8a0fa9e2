"""Attributes: slope, terrace kind, grade, width, parcel numbers, data year."""

from __future__ import annotations

from typing import Tuple

from three_opt_three_protect.core.quality.case import RuleFunction

RULES: Tuple[RuleFunction, ...] = ()

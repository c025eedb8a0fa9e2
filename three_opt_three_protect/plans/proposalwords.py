"""What an allocation says, in planners' words: accounts, amounts, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import numpy as np

from three_opt_three_protect.core.measure import to_mu

if TYPE_CHECKING:
    from three_opt_three_protect.core.optimiser.problem import Reason

Words = Callable[..., str]
"""Message id and values → sentence, see ``storage.messages``."""

NAMED = 5
"""Names told of a longer list."""

_COUNTED = frozenset({"households", "plots", "persons"})
"""Units of which there are no parts."""

_LONGEST = 200
"""Characters of an advice."""

_NO_RULES = frozenset({"resettlement", "budget", "conflict", "closed"})
"""Limits that are no rules of a profile."""

_FLATS, _LAND = "resettlement", frozenset({"reclaim_first", "cultivated_first"})
"""Limits that exclude each other where flats need land that is reclaimed first, and reclamation needs flats."""


def advice(reason: Reason, words: Words) -> str:
    """What a planner can do about a limit that cannot be kept."""
    if reason.kind == "fixed":
        return words(f"allocation.fixed_{reason.id}", plots=", ".join(reason.others))
    short = amount(reason.short_by, reason.unit, words)
    if is_first_move(reason):
        return words("allocation.first_move", short=short)
    kind = "given_up" if reason.given_up else reason.kind
    others = ", ".join(account_name(other, words) for other in reason.others[:NAMED])
    said = words(f"allocation.{kind}", short=short, others=others)
    return f"{said}{words(advice_id(reason))}"[:_LONGEST]


def is_first_move(reason: Reason) -> bool:
    """Whether flats lack the land of a reclamation that waits for these flats (00-supplement 1.7)."""
    mates = _LAND if reason.id == _FLATS else {_FLATS} if reason.id in _LAND else frozenset()
    return not reason.given_up and not mates.isdisjoint(reason.others)


def advice_id(reason: Reason) -> str:
    """Message of what can be done; land wanted that other limits forbid does not lack sites."""
    if not reason.id.startswith("demand."):
        return f"advice.{reason.id}"
    return "advice.demand_paid" if reason.kind == "together" else "advice.demand"


def account_name(limit: str, words: Words) -> str:
    """A limit as planners call it."""
    if limit.startswith("demand."):
        return words("limit.demand", use=words(f"use.{limit.partition('.')[2]}"))
    return words(f"limit.{limit}") if limit in _NO_RULES else words(f"rule.{limit}")


def amount(value: float, unit: str, words: Words) -> str:
    """A figure as planners say it: areas in 亩, money in 万元."""
    if unit == "m2":
        return f"{float(to_mu(np.array([value]))[0]):.2f} {words('unit.mu')}"
    if unit == "yuan":
        return f"{value / 1e4:.2f} {words('unit.10k_yuan')}"
    if unit == "percent":
        return f"{value:.2f} %"
    digits = f"{whole(value, unit):.4f}".rstrip("0").rstrip(".")
    return f"{digits} {words(f'unit.{unit}')}"


def whole(value: float, unit: str) -> float:
    """A shortage as it can be made good: of households and plots there are no parts."""
    return float(np.ceil(round(value, 6))) if unit in _COUNTED else value


def data_name(name: str, words: Words) -> str:
    """A line or layer that is missing, as planners call it."""
    for key in (f"line.{name}", f"role.{name}"):
        said = words(key)
        if said != key:
            return said
    return name

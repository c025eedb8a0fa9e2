"""Registers a plan is handed in with: stock construction land, opinions, projects, people of natural villages.

They are lists of their own, printed as they stand (T12, T22, T24, T26); no account depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Tuple

LOW_EFFICIENCY = "low_efficiency"
"""Kind of stock land that yields less than the policy profile asks for."""


@dataclass(frozen=True)
class Stock:
    """A piece of stock construction land (存量建设用地); ``area`` in hundredths of a m², None = not known.

    ``number`` is ``""`` where the list gives none: the table then counts.  ``below`` are the figures of an enterprise
    that are under the limits of the profile: name → (figure, limit).
    """

    number: str
    kind: str
    place: Optional[str] = None
    user: Optional[str] = None
    class_code: Optional[str] = None
    area: Optional[int] = None
    since: Optional[int] = None
    reason: Optional[str] = None
    measure: Optional[str] = None
    year: Optional[int] = None
    remark: Optional[str] = None
    below: Optional[Mapping[str, Tuple[float, float]]] = None


@dataclass(frozen=True)
class Opinion:
    """An opinion on the plan and what became of it; ``adopted`` is yes, partly, no or None."""

    stage: Optional[str]
    source: Optional[str]
    date: Optional[str]
    opinion: str
    adopted: Optional[str]
    reply: Optional[str]


@dataclass(frozen=True)
class Project:
    """A project of the plan; areas in hundredths of a m², ``invest`` in 10 000 yuan, None = not known.

    ``plots`` are the plots it is made of: where they are named, their figures are the project's.
    """

    name: str
    kind: Optional[str] = None
    place: Optional[str] = None
    plots: Tuple[str, ...] = ()
    area: Optional[int] = None
    added: Optional[int] = None
    cultivated: Optional[int] = None
    invest: Optional[float] = None
    start: Optional[int] = None
    end: Optional[int] = None
    body: Optional[str] = None
    remark: Optional[str] = None


@dataclass(frozen=True)
class Place:
    """Households of a natural village (of a village where ``settlement`` is None); NaN = not stated."""

    unit_code: Optional[str]
    settlement: Optional[str]
    households: float
    population: float


@dataclass(frozen=True)
class Registers:
    """All of them; None = not given."""

    projects: Optional[Tuple[Project, ...]] = None
    stock: Optional[Tuple[Stock, ...]] = None
    opinions: Optional[Tuple[Opinion, ...]] = None
    places: Optional[Tuple[Place, ...]] = None


NO_REGISTERS = Registers()

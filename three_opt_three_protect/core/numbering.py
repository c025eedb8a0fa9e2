"""What forms of boundary points (界址点) differ in; needs no geometry, so that forms can be listed without it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Restart(str, Enum):
    """Where numbers begin at 1 again."""

    PLOT = "plot"
    RING = "ring"
    LAYER = "layer"
    """Nowhere: they run through all plots."""


@dataclass(frozen=True)
class Numbering:
    """What forms of boundary points differ in: where numbers begin anew, and which way holes run."""

    restart: Restart = Restart.PLOT
    holes_clockwise: bool = False

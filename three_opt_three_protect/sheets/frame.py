"""Where things lie on the paper and which piece of the world the frame shows. Plain arithmetic, mm and m."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError

AIR = 0.965
"""Share of the frame the township may fill: it must not touch the neat line."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the paper, mm from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    def inset(self, by: float) -> Box:
        """The rectangle ``by`` mm inside."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def overlaps(self, other: Box, slack: float = 0.01) -> bool:
        """True when both share more than a line."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > slack
            and min(self.bottom, other.bottom) - max(self.y, other.y) > slack
        )


@dataclass(frozen=True)
class Extent:
    """A rectangle of the world, m."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """East–west, m."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """North–south, m."""
        return self.north - self.south


def largest_scale(content: Extent, frame: Box, scales: Sequence[int]) -> Optional[int]:
    """The smallest denominator of ``scales`` at which ``content`` fits into ``frame``; None when none does."""
    needed = 1000.0 * max(content.width / (frame.width * AIR), content.height / (frame.height * AIR))
    return next((scale for scale in sorted(scales) if scale >= needed), None)


def choose_scale(content: Extent, frame: Box, scales: Sequence[int], wanted: Optional[int] = None) -> int:
    """The denominator asked for, else the largest round scale.

    Raises
    ------
    InputError
        ``sheet_scale_too_large``: at ``wanted`` the township would be cut off;
        ``sheet_too_small``: it fits at none of ``scales``.
    """
    fits = largest_scale(content, frame, scales)
    if wanted is None:
        if fits is None:
            raise InputError("sheet_too_small", scale=max(scales))
        return fits
    needed = 1000.0 * max(content.width / frame.width, content.height / frame.height)
    if wanted < needed:
        raise InputError("sheet_scale_too_large", scale=wanted, fits=fits or math.ceil(needed))
    return wanted


def centred(content: Extent, frame: Box, scale: int) -> Extent:
    """What ``frame`` shows at 1:``scale`` with ``content`` in the middle."""
    half_width = frame.width * scale / 2000.0
    half_height = frame.height * scale / 2000.0
    x, y = (content.west + content.east) / 2, (content.south + content.north) / 2
    return Extent(x - half_width, y - half_height, x + half_width, y + half_height)


def grid_step(scale: int, steps: Sequence[int], gap: float) -> int:
    """The finest of ``steps`` (m) whose lines lie at least ``gap`` mm apart at 1:``scale``."""
    return next((step for step in sorted(steps) if step * 1000.0 / scale >= gap), max(steps))


def grid_values(low: float, high: float, step: int) -> List[int]:
    """Multiples of ``step`` strictly between ``low`` and ``high``."""
    first = math.floor(low / step) + 1
    last = math.ceil(high / step) - 1
    return [number * step for number in range(first, last + 1)]


def bar_step(scale: int, length: float) -> Tuple[int, int]:
    """Metres of one segment of a scale bar of four, 1, 2 or 5 × 10ⁿ, at most ``length`` mm in all.

    Returns
    -------
    tuple
        Metres a segment and number of segments.
    """
    longest = length * scale / 1000.0 / 4
    power = 10 ** math.floor(math.log10(longest))
    metres = max(times * power for times in (1, 2, 5) if times * power <= longest)
    return int(metres), 4

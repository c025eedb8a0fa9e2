"""What is asked of a set of sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional, Tuple

from three_opt_three_protect.core.errors import InputError

ALL = "all"
FORMATS = ("pdf", "png", "jpg")
EDITIONS = ("internal", "public")


@dataclass(frozen=True)
class SheetRequest:
    """How the sheets are to be drawn.

    Attributes
    ----------
    numbers
        Of the sheets in the set (08-maps 8.1).
    size
        ``a0``, ``a1``, ``a3``; landscape.
    formats
        Of ``pdf``, ``png``, ``jpg``.
    edition
        ``internal`` has coordinates, 密级 and 编号; ``public`` has none of them and says nowhere
        where it lies (00-supplement 3.4).
    scale
        Denominator; None = the largest round one at which the township fits.
    pack
        Class colours: ``plan``, ``survey``, ``territorial``.
    date
        ISO date printed as 编制日期.
    as_of
        Printed as 数据时点; ``""`` = as the plan says.
    compiled_by
        编制单位; ``""`` = the township's government.
    """

    numbers: Tuple[int, ...]
    date: str
    size: str = "a3"
    formats: Tuple[str, ...] = ("pdf",)
    edition: str = "internal"
    scale: Optional[int] = None
    pack: str = "plan"
    as_of: str = ""
    compiled_by: str = ""

    @property
    def internal(self) -> bool:
        """Whether coordinates may be shown."""
        return self.edition == "internal"


@dataclass
class SheetsDrawn:
    """What came of a request.

    ``skipped`` is sheet number → message id of the reason, ``warnings`` message id and values.
    """

    files: List[Path] = field(default_factory=list)
    count: int = 0
    skipped: List[Tuple[int, str]] = field(default_factory=list)
    warnings: List[Tuple[str, dict[str, str]]] = field(default_factory=list)


def parse_numbers(text: str, count: int) -> Tuple[int, ...]:
    """``all``, or numbers by commas (also Chinese ones) → numbers, each once, in order.

    Raises
    ------
    InputError
        ``sheet_numbers``: something is not a number from 1 to ``count``.
    """
    plain = text.strip().lower()
    if plain in ("", ALL):
        return tuple(range(1, count + 1))
    words = [word.strip() for word in plain.replace("，", ",").replace("、", ",").split(",") if word.strip()]
    if not words or not all(word.isdecimal() and 1 <= int(word) <= count for word in words):
        raise InputError("sheet_numbers", given=text, last=count)
    return tuple(sorted({int(word) for word in words}))

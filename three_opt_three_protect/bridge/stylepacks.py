"""The colours and symbols of ``resources/styles`` as plain data.

A class is coloured by its *name*, never by its code: the same code is paddy in one classification
and a river in another (00-supplement 1.1), the same name means the same everywhere.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Dict, List, Mapping, NoReturn, Optional, Sequence, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandClass

PACKS = ("plan", "survey", "territorial")
"""08-maps 8.3b (plans 2006–2020), 8.3 (third survey), 00-supplement 3.3 (from 2021)."""

ADJUSTABLE = "可调整"
"""What a class name begins with when the land may be made cultivated again; it keeps its colour."""

Rgb = Tuple[int, int, int]

_CLASS_COLUMNS = ("name", "fill", "line", "pattern", "classes", "status")
_SYMBOL_COLUMNS = (
    "role", "kind", "name", "fill", "alpha", "line", "width", "dash", "hatch", "angle", "spacing",
    "small_alpha", "small_width", "status",
)  # fmt: skip
DASHES = ("solid", "dash", "dot", "dash_dot")


@dataclass(frozen=True)
class Hatch:
    """Parallel lines; ``angle`` None = crossed at ±45°; ``spacing`` mm."""

    colour: Rgb
    angle: Optional[float]
    spacing: float


@dataclass(frozen=True)
class ClassColour:
    """One entry of a legend of land classes."""

    name: str
    fill: Rgb
    line: Optional[Rgb] = None
    hatch: Optional[Hatch] = None


@dataclass(frozen=True)
class AreaSymbol:
    """How a line layer or the plots of one kind are drawn; ``width`` mm, ``alpha`` 0–1.

    ``small_…`` count at scales smaller than the basic 1:10 000 (08-maps 8.2b), where lines of
    full width would hide what they bound.
    """

    role: str
    kind: str
    name: str
    fill: Optional[Rgb]
    alpha: float
    line: Optional[Rgb]
    width: float
    dash: str
    hatch: Optional[Hatch]
    small_alpha: float
    small_width: float

    def at(self, small: bool) -> AreaSymbol:
        """The symbol for small or for large scales."""
        return replace(self, alpha=self.small_alpha, width=self.small_width) if small else self


@dataclass(frozen=True)
class StylePack:
    """The class colours of one drafting standard; ``entry_of`` is class name → row of ``entries``."""

    id: str
    entries: Tuple[ClassColour, ...]
    entry_of: Mapping[str, int]

    def find(self, code: str, system: ClassSystem) -> Optional[ClassColour]:
        """The colour of ``code`` in ``system``; None when the system does not know the code."""
        land = system.find(code)
        if land is None:
            return None
        for name in _names(land, system):
            if name in self.entry_of:
                return self.entries[self.entry_of[name]]
        return None


def _names(land: LandClass, system: ClassSystem) -> List[str]:
    """From the class itself to its three-class group, the nearest first."""
    names = [land.name, *land.aliases, land.name.replace(ADJUSTABLE, "", 1)]
    if land.parent in system.classes:
        names.append(system.classes[land.parent].name)
    names.append(land.level1_name)
    token = GROUP_TOKEN[land.group]
    return names if token is None else [*names, token]


@cache
def load_pack(pack: str) -> StylePack:
    """The class colours of ``pack``.

    Raises
    ------
    SchemaError
        ``style_pack_unknown``, ``resource_wrong_value``, ``resource_wrong_columns`` with file and line.
    """
    if pack not in PACKS:
        raise SchemaError("style_pack_unknown", pack=pack, known=", ".join(PACKS))
    entries: List[ClassColour] = []
    entry_of: Dict[str, int] = {}
    for row in read_rows(paths.resource("styles", f"{pack}.csv"), _CLASS_COLUMNS):
        for name in row["classes"].split("|"):
            if name in entry_of:
                row.wrong("classes", "one row a class")
            entry_of[name] = len(entries)
        entries.append(ClassColour(row["name"], row.rgb("fill"), row.maybe_rgb("line"), row.pattern()))
    return StylePack(pack, tuple(entries), entry_of)


@cache
def load_symbols() -> Mapping[Tuple[str, str], AreaSymbol]:
    """(Role, kind) → symbol; kind ``""`` is what a role looks like without a kind (08-maps 8.4)."""
    symbols = {}
    for row in read_rows(paths.resource("styles", "symbols.csv"), _SYMBOL_COLUMNS):
        if row["dash"] not in DASHES:
            row.wrong("dash", ", ".join(DASHES))
        symbols[row["role"], row["kind"]] = AreaSymbol(
            row["role"],
            row["kind"],
            row["name"],
            row.maybe_rgb("fill"),
            row.number("alpha") / 100.0,
            row.maybe_rgb("line"),
            row.number("width"),
            row["dash"],
            row.hatch(),
            row.number("small_alpha") / 100.0,
            row.number("small_width"),
        )
    return symbols


class _Row(Dict[str, str]):
    """One line of a CSV file that can say where it stands."""

    file = ""
    line = 0

    def wrong(self, column: str, expected: str) -> NoReturn:
        raise SchemaError(
            "resource_wrong_value", file=self.file, line=self.line, key=column, value=self[column], expected=expected
        )

    def number(self, column: str) -> float:
        try:
            return float(self[column])
        except ValueError:
            self.wrong(column, "1.5")

    def rgb(self, column: str, text: str = "") -> Rgb:
        parts = (text or self[column]).split("/")
        if len(parts) != 3 or not all(part.isdecimal() and int(part) < 256 for part in parts):
            self.wrong(column, "255/255/0")
        return int(parts[0]), int(parts[1]), int(parts[2])

    def maybe_rgb(self, column: str) -> Optional[Rgb]:
        return self.rgb(column) if self[column] else None

    def pattern(self) -> Optional[Hatch]:
        """``line/angle/spacing/R/G/B`` of a class."""
        if not self["pattern"]:
            return None
        kind, *rest = self["pattern"].split("/", 3)
        if kind != "line" or len(rest) != 3:
            self.wrong("pattern", "line/45/1.2/130/130/130")
        try:
            angle, spacing = float(rest[0]), float(rest[1])
        except ValueError:
            self.wrong("pattern", "line/45/1.2/130/130/130")
        return Hatch(self.rgb("pattern", rest[2]), angle, spacing)

    def hatch(self) -> Optional[Hatch]:
        """Columns hatch, angle (degrees or ``cross``) and spacing of a symbol."""
        if not self["hatch"]:
            return None
        angle = None if self["angle"] == "cross" else self.number("angle")
        return Hatch(self.rgb("hatch"), angle, self.number("spacing"))


def read_rows(path: Path, columns: Sequence[str]) -> List[_Row]:
    """The lines of a CSV file under its heading.

    Raises
    ------
    SchemaError
        ``resource_unreadable``, ``resource_wrong_columns`` with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise SchemaError("resource_unreadable", file=path.name, line=0, problem=problem) from error
    found = []
    lines = csv.reader(text.splitlines())
    for cells in lines:
        if len(cells) != len(columns):
            values = {"count": len(cells), "expected": len(columns)}
            raise SchemaError("resource_wrong_columns", file=path.name, line=lines.line_num, **values)
        row = _Row(zip(columns, cells))
        row.file, row.line = path.name, lines.line_num
        found.append(row)
    return found[1:]

"""What a sheet looks like whatever it shows: ``resources/layouts/sheet.yaml`` as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Mapping, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

_KEYS = (
    "fonts", "papers", "scales", "grid_m", "grid_gap_mm", "plan_name", "plan_names", "sheets", "sheet_count", "datums",
)  # fmt: skip


@dataclass(frozen=True)
class Datum:
    """How a datum is called on a sheet; ``zone3`` + zone number = EPSG code of its 3° projection."""

    name: str
    height: str
    zone3: int


@dataclass(frozen=True)
class SheetSettings:
    """Fonts, papers (mm, landscape), scales, grid, names; all from resources.

    Attributes
    ----------
    fonts
        Chinese font families, the preferred first.
    papers
        Word → width and height, mm.
    scales
        Denominators, ascending.
    grid_m, grid_gap_mm
        Spacings of the coordinate grid, and the least distance of its lines on paper.
    sheets
        Number in the set (08-maps 8.1) → title; the numbers of one title are one sheet.
    """

    fonts: Tuple[str, ...]
    papers: Mapping[str, Tuple[float, float]]
    scales: Tuple[int, ...]
    grid_m: Tuple[int, ...]
    grid_gap_mm: float
    plan_name: str
    plan_names: Mapping[str, str]
    sheets: Mapping[int, str]
    sheet_count: int
    datums: Mapping[str, Datum]


@cache
def load_settings() -> SheetSettings:
    """The shipped settings.

    Raises
    ------
    SchemaError
        ``resource_…`` with file and line.
    """
    keys = read_yaml(paths.resource("layouts", "sheet.yaml")).mapping(_KEYS, ())
    return SheetSettings(
        keys["fonts"].texts(),
        {word: _pair(entry) for word, entry in keys["papers"].mapping().items()},
        _wholes(keys["scales"]),
        _wholes(keys["grid_m"]),
        keys["grid_gap_mm"].number(),
        keys["plan_name"].text(),
        {profile: entry.text() for profile, entry in keys["plan_names"].mapping().items()},
        {int(number): entry.text() for number, entry in keys["sheets"].mapping().items()},
        keys["sheet_count"].whole(),
        {authid: _datum(entry) for authid, entry in keys["datums"].mapping().items()},
    )


def _wholes(entry: Entry) -> Tuple[int, ...]:
    return tuple(sorted(one.whole() for one in entry.list()))


def _pair(entry: Entry) -> Tuple[float, float]:
    both = entry.list()
    if len(both) != 2:
        entry.wrong("[420, 297]")
    return both[0].number(), both[1].number()


def _datum(entry: Entry) -> Datum:
    keys = entry.mapping(("name", "height", "zone3"), ())
    return Datum(keys["name"].text(), keys["height"].text(), keys["zone3"].whole())

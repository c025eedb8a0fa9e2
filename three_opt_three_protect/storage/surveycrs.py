"""Gauss–Krüger zones as survey files name them: datum, width and number of the zone, and which axis comes first.

Nothing here needs PROJ: the zones stand in ``resources/crs/gauss_kruger.csv``, the names of the datums in
``resources/crs/datum_names.csv``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Iterator, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.tables import CrsInfo
from three_opt_three_protect.storage.crs import crs_info

Floats = NDArray[np.float64]

DATUM_KEY, STEP_KEY, ZONE_KEY, MERIDIAN_KEY = "坐标系", "几度分带", "带号", "中央子午线"
UNIT_KEY, METRE = "计量单位", "米"

_NORTHING = (2.0e6, 6.0e6)
"""Metres from the equator, of all of China (05-crs-and-encoding: 7 digits)."""
_EASTING = (1.0e5, 1.0e6)
"""Without zone number: 6 digits."""
_PREFIXED = (13.0e6, 46.0e6)
"""With zone number 13–23 (6°) or 25–45 (3°): 8 digits."""
_LONGITUDE, _LATITUDE = (73.0, 136.0), (3.0, 54.0)
_WHOLE_DIGITS = 9
"""Digits of a header's number that are read: more fit no zone."""


class Axes(str, Enum):
    """Which coordinate of a point's line comes first, in the survey's words: X is north, Y is east."""

    AUTO = "auto"
    XY = "xy"
    YX = "yx"


@dataclass(frozen=True)
class Zone:
    """A Gauss–Krüger zone: datum by authority id, width in degrees, number, and whether eastings carry it."""

    datum: str
    step: int
    number: int
    prefixed: bool

    @property
    def meridian(self) -> int:
        """Central meridian, degrees: 3n for zones of 3°, 6n − 3 for zones of 6°."""
        return 3 * self.number if self.step == 3 else 6 * self.number - 3

    @property
    def crs(self) -> Optional[CrsInfo]:
        """Its coordinate system, None where none is listed."""
        return next((crs_info(f"EPSG:{code}") for code, zone in _zones() if zone == self), None)


def zone_of(crs: CrsInfo) -> Optional[Zone]:
    """The zone of a coordinate system, None for any other."""
    return next((zone for code, zone in _zones() if crs.authid == f"EPSG:{code}"), None)


@cache
def _zones() -> Tuple[Tuple[int, Zone], ...]:
    return tuple(_read_zones())


def _read_zones() -> Iterator[Tuple[int, Zone]]:
    with paths.resource("crs", "gauss_kruger.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            step = int(row["step"])
            offset = 0 if step == 3 else 3
            for place, code in enumerate(range(int(row["first"]), int(row["last"]) + 1)):
                number = (int(row["meridian"]) + place * step + offset) // step
                yield code, Zone(row["datum"], step, number, bool(row["zone"]))


def axes_of(first: Floats, second: Floats) -> Optional[Axes]:
    """Which axis comes first, by the size of the coordinates; None where that does not tell."""
    if _north(first) and _east(second):
        return Axes.XY
    return Axes.YX if _east(first) and _north(second) else None


def _north(values: Floats) -> bool:
    return _within(values, _NORTHING) or _within(values, _LATITUDE)


def _east(values: Floats) -> bool:
    return any(_within(values, span) for span in (_EASTING, _PREFIXED, _LONGITUDE))


def _within(values: Floats, span: Tuple[float, float]) -> bool:
    return bool(len(values) and values.min() >= span[0] and values.max() < span[1])


def datum_name(datum: str) -> str:
    """A datum as files name it, ``""`` where none is listed."""
    return next((name for name, (known, written) in _datum_names().items() if known == datum and written), "")


def datum_of(name: str) -> str:
    """The datum a file names, by authority id; ``""`` for an unknown name."""
    return _datum_names().get("".join(name.split()).upper(), ("", False))[0]


@cache
def _datum_names() -> Mapping[str, Tuple[str, bool]]:
    with paths.resource("crs", "datum_names.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: (row["datum"], row["written"] == "1") for row in csv.DictReader(file)}


def stated_crs(header: Mapping[str, str], east: Floats, file: str) -> CrsInfo:
    """The coordinate system a file's header and the size of its eastings state.

    Parameters
    ----------
    header
        Key → value of the header section.
    east
        ``(n,)`` float64, metres.
    file
        Named in errors.

    Raises
    ------
    CrsError
        ``survey_no_datum`` (not stated, or a name that is not known), ``survey_no_zone``,
        ``survey_zone_differs`` (header and eastings, or header and itself).
    """
    stated = header.get(DATUM_KEY, "")
    datum = datum_of(stated)
    if not datum:
        raise CrsError("survey_no_datum", file=file, stated=stated or "–")
    prefixes = np.unique(east // 1_000_000) if _within(east, _PREFIXED) else np.zeros(0)
    if len(prefixes) > 1:
        raise CrsError("survey_zone_differs", file=file, one=int(prefixes[0]), other=int(prefixes[-1]))
    zone = _zone(header, datum, int(prefixes[0]) if len(prefixes) else None, file)
    crs = None if zone is None or not (_within(east, _EASTING) or len(prefixes)) else zone.crs
    if crs is None:
        raise CrsError("survey_no_zone", file=file)
    return crs


def _zone(header: Mapping[str, str], datum: str, prefix: Optional[int], file: str) -> Optional[Zone]:
    """The one zone that agrees with all that is stated; None where nothing, or more than one zone, does."""
    step, number = _whole(header.get(STEP_KEY, "")), _whole(header.get(ZONE_KEY, ""))
    meridian = _whole(header.get(MERIDIAN_KEY, ""))
    if prefix is not None and number is not None and prefix != number:
        raise CrsError("survey_zone_differs", file=file, one=number, other=prefix)
    known = [zone for _, zone in _zones() if zone.datum == datum and zone.prefixed == (prefix is not None)]
    fitting: List[Zone] = [
        zone
        for zone in known
        if step in (None, zone.step)
        and (prefix if number is None else number) in (None, zone.number)
        and meridian in (None, zone.meridian)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _whole(text: str) -> Optional[int]:
    """The whole number a header's value begins with (``3``, ``3度带``, ``120°``)."""
    digits = ""
    for char in text.strip():
        if not char.isdecimal() or len(digits) == _WHOLE_DIGITS:
            break
        digits += char
    return int(digits) if digits else None

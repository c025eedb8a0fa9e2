"""What a layer's coordinates say about its coordinate system, in words a planner knows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Tuple

from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QCoreApplication

from three_opt_three_protect.bridge.crs import crs_info
from three_opt_three_protect.bridge.words import sentence

if TYPE_CHECKING:
    from three_opt_three_protect.core.crsguess import CrsGuess

translate = QCoreApplication.translate
_ZONES_OF_3 = range(25, 46)
"""Numbers of 3° zones in China; those of 6° zones are 13 to 23."""


@cache
def crs_word(authid: str) -> str:
    """``EPSG:4528`` → CGCS2000 3度带第40带; the name in the register where it is no Gauss–Krüger zone."""
    crs = QgsCoordinateReferenceSystem(authid)
    if not crs.isValid():
        return authid
    info = crs_info(crs)
    datum = _datum_word(info.datum)
    if datum and info.is_geographic:
        return translate("Layers", "{datum}, longitude and latitude").format(datum=datum)
    if not datum or info.central_meridian is None:
        return str(crs.description()) or authid
    zone = int(info.false_easting // 1e6)
    if not zone:
        text = translate("Layers", "{datum}, central meridian {meridian}°, no zone number")
        return text.format(datum=datum, meridian=f"{info.central_meridian:g}")
    text = translate("Layers", "{datum}, {degrees}° zone {zone}")
    return text.format(datum=datum, degrees=3 if zone in _ZONES_OF_3 else 6, zone=zone)


def _datum_word(datum: str) -> str:
    return {
        "EPSG:4490": "CGCS2000",
        "EPSG:4326": "WGS 84",
        "EPSG:4610": translate("Layers", "Xi'an 80"),
        "EPSG:4214": translate("Layers", "Beijing 54"),
    }.get(datum, "")


def candidates(guess: CrsGuess) -> Tuple[str, ...]:
    """Authority ids the coordinates fit, the likeliest of each datum first."""
    ranked = [(place, authid) for ids in guess.candidates.values() for place, authid in enumerate(ids)]
    return tuple(authid for _, authid in sorted(ranked, key=lambda entry: entry[0]))


def reason(guess: CrsGuess) -> str:
    """One line: what is wrong with the CRS; ``""`` where nothing is."""
    return sentence(guess.why, guess.values) if guess.why else ""

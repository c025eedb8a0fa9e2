"""The sentences round a map: title, projection note, dates. Sheets are Chinese in every language of QGIS."""

from __future__ import annotations

import re
from typing import Mapping, Optional

from qgis.core import QgsCoordinateReferenceSystem

from three_opt_three_protect.core.tables import CrsInfo
from three_opt_three_protect.sheets.settings import Datum

_ZONES = {3: range(24, 46), 6: range(13, 24)}
"""Zone numbers of China by width of the zone in degrees (05-crs-and-encoding)."""
_PREFIX = 1_000_000
_EASTING = 500_000.0


def title(township: str, plan_name: str, period: str, sheet: str) -> str:
    """×镇三优三保专项规划（2014-2020年）——拆旧建新布局图."""
    years = f"（{period}年）" if period else ""
    return f"{township}{plan_name}{years}——{sheet}"


def crs_note(crs: CrsInfo, description: str, datums: Mapping[str, Datum]) -> str:
    """Datum, projection and height, as far as the CRS tells them.

    Parameters
    ----------
    crs
        Of the map.
    description
        EPSG's name of it, which alone tells a 3° zone from a 6° zone of the same meridian.
    """
    datum = datums.get(crs.datum)
    name = datum.name if datum is not None else _datum_name(crs)
    parts = [name, _projection(crs, description)]
    if datum is not None and datum.height:
        parts.append(datum.height)
    return "；".join(part for part in parts if part) + "。"


def _datum_name(crs: CrsInfo) -> str:
    found = QgsCoordinateReferenceSystem(crs.datum) if ":" in crs.datum else QgsCoordinateReferenceSystem()
    return str(found.description()) if found.isValid() else crs.datum


def _projection(crs: CrsInfo, description: str) -> str:
    if crs.central_meridian is None:
        return description
    meridian = f"{crs.central_meridian:g}°"
    zone, offset = divmod(crs.false_easting - _EASTING, _PREFIX)
    numbered = int(zone) if offset == 0 and zone > 0 else None
    width = _zone_width(numbered, description)
    band = f"{width}°带" if width else ""
    number = f"第{numbered}带，" if numbered is not None else ""
    return f"高斯-克吕格投影{band}，{number}中央经线{meridian}"


def _zone_width(zone: Optional[int], description: str) -> int:
    if zone is not None:
        return next((width for width, zones in _ZONES.items() if zone in zones), 0)
    if "3-degree" in description:
        return 3
    return 6 if "Gauss-Kruger" in description else 0


def long_date(iso: str) -> str:
    """2026-01-05 → 2026年1月5日; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso)
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日" if found else iso


def survey_day(year: int) -> str:
    """The day a yearly change survey speaks of (00-supplement 2, M21)."""
    return f"{year}年12月31日"


def short_village(name: str) -> str:
    """A village's name without the committee that governs it: 甲村村民委员会 → 甲村."""
    return re.sub("村?村民委员会$", "村", re.sub("(社区)?居民委员会$", "社区", name))

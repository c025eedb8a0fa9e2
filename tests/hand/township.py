"""The hand-worked township as drawn: rectangles on a grid, in metres from its south-west corner.

1000 m x 800 m = 800 000 m2 in EPSG:4528. Every area is width x height; the sums stand in derivation.md. Nothing here is
computed by the package: the rows are the drawing.
"""

from __future__ import annotations

from typing import Any, Optional

ORIGIN = (40500000, 3460000)
"""South-west corner, on the central meridian (120 E), whole metres so that planar areas are exact."""

TOWNSHIP = "320582100"
HUBIN, ZHONGQIAO, ZHENDONG = "320582100201", "320582100202", "320582100203"
MERGED = "320582100205"
"""Zhongqiao and Zhendong are one village in the second survey year."""

NAMES = {HUBIN: "湖滨村", ZHONGQIAO: "中桥村", ZHENDONG: "镇东村", MERGED: "桥东村"}
CLASS_NAMES = {
    "0101": "水田",
    "0102": "水浇地",
    "0103": "旱地",
    "0201K": "可调整果园",
    "0301": "乔木林地",
    "0404": "其他草地",
    "0601": "工业用地",
    "0602": "采矿用地",
    "0701": "城镇住宅用地",
    "0702": "农村宅基地",
    "1003": "公路用地",
    "1006": "农村道路",
    "1101": "河流水面",
    "1103": "水库水面",
    "1104": "坑塘水面",
    "1107": "沟渠",
    "1201": "空闲地",
    "1202": "设施农用地",
    "1206": "裸土地",
}

Row = tuple[Any, ...]
Box = tuple[int, int, int, int]

# id, x0, y0, x1, y1, class, village, grade, slope class, ridge share, settlement attribute
PARCELS: tuple[Row, ...] = (
    ("A1", 0, 0, 400, 200, "0101", HUBIN, 5, "1", None, None),
    ("A2", 0, 200, 80, 300, "0702", HUBIN, None, None, None, "203"),
    ("A3", 80, 200, 100, 245, "1104", HUBIN, None, None, None, "203"),
    ("A4", 80, 245, 100, 275, "1006", HUBIN, None, None, None, "203"),
    ("A5", 80, 275, 100, 300, "0102", HUBIN, 6, "1", None, "203"),
    ("A6", 100, 200, 400, 300, "0103", HUBIN, 8, "2", 0.1, None),
    ("A7", 0, 300, 400, 310, "1006", HUBIN, None, None, None, None),
    ("A8", 0, 310, 400, 400, "0301", HUBIN, None, None, None, None),
    ("A9", 0, 400, 400, 600, "0101", HUBIN, 5, "1", None, None),
    ("A10", 0, 600, 100, 800, "1103", HUBIN, None, None, None, None),
    ("A11", 100, 600, 120, 800, "1107", HUBIN, None, None, None, None),
    ("A12", 120, 600, 170, 660, "0702", HUBIN, None, None, None, "203"),
    ("A13", 170, 600, 400, 660, "0404", HUBIN, None, None, None, None),
    ("A14", 120, 660, 400, 800, "0301", HUBIN, None, None, None, None),
    ("B1", 400, 0, 600, 200, "0101", ZHONGQIAO, 4, "1", None, None),
    ("B2", 600, 0, 700, 200, "1104", ZHONGQIAO, None, None, None, None),
    ("B3", 400, 200, 700, 220, "1003", ZHONGQIAO, None, None, None, None),
    ("B4", 400, 220, 500, 400, "0103", ZHONGQIAO, 9, "2", 0.08, None),
    ("B5", 500, 220, 600, 300, "0601", ZHONGQIAO, None, None, None, "203A"),
    ("B6", 600, 220, 700, 320, "0702", ZHONGQIAO, None, None, None, "203"),
    ("B7", 500, 300, 600, 400, "1206", ZHONGQIAO, None, None, None, None),
    ("B8", 600, 320, 700, 400, "0102", ZHONGQIAO, 6, "1", None, None),
    ("B9", 400, 400, 600, 600, "0101", ZHONGQIAO, 5, "1", None, None),
    ("B10", 600, 400, 700, 450, "1202", ZHONGQIAO, None, None, None, None),
    ("B11", 600, 450, 700, 600, "0101", ZHONGQIAO, 6, "1", None, None),
    ("B12", 400, 600, 500, 700, "0702", ZHONGQIAO, None, None, None, "203"),
    ("B13", 500, 600, 700, 700, "0101", ZHONGQIAO, 7, "1", None, None),
    ("B14", 400, 700, 700, 800, "0101", ZHONGQIAO, 7, "1", None, None),
    ("C1", 800, 0, 1000, 150, "0701", ZHENDONG, None, None, None, "202"),
    ("C2", 700, 0, 800, 150, "0101", ZHENDONG, 5, "1", None, None),
    ("C3", 700, 150, 1000, 200, "0102", ZHENDONG, 6, "1", None, None),
    ("C4", 700, 200, 1000, 220, "1003", ZHENDONG, None, None, None, None),
    ("C5", 700, 220, 800, 270, "1201", ZHENDONG, None, None, None, "202"),
    ("C6", 700, 270, 800, 400, "0702", ZHENDONG, None, None, None, "203"),
    ("C7", 800, 220, 1000, 400, "0101", ZHENDONG, 5, "1", None, None),
    ("C8", 700, 400, 1000, 500, "0101", ZHENDONG, 4, "1", None, None),
    ("C9", 700, 500, 1000, 600, "0201K", ZHENDONG, None, None, None, None),
    ("C10", 700, 600, 1000, 640, "1101", ZHENDONG, None, None, None, None),
    ("C11", 700, 640, 900, 800, "0101", ZHENDONG, 6, "1", None, None),
    ("C12", 900, 640, 1000, 800, "0602", ZHENDONG, None, None, None, "204"),
)

# what the second survey year shows otherwise: id, x0, y0, x1, y1, class
CHANGES: tuple[Row, ...] = (
    ("R1", 0, 200, 80, 300, "1206"),
    ("R3", 120, 600, 170, 660, "0301"),
    ("R4a", 700, 350, 750, 400, "0601"),
    ("R4b", 750, 350, 800, 400, "0101"),
    ("R4c", 750, 300, 800, 350, "1104"),
    ("R5", 500, 220, 580, 300, "0103"),
    ("N1", 700, 0, 800, 150, "0701"),
    ("N5", 400, 220, 500, 240, "1003"),
    ("N7", 850, 640, 900, 700, "0601"),
    ("X1", 650, 550, 700, 600, "0601"),
    ("X2", 400, 750, 450, 800, "0702"),
    ("X3", 600, 300, 650, 320, "0102"),
    ("X4", 900, 150, 1000, 200, "1202"),
    ("X5", 700, 400, 750, 450, "0301"),
    ("X6", 350, 150, 400, 200, "1104"),
)

VILLAGES: tuple[Row, ...] = (
    (HUBIN, 0, 0, 400, 800),
    (ZHONGQIAO, 400, 0, 700, 800),
    (ZHENDONG, 700, 0, 1000, 800),
)
FARMLAND: tuple[Row, ...] = (
    ("F1", 0, 0, 400, 200),
    ("F2", 0, 400, 600, 600),
    ("F3", 400, 0, 600, 200),
    ("F4", 800, 280, 1000, 400),
    ("F5", 600, 400, 700, 600),
    ("F6", 100, 200, 400, 300),
)
BOUNDARY: tuple[Row, ...] = (("D1", 700, 0, 1000, 300),)
# id, box, control level
REDLINE: tuple[Row, ...] = (
    ("E1", 0, 590, 250, 800, "1"),
    ("E2", 250, 600, 400, 800, "2"),
    ("E3", 980, 0, 1000, 100, "2"),
)
# name, box, village, households, registered persons, retained
SETTLEMENTS: tuple[Row, ...] = (
    ("北浜", 0, 200, 100, 300, HUBIN, 10, 30, 0),
    ("湖头", 120, 600, 170, 660, HUBIN, 4, 10, 0),
    ("西浜", 600, 220, 700, 320, ZHONGQIAO, 20, 60, 1),
    ("南庄", 400, 600, 500, 700, ZHONGQIAO, 12, 40, 0),
    ("东庄", 700, 270, 800, 400, ZHENDONG, 18, 52, 0),
)
# id, box, class before or approved
APPROVED: tuple[Row, ...] = (("P1", 700, 100, 800, 150, "0701"),)
ILLEGAL: tuple[Row, ...] = (("W1", 580, 220, 600, 300, "1104"),)
TEMPORARY: tuple[Row, ...] = (("L1", 900, 640, 1000, 660, "0404"),)
RESERVE: tuple[Row, ...] = (("B1", 700, 400, 840, 500),)
SUSPECTS: tuple[Row, ...] = (("S1", 400, 750, 450, 800), ("S2", 900, 150, 1000, 200), ("S3", 300, 450, 350, 500))
CONCORDANCE: tuple[Row, ...] = ((ZHONGQIAO, MERGED, "2016-12-31"), (ZHENDONG, MERGED, "2016-12-31"))

# plot, box, village, settlement, direction, rate, grade, households, persons, phase, accepted, accepted m2, credited
RECLAIM: tuple[Row, ...] = (
    ("R1", 0, 200, 100, 300, HUBIN, "北浜", "cultivated", 0.85, 6, 10, 30, 2015, None, None, None),
    ("R2", 450, 600, 550, 700, ZHONGQIAO, "南庄", "cultivated", 1.0, 7, 6, 20, 2016, None, None, None),
    ("R3", 120, 600, 170, 660, HUBIN, "湖头", "forest", None, None, 4, 10, 2016, None, None, None),
    (
        "R4",
        *(700, 300, 800, 400),
        *(ZHENDONG, "东庄", "cultivated", 1.0, 6, 14, 40, 2015, "2015-06-30", 10400.0, "2015-07-31"),
    ),
    ("R5", 500, 220, 600, 300, ZHONGQIAO, None, "cultivated", 0.75, 8, 0, 0, 2017, None, None, None),
)
# plot, box, village, use, class after, source of quota, tenure, phase, day of use
NEWBUILD: tuple[Row, ...] = (
    ("N1", 700, 0, 800, 150, ZHENDONG, "town", "0701", "linked", "state", 2016, "2016-03-31"),
    ("N2", 700, 350, 750, 400, ZHENDONG, "industry", "0601", "linked", "state", 2016, "2016-09-30"),
    ("N3", 400, 0, 450, 100, ZHONGQIAO, "industry", "0601", "linked", "state", 2017, None),
    ("N4", 700, 220, 800, 270, ZHENDONG, "resettlement", "0701", "stock", "state", 2014, None),
    ("N5", 400, 220, 500, 240, ZHONGQIAO, "infrastructure", "1003", "annual_plan", "state", 2015, "2015-10-31"),
    ("N6", 600, 320, 700, 330, ZHONGQIAO, "infrastructure", "1006", "annual_plan", "collective", 2016, None),
    ("N7", 850, 640, 900, 700, ZHENDONG, "industry", "0601", "provincial", "state", 2018, None),
    ("N8", 300, 600, 350, 650, HUBIN, "infrastructure", "1005", "linked", "state", 2018, None),
)

HOUSED: dict[str, tuple[int, int]] = {"N4": (20, 60)}
"""Resettlement plot → households and persons it houses."""

# indicator, value, unit, kind, year, basis
TARGETS: tuple[Row, ...] = (
    ("cultivated_m2", 480000.0, "m2", "binding", 2020),
    ("farmland_m2", 310000.0, "m2", "binding", 2020),
    ("construction_m2", 110000.0, "m2", "binding", 2020),
    ("new_construction_m2", 26000.0, "m2", "expected", 2020),
    ("new_occupied_cultivated_m2", 25000.0, "m2", "binding", 2020),
    ("reclaim_m2", 30000.0, "m2", "binding", 2020),
    ("new_cultivated_m2", 28000.0, "m2", "expected", 2020),
    ("intensity_pct", 15.0, "%", "expected", 2020),
    ("redline_m2", 84000.0, "m2", "binding", 2020),
    ("annual_plan_m2", 2000.0, "m2", "binding", 2015),
)
# village, kind, day, area m2, of which paddy, grade, grade before: changes of cultivated land that no plot shows
OTHER_CHANGES: tuple[Row, ...] = (
    (ZHONGQIAO, "pond", "2015-12-31", 1500.0, 1500.0, 5.0, None),
    (HUBIN, "consolidation", "2016-12-31", 2000.0, 0.0, 6.0, None),
    (HUBIN, "upgrade", "2017-06-30", 3000.0, 1000.0, 7.0, 8.0),
)
PADDY: dict[str, float] = {"R1": 0.0, "R2": 10000.0, "R4": 10000.0, "R5": 0.0}
"""Reclaim plot → paddy on it afterwards, m2."""

# item of the profile, price, unit
PRICES: tuple[Row, ...] = (
    ("demolition", 100000.0, "元/户"),
    ("resettlement", 25.0, "万元/户"),
    ("transition", 500.0, "元/户·月"),
    ("approval", 20000.0, "元/亩"),
    ("infrastructure", 30000.0, "元/亩"),
    ("contingency", 5.0, "%"),
    ("interest", 0.0, "%"),
    ("transfer", 30.0, "万元/亩"),
    ("farmers", 0.0, "元/户"),
)

# plan layers: id, box, class, year
LAND_PLAN: tuple[Row, ...] = (("T1", 700, 0, 1000, 300, "211", 2020), ("T2", 700, 300, 1000, 800, "11", 2020))
TOWN_PLAN: tuple[Row, ...] = (("U1", 700, 0, 1000, 350, "0701", 2018), ("U2", 700, 350, 1000, 800, "0101", 2020))
# number, kind, class, area m2
STOCK: tuple[Row, ...] = (
    ("C5", "空闲", "1201", 5000.0),
    ("P1", "批而未供", "0101", 5000.0),
    ("B5", "低效", "0601", 8000.0),
)
# project, plots, investment in 10 000 yuan
PROJECTS: tuple[Row, ...] = (("镇区西扩", "N1", 1200.0), ("北浜复垦", "R1", 60.0), ("公路拓宽", "N5", 300.0))
# stage, source, date, opinion, answer, reply
OPINIONS: tuple[Row, ...] = (
    ("公示", "村民", "2015-03-01", "北浜拆旧应先安置", "采纳", "安置房先建"),
    ("部门意见", "县农业局", "2015-03-10", "复垦地块须培肥", "部分采纳", None),
    ("公示", "企业", "2015-03-12", "保留工业用地", "不采纳", "不符合规划"),
)
HERITAGE: tuple[Row, ...] = (("H1", 650, 250, 700, 300),)


def box(row: Row, start: int = 1) -> Box:
    """x0, y0, x1, y1 of a row, in metres from the township's corner."""
    x0, y0, x1, y1 = row[start : start + 4]
    return (x0, y0, x1, y1)


def area(x0: int, y0: int, x1: int, y1: int) -> int:
    """Width times height, m2."""
    return (x1 - x0) * (y1 - y0)


def plan(width: int = 40, height: int = 50, places: Optional[dict[str, Box]] = None) -> str:
    """The township as letters, one a cell of `width` x `height` m, north above: for derivation.md."""
    rows = places if places is not None else {row[0]: box(row) for row in PARCELS}
    lines = []
    for y in range(800 - height, -1, -height):
        cells = []
        for x in range(0, 1000, width):
            here = [k for k, (a, b, c, d) in rows.items() if a <= x + width // 2 < c and b <= y + height // 2 < d]
            cells.append((here[0] if here else ".").ljust(4))
        lines.append(f"{y:4d} " + "".join(cells).rstrip())
    return "\n".join(lines)

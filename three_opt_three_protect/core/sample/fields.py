"""Fields of a polder: rows between ditches and farm roads, parted into paddies, ponds, orchards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from shapely.geometry import Polygon

from three_opt_three_protect.core.sample.ground import Piece
from three_opt_three_protect.core.sample.shapes import (
    Frame,
    Generator,
    Points,
    Reals,
    as_array,
    faces,
    frame,
    height,
    turned,
    wave,
)

ROAD, DITCH, SIDE_DITCH = 4.6, 4.0, 2.8


@dataclass(frozen=True)
class Field:
    """A part of a polder to be tilled."""

    shape: Polygon
    village: int
    block: int
    seed: int


@dataclass(frozen=True)
class _Row:
    """A row of fields between two thin strips, in the polder's own coordinates across, m."""

    low: float
    high: float


@dataclass(frozen=True)
class _Cloth:
    """The polder's own coordinates: straight there, gently bent on the ground."""

    box: Frame
    bend_along: Tuple[Reals, Reals, Reals]
    bend_across: Tuple[Reals, Reals, Reals]

    def ground(self, along: Reals, across: Reals) -> Points:
        """Where (along, across) lie."""
        one = along + height(self.bend_along, across)
        other = across + height(self.bend_across, along)
        return np.asarray(self.box.centre + np.outer(one, self.box.axis) + np.outer(other, self.box.across))

    def back(self, points: Points) -> Tuple[Reals, Reals]:
        """(along, across) of ``points``; a few rounds are enough for gentle bends."""
        flat = points - self.box.centre
        one, other = flat @ self.box.axis, flat @ self.box.across
        along, across = one, other
        for _ in range(6):
            along, across = one - height(self.bend_along, across), other - height(self.bend_across, along)
        return along, across


def till(field: Field, cell: float, seed: int) -> List[Tuple[Polygon, str]]:
    """Part ``field`` into cells of about ``cell`` m²; each with ``field``, ``road`` or ``ditch``."""
    rng = np.random.Generator(np.random.PCG64([seed, 71, field.seed]))
    size = cell * rng.uniform(0.8, 1.3)
    if field.shape.area < 1.5 * size:
        return [(field.shape, "field")]
    cloth = _cloth(frame(field.shape), rng)
    rows, strips = _rows(cloth.box, size, rng)
    lines = [_along(cloth, place, rng) for low, high, _ in strips for place in (low, high)]
    ditches: List[Tuple[_Row, float]] = []
    for row in rows:
        lines.extend(_partitions(cloth, row, size, rng, ditches))
    parts = faces(field.shape, lines, 0.5)
    if not parts:
        return [(field.shape, "field")]
    along, across = cloth.back(np.asarray(shapely.get_coordinates(shapely.point_on_surface(as_array(parts)))))
    return [
        (part, _kind(one, other, strips, ditches)) for part, one, other in zip(parts, along.tolist(), across.tolist())
    ]


def _cloth(box: Frame, rng: Generator) -> _Cloth:
    tilt = Frame(box.centre, turned(box.axis, rng.normal(0, 0.03)), box.length, box.width)
    return _Cloth(tilt, wave(rng, (620, 230), (13, 3.5)), wave(rng, (760, 260), (15, 3.5)))


def _rows(box: Frame, size: float, rng: Generator) -> Tuple[List[_Row], List[Tuple[float, float, str]]]:
    """Rows of fields and the thin strips (from, to, kind) between them."""
    pitch = float(np.clip(np.sqrt(size) * rng.uniform(1.25, 1.75), 75, 260))
    count = max(round(box.width / pitch), 1)
    edge = box.width / 2 + 60
    places = np.linspace(-box.width / 2, box.width / 2, count + 1)[1:-1]
    places = places + rng.uniform(-0.14, 0.14, len(places)) * pitch
    strips: List[Tuple[float, float, str]] = []
    for place in places.tolist():
        chance = rng.random()
        if chance < 0.36:
            strips.append((place, place + ROAD, "road"))
        elif chance < 0.74:
            strips.append((place, place + DITCH, "ditch"))
        else:
            strips.append((place, place + ROAD, "road"))
            strips.append((place + ROAD, place + ROAD + SIDE_DITCH, "ditch"))
    rows, low = [], -edge
    for first, last, _ in strips:
        if first - low > 20:
            rows.append(_Row(low, first))
        low = last
    rows.append(_Row(low, edge))
    return rows, strips


def _along(cloth: _Cloth, place: float, rng: Generator) -> Points:
    reach = cloth.box.length / 2 + 80
    along = np.arange(-reach, reach, 24.0)
    along = along + rng.uniform(-6, 6, len(along))
    return cloth.ground(along, place + rng.normal(0, 0.25, len(along)))


def _partitions(
    cloth: _Cloth, row: _Row, size: float, rng: Generator, ditches: List[Tuple[_Row, float]]
) -> List[Points]:
    depth = min(row.high, cloth.box.width / 2) - max(row.low, -cloth.box.width / 2)
    pitch = size / max(depth, 30.0)
    lines, place = [], -cloth.box.length / 2 + pitch * rng.uniform(0.35, 1.0)
    while place < cloth.box.length / 2 - 0.3 * pitch:
        lean, bow = rng.normal(0, 0.02), rng.normal(0, 0.9)
        widths = (0.0, SIDE_DITCH) if rng.random() < 0.1 else (0.0,)
        if len(widths) == 2:
            ditches.append((row, place))
        tremor = rng.normal(0, 0.5 if len(widths) == 1 else 0.0, 64)
        for more in widths:
            across = np.arange(row.low - 1.4, row.high + 1.4, 19.0)
            across = np.append(across, row.high + 1.4)
            middle = (across - row.low) / max(row.high - row.low, 1.0)
            along = place + more + lean * (across - row.low) + bow * np.sin(np.pi * middle)
            lines.append(cloth.ground(along + np.resize(tremor, len(across)), across))
        place += pitch * (rng.uniform(0.7, 1.3) if rng.random() < 0.85 else rng.uniform(1.4, 1.9))
    return lines


def _kind(
    along: float, across: float, strips: Sequence[Tuple[float, float, str]], ditches: Sequence[Tuple[_Row, float]]
) -> str:
    for low, high, kind in strips:
        if low - 0.4 <= across <= high + 0.4:
            return kind
    for row, place in ditches:
        if row.low <= across <= row.high and -1.2 <= along - place <= SIDE_DITCH + 1.2:
            return "ditch"
    return "field"


def thin(shape: Polygon) -> bool:
    """Tell whether ``shape`` is a strip too narrow to be tilled."""
    return bool(shape.area / shape.length < 4.2)


def use(shape: Polygon, kind: str, moods: Reals, rng: Generator) -> Tuple[str, str]:
    """Land class and 城镇村属性码 of a cell.

    ``moods`` are two smooth numbers in 0–1 for where it lies: how watery, how planted.
    """
    if kind == "road":
        return "1006", ""
    if kind == "ditch":
        return "1107", ""
    if thin(shape):
        return ("1107", "0307", "1006")[int(rng.integers(3))], ""
    chance = rng.random()
    for code, share in _shares(shape.area, float(moods[0]), float(moods[1])):
        if chance < share:
            return code, {"0601": "203A", "09": "205"}.get(code, "")
        chance -= share
    return "0101", ""


def _shares(area: float, watery: float, planted: float) -> Sequence[Tuple[str, float]]:
    ponds = 0.9 if watery > 0.93 else (0.5 if watery > 0.87 else 0.02)
    trees = 0.6 if planted > 0.93 else 0.012
    small = area < 6000
    return (
        ("1104A", ponds), ("0201", trees * 0.55), ("0307", trees * 0.35 + 0.012), ("0301", 0.006), ("0204", 0.006),
        ("0102", 0.035), ("0103", 0.008), ("1202", 0.045 if small else 0.012), ("0601", 0.035 if small else 0.028),
        ("0404", 0.006), ("1104", 0.012), ("09", 0.006 if small else 0.0), ("0809", 0.003 if small else 0.0),
        ("1206", 0.002),
    )  # fmt: skip


def moods(points: Points, seed: int) -> Reals:
    """Two smooth fields in 0–1 ``(n, 2)``, the same for the whole township."""
    out = np.empty((len(points), 2))
    for column in range(2):
        rng = np.random.Generator(np.random.PCG64([seed, 83, column]))
        value = np.zeros(len(points))
        for length in (5200, 3100, 1700, 900):
            for _ in range(3):
                angle, phase = rng.uniform(0, 2 * np.pi, 2)
                run = points @ np.array([np.cos(angle), np.sin(angle)])
                value += length**0.5 * np.sin(2 * np.pi * run / length + phase)
        out[:, column] = 0.5 + 0.5 * np.tanh(value / 150)
    return out


def as_pieces(field: Field, cells: Sequence[Tuple[Polygon, str]], seed: int, bend: Reals) -> List[Piece]:
    """The cells of a field as pieces of ground."""
    rng = np.random.Generator(np.random.PCG64([seed, 73, field.seed]))
    pieces = []
    for shape, kind in cells:
        code, attribute = use(shape, kind, bend, rng)
        pieces.append(Piece(shape, code, field.village, attribute, block=field.block))
    return pieces

"""The flow map of topsoil: plots that give and take, lines between them as wide as what goes along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from three_opt_three_protect.reports.chartpage import GREY, INK, MARGIN, PNG, TITLE, Page, font_of, write
from three_opt_three_protect.reports.table import Words

Floats = NDArray[np.float64]

GIVES, TAKES, KEEPS, FLOW, GROUND = "#D55E00", "#009E73", "#0072B2", "#5B3A1A", "#EFEDE8"
"""Okabe and Ito's colours; soil is brown."""

_WIDEST, _THINNEST = 6.0, 0.5
_LEGEND, _FOOT = 2.35, 0.3
_MAP = 6.4
"""Points of lines; inches of the legend, the foot and the map's height."""
_LABELS = 24
"""Plots that are named on the map, the largest first."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Shapes:
    """Plots of a kind: rings, points, names and volumes in m³; coordinates in metres."""

    rings: Tuple[Tuple[Floats, ...], ...]
    points: Floats
    names: Tuple[str, ...]
    volumes: Floats


@dataclass(frozen=True)
class TopsoilPicture:
    """What the map shows.

    Attributes
    ----------
    ground
        Rings of the land the plan lies on.
    gives, takes, keeps
        Donors, receivers, stores.
    flows
        ``(k, 2, 2)`` metres, donor to receiver or store; ``volume`` their m³.
    totals
        (message id, m³) of the lines in the legend.
    """

    ground: Tuple[Floats, ...]
    gives: Shapes
    takes: Shapes
    keeps: Shapes
    flows: Floats
    volume: Floats
    totals: Tuple[Tuple[str, float], ...]


def topsoil_chart(picture: TopsoilPicture, words: Words, kind: str = PNG) -> bytes:
    """The flow map with legend and scale bar."""
    page = Page(2 * MARGIN + TITLE + _MAP + _FOOT)
    page.title(words("chart.topsoil"), words("chart.topsoil_about"))
    wide = page.width - 2 * MARGIN - _LEGEND
    box = page.axes(MARGIN, MARGIN + _FOOT, wide, _MAP)
    west, south, east, north = _extent(picture, wide / _MAP)
    box.set_xlim(west, east)
    box.set_ylim(south, north)
    box.set_xticks([])
    box.set_yticks([])
    for spine in box.spines.values():
        spine.set(color=GREY, linewidth=0.6)
    _draw(box, picture)
    _names(box, picture)
    _legend(page.axes(MARGIN + wide + 0.2, MARGIN + _FOOT, _LEGEND - 0.2, _MAP), picture, words)
    _scale(page.axes(MARGIN, MARGIN, wide, _FOOT), east - west, wide, words)
    return page.written(kind)


def _extent(picture: TopsoilPicture, ratio: float) -> Tuple[float, float, float, float]:
    """West, south, east, north of all that is drawn, in the shape of the map."""
    parts = [ring for shapes in (picture.gives, picture.takes) for rings in shapes.rings for ring in rings]
    parts += [shapes.points for shapes in (picture.gives, picture.takes, picture.keeps) if len(shapes.points)]
    drawn = np.concatenate([*parts, *picture.ground] or [np.zeros((1, 2))])
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2 * 1.03, 50.0)
    half = np.array([max(half[0], half[1] * ratio), max(half[1], half[0] / ratio)])
    return middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]


def _draw(box: Axes, picture: TopsoilPicture) -> None:
    _fill(box, [picture.ground], GROUND, "none", 0)
    _fill(box, picture.takes.rings, TAKES, "#00543D", 2)
    _fill(box, picture.gives.rings, GIVES, "#7A3500", 2)
    if len(picture.volume):
        order = np.argsort(-picture.volume, kind="stable")
        widths = _widths(picture.volume[order], float(picture.volume.max()))
        lines = LineCollection(picture.flows[order], linewidths=widths, colors=FLOW, alpha=0.6, zorder=3)
        lines.set_capstyle("round")
        box.add_collection(lines)
        _arrows(box, picture.flows[order])
    for shapes, colour, marker in (
        (picture.gives, GIVES, "o"),
        (picture.takes, TAKES, "o"),
        (picture.keeps, KEEPS, "s"),
    ):
        if len(shapes.points):
            size = 40 if marker == "s" else 9
            box.scatter(
                *shapes.points.T, s=size, color=colour, marker=marker, edgecolor="white", linewidth=0.7, zorder=5
            )


def _fill(box: Axes, plots: Sequence[Sequence[Floats]], colour: str, edge: str, order: int) -> None:
    """Polygons with their holes."""
    outlines = [Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)) for rings in plots if rings]
    if outlines:
        box.add_collection(
            PathCollection(outlines, facecolors=colour, edgecolors=edge, linewidths=0.4, alpha=0.85, zorder=order)
        )


def _widths(volume: Floats, most: float) -> Floats:
    """Points: in proportion to the volume, never invisible."""
    return np.asarray(np.maximum(volume / most * _WIDEST, _THINNEST))


def _arrows(box: Axes, flows: Floats) -> None:
    """Where it goes: a head beyond the middle of each line."""
    start, way = flows[:, 0], flows[:, 1] - flows[:, 0]
    at = start + way * 0.56
    for point, along in zip(at, way):
        if np.hypot(*along) > 0:
            box.annotate(
                "", xy=point + along * 1e-3, xytext=point, zorder=4,
                arrowprops={"arrowstyle": "-|>", "color": FLOW, "mutation_scale": 9, "linewidth": 0},
            )  # fmt: skip


def _names(box: Axes, picture: TopsoilPicture) -> None:
    """Names of the largest plots, where they do not lie on each other."""
    entries: List[Tuple[float, str, Floats, str]] = []
    for shapes, colour in ((picture.gives, "#7A3500"), (picture.takes, "#00543D"), (picture.keeps, KEEPS)):
        entries += [
            (float(volume), name, point, colour)
            for volume, name, point in zip(shapes.volumes, shapes.names, shapes.points)
        ]
    west, east = box.get_xlim()
    room = (east - west) / 22
    placed: List[Floats] = []
    for _, name, point, colour in sorted(entries, key=lambda entry: (-entry[0], entry[1])):
        near = any(abs(point[0] - other[0]) < room and abs(point[1] - other[1]) < room / 3 for other in placed)
        if near or len(placed) >= _LABELS:
            continue
        placed.append(point)
        box.annotate(
            name, point, xytext=(4, 4), textcoords="offset points", fontproperties=font_of(7), color=colour, zorder=6,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip


def _legend(box: Axes, picture: TopsoilPicture, words: Words) -> None:
    box.set_xlim(0, _LEGEND - 0.2)
    box.set_ylim(_MAP, 0)
    box.axis("off")
    y = 0.15
    for colour, word, there in (
        (GIVES, "chart.topsoil_gives", len(picture.gives.names)),
        (TAKES, "chart.topsoil_takes", len(picture.takes.names)),
        (KEEPS, "chart.topsoil_keeps", len(picture.keeps.names)),
    ):
        if there:
            box.add_patch(Rectangle((0, y - 0.08), 0.28, 0.16, facecolor=colour, edgecolor=INK, linewidth=0.4))
            write(box, 0.4, y, words(word, count=there), 9)
            y += 0.3
    y += 0.15
    if len(picture.volume):
        write(box, 0, y, words("chart.topsoil_flow"), 9, GREY)
        y += 0.3
        for volume in _samples(float(picture.volume.max())):
            width = float(_widths(np.array([volume]), float(picture.volume.max()))[0])
            box.plot([0, 0.28], [y, y], color=FLOW, alpha=0.6, linewidth=width, solid_capstyle="round")
            write(box, 0.4, y, f"{volume:g}", 9)
            y += 0.28
    y += 0.2
    for word, value in picture.totals:
        write(box, 0, y, words(word), 9, GREY)
        write(box, _LEGEND - 0.25, y, f"{value:.2f}", 9, ha="right")
        y += 0.27


def _samples(most: float) -> List[float]:
    """Three round volumes up to the largest."""
    steps = [step * 10.0**power for power in range(-2, 9) for step in _STEPS]
    fitting = [step for step in steps if step <= most]
    return [fitting[place] for place in (-1, -3, -5) if len(fitting) >= -place]


def _scale(box: Axes, metres: float, inches: float, words: Words) -> None:
    """A scale bar of a round length, about a fifth of the map."""
    box.set_xlim(0, inches)
    box.set_ylim(_FOOT, 0)
    box.axis("off")
    length = max(step * 10**power for power in range(7) for step in _STEPS if step * 10**power <= max(metres / 5, 1))
    end = length / metres * inches
    box.plot([0, end], [0.16, 0.16], color=INK, linewidth=2.5, solid_capstyle="butt")
    label = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    write(box, end + 0.1, 0.16, label, 9)

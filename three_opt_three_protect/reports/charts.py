"""Charts of a comparison and of a frontier: PNG and SVG, drawn without a window.

Colours are those of Okabe and Ito (2008, Color Universal Design), which stay apart for colour-blind readers; what a
colour says, a sign says too.
"""

from __future__ import annotations

from typing import Mapping, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.reports.chartpage import (
    DOTS,
    GREY,
    HEADING,
    INK,
    MARGIN,
    PNG,
    SVG,
    TITLE,
    Page,
    cut,
    font_of,
    span,
    wrapped,
    write,
)
from three_opt_three_protect.reports.comparison import FrontierFigures, Panel, RuleRow, ScenarioFigures, axis
from three_opt_three_protect.reports.table import Words

__all__ = ["DOTS", "PNG", "SVG", "frontier_chart", "scenario_chart"]

BLUE, BAND = "#0072B2", "#F4F6F8"
SIGNS: Mapping[str, Tuple[str, str, str]] = {
    PASS: ("✓", "#009E73", "#E0F3ED"),
    FAIL: ("✗", "#D55E00", "#FBE6D8"),
    WARN: ("!", "#B27D00", "#FDF3D9"),
    UNKNOWN: ("?", "#767676", "#ECECEC"),
}
"""Result → sign, its colour, and the tint behind it."""

_COLUMNS = 3
_BAR, _ROW, _HEAD, _NAME_LINE = 0.24, 0.36, 0.46, 0.22
_LABELS = 2.9
"""Inches: a bar, a row of the matrix, its heading, a scenario's name, the names of the rules."""
_HALF = 0.051
"""Inches that half a Chinese character of 7 points takes."""
_NAME = 22
"""Halves of a Chinese character a scenario's name has beside the bars."""


def scenario_chart(figures: ScenarioFigures, words: Words, kind: str = PNG) -> bytes:
    """Main figures as small multiples, and the verdicts of every scenario.

    Parameters
    ----------
    words
        Message id and values → words of one language.
    kind
        :data:`PNG` or :data:`SVG`.
    """
    page = Page(_height_of(figures))
    page.title(words("chart.scenarios"), words("chart.first") if len(figures.names) > 1 else "")
    if _long(figures):
        _names(page, figures)
    if figures.panels:
        page.heading(words("chart.accounts"))
        _panels(page, figures, words)
    if figures.rules:
        page.heading(words("chart.verdicts"))
        _matrix(page, figures, words)
    return page.written(kind)


def frontier_chart(figures: FrontierFigures, words: Words, kind: str = PNG) -> bytes:
    """The frontier of two objectives: what more of the one costs of the other."""
    page = Page(5.6, 8.0)
    page.title(words("chart.frontier"), words("chart.frontier_about"))
    box = page.axes(0.75, 0.62, page.width - 1.35, page.height - 1.75)
    first, second = np.array(figures.first), np.array(figures.second)
    order = np.argsort(first, kind="stable")
    box.plot(first[order], second[order], color=BLUE, linewidth=1.2, alpha=0.5, zorder=2)
    box.scatter(first, second, s=52, color=BLUE, edgecolor="white", linewidth=1.0, zorder=4)
    _bounds(box, figures, words)
    _numbered(box, figures)
    box.set_xlabel(axis(figures.first_title, figures.unit_1), fontproperties=font_of(10), color=INK)
    box.set_ylabel(axis(figures.second_title, figures.unit_2), fontproperties=font_of(10), color=INK)
    _plain_axes(box)
    _better(box, figures, words)
    return page.written(kind)


# Figures


def _height_of(figures: ScenarioFigures) -> float:
    height = 2 * MARGIN + TITLE + (_NAME_LINE * len(figures.names) if _long(figures) else 0.0)
    if figures.panels:
        height += HEADING + _panel_rows(figures) * _panel_height(figures)
    if figures.rules:
        height += HEADING + _HEAD + len(figures.rules) * _ROW + 0.5
    return height


def _panel_rows(figures: ScenarioFigures) -> int:
    return -(-len(figures.panels) // _COLUMNS)


def _panel_height(figures: ScenarioFigures) -> float:
    return 0.62 + _BAR * len(figures.names)


def _long(figures: ScenarioFigures) -> bool:
    return any(span(name) > _NAME for name in figures.names)


def _names(page: Page, figures: ScenarioFigures) -> None:
    """The scenarios in full, once; everywhere else there is room for the beginning of a long name only."""
    box = page.canvas(_NAME_LINE * len(figures.names))
    for place, name in enumerate(figures.names):
        write(box, 0.06, _NAME_LINE * (place + 0.5), f"{place + 1}  {cut(name, 130)}", 9)


def _panels(page: Page, figures: ScenarioFigures, words: Words) -> None:
    """Small multiples: one figure each, the scenarios in the same order everywhere, named at the left."""
    names = 1.75
    width = (page.width - 2 * MARGIN - names) / _COLUMNS
    for row in range(_panel_rows(figures)):
        box = page.canvas(_panel_height(figures))
        for place, name in enumerate(figures.names):
            y = 0.52 + _BAR * (place + 0.5)
            if place % 2 == 0:
                box.add_patch(Rectangle((0, y - _BAR / 2), page.width - 2 * MARGIN, _BAR, color=BAND, linewidth=0))
            write(box, 0.06, y, f"{place + 1}  {cut(name, _NAME)}", 8.5)
        for column, panel in enumerate(figures.panels[row * _COLUMNS : (row + 1) * _COLUMNS]):
            _panel(box, names + column * width, width - 0.12, panel, words)


def _panel(box: Axes, left: float, width: float, panel: Panel, words: Words) -> None:
    write(box, left, 0.16, f"{panel.group} · {panel.unit}", 7.5, GREY)
    write(box, left, 0.36, cut(panel.title, 42), 9)
    known = [value for value in panel.values if value is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    # The figures are written beside the bars: at most three eighths of the width is bar.
    scale = width * 0.375 / (high - low) if high > low else 0.0
    zero = left + -low * scale
    digits = min(panel.decimals, 2)
    for place, value in enumerate(panel.values):
        y = 0.52 + _BAR * (place + 0.5)
        if value is None:
            write(box, zero + 0.05, y, words("result.unknown"), 8, GREY)
            continue
        start = zero + min(0.0, value) * scale
        box.add_patch(Rectangle((start, y - _BAR * 0.3), abs(value) * scale, _BAR * 0.6, color=BLUE, linewidth=0))
        write(box, zero + max(0.0, value) * scale + 0.05, y, _with_difference(panel.values, place, digits), 8)
    box.plot([zero, zero], [0.52, 0.52 + _BAR * len(panel.values)], color=INK, linewidth=0.7)


def _with_difference(values: Sequence[Optional[float]], place: int, digits: int) -> str:
    """The figure, and how much more or less it is than in the first scenario."""
    value, first = values[place], values[0]
    written = f"{value:.{digits}f}"
    if place > 0 and value is not None and first is not None:
        more = round(value - first, digits)
        written += f" ({more:+.{digits}f})" if more else " (=)"
    return written.replace("-", "−")


# Verdicts


def _matrix(page: Page, figures: ScenarioFigures, words: Words) -> None:
    wide = page.width - 2 * MARGIN
    width = min(3.2, (wide - _LABELS) / len(figures.names))
    head = page.canvas(_HEAD)
    room = int(width / 0.075)
    for place, name in enumerate(figures.names):
        lines = wrapped(f"{place + 1} {name}", room)
        write(head, _LABELS + (place + 0.5) * width, _HEAD / 2, "\n".join(lines), 8.5, ha="center", linespacing=1.15)
    box = page.canvas(len(figures.rules) * _ROW)
    for row, rule in enumerate(figures.rules):
        y = (row + 0.5) * _ROW
        if row % 2 == 0:
            box.add_patch(Rectangle((0, y - _ROW / 2), _LABELS - 0.06, _ROW, color=BAND, linewidth=0))
        if rule.hard:
            write(box, 0.06, y, "◆", 7, INK, sign=True)
        write(box, 0.26, y, "\n".join(wrapped(rule.title, 38)), 8.5, linespacing=1.15)
        for place in range(len(figures.names)):
            _cell(box, _LABELS + place * width, y, width, rule, place, words)
    _legend(page, words)


def _cell(box: Axes, left: float, y: float, width: float, rule: RuleRow, place: int, words: Words) -> None:
    result = rule.results[place]
    if result is None:
        write(box, left + width / 2, y, "–", 8.5, GREY, ha="center")
        return
    sign, colour, tint = SIGNS[result]
    style = "round,pad=0,rounding_size=0.05"
    box.add_patch(
        FancyBboxPatch((left + 0.03, y - _ROW / 2 + 0.025), width - 0.06, _ROW - 0.05, style, color=tint, linewidth=0)
    )
    _sign(box, left + 0.19, y, sign, colour)
    note = rule.notes[place]
    x, room = left + 0.33, (width - 0.37) / _HALF
    if not note:
        write(box, x, y, words(f"result.{result}"), 8.5)
        return
    write(box, x, y - 0.075, words(f"result.{result}"), 8.5)
    # A figure cut short would be another figure.
    write(box, x, y + 0.085, note, 7 * min(1.0, room / span(note)), "#444444")


def _sign(box: Axes, x: float, y: float, sign: str, colour: str) -> None:
    box.plot([x], [y], marker="o", markersize=12, color=colour, markeredgewidth=0, linestyle="none")
    write(box, x, y + 0.005, sign, 8.5, "white", sign=True, ha="center")


def _legend(page: Page, words: Words) -> None:
    box = page.canvas(0.5)
    x = 0.15
    for result, (sign, colour, _) in SIGNS.items():
        name = words(f"result.{result}")
        _sign(box, x, 0.3, sign, colour)
        write(box, x + 0.16, 0.3, name, 8.5)
        x += 0.55 + 0.075 * span(name)
    write(box, x, 0.3, "◆", 7, INK, sign=True)
    write(box, x + 0.16, 0.3, words("chart.hard"), 8.5)


# Frontier


def _bounds(box: Axes, figures: FrontierFigures, words: Words) -> None:
    """How far a better plan might still be: a whisker from each point to its bound."""
    drawn = False
    seen = 0.015 * (max(figures.first) - min(figures.first)) if figures.first else 0.0
    for value, other, bound in zip(figures.first, figures.second, figures.bounds):
        if bound is not None and abs(bound - value) > seen:
            box.plot([bound, value], [other, other], color=GREY, linewidth=1.0, zorder=3)
            box.plot([bound], [other], marker="|", markersize=8, color=GREY, zorder=3)
            drawn = True
    if drawn:
        box.text(
            0.995, 0.02, words("chart.bound_about"), transform=box.transAxes, ha="right", va="bottom", color=GREY,
            fontproperties=font_of(8),
        )  # fmt: skip


def _numbered(box: Axes, figures: FrontierFigures) -> None:
    """Numbers on the side of worse plans, where no line runs."""
    x, y = (-1 if figures.first_more else 1), (-1 if figures.second_more else 1)
    for place, point in enumerate(zip(figures.first, figures.second), 1):
        box.annotate(
            str(place), point, xytext=(6 * x, 5 * y), textcoords="offset points", ha="left" if x > 0 else "right",
            va="bottom" if y > 0 else "top", color=INK, fontproperties=font_of(8.5),
        )  # fmt: skip


def _better(box: Axes, figures: FrontierFigures, words: Words) -> None:
    """An arrow into the corner where both are better."""
    x, y = (0.97 if figures.first_more else 0.03), (0.97 if figures.second_more else 0.03)
    inward = (-0.06 if figures.first_more else 0.06), (-0.06 if figures.second_more else 0.06)
    box.annotate(
        "", (x, y), (x + inward[0], y + inward[1]), xycoords="axes fraction", textcoords="axes fraction",
        arrowprops={"arrowstyle": "->", "color": GREY, "linewidth": 1.2},
    )  # fmt: skip
    box.text(
        x + inward[0] * 1.1, y + inward[1] * 1.1, words("chart.better"), transform=box.transAxes, color=GREY,
        ha="right" if figures.first_more else "left", va="top" if figures.second_more else "bottom",
        fontproperties=font_of(8.5),
    )  # fmt: skip


def _plain_axes(box: Axes) -> None:
    box.margins(0.12)
    box.grid(color="#E3E6E8", linewidth=0.8)
    box.set_axisbelow(True)
    for side in ("top", "right"):
        box.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        box.spines[side].set_color(GREY)
    box.ticklabel_format(useOffset=False, style="plain")
    box.tick_params(colors=INK, length=3)
    for label in (*box.get_xticklabels(), *box.get_yticklabels()):
        label.set_fontproperties(font_of(8.5))

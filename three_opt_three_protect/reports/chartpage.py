"""The page a chart is drawn on: a figure filled from the top down, and text that fits."""

from __future__ import annotations

import io
from typing import Any, List

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from three_opt_three_protect.reports.fonts import PLAIN, chart_font

PNG, SVG = "png", "svg"
DOTS = 160
"""Dots per inch of a PNG."""

INK, GREY = "#222222", "#767676"
WIDTH, MARGIN, TITLE, HEADING = 10.0, 0.35, 0.62, 0.5
"""Inches: the page, its margin, its title, a heading."""


class Page:
    """A figure filled from the top down, in inches."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height), dpi=DOTS, facecolor="white")
        self.top = height - MARGIN

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place in inches."""
        return self.figure.add_axes([left / self.width, bottom / self.height, width / self.width, height / self.height])

    def canvas(self, height: float) -> Axes:
        """The next ``height`` inches: axes in inches without anything on them, y counted downwards."""
        self.top -= height
        box = self.axes(MARGIN, self.top, self.width - 2 * MARGIN, height)
        box.set_xlim(0, self.width - 2 * MARGIN)
        box.set_ylim(height, 0)
        box.axis("off")
        return box

    def title(self, title: str, subtitle: str) -> None:
        """What the page is, and a smaller line below."""
        box = self.canvas(TITLE)
        write(box, 0, 0.16, title, 16)
        write(box, 0, 0.46, subtitle, 9, GREY)

    def heading(self, words: str) -> None:
        """The beginning of a part, underlined."""
        box = self.canvas(HEADING)
        write(box, 0, 0.26, words, 12)
        box.plot([0, self.width - 2 * MARGIN], [0.42, 0.42], color=INK, linewidth=0.8)

    def written(self, kind: str) -> bytes:
        """The file as bytes; the same figures give the same bytes."""
        out = io.BytesIO()
        if kind == SVG:
            with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "scenarios"}):
                FigureCanvasSVG(self.figure).print_svg(out, metadata={"Date": None, "Creator": None})
        else:
            FigureCanvasAgg(self.figure).print_png(out)
        return out.getvalue()


def font_of(size: float, sign: bool = False) -> FontProperties:
    """The font of text, or of a ``sign`` such as ✓ that Chinese fonts lack."""
    return FontProperties(family=[PLAIN], size=size, weight="bold") if sign else chart_font(size)


def write(box: Axes, x: float, y: float, words: str, size: float, colour: str = INK, **more: Any) -> None:
    """Text of ``size`` points at a place of a canvas; ``sign`` and what ``Axes.text`` takes may follow."""
    sign = more.pop("sign", False)
    box.text(x, y, words, fontproperties=font_of(size, sign), color=colour, **{"va": "center", **more})


def span(words: str) -> int:
    """Width in halves of a Chinese character."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in words)


def cut(words: str, room: int) -> str:
    """``words`` shortened to ``room`` halves of a Chinese character."""
    if span(words) <= room:
        return words
    kept = ""
    for letter in words:
        if span(kept + letter) > room - 2:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def wrapped(words: str, room: int) -> List[str]:
    """``words`` on at most two lines, broken at a space where there is one."""
    if span(words) <= room:
        return [words]
    end = 0
    while end < len(words) and span(words[: end + 1]) <= room:
        end += 1
    space = words.rfind(" ", 0, end + 1)
    end = space if space > end // 2 else end
    return [words[:end].rstrip(), cut(words[end:].lstrip(), room)]

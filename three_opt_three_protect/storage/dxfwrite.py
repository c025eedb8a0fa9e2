"""Plots written as a drawing (DXF): closed polylines by layer, their numbers, and boundary points.

In the form of AutoCAD Release 12, the oldest and plainest in use, with texts in GBK (code page
ANSI_936); a character GBK lacks is written by its number. Source: Autodesk DXF Reference.
"""

from __future__ import annotations

import codecs
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.boundarypoints import BoundaryPoints
from three_opt_three_protect.core.progress import SILENT, Progress

Floats = NDArray[np.float64]
Pair = Tuple[int, str]

_FORBIDDEN = "<>/\\\":;?*|='`,"
"""Signs a layer's name may not have."""
_COLOURS = (1, 3, 5, 6, 4, 30, 2, 8)
"""Colours of layers, by number, that are told apart on black and on white."""
_LACKING = "dxf_character_number"
"""Name of the way to write what GBK lacks."""
_BETWEEN_LOOKS = 1_000
"""Rings between two looks at the cancel button."""
_POINT_SIGN = 34
"""A point drawn as a circle with a dot."""


def layer_names(names: Sequence[str]) -> Dict[str, str]:
    """Name → name a drawing accepts; different names stay different."""
    out: Dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = "".join("_" if sign in _FORBIDDEN or sign < " " else sign for sign in name).strip() or "0"
        number, free = 1, plain
        while free in out.values():
            number += 1
            free = f"{plain}_{number}"
        out[name] = free
    return out


def dxf_bytes(
    points: BoundaryPoints,
    layers: Sequence[str],
    labels: Sequence[Tuple[str, float, float]],
    height: float,
    point_layer: str = "",
    prefix: str = "J",
    label_layer: str = "0",
    progress: Progress = SILENT,
) -> bytes:
    """The drawing.

    Parameters
    ----------
    points
        Boundary points of the plots; each ring becomes a closed polyline.
    layers
        Layer of each plot, by row; names a drawing accepts.
    labels
        (text, x, y) of the plots.
    height
        Of the texts, in units of the drawing.
    point_layer
        Layer of the boundary points and of their numbers; ``""`` = they are not drawn.
    prefix
        Before the number of a point.
    label_layer
        Layer of the plots' texts.
    progress
        Asked every thousand rings.
    """
    used = [name for name in (*layers, label_layer, point_layer) if name]
    pairs: List[Pair] = [*_head(points.xy), *_tables(list(dict.fromkeys(used)))]
    pairs += [(0, "SECTION"), (2, "ENTITIES")]
    digits = points.decimals
    for number, (start, end) in enumerate(_rings(points)):
        if number % _BETWEEN_LOOKS == 0:
            progress.check(start / len(points))
        pairs += _polyline(points.xy[start:end], layers[int(points.row[start])], digits)
    for text, x, y in labels:
        pairs += _text(text, x, y, height, label_layer, digits, centred=True)
    if point_layer:
        for number, (x, y) in zip(points.number[~points.closing], points.xy[~points.closing].tolist()):
            pairs += [(0, "POINT"), (8, point_layer), *_place(x, y, digits)]
            pairs += _text(f"{prefix}{number}", x + height / 2, y + height / 2, height, point_layer, digits)
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    progress.check(1.0)
    return "".join(f"{code:3d}\r\n{value}\r\n" for code, value in pairs).encode("gbk", _LACKING)


def _by_number(error: UnicodeError) -> Tuple[str, int]:
    """Characters GBK lacks by the numbers of their UTF-16 units, as drawings write them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    raw = error.object[error.start : error.end].encode("utf-16-be")
    units = (raw[at : at + 2].hex().upper() for at in range(0, len(raw), 2))
    return "".join(f"\\U+{unit}" for unit in units), error.end


codecs.register_error(_LACKING, _by_number)


def _rings(points: BoundaryPoints) -> Iterator[Tuple[int, int]]:
    """First and last (exclusive, the closing point left out) of each ring."""
    start = 0
    for closing in np.flatnonzero(points.closing):
        yield start, int(closing)
        start = int(closing) + 1


def _head(xy: Floats) -> List[Pair]:
    west, south = xy.min(axis=0) if len(xy) else (0.0, 0.0)
    east, north = xy.max(axis=0) if len(xy) else (0.0, 0.0)
    return [
        (0, "SECTION"), (2, "HEADER"),
        (9, "$ACADVER"), (1, "AC1009"),
        (9, "$DWGCODEPAGE"), (3, "ANSI_936"),
        (9, "$EXTMIN"), (10, f"{west:.3f}"), (20, f"{south:.3f}"), (30, "0.0"),
        (9, "$EXTMAX"), (10, f"{east:.3f}"), (20, f"{north:.3f}"), (30, "0.0"),
        (9, "$PDMODE"), (70, str(_POINT_SIGN)),
        (9, "$PDSIZE"), (40, "0.5"),
        (0, "ENDSEC"),
    ]  # fmt: skip


def _tables(layers: Sequence[str]) -> List[Pair]:
    pairs: List[Pair] = [
        (0, "SECTION"), (2, "TABLES"),
        (0, "TABLE"), (2, "LTYPE"), (70, "1"),
        (0, "LTYPE"), (2, "CONTINUOUS"), (70, "64"), (3, "Solid line"), (72, "65"), (73, "0"), (40, "0.0"),
        (0, "ENDTAB"),
        (0, "TABLE"), (2, "LAYER"), (70, str(len(layers))),
    ]  # fmt: skip
    for number, name in enumerate(layers):
        colour = str(_COLOURS[number % len(_COLOURS)])
        pairs += [(0, "LAYER"), (2, name), (70, "64"), (62, colour), (6, "CONTINUOUS")]
    # The big font holds the Chinese characters of drawings.
    pairs += [
        (0, "ENDTAB"),
        (0, "TABLE"), (2, "STYLE"), (70, "1"),
        (0, "STYLE"), (2, "STANDARD"), (70, "0"), (40, "0.0"), (41, "1.0"), (50, "0.0"), (71, "0"), (42, "2.5"),
        (3, "txt"), (4, "gbcbig.shx"),
        (0, "ENDTAB"), (0, "ENDSEC"),
    ]  # fmt: skip
    return pairs


def _polyline(ring: Floats, layer: str, digits: int) -> List[Pair]:
    pairs: List[Pair] = [(0, "POLYLINE"), (8, layer), (66, "1"), (70, "1"), (10, "0.0"), (20, "0.0"), (30, "0.0")]
    for x, y in ring.tolist():
        pairs += [(0, "VERTEX"), (8, layer), *_place(x, y, digits)]
    return [*pairs, (0, "SEQEND"), (8, layer)]


def _text(text: str, x: float, y: float, height: float, layer: str, digits: int, centred: bool = False) -> List[Pair]:
    pairs: List[Pair] = [
        (0, "TEXT"),
        (8, layer),
        *_place(x, y, digits),
        (40, f"{height:g}"),
        (1, " ".join(text.split())),
    ]
    if centred:
        pairs += [(72, "1"), (11, f"{x:.{digits}f}"), (21, f"{y:.{digits}f}"), (31, "0.0"), (73, "2")]
    return pairs


def _place(x: float, y: float, digits: int) -> List[Pair]:
    return [(10, f"{x:.{digits}f}"), (20, f"{y:.{digits}f}"), (30, "0.0")]

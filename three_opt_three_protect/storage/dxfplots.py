"""Closed polylines of a drawing as plots, by layer, named by the text inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.extent import require_fitting
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.rings import nesting, outlines, polygons_of_rings
from three_opt_three_protect.core.tables import CrsInfo, Geometries, LayerTable, integer, real, text
from three_opt_three_protect.storage.dxf import Drawing, Label, Line
from three_opt_three_protect.storage.messages import Messages

Floats = NDArray[np.float64]

_BESIDE = 1.5
"""A text nearer to a vertex of the plot than so many times its height is the number of the vertex."""
_NAMES = 5
"""Layers a message lists."""


@dataclass(frozen=True)
class DrawnPlots:
    """Plots of a drawing, the polylines that are open, and what the planner should know."""

    table: LayerTable
    open_lines: LayerTable
    findings: Tuple[Finding, ...]


def drawn_plots(
    drawing: Drawing,
    file: str,
    crs: CrsInfo,
    layers: Sequence[str] = (),
    text_layer: str = "",
    holes: bool = False,
    close: float = 0.0,
    source: str = "",
) -> DrawnPlots:
    """The closed polylines of a drawing as plots.

    Parameters
    ----------
    drawing
        As :func:`storage.dxf.read_dxf` gives it.
    file
        As the planner knows it.
    crs
        Chosen by the planner: a drawing has none.
    layers
        Names of the layers wanted; none = all.
    text_layer
        The layer whose texts name plots; ``""`` = texts of all layers but the boundary points of our own drawings;
        of several in a plot the one on our own layer of plot numbers, else the one that stands at no vertex.
    holes
        A polyline inside another of the same layer is its hole; else only in our own drawings, and only one without
        a number of its own.
    close
        Polylines whose ends are at most this far apart, in units of the drawing, are closed.
    source
        Path, for provenance.

    Returns
    -------
    DrawnPlots
        Plots with ``plot_id`` (the text inside, None where it is not clear which), ``layer``, ``handle``, ``texts``
        (how many stand inside), ``points``; open polylines with ``layer``, ``handle``, ``gap``.

    Raises
    ------
    InputError
        ``dxf_no_such_layer``, ``dxf_no_plots``.
    CrsError
        ``coordinates_outside_crs``.
    """
    lines = _wanted(drawing.lines, layers, file)
    points, numbers = _own_layers("dxf.points"), _own_layers("dxf.numbers")
    labels = [label for label in drawing.labels if label.layer == text_layer or not text_layer]
    if text_layer and not labels:
        known = ", ".join(sorted({label.layer for label in drawing.labels})) or "–"
        raise InputError("dxf_no_text_layer", file=file, layer=text_layer, known=known)
    if not text_layer:
        labels = [label for label in labels if label.layer not in points]
    closed, still_open, bridged = _closed(lines, close)
    if not closed:
        raise InputError("dxf_no_plots", file=file, count=len(still_open))
    with np.errstate(over="ignore"):  # coordinates that are far out are refused in words
        kept, shapes = _shapes(closed, holes, [label for label in drawing.labels if label.layer in numbers])
        table = _plot_table([closed[at] for at in kept], shapes, labels, file, crs, source)
    require_fitting(table)
    findings = [
        *_encoding_finding(drawing, file),
        *_counted("dxf_closed", INFO, file, bridged, limit=close),
        *_open_findings(still_open, file),
        *_passed_over(drawing, file),
        *_counted("dxf_inner_holes", INFO, file, 0 if holes else len(closed) - len(kept)),
        *_shape_findings(table, file, holes),
        *_name_findings(table, file),
    ]
    return DrawnPlots(table, _open_table(still_open, file, crs, source), tuple(findings))


def _closed(lines: Sequence[Line], close: float) -> Tuple[List[Line], List[Line], int]:
    """Closed lines, open ones, and how many were closed because their ends are at most ``close`` apart."""
    closed: List[Line] = []
    still_open: List[Line] = []
    bridged = 0
    for line in lines:
        if not line.is_closed and len(line.points) > 2 and line.gap <= close:
            line = Line(line.layer, line.handle, np.vstack([line.points, line.points[:1]]))
            bridged += 1
        (closed if line.is_closed and len(line.points) > 3 else still_open).append(line)
    return closed, still_open, bridged


def _wanted(lines: Sequence[Line], layers: Sequence[str], file: str) -> List[Line]:
    known = {line.layer for line in lines}
    for layer in layers:
        if layer not in known:
            raise InputError("dxf_no_such_layer", file=file, layer=layer, known=", ".join(sorted(known)) or "–")
    return [line for line in lines if not layers or line.layer in layers]


@cache
def _own_layers(message_id: str) -> FrozenSet[str]:
    """What the layer is called in drawings this program writes, in any language."""
    return frozenset(Messages(language).text(message_id) for language in ("zh", "en"))


def _shapes(lines: Sequence[Line], holes: bool, numbers: Sequence[Label]) -> Tuple[NDArray[np.int64], Geometries]:
    """Which lines are exteriors, and the polygons of these, in the order of the drawing."""
    if not holes:
        return _shapes_by_number(lines, numbers)
    kept: List[int] = []
    shapes: List[shapely.Geometry] = []
    for layer in dict.fromkeys(line.layer for line in lines):
        rows = [row for row, line in enumerate(lines) if line.layer == layer]
        exteriors, polygons = polygons_of_rings([lines[row].points for row in rows])
        kept += [rows[at] for at in exteriors]
        shapes += list(polygons)
    order = np.argsort(kept, kind="stable")
    out = np.empty(len(shapes), dtype=np.object_)
    out[:] = shapes
    return np.array(kept, dtype=np.int64)[order], out[order]


def _shapes_by_number(lines: Sequence[Line], numbers: Sequence[Label]) -> Tuple[NDArray[np.int64], Geometries]:
    """As our own drawings have them: an inner line of the same layer without a number is a hole; else all are plots."""
    shapes = outlines([line.points for line in lines])
    hole = np.zeros(len(lines), dtype=np.bool_)
    inner: Dict[int, List[Floats]] = {}
    if numbers:
        numbered = np.array([bool(texts) for texts in _texts_inside(shapes, numbers)])
        layer = np.array([line.layer for line in lines], dtype=np.object_)
        for name in dict.fromkeys(layer.tolist()):
            rows = np.flatnonzero(layer == name)
            parent = nesting(shapes[rows])
            # What lies outside is looked at first: a line inside a hole is none.
            for at in np.argsort(-shapely.area(shapes[rows]), kind="stable").tolist():
                around = int(rows[parent[at]])
                if parent[at] >= 0 and not hole[around] and not numbered[rows[at]]:
                    hole[rows[at]] = True
                    inner.setdefault(around, []).append(lines[rows[at]].points)
    for row, rings in inner.items():
        shapes[row] = shapely.Polygon(lines[row].points, rings)
    kept = np.flatnonzero(~hole)
    return kept, shapes[kept]


def _plot_table(
    lines: Sequence[Line], shapes: Geometries, labels: Sequence[Label], file: str, crs: CrsInfo, source: str
) -> LayerTable:
    inside = _texts_inside(shapes, labels)
    columns = {
        "plot_id": text([_number(*plot) for plot in zip(inside, shapes)], alias="地块编号", width=100),
        "layer": text([line.layer for line in lines], alias="CAD图层", width=100),
        "handle": text([line.handle or None for line in lines], alias="CAD句柄", width=20),
        "texts": integer([len({label.text for label in texts}) for texts in inside], alias="文字个数"),
        "points": integer([len(line.points) - 1 for line in lines], alias="顶点数"),
    }
    return LayerTable(file, np.arange(1, len(lines) + 1, dtype=np.int64), shapes, columns, crs, source or file)


def _number(inside: Sequence[Label], shape: shapely.Geometry) -> Optional[str]:
    """The text that names a plot: the only one, or the only one on our layer of numbers, or off the vertices."""
    own = _own_layers("dxf.numbers")
    if len({label.text for label in inside}) > 1:
        vertices = shapely.multipoints(shapely.get_coordinates(shape))
        choices = ([label for label in inside if label.layer in own], [each for each in inside if _off(each, vertices)])
    else:
        choices = (list(inside), [])
    return next((some[0].text for some in choices if len({label.text for label in some}) == 1), None)


def _off(label: Label, vertices: shapely.Geometry) -> bool:
    return bool(shapely.distance(shapely.Point(label.x, label.y), vertices) > _BESIDE * label.height)


def _texts_inside(shapes: Geometries, labels: Sequence[Label]) -> List[List[Label]]:
    """The texts inside each plot; a text inside several belongs to the smallest."""
    out: List[List[Label]] = [[] for _ in shapes]
    if not labels:
        return out
    points = shapely.points([(label.x, label.y) for label in labels])
    plot, label = shapely.STRtree(points).query(shapes, predicate="contains")
    area = shapely.area(shapes)
    owner: Dict[int, int] = {}
    for row, at in zip(plot.tolist(), label.tolist()):
        if at not in owner or area[row] < area[owner[at]]:
            owner[at] = row
    for at, row in sorted(owner.items()):
        out[row].append(labels[at])
    return out


def _open_table(lines: Sequence[Line], file: str, crs: CrsInfo, source: str) -> LayerTable:
    shapes = np.empty(len(lines), dtype=np.object_)
    for row, line in enumerate(lines):
        shapes[row] = shapely.LineString(line.points)
    columns = {
        "layer": text([line.layer for line in lines], alias="CAD图层", width=100),
        "handle": text([line.handle or None for line in lines], alias="CAD句柄", width=20),
        "gap": real([line.gap for line in lines], alias="首末点距", width=18, decimals=4),
    }
    return LayerTable(f"{file}: open", np.arange(1, len(lines) + 1), shapes, columns, crs, source or file)


def _encoding_finding(drawing: Drawing, file: str) -> List[Finding]:
    """Where the code page stated is not what the texts were read in."""
    if not drawing.stated.startswith("ANSI_125") or drawing.encoding == "utf-8":
        return []
    values: Dict[str, Value] = {"file": file, "stated": drawing.stated, "encoding": drawing.encoding.upper()}
    return [Finding("dxf_encoding", WARNING, file, values)]


def _counted(finding_id: str, severity: str, file: str, count: int, **values: Value) -> List[Finding]:
    return [Finding(finding_id, severity, file, {"file": file, "count": count, **values})] if count else []


def _open_findings(lines: Sequence[Line], file: str) -> List[Finding]:
    """Open polylines by layer, with the least gap: they are roads and contours as often as plots."""
    gaps: Dict[str, List[float]] = {}
    for line in lines:
        gaps.setdefault(line.layer, []).append(line.gap)
    return [
        Finding("dxf_open", WARNING, file, {"file": file, "layer": layer, "count": len(found), "gap": min(found)})
        for layer, found in gaps.items()
    ]


def _passed_over(drawing: Drawing, file: str) -> List[Finding]:
    return [
        Finding("dxf_passed_over", INFO, file, {"file": file, "kind": kind, "count": count})
        for kind, count in sorted(drawing.passed_over.items())
    ]


def _shape_findings(table: LayerTable, file: str, holes: bool) -> List[Finding]:
    """Plots that cross themselves, plots inside another, and plots drawn twice."""
    layers = table.columns["layer"].values
    measures = np.column_stack([shapely.bounds(table.shapes), shapely.area(table.shapes)])
    twice = len(table) - len(np.unique(measures, axis=0))
    crossing = np.flatnonzero(~shapely.is_valid(table.shapes))
    inside = np.zeros(0) if holes else np.flatnonzero(nesting(table.shapes) >= 0)
    return [
        *_counted("dxf_invalid", WARNING, file, len(crossing), layers=_names(layers[crossing].tolist())),
        *_counted("dxf_twice", WARNING, file, twice),
        *_counted("dxf_inside", WARNING, file, len(inside), layers=_names(layers[inside.astype(int)].tolist())),
    ]


def _name_findings(table: LayerTable, file: str) -> List[Finding]:
    """Plots with several texts, and names that stand twice."""
    several = int(((table.columns["texts"].values > 1) & table.columns["plot_id"].is_missing).sum())
    counts: Dict[str, int] = {}
    for name in table.columns["plot_id"].values:
        if name is not None:
            counts[name] = counts.get(name, 0) + 1
    twice = [name for name, count in counts.items() if count > 1]
    found = _counted("dxf_several_texts", INFO, file, several)
    if twice:
        found.append(Finding("survey_number_twice", WARNING, file, {"count": len(twice), "names": ", ".join(twice)}))
    return found


def _names(names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    return ", ".join(different[:_NAMES]) + (" …" if len(different) > _NAMES else "")

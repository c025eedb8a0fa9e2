"""Edges drawn as lines, to ask a spatial index which parcels they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.edges import Bools, Edges, Ints, Vertices, blocks
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_LONG = 32
"""Edges in one line: long enough to be few, short enough to have a small bounding box."""

_LARGE = 2_000
"""Vertices above which a polygon is large: rivers and roads of a whole township."""

_BATCH = 20_000
"""Lines asked for between two looks at the cancel button."""


@dataclass(frozen=True)
class Lines:
    """Runs of edges that follow each other in a ring.

    ``geometry`` is ``(l,)`` linestrings; a line has the ``size`` edges from place ``first`` on.
    """

    geometry: Geometries
    first: Ints
    size: Ints

    def edges(self, line: Ints) -> Tuple[Ints, Ints]:
        """The edges of lines: row of ``line`` and place of the edge, ``(e,)`` each."""
        row, within = _counted(self.size[line])
        return row, self.first[line][row] + within


def lines_along(edges: Edges, chosen: Bools) -> Lines:
    """Draw the ``chosen`` edges as lines of at most :data:`_LONG` edges."""
    place = np.flatnonzero(chosen)
    start = np.ones(len(place), dtype=np.bool_)
    start[1:] = place[1:] != place[:-1] + 1
    begin = np.flatnonzero(start)
    start |= _counted(np.diff(np.append(begin, len(place))))[1] % _LONG == 0
    begin = np.flatnonzero(start)
    first, size = place[begin], np.diff(np.append(begin, len(place)))
    return Lines(drawn(edges.vertices, first, size), first, size)


def drawn(vertices: Vertices, first: Ints, size: Ints, origin: complex = 0j) -> Geometries:
    """Linestrings of the ``size`` edges from place ``first`` on, moved by ``-origin``."""
    row, within = _counted(size + 1)
    xy = (vertices[first[row] + within] - origin).view(np.float64).reshape(-1, 2)
    return np.asarray(shapely.linestrings(xy, indices=row), dtype=np.object_).reshape(-1)


def _counted(size: Ints) -> Tuple[Ints, Ints]:
    """``size`` rows for every entry: the entry, and 0, 1, … within it."""
    row = np.repeat(np.arange(len(size)), size)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)


class Ground:
    """Polygons to be asked what lines meet them.

    Small ones are asked line by line.  For one of very many vertices, a river or the roads of a
    whole township, each line would have to look at all of them: it is asked itself, prepared.

    Parameters
    ----------
    shapes
        ``(n,)`` polygons.

    Attributes
    ----------
    large
        ``(n,)`` bool, of very many vertices.
    tree
        Spatial index of the small ones; the rows stay.
    """

    def __init__(self, shapes: Geometries) -> None:
        self.shapes = shapes
        self.large: Bools = np.asarray(shapely.get_num_coordinates(shapes) > _LARGE)
        small = shapes
        if self.large.any():
            small = shapes.copy()
            small[self.large] = None
        self.tree = shapely.STRtree(small)

    def meeting(self, lines: Geometries, progress: Progress = SILENT) -> Tuple[Ints, Ints]:
        """Rows of a line and a polygon that have a point in common, ``(p,)`` each."""
        found: List[Tuple[Ints, Ints]] = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
        for block in blocks(len(lines), _BATCH):
            progress.check(block.start / len(lines))
            line, shape = self.tree.query(lines[block], predicate="intersects")
            found.append((line + block.start, shape))
        rows = np.flatnonzero(self.large)
        if len(rows):
            all_lines = shapely.STRtree(lines)
            for row in rows:
                progress.check(1.0)
                line = all_lines.query(self.shapes[row], predicate="intersects")
                found.append((line, np.full(len(line), row)))
        return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])

    def covering(self, points: Geometries) -> Ints:
        """``(p,)`` how many of the polygons have each point."""
        small = self.tree.query(points, predicate="intersects")[0]
        large = shapely.STRtree(points).query(self.shapes[self.large], predicate="contains")[1]
        return np.bincount(np.concatenate([small, large]), minlength=len(points))

    def near(self, boxes: Geometries) -> Ints:
        """Rows of the small polygons whose boxes meet one of ``boxes``, and of all large ones."""
        return np.union1d(self.tree.query(boxes)[1], np.flatnonzero(self.large))

"""Edges that may bound a gap, and gaps found tile by tile."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.overlay import Coverage
from three_opt_three_protect.core.overlay import gaps as module
from three_opt_three_protect.core.overlay.gaps import gaps, open_edges


def cover(*shapes: shapely.Polygon) -> Coverage:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return Coverage(out)


def test_only_edges_with_land_on_one_side_bound_a_gap_and_once() -> None:
    one, other = box(0, 0, 10, 10), box(10, 0, 20, 10)
    assert open_edges(cover(one, other)).sum() == 6
    # With everything twice no edge has a single partner.
    assert open_edges(cover(one, other, one, other)).sum() == 6
    assert open_edges(cover(one, one, one)).sum() == 4


def test_a_gap_across_many_tiles_is_one_and_a_bay_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame of 60 squares round a lake with an island, and a comb whose bays are open to the west."""
    ring = [box(x, y, x + 10, y + 10) for x in range(0, 160, 10) for y in range(0, 160, 10)]
    ring = [square for square in ring if not square.within(box(10, 10, 150, 150))]
    island = box(70, 70, 90, 90)
    comb = [box(200, y, 300, y + 1) for y in range(0, 100, 5)] + [box(300, 0, 301, 100)]
    monkeypatch.setattr(module, "_AT_ONCE", 12)
    (found,) = gaps(cover(*ring, island, *comb))
    assert found.area == pytest.approx(140 * 140 - 400)
    assert found.equals(box(10, 10, 150, 150) - island)


places = st.integers(0, 8)
many = st.lists(st.tuples(places, places, st.integers(1, 4), st.integers(1, 4)), min_size=3, max_size=14)


@settings(max_examples=150, deadline=None)
@given(many, st.integers(3, 12))
def test_tiles_find_what_is_found_at_once(found: list, most: int) -> None:
    """Squares whose corners lie exactly on their neighbours' edges.

    Turned by an angle, a corner lies beside the edge by the last digit; whether such a crack lets a gap out is
    chance, and differs between tiles and the whole.
    """
    coverage = cover(*(box(x, y, x + w, y + h) for x, y, w, h in found))
    with pytest.MonkeyPatch.context() as patch:
        whole = gaps(coverage)
        patch.setattr(module, "_AT_ONCE", most)
        tiled = gaps(coverage)
    wide = [sorted(area for area in shapely.area(some) if area > 1e-9) for some in (whole, tiled)]
    assert wide[1] == pytest.approx(wide[0], abs=1e-9)


def test_many_tiles_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Third:
        asked = 0

        def check(self, fraction: float) -> None:
            assert 0.0 <= fraction <= 1.0
            self.asked += 1
            if self.asked == 30:
                raise Cancelled

        def step(self, name: str, share: float) -> None:
            raise AssertionError

    coverage = cover(*(box(x, y, x + 0.9, y + 0.9) for x in range(8) for y in range(8)))
    monkeypatch.setattr(module, "_AT_ONCE", 20)
    with pytest.raises(Cancelled):
        gaps(coverage, Third())

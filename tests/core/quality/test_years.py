"""Two years of the same villages."""

from __future__ import annotations

from typing import Any, Mapping, Sequence, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import years
from three_opt_three_protect.core.quality.case import LAYER, Case, Found, Subject
from three_opt_three_protect.storage.rulebook import load_rules

Rows = Sequence[Mapping[str, Any]]
WEST, EAST, NEW = "320599101200", "320599101201", "320599101202"
BEFORE = (
    {"shape": (0, 0, 100, 100), "unit_code": WEST, "control_area": 10000.0},
    {"shape": (100, 0, 200, 100), "unit_code": EAST, "control_area": 10000.0},
)


def run(kit: Any, rule: str, now: Rows, before: Rows = BEFORE) -> Tuple[Found, ...]:
    def subject(name: str, rows: Rows) -> Subject:
        table = kit.layer(name, rows)
        return Subject(table, "villages", kit.same(table), method=AreaMethod.PLANAR)

    case = Case(subject("今年", now), None, {"previous": subject("去年", before)})
    return tuple(one for one in getattr(years, rule)(case, load_rules()[rule], SILENT) if len(one))


def test_the_same_land_divided_otherwise_is_the_same(kit: Any) -> None:
    now = [{"shape": (0, 0, 150, 100), "unit_code": WEST}, {"shape": (150, 0, 200, 100), "unit_code": EAST}]
    assert run(kit, "year_area", now) == run(kit, "year_outline", now) == ()


def test_total_area(kit: Any) -> None:
    (found,) = run(kit, "year_area", [{"shape": (0, 0, 202, 100)}])
    assert (found.rows.tolist(), found.measure.tolist()) == ([LAYER], [0.01])
    assert found.values["difference"] == 200.0


def test_outline_that_moved(kit: Any) -> None:
    # Shifted by 10 m: the same area, 10 × 100 more here, as much less there.
    (found,) = run(kit, "year_outline", [{"shape": (10, 0, 210, 100)}])
    assert (found.values["added"], found.values["gone"], found.measure.tolist()) == (1000.0, 1000.0, [2000.0])
    assert found.places[0].area == 2000.0
    assert run(kit, "year_area", [{"shape": (10, 0, 210, 100)}]) == ()


def test_outline_of_parcels_that_overlap(kit: Any) -> None:
    now = [{"shape": (0, 0, 120, 100)}, {"shape": (80, 0, 200, 100)}]
    assert run(kit, "year_outline", now) == ()


def test_control_areas(kit: Any) -> None:
    now = [
        {"shape": (0, 0, 60, 100), "unit_code": WEST, "control_area": 6000.0},
        {"shape": (60, 0, 100, 100), "unit_code": WEST, "control_area": 4000.0},
        {"shape": (100, 0, 200, 100), "unit_code": EAST, "control_area": 10000.02},
        {"shape": (200, 0, 300, 100), "unit_code": NEW, "control_area": 5.0},
    ]
    (found,) = run(kit, "year_control", now)
    assert found.rows.tolist() == [2]
    assert found.measure.tolist() == pytest.approx([0.02])
    assert found.values["before"].tolist() == [10000.0]


def test_units_of_one_year_only(kit: Any) -> None:
    now = [{"shape": (0, 0, 1, 1), "unit_code": WEST + "0000000"}, {"shape": (0, 0, 1, 1), "unit_code": NEW}]
    added, gone = run(kit, "year_units", now)
    assert (added.rows.tolist(), added.values["unit"].tolist(), added.values["only"]) == ([1], [NEW], "今年")
    assert (gone.rows.tolist(), gone.values["unit"].tolist(), gone.values["only"]) == ([LAYER], [EAST], "去年")
    assert gone.places[0].area == 10000.0


def test_outline_of_many_is_their_union_and_can_be_stopped(kit: Any) -> None:
    rows = [{"shape": (x, y, x + 1, y + 1)} for x in range(60) for y in range(60)]
    table = kit.layer("格网", rows)
    subject = Subject(table, method=AreaMethod.PLANAR)
    whole = years.outline(subject, SILENT)
    assert shapely.equals(whole, kit.box(0, 0, 60, 60))

    class Stop:
        def step(self, name: str, share: float) -> None: ...

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        years.outline(subject, Stop())
    assert np.isfinite(shapely.area(whole))

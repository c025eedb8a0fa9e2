"""Lines against each other: rectangles, areas by hand."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import lines
from three_opt_three_protect.core.quality.case import Case, Found, Subject
from three_opt_three_protect.storage.catalogue import load_class_system
from three_opt_three_protect.storage.rulebook import load_rules

Rows = Sequence[Mapping[str, Any]]


def run(kit: Any, rule: str, layer: Rows, **others: Rows) -> Found:
    def subject(name: str, rows: Rows) -> Subject:
        table = kit.layer(name, rows)
        return Subject(table, name, kit.same(table), system=load_class_system("third_survey"), method=AreaMethod.PLANAR)

    case = Case(subject("farmland", layer), None, {role: subject(role, rows) for role, rows in others.items()})
    (found,) = getattr(lines, rule)(case, load_rules()[rule], SILENT)
    return found


def test_farmland_on_classes_that_may_not_be(kit: Any) -> None:
    # Paddy may be, a homestead and a road may not: 10 × 100 and 20 × 100 of one plot are one finding.
    parcels = [
        {"shape": (0, 0, 70, 100), "class_code": "0101"},
        {"shape": (70, 0, 80, 100), "class_code": "0702"},
        {"shape": (80, 0, 100, 100), "class_code": "1003"},
        {"shape": (100, 0, 200, 100), "class_code": "9999"},
    ]
    held = run(kit, "farmland_class", [{"shape": (0, 0, 200, 100)}, {"shape": (0, 200, 9, 300)}], parcels=parcels)
    assert (held.rows.tolist(), held.measure.tolist()) == ([0], [3000.0])
    assert held.values["land"].tolist() == ["1003 公路用地"]
    assert held.places[0].area == 3000.0


def test_farmland_within_lines(kit: Any) -> None:
    farmland = [{"shape": (0, 0, 100, 100)}, {"shape": (100, 0, 200, 100)}, {"shape": (300, 0, 400, 100)}]
    # 40 × 100 in two overlapping zones is 40 × 100; 0.5 m² of the second is nothing.
    zones = [{"shape": (60, 0, 100, 100)}, {"shape": (80, 0, 100.005, 100)}]
    for rule, role in (("farmland_boundary", "boundary"), ("farmland_redline", "redline")):
        held = run(kit, rule, farmland, **{role: zones})
        assert (held.rows.tolist(), held.measure.tolist()) == ([0], [4000.0])
        assert held.values["other"] == role


def test_boundary_within_redline(kit: Any) -> None:
    held = run(kit, "boundary_redline", [{"shape": (0, 0, 100, 100)}], redline=[{"shape": (90, 90, 300, 300)}])
    assert (held.rows.tolist(), held.measure.tolist()) == ([0], [100.0])


def test_invalid_land_counts_as_repaired(kit: Any) -> None:
    from shapely import Polygon

    x, y = kit.X, kit.Y
    bow_tie = Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100), (x, y)])
    held = run(kit, "farmland_boundary", [{"shape": bow_tie}], boundary=[{"shape": (0, 0, 100, 100)}])
    assert held.measure.tolist() == [5000.0]

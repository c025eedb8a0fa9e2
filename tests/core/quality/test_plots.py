"""Reclaim and new-build plots: rectangles, areas by hand."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

import pytest

from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import plots
from three_opt_three_protect.core.quality.case import Case, Found, Subject
from three_opt_three_protect.storage.catalogue import load_class_system
from three_opt_three_protect.storage.rulebook import load_rules
from three_opt_three_protect.storage.words import load_words

Rows = Sequence[Mapping[str, Any]]


def run(kit: Any, rule: str, layer: Rows, role: str = "reclaim", **others: Rows) -> Tuple[Found, ...]:
    def subject(name: str, rows: Rows) -> Subject:
        table = kit.layer(name, rows)
        return Subject(table, name, kit.same(table), system=load_class_system("third_survey"), method=AreaMethod.PLANAR)

    beside = {name: subject(name, rows) for name, rows in others.items()}
    case = Case(subject(role, layer), None, beside, period=(2014, 2020), words=load_words())
    return tuple(getattr(plots, rule)(case, load_rules()[rule], SILENT))


def pairs(found: Tuple[Found, ...]) -> List[Tuple[int, float]]:
    return [pair for one in found for pair in zip(one.rows.tolist(), one.measure.tolist())]


def test_share_of_construction_land(kit: Any) -> None:
    # 60 % is enough, 59 % and nothing are not.
    parcels = [{"shape": (0, 0, 100, 300), "class_code": "0702"}, {"shape": (100, 0, 300, 300), "class_code": "0101"}]
    reclaim = [{"shape": (40, 0, 140, 100)}, {"shape": (41, 100, 141, 200)}, {"shape": (200, 200, 300, 300)}]
    found = run(kit, "reclaim_construction", reclaim, parcels=parcels)
    assert pairs(found) == [(1, pytest.approx(0.59))]
    assert found[0].values["area"].tolist() == pytest.approx([5900.0])
    assert pairs(run(kit, "reclaim_no_construction", reclaim, parcels=parcels)) == [(2, pytest.approx(10_000.0))]


@pytest.mark.parametrize(
    ("rule", "other"),
    [("newbuild_farmland", "farmland"), ("reclaim_newbuild", "reclaim"), ("past_project", "past_projects")],
)
def test_land_that_may_not_be_taken(kit: Any, rule: str, other: str) -> None:
    layer = [{"shape": (0, 0, 100, 100), "plot_id": "A"}, {"shape": (100, 0, 200, 100), "plot_id": "B"}]
    found = run(kit, rule, layer, "newbuild", **{other: [{"shape": (150, 0, 300, 100)}]})
    assert pairs(found) == [(1, 5000.0)]
    assert (found[0].values["plot"].tolist(), found[0].values["other"]) == (["B"], other)


def test_redline_by_level(kit: Any) -> None:
    # Level 1 and no level are strict; where both overlap level 1 has the land.
    redline = [
        {"shape": (0, 0, 10, 100), "level": "一级管控区"},
        {"shape": (0, 0, 30, 100), "level": "2"},
        {"shape": (50, 0, 60, 100), "level": None},
    ]
    layer = [{"shape": (0, 0, 100, 100)}]
    assert pairs(run(kit, "newbuild_redline", layer, "newbuild", redline=redline)) == [(0, 2000.0)]
    assert pairs(run(kit, "newbuild_redline_level2", layer, "newbuild", redline=redline)) == [(0, 2000.0)]


def test_town_and_industry_outside_the_boundary(kit: Any) -> None:
    layer = [
        {"shape": (0, 0, 100, 100), "use": "城镇"},
        {"shape": (0, 100, 100, 200), "use": "industry"},
        {"shape": (0, 200, 100, 300), "use": "resettlement"},
        {"shape": (0, 300, 100, 400), "use": None},
    ]
    boundary = [{"shape": (0, 0, 80, 100)}]
    assert pairs(run(kit, "newbuild_boundary", layer, "newbuild", boundary=boundary)) == [(0, 2000.0), (1, 10000.0)]


def test_plots_on_plots_before_them(kit: Any) -> None:
    layer = [
        {"shape": (0, 0, 100, 100), "plot_id": "A"},
        {"shape": (90, 0, 200, 100), "plot_id": "B"},
        {"shape": (200, 0, 300, 100), "plot_id": "C"},
        {"shape": (0, 0, 10, 100), "plot_id": None},
    ]
    found = run(kit, "plots_overlap", layer)
    assert pairs(found) == [(1, 1000.0), (3, 1000.0)]
    assert found[0].values["other"].tolist() == ["A", "A"]
    assert found[0].values["plot"].tolist() == ["B", "4"]


def test_plots_outside_the_township(kit: Any) -> None:
    township = [{"shape": (0, 0, 100, 100)}]
    layer = [{"shape": (0, 0, 50, 50)}, {"shape": (95, 0, 105, 100)}, {"shape": (500, 0, 510, 10)}]
    assert pairs(run(kit, "plot_outside", layer, township=township)) == [(1, 500.0), (2, 100.0)]


def test_phases(kit: Any) -> None:
    layer = [
        {"shape": (0, 0, 1, 1), "phase": 2013.0},
        {"shape": (0, 0, 1, 1), "phase": 2014.0},
        {"shape": (0, 0, 1, 1), "phase": 2020.0},
        {"shape": (0, 0, 1, 1), "phase": 2021.0, "acc_date": "2021-05-01"},
        {"shape": (0, 0, 1, 1), "acc_date": "2016-05-01"},
        {"shape": (0, 0, 1, 1)},
    ]
    assert pairs(run(kit, "phase_period", layer)) == [(0, 2013.0), (3, 2021.0)]
    (missing,) = run(kit, "phase_missing", layer)
    assert missing.rows.tolist() == [5]


def test_a_phase_that_is_no_year(kit: Any) -> None:
    (found,) = run(kit, "phase_period", [{"shape": (0, 0, 1, 1), "phase": "近期"}])
    assert found.values["value"].tolist() == ["近期"]


def test_shares_and_households(kit: Any) -> None:
    layer = [
        {"shape": (0, 0, 1, 1), "rate": 85.0, "consent": 1.0, "signed": 5.0, "households": 4.0},
        {"shape": (0, 0, 1, 1), "rate": 0.0, "consent": -0.1, "signed": 4.0, "households": 4.0},
        {"shape": (0, 0, 1, 1), "signed": 4.0},
    ]
    rate, consent = run(kit, "shares_range", layer)
    assert (rate.column, pairs((rate,)), consent.column, pairs((consent,))) == (
        "rate", [(0, 85.0)], "consent", [(1, -0.1)],
    )  # fmt: skip
    assert pairs(run(kit, "signed_households", layer)) == [(0, 1.0)]


def test_accepted_area_beyond_the_plot(kit: Any) -> None:
    # 10 000 m²: a thousandth more may be the plane's; of 100 m² one square metre.
    layer = [
        {"shape": (0, 0, 100, 100), "acc_m2": 10010.0},
        {"shape": (0, 0, 100, 100), "acc_m2": 10011.0},
        {"shape": (0, 0, 10, 10), "acc_m2": 101.0},
        {"shape": (0, 0, 10, 10), "acc_m2": 102.0},
        {"shape": (0, 0, 10, 10), "acc_m2": None},
    ]
    assert pairs(run(kit, "accepted_area", layer)) == [(1, 11.0), (3, 2.0)]

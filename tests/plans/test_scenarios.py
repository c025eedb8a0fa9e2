"""Two scenarios worked by hand: strips 100 m high, so that width times 100 is the area in m²."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.core.base import base_state
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.plans.inputs import Source, plot_inputs, survey_inputs
from three_opt_three_protect.plans.scenarioplots import ComparedPlot, how_often
from three_opt_three_protect.plans.scenarios import Comparison, ScenarioLayers, compare
from three_opt_three_protect.plans.scenariotables import comparison_table, plot_table, scenario_figures
from three_opt_three_protect.reports.comparison import comparison_table as printed_table
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.messages import Messages

CRS = CrsInfo(
    "EPSG:4528",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
X, Y = 40_550_000, 3_460_000
PROFILE = load_profile("suzhou-2014")
ZH = Messages("zh").text


def strip(left: float, right: float) -> shapely.Polygon:
    return shapely.box(X + left, Y, X + right, Y + 100)


def layer(name: str, shapes: Sequence[Any], **columns: Sequence[Any]) -> Source:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = list(shapes)
    kinds = {
        key: tables.text(values) if key in ("DLBM", "ZLDWDM", "plot_id", "use", "direction") else tables.real(values)
        for key, values in columns.items()
    }
    return Source(LayerTable(name, np.arange(1, len(geometry) + 1), geometry, kinds, CRS))


def targets(reclaim_m2: float) -> Source:
    columns = {
        "indicator": tables.text(["reclaim_m2"]),
        "value": tables.real([reclaim_m2]),
        "unit": tables.text(["m2"]),
    }
    return Source(LayerTable("targets", np.arange(1, 2), columns=columns))


# Village 5 000 and 3 000 m², paddy 6 000 m².
PARCELS = layer(
    "DLTB",
    [strip(0, 50), strip(100, 130), strip(200, 260)],
    DLBM=["0702", "0702", "0101"],
    ZLDWDM=["320507100001", "320507100002", "320507100001"],
)


def reclaim(plots: Sequence[Tuple[str, Any, int]]) -> Source:
    return layer(
        "reclaim",
        [shape for _, shape, _ in plots],
        plot_id=[name for name, _, _ in plots],
        direction=["cultivated"] * len(plots),
        rate=[0.9] * len(plots),
        phase=[float(year) for _, _, year in plots],
    )


def newbuild(plots: Sequence[Tuple[str, Any, int]]) -> Source:
    return layer(
        "newbuild",
        [shape for _, shape, _ in plots],
        plot_id=[name for name, _, _ in plots],
        use=["industry"] * len(plots),
        phase=[float(year) for _, _, year in plots],
    )


NOW = {"reclaim": reclaim([("R1", strip(0, 50), 2016)]), "newbuild": newbuild([("N1", strip(200, 220), 2017)])}
MORE = {
    "reclaim": reclaim([("R1", strip(0, 50), 2018), ("R2", strip(100, 130), 2016)]),
    "newbuild": newbuild([("N1", strip(200, 230), 2017)]),
}


def compared(*scenarios: Mapping[str, Source], names: Sequence[str] = (), **more: Any) -> Comparison:
    called = names or [f"方案{number}" for number in range(1, len(scenarios) + 1)]
    layers = [ScenarioLayers(name, layers) for name, layers in zip(called, scenarios)]
    return compare(PARCELS, layers, PROFILE, AreaMethod.PLANAR, **more)


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compared(NOW, MORE, names=("现行", "加码"))


def row(table: LayerTable, **keys: Any) -> Dict[str, Any]:
    """The one row with these values."""
    found = [
        number
        for number in range(len(table))
        if all(table.columns[name].values[number] == value for name, value in keys.items())
    ]
    assert len(found) == 1, f"{keys}: {len(found)} rows"
    return {
        name: None if column.is_missing[found[0]] else column.values[found[0]] for name, column in table.columns.items()
    }


def test_accounts_by_hand(two: Comparison) -> None:
    assert two.values("reclaimed_m2") == (5000.0, 8000.0)
    assert two.values("added_m2") == (2000.0, 3000.0)
    assert two.values("net_reduction_m2") == (3000.0, 5000.0)
    assert two.values("cultivated_gain_m2") == (4500.0, 7200.0)
    assert two.values("cultivated_loss_m2") == (2000.0, 3000.0)
    # 2016 +3 000, 2017 −3 000, 2018 +5 000: nothing left in 2017.
    assert two.values("reclaim_first_margin_m2") == (3000.0, 0.0)
    assert two.values("reclaimed_m2", "320507100002") == (0.0, 3000.0)


def test_the_balance_is_that_of_the_plan_alone(two: Comparison) -> None:
    survey = survey_inputs(PARCELS, {}, (), PROFILE, AreaMethod.PLANAR)
    base = base_state(survey.parcels, survey.lines, survey.spec, 0.0)
    for layers, one in zip((NOW, MORE), two.balances):
        plots = plot_inputs(layers["reclaim"], layers["newbuild"], None)
        alone = balance(base, plots.reclaim, plots.newbuild, survey.profile, survey.system)
        assert one.accounts.lines == alone.accounts.lines
        assert one.verdicts == alone.verdicts


def test_table_is_long_with_differences_to_the_first(two: Comparison) -> None:
    table = comparison_table(two)
    assert list(table.columns) == [
        "kind", "scenario", "account", "line", "unit_code", "value", "unit", "result", "hard", "margin", "diff",
    ]  # fmt: skip
    first = row(table, kind="account", scenario="现行", line="added_m2", unit_code="")
    other = row(table, kind="account", scenario="加码", line="added_m2", unit_code="")
    assert (first["account"], first["value"], first["unit"], first["diff"]) == ("construction", 2000.0, "m2", 0.0)
    assert (other["value"], other["diff"]) == (3000.0, 1000.0)
    assert (other["result"], other["margin"], other["hard"]) == (None, None, None)
    unknown = row(table, kind="account", scenario="加码", line="newbuild_farmland_m2", unit_code="")
    assert (unknown["value"], unknown["diff"]) == (None, None)
    verdict = row(table, kind="verdict", scenario="加码", line="reclaim_first", unit_code="")
    assert (verdict["account"], verdict["result"], verdict["hard"], verdict["margin"], verdict["diff"]) == (
        None, "pass", 1, 0.0, -3000.0,
    )  # fmt: skip
    lines = sum(len(one.accounts.lines) + len(one.verdicts) for one in two.balances)
    assert len(table) == lines


def plot(two: Comparison, plot_id: str, *scenarios: int) -> ComparedPlot:
    (found,) = [one for one in two.plots if one.plot_id == plot_id and one.scenarios == scenarios]
    return found


def test_plots_in_one_and_in_other_forms(two: Comparison) -> None:
    assert len(two.plots) == 5
    only = plot(two, "R2", 1)
    assert (only.only_in, only.times, only.differs, only.phase, only.area) == (1, 1, (), 2016, 300_000)
    early, late = plot(two, "R1", 0), plot(two, "R1", 1)
    assert (early.phase, late.phase) == (2016, 2018)
    assert early.differs == late.differs == ("phase",)
    assert early.only_in is None
    assert plot(two, "N1", 0).differs == ("geometry",)
    assert plot(two, "N1", 1).area == 300_000
    # R1 and N1 are in both, R2 in one.
    assert how_often(two.plots, 2).tolist() == [1, 2]


def test_plot_table_names_the_scenarios(two: Comparison) -> None:
    table = plot_table(two, CRS)
    only = row(table, plot_id="R2")
    assert (only["role"], only["scenarios"], only["only_in"], only["times"]) == ("reclaim", "加码", "加码", 1)
    assert (only["differs"], only["alike"], only["area_m2"], only["phase"]) == (None, None, 3000.0, 2016)
    assert row(table, plot_id="N1", scenarios="现行")["differs"] == "geometry"
    assert table.crs == CRS
    assert shapely.area(table.shapes[0]) == 5000.0


def test_the_same_plot_is_one_whatever_vertex_it_begins_at() -> None:
    square = strip(0, 50)
    ring = list(square.exterior.coords)[:-1]
    turned = shapely.Polygon([*ring[2:], *ring[:2]][::-1])
    again = {"reclaim": reclaim([("R1", turned, 2016)]), "newbuild": NOW["newbuild"]}
    found = compared(NOW, again)
    assert [one.scenarios for one in found.plots] == [(0, 1), (0, 1)]
    assert [one.differs for one in found.plots] == [(), ()]
    assert how_often(found.plots, 2).tolist() == [0, 2]


def test_land_under_another_number_is_said() -> None:
    renamed = {"reclaim": reclaim([("V7", strip(0, 50), 2016)]), "newbuild": NOW["newbuild"]}
    found = compared(NOW, renamed)
    assert plot(found, "R1", 0).alike == ("V7",)
    assert plot(found, "V7", 1).alike == ("R1",)
    assert plot(found, "R1", 0).only_in == 0


def test_a_plot_without_geometry_is_in_the_list() -> None:
    lost = {"reclaim": reclaim([("R1", None, 2016)]), "newbuild": NOW["newbuild"]}
    found = compared(NOW, lost)
    assert plot(found, "R1", 1).geometry is None
    assert plot(found, "R1", 1).differs == ("geometry",)
    assert plot(found, "R1", 1).alike == ()


def test_scenarios_of_one_line_share_the_base_and_other_lines_are_said() -> None:
    farm = layer("farmland", [strip(200, 240)])
    half = layer("farmland", [strip(200, 210)])
    same = compared({**NOW, "farmland": farm}, {**MORE, "farmland": farm})
    assert same.balances[0].base is same.balances[1].base
    assert not [found for found in same.findings if found.id == "scenario_lines_differ"]
    assert same.values("newbuild_farmland_m2") == (2000.0, 3000.0)
    other = compared({**NOW, "farmland": farm}, {**MORE, "farmland": half}, NOW)
    assert other.values("newbuild_farmland_m2") == (2000.0, 1000.0, None)
    (said,) = [found for found in other.findings if found.id == "scenario_lines_differ"]
    assert said.values == {"role": "farmland", "first": "方案1", "scenarios": "方案2, 方案3"}


def test_each_scenario_has_its_own_targets() -> None:
    found = compared({**NOW, "targets": targets(6000)}, {**MORE, "targets": targets(7000)})
    judged = [one.verdict if one else None for one in found.judged("reclaim_task")]
    assert [(one.result, one.margin) for one in judged if one is not None] == [("fail", -1000.0), ("pass", 1000.0)]
    assert "targets" in [said.values.get("role") for said in found.findings if said.id == "scenario_lines_differ"]


def test_one_scenario_is_compared_with_itself() -> None:
    found = compared(NOW)
    assert found.values("reclaimed_m2") == (5000.0,)
    assert [one.only_in for one in found.plots] == [0, 0]
    assert how_often(found.plots, 1).tolist() == [2]


def test_a_scenario_without_plots_is_a_plan_that_does_nothing() -> None:
    found = compared(NOW, {})
    assert found.values("reclaimed_m2") == (5000.0, 0.0)


def test_none_and_two_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="no_scenarios"):
        compare(PARCELS, (), PROFILE)
    with pytest.raises(InputError, match="scenario_twice"):
        compared(NOW, MORE, names=("甲", "甲"))


def test_cancelling_stops_it() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None:
            raise Cancelled

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        compared(NOW, MORE, progress=Stop())


def test_figures_of_the_chart_in_the_units_asked_for(two: Comparison) -> None:
    figures = scenario_figures(two, ZH, AreaUnit.HA)
    panels = {panel.title: panel for panel in figures.panels}
    assert panels["复垦建设用地（R）"].values == (0.5, 0.8)
    assert (panels["复垦建设用地（R）"].unit, panels["复垦建设用地（R）"].group) == ("公顷", "建设用地")
    assert "涉及户数" not in panels, "no scenario knows it"
    mu = {panel.title: panel for panel in scenario_figures(two, ZH, AreaUnit.MU).panels}
    assert (mu["复垦建设用地（R）"].values, mu["复垦建设用地（R）"].unit) == ((7.5, 12.0), "亩")
    rules = {rule.title: rule for rule in figures.rules}
    first = rules["先垦后用"]
    assert (first.hard, first.results, first.notes) == (
        True,
        ("pass", "pass"),
        ("富余 0.3 公顷", "富余 0 公顷"),
    )
    assert rules["建新不占永久基本农田"].results == ("unknown", "unknown")
    assert rules["建新不占永久基本农田"].notes == ("", "")


def test_a_rule_of_villages_says_in_how_many(two: Comparison) -> None:
    from dataclasses import replace

    one = two.balances[0]
    (kept,) = [verdict for verdict in one.verdicts if verdict.rule == "reclaim_first"]
    units: List[Optional[str]] = ["fail", "fail", "pass"]
    villages = tuple(replace(kept, rule="x", unit_code=str(n), result=result) for n, result in enumerate(units, 1))
    changed = replace(two, balances=(replace(one, verdicts=villages), two.balances[1]))
    judged = changed.judged("x")
    assert judged[0] is not None
    assert (judged[0].verdict.result, judged[0].units, judged[1]) == ("fail", 2, None)


def test_the_figures_as_a_table(two: Comparison) -> None:
    table = printed_table(scenario_figures(two, ZH), ZH)
    assert [column.title for column in table.columns] == ["账目", "科目", "单位", "现行", "加码"]
    by_title = {row.cells[1]: row.cells for row in table.rows}
    assert by_title["新增耕地"][2:] == ("公顷", 0.45, 0.72)
    assert by_title["先垦后用"][3] == "符合 富余 0.3 公顷"

"""Proposing a plan from the scenario dock: real searches on the township of four parcels."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Set

import pytest
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer

from tests.desk.conftest import memory_layer, square, texts
from tests.desk.test_scenario_dock import PROPOSE, make, project, settle, until  # noqa: F401 (fixtures)
from three_opt_three_protect.core.allocation import propose as proposing
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.optimiser.problem import Reason
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.storage.plandb import read_plan


def candidates() -> QgsVectorLayer:
    """The village as two candidates of half a hectare, the second dearer."""
    fields = "plot_id:string unit_code:string score:double grade:integer direction:string rate:double cost:double"
    rows = [
        (square(0, 0.5), "C1", "320599101200", 0.9, 1, "cultivated", 0.9, 10000.0),
        (square(0.5, 0.5), "C2", "320599101200", 0.8, 1, "cultivated", 0.9, 50000.0),
    ]
    return memory_layer("备选拆旧", fields, rows)


def sites() -> QgsVectorLayer:
    """Two sites on the paddies, 4 000 m² and 6 000 m²."""
    fields = "plot_id:string use:string cls_after:string quota_src:string"
    rows = [
        (square(1, 0.4), "S1", "town", "0701", "linked"),
        (square(2, 0.6), "S2", "town", "0701", "linked"),
    ]
    return memory_layer("备选建新", fields, rows)


def demand(area: float) -> QgsVectorLayer:
    """So much for the town by 2018."""
    return memory_layer("用地需求", "use:string phase:integer area_m2:double", [("town", 2018, area)], "None")


@pytest.fixture
def dock(project: Path, make: Callable[[], Any]) -> Any:  # noqa: F811
    """A dock with a filled form."""
    QgsProject.instance().addMapLayers([candidates(), sites(), demand(4000.0)])
    built = make()
    built.act("propose")
    built.propose_page.form.phases.setText("2016, 2018")
    return built


def search(dock: Any) -> None:
    """Search to the end."""
    dock.proposer.start()
    settle(dock)


def test_the_form_guesses_by_fields_and_role(dock: Any) -> None:
    form = dock.propose_page.form
    named = [box.currentLayer().name() for box in (form.candidates, form.sites, form.demand)]
    assert named == ["备选拆旧", "备选建新", "用地需求"]
    assert form.objective.currentData() == "cost"
    assert dock.stack.currentIndex() == PROPOSE


def test_without_a_field_of_costs_the_objective_is_cultivated_land(
    project: Path,  # noqa: F811
    make: Callable[[], Any],  # noqa: F811
) -> None:
    fields = "plot_id:string score:double grade:integer direction:string rate:double"
    QgsProject.instance().addMapLayer(
        memory_layer("备选拆旧", fields, [(square(0, 0.5), "C1", 0.9, 1, "cultivated", 0.9)])
    )
    dock = make()
    dock.act("propose")
    assert dock.propose_page.form.objective.currentData() == "cultivated"
    # What the planner chose stays.
    ProjectMemory().keep_scenario(objective="households")
    dock.act("propose")
    assert dock.propose_page.form.objective.currentData() == "households"


def test_candidates_do_not_pass_for_the_plan(project: Path, make: Callable[[], Any]) -> None:  # noqa: F811
    QgsProject.instance().removeMapLayers([QgsProject.instance().mapLayersByName("拆旧地块")[0].id()])
    fields = "plot_id:string score:double grade:integer direction:string rate:double households:integer"
    row = (square(0, 0.5), "C1", 0.9, 1, "cultivated", 0.9, 1)
    potential = memory_layer("备选地块", fields, [row])
    chosen = memory_layer("优化结果", f"{fields} phase:integer", [(*row, 2016)])
    QgsProject.instance().addMapLayers([potential, chosen])
    dock = make()
    dock.act("propose")
    assert dock.propose_page.form.candidates.currentLayer().name() == "备选地块"
    # With years they are a plan.
    assert role_layers(ProjectMemory(), ("reclaim",))["reclaim"].name() == "优化结果"
    QgsProject.instance().removeMapLayer(chosen.id())
    assert role_layers(ProjectMemory(), ("reclaim",)) == {}


def test_the_years_are_those_of_the_demand(project: Path, make: Callable[[], Any]) -> None:  # noqa: F811
    wanted = memory_layer(
        "用地需求", "use:string phase:integer area_m2:double", [("town", 2018, 1.0), ("town", 2016, 1.0)], "None"
    )
    QgsProject.instance().addMapLayer(wanted)
    dock = make()
    dock.act("propose")
    assert dock.propose_page.form.phases.text() == "2016, 2018"
    ProjectMemory().keep_layer("demand", "")
    QgsProject.instance().removeMapLayer(wanted.id())
    dock.act("propose")
    # Three stages of the profile's 2014–2020.
    assert dock.propose_page.form.phases.text() == "2015, 2018, 2020"


def test_a_demand_in_chinese_is_read_with_its_years(project: Path, make: Callable[[], Any]) -> None:  # noqa: F811
    fields = "用途:string 实施年度:integer 面积:double 单位:string"
    QgsProject.instance().addMapLayer(memory_layer("用地需求", fields, [("产业", 2017, 6.0, "亩")], "None"))
    dock = make()
    dock.act("propose")
    assert dock.propose_page.form.phases.text() == "2017"


def test_the_cheapest_plan_is_saved_and_listed(dock: Any) -> None:
    search(dock)
    # By hand: 4 000 m² for the town need 4 000 m² reclaimed first; C1 (5 000 m²) is the cheaper half.
    assert [scenario.name for scenario in dock.scenarios] == ["Scenario 1 (least cost, best possible)"]
    made = dock.scenarios[0].made
    assert (made.objective, made.unit, made.status, made.source) == ("cost", "yuan", "optimal", "proposed")
    assert made.value == pytest.approx(10000.0)
    assert made.figures["reclaimed_m2"] == 5000.0
    assert made.figures["added_m2"] == pytest.approx(4000.0, abs=0.5)  # ellipsoidal, the parcel is 10 000
    layers = read_plan(dock.scenarios[0].path).layers
    assert layers["reclaim"].columns["plot_id"].values.tolist() == ["C1"]
    assert layers["newbuild"].columns["plot_id"].values.tolist() == ["S1"]
    assert layers["newbuild"].columns["phase"].values.tolist() == [2018]
    assert "1.00" in dock.propose_page.detail.text()
    assert dock.scenarios[0].name in dock.propose_page.headline.text()


def test_a_proposal_can_be_loaded_at_once(dock: Any) -> None:
    search(dock)
    dock.propose_page.load.click()
    settle(dock)
    target = QgsProject.instance().mapLayersByName("拆旧地块")[0]
    assert [feature["plot_id"] for feature in target.getFeatures()] == ["C1"]
    for name in ("拆旧地块", "建新地块"):
        QgsProject.instance().mapLayersByName(name)[0].rollBack()


def test_the_next_one_has_the_next_number(dock: Any) -> None:
    search(dock)
    dock.propose_page.form.objective.setCurrentIndex(1)
    search(dock)
    names = [scenario.name for scenario in dock.scenarios]
    assert sorted(names)[1].startswith("Scenario 2 (most cultivated land")
    best = next(scenario.made for scenario in dock.scenarios if scenario.made.objective == "cultivated")
    assert best.value > 0  # shown as it is read: the more the better


def test_what_cannot_be_met_is_said_and_nothing_is_saved(dock: Any) -> None:
    QgsProject.instance().addMapLayer(demand(40000.0))
    dock.propose_page.form.demand.setLayer(QgsProject.instance().mapLayersByName("用地需求")[-1])
    dock.propose_page.form.demand.setLayer(
        next(each for each in QgsProject.instance().mapLayersByName("用地需求") if next(each.getFeatures())[2] > 4000)
    )
    search(dock)
    assert dock.scenarios == []
    assert not dock.propose_page.result.isHidden()
    assert dock.propose_page.load.isHidden()
    assert dock.propose_page.form.isHidden()
    dock.propose_page.again.click()
    assert not dock.propose_page.form.isHidden()


def test_reasons_are_in_the_planners_words_and_unit(dock: Any) -> None:
    page = dock.propose_page
    page.show_failure("no plan")
    page.show_reasons(
        (
            Reason("demand.town", "", "m2", 8233.4, "alone", 2018),
            Reason("reclaim_task", "320599101200", "m2", 666.67, "together", others=("demand.town",)),
        ),
        False,
        {"320599101200": "东村"},
    )
    rows = texts(page.why)
    assert "2018" in rows[0][0]
    # 8 233.4 m² = 0.8233 ha = 12.35 亩
    assert rows[0][1].startswith("12.35")
    assert rows[1][0].startswith("东村")
    dock._on_unit(2)
    assert texts(page.why)[0][1].startswith("8233.40")
    dock._on_unit(0)


@pytest.mark.parametrize("empty", ["candidates", "sites", "phases"])
def test_what_is_not_filled_in_is_asked_for(dock: Any, empty: str) -> None:
    form = dock.propose_page.form
    if empty == "phases":
        form.phases.setText("soon")
    else:
        getattr(form, empty).setLayer(None)
    search(dock)
    assert dock.scenarios == []
    assert not dock.propose_page.result.isHidden()
    assert not form.isHidden()


def test_the_form_is_kept_in_the_project(dock: Any, project: Path) -> None:  # noqa: F811
    form = dock.propose_page.form
    form.gap.setValue(2.5)
    form.whole.setChecked(False)
    form.objective.setCurrentIndex(4)
    form.wish()
    assert QgsProject.instance().write()
    form.gap.setValue(1.0)
    kept = ProjectMemory().scenario()
    assert (kept["gap"], kept["whole"], kept["objective"], kept["phases"]) == (2.5, False, "weighted", [2016, 2018])
    form.prefill(None, (2014, 2020))
    assert (form.gap.value(), form.whole.isChecked(), form.phases.text()) == (2.5, False, "2016, 2018")


class Slow:
    """A search that has found the plan and goes on until it is stopped."""

    def __init__(self, real: Any) -> None:
        self._real, self.seen = real, 0
        self.threads: Set[threading.Thread] = set()

    def __call__(self, problem: Any, effort: Any, progress: Any, start: Any = None, watch: Any = None) -> Any:
        self.threads.add(threading.current_thread())
        plan = self._real(problem, effort)
        try:
            while True:
                self.seen += 1
                watch.found(plan.value, plan.value * 0.9, 0.1)
                progress.check(0.5)
                time.sleep(0.01)
        except Cancelled:
            return replace(plan, status="cancelled", bound=plan.value * 0.9, gap=0.1)


def test_stopped_midway_the_best_plan_is_kept(dock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(proposing, "solve", Slow(proposing.solve))
    dock.proposer.start()
    page = dock.propose_page
    until(lambda: page.stop.isEnabled())
    assert "10" in page.live.text()
    assert not page.curve.isHidden()
    assert not dock.page.save.isEnabled()
    page.stop.click()
    settle(dock)
    made = dock.scenarios[0].made
    assert (made.status, made.gap) == ("cancelled", 0.1)
    assert made.figures["added_m2"] == pytest.approx(4000.0, abs=0.5)  # ellipsoidal, the parcel is 10 000
    assert "gap 10.0 %" in dock.scenarios[0].name
    assert "Stopped" in page.detail.text()


def test_a_gap_below_a_tenth_of_a_percent_is_said_once(dock: Any, monkeypatch: Any) -> None:
    real = proposing.solve
    monkeypatch.setattr(proposing, "solve", lambda *given: replace(real(*given), status="gap", gap=0.0004))
    search(dock)
    assert "by more than 0.1 %" in dock.propose_page.detail.text()


def test_the_window_does_not_search_itself(dock: Any, monkeypatch: Any) -> None:
    slow = Slow(proposing.solve)
    monkeypatch.setattr(proposing, "solve", slow)
    dock.proposer.start()
    until(lambda: dock.propose_page.stop.isEnabled())
    until(lambda: slow.seen > 10)
    dock.propose_page.stop.click()
    settle(dock)
    assert slow.threads
    assert threading.main_thread() not in slow.threads


def test_closing_the_project_keeps_what_was_found(dock: Any, monkeypatch: Any, project: Path) -> None:  # noqa: F811
    monkeypatch.setattr(proposing, "solve", Slow(proposing.solve))
    dock.proposer.start()
    until(lambda: dock.propose_page.stop.isEnabled())
    QgsProject.instance().clear()
    settle(dock)
    assert dock.scenarios == []
    assert dock.propose_page.running.isHidden()
    folder = project.with_name("某镇_scenarios")
    until(lambda: folder.is_dir() and len(list(folder.glob("*.gpkg"))) == 1)
    from three_opt_three_protect.desk.proposer import _ended_later

    until(lambda: not _ended_later)


def test_layers_removed_during_the_search_do_no_harm(dock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(proposing, "solve", Slow(proposing.solve))
    dock.proposer.start()
    until(lambda: dock.propose_page.stop.isEnabled())
    project_now = QgsProject.instance()
    project_now.removeMapLayers([each.id() for each in project_now.mapLayers().values()])
    dock.propose_page.stop.click()
    settle(dock)
    assert len(dock.scenarios) == 1


def test_the_plugin_going_ends_the_search(dock: Any, monkeypatch: Any, project: Path) -> None:  # noqa: F811
    from three_opt_three_protect.desk.proposer import _ended_later

    monkeypatch.setattr(proposing, "solve", Slow(proposing.solve))
    dock.proposer.start()
    until(lambda: dock.propose_page.stop.isEnabled())
    dock.close()
    until(lambda: not _ended_later)
    assert not project.with_name("某镇_scenarios").exists()
    QgsApplication.processEvents()

"""From the edit to the refreshed figures at 8 000 parcels."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest
from qgis.core import QgsApplication, QgsGeometry, QgsProject, QgsVectorLayer

from tests.desk.conftest import settle

ROLES = ("parcels", "farmland", "boundary", "redline", "villages", "settlements", "reclaim", "newbuild", "targets")
ALLOWED_S = 0.3
ALLOWED_UI_S = 0.1


@pytest.fixture(scope="module")
def sample(tmp_path_factory: Any) -> Path:
    """The sample township as a plan database."""
    from three_opt_three_protect.core.sample import draw_township
    from three_opt_three_protect.storage.plandb import write_plan

    path = tmp_path_factory.mktemp("sample") / "plan.gpkg"
    write_plan(path, draw_township(seed=1, parcels=8000, years=1), {})
    return Path(path)


def edited(dock: Any, layer: QgsVectorLayer, step: int) -> Tuple[float, float]:
    """Seconds from moving a plot to the refreshed tables, and the longest the window stood still."""
    outcomes: List[Any] = []
    dock.live.balanced.connect(outcomes.append)
    feature = next(layer.getFeatures())
    shape = QgsGeometry(feature.geometry())
    shape.translate(5.0 * step, 3.0)
    started, longest = time.perf_counter(), 0.0
    layer.changeGeometry(feature.id(), shape)
    while not outcomes:
        before = time.perf_counter()
        QgsApplication.processEvents()
        longest = max(longest, time.perf_counter() - before)
        time.sleep(0.001)
    dock.live.balanced.disconnect(outcomes.append)
    return time.perf_counter() - started, longest


@pytest.mark.slow
def test_figures_follow_an_edit_within_three_tenths_of_a_second(
    sample: Path, qgis_new_project: Any, make_dock: Callable[[], Any], record_property: Callable[[str, Any], None]
) -> None:
    layers = [QgsVectorLayer(f"{sample}|layername={role}", role, "ogr") for role in ROLES]
    QgsProject.instance().addMapLayers(layers)
    dock = make_dock()
    assert len(dock._outcome.survey.base.parcels) > 7200
    # The hardest case: the table with the most evidence is open.
    dock.tabs.verdicts.select(("new_cultivated_task", ""))
    assert dock.tabs.evidence.model.rowCount() > 100
    layer = dock.roles.layers()["reclaim"]
    layer.startEditing()
    runs = [edited(dock, layer, step) for step in range(1, 8)]
    layer.rollBack()
    settle(dock)
    record_property("seconds", [round(seconds, 3) for seconds, _ in runs])
    record_property("window_stands_still", [round(longest, 3) for _, longest in runs])
    # Other work on the machine can only make a run slower: the second best is the dock's own time.
    assert sorted(seconds for seconds, _ in runs)[1] < ALLOWED_S
    assert statistics.median(longest for _, longest in runs) < ALLOWED_UI_S
    QgsProject.instance().clear()

"""``mapsheets`` as Processing runs it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Dict

import pytest
from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QDate

from tests.sheets.conftest import MakePlan, make_plan
from three_opt_three_protect.algorithms.mapsheets import MapSheets
from three_opt_three_protect.sheets import series

__all__ = ["make_plan"]


@pytest.fixture
def algorithm(qgis_app: Any, qgis_processing: Any) -> Any:
    """The algorithm itself, so that the test does not depend on the provider's list."""
    found = MapSheets()
    found.initAlgorithm()
    return found


def run(algorithm: Any, **parameters: Any) -> Dict[str, Any]:
    from qgis.core import QgsProcessingContext

    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    ok, message = algorithm.checkParameterValues(parameters, context)
    if not ok:
        raise QgsProcessingException(message)
    result, ok = algorithm.run(parameters, context, feedback, {}, False)
    assert ok
    result["layers"] = {
        key: [one.attributes() for one in context.takeResultLayer(value).getFeatures()]
        for key, value in result.items()
        if key == "SKIPPED"
    }
    return result


def test_it_runs_on_the_main_thread_only(algorithm: Any) -> None:
    assert algorithm.flags() & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert QgsApplication.instance() is not None


def test_every_parameter_and_output_has_help(algorithm: Any) -> None:
    assert [one.name() for one in algorithm.parameterDefinitions() if not one.help()] == []
    names = {one.name() for one in algorithm.parameterDefinitions()}
    assert {"PLAN", "SHEETS", "SIZE", "FORMAT", "EDITION", "SCALE", "STYLE", "FOLDER", "SKIPPED"} <= names
    assert {one.name() for one in algorithm.outputDefinitions()} == {"FOLDER", "SKIPPED", "COUNT"}


def test_all_sheets_that_can_be_drawn(algorithm: Any, make_plan: MakePlan, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = run(algorithm, PLAN=str(make_plan()), FOLDER=str(folder), SKIPPED="memory:", FORMAT=["pdf", "png"])
    assert (done["COUNT"], done["FOLDER"]) == (1, str(folder))
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".pgw", ".png"]
    assert [row[0] for row in done["layers"]["SKIPPED"]] == [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16]
    assert all(row[1] for row in done["layers"]["SKIPPED"])


def test_the_parameters_reach_the_sheet(
    algorithm: Any, make_plan: MakePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def remember(plan: Path, folder: Path, request: Any, progress: Any) -> Any:
        asked.append((plan, folder, request))
        return series.SheetsDrawn()

    monkeypatch.setattr(series, "draw_sheets", remember)
    plan = str(make_plan())
    run(algorithm, PLAN=plan, FOLDER=str(tmp_path))
    chosen = {
        "SHEETS": "9", "SIZE": "a1", "FORMAT": "jpg,pdf", "EDITION": "public", "SCALE": 25000, "STYLE": "survey",
        "COMPILED_BY": "某规划院", "DATE": QDate(2026, 1, 5), "AS_OF": QDate(2013, 12, 31),
    }  # fmt: skip
    run(algorithm, PLAN=plan, FOLDER=str(tmp_path), **chosen)
    plain, full = (request for _, _, request in asked)
    assert (plain.numbers, plain.size, plain.formats, plain.edition) == (
        tuple(range(1, 17)),
        "a3",
        ("pdf",),
        "internal",
    )
    assert (plain.scale, plain.pack, plain.as_of, plain.compiled_by) == (None, "plan", "", "")
    assert plain.date == date.today().isoformat()
    assert (full.numbers, full.size, full.formats, full.edition) == ((9,), "a1", ("pdf", "jpg"), "public")
    assert (full.scale, full.pack, full.as_of, full.compiled_by) == (25000, "survey", "2013-12-31", "某规划院")
    assert full.date == "2026-01-05"


@pytest.mark.parametrize("wrong", [{"SHEETS": "17"}, {"SCALE": 5000}, {"SIZE": "a4"}, {"FORMAT": "svg"}, {"STYLE": 1}])
def test_a_wrong_parameter_is_one_line_and_leaves_nothing(
    algorithm: Any, make_plan: MakePlan, tmp_path: Path, wrong: Dict[str, Any]
) -> None:
    folder = tmp_path / "out"
    with pytest.raises((QgsProcessingException, AssertionError)):
        run(algorithm, PLAN=str(make_plan()), FOLDER=str(folder), **wrong)
    assert not folder.exists() or list(folder.iterdir()) == []

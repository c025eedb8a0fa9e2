from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from openpyxl import load_workbook
from qgis.core import (
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QThread, QTimer

from three_opt_three_protect.algorithms import townshipplan
from three_opt_three_protect.bridge.mainthread import on_main_thread
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.plandb import read_plan

ROLES = (
    "parcels villages settlements township farmland boundary redline retained roads reclaim newbuild population targets"
).split()


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    """A small township."""
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "sample.gpkg")
    processing.run("sysb:sampletownship", {"PARCELS": 800, "YEARS": 1, "OUTPUT": path})
    return path


def inputs(sample: str) -> Dict[str, str]:
    return {role.upper(): f"{sample}|layername={role}" for role in ROLES}


def figures(result: Dict[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in result.items() if isinstance(value, (int, float))}


def test_the_whole_plan_in_one_run(run: Any, sample: str, tmp_path: Path) -> None:
    outputs = {"PLAN": str(tmp_path / "plan.gpkg"), "XLSX": str(tmp_path / "a.xlsx"), "FOLDER": str(tmp_path / "图件")}
    result = run("townshipplan", **inputs(sample), **outputs, ACCOUNTS="memory:", VERDICTS="memory:")
    assert {name: result[name] for name in outputs} == outputs
    assert result["BALANCED"] in (0, 1)
    found = read_plan(outputs["PLAN"])
    assert {*ROLES, "accounts", "verdicts", "evidence"} <= set(found.layers)
    assert len(found.layers["accounts"]) == result["ACCOUNTS"].featureCount() > 0
    assert len(found.layers["verdicts"]) == result["VERDICTS"].featureCount() > 0
    assert found.meta["profile"] == "suzhou-2014"
    assert "sha256" in found.meta["input.parcels"]
    book = load_workbook(outputs["XLSX"])
    assert {"T2", "T5", "T6", "T8", "T19", "T20"} <= set(book.sheetnames)
    sheets = [path.suffix for path in (tmp_path / "图件").iterdir()]
    assert {".pdf", ".png"} <= set(sheets)
    assert not [path.name for path in tmp_path.rglob(".*")]


def test_it_gives_the_figures_of_planbalance(run: Any, sample: str, tmp_path: Path) -> None:
    given = inputs(sample)
    whole = run("townshipplan", **given, PLAN=str(tmp_path / "plan.gpkg"))
    lines = ("RECLAIM", "NEWBUILD", "FARMLAND", "BOUNDARY", "REDLINE", "VILLAGES", "SETTLEMENTS", "TARGETS")
    single = run(
        "planbalance", INPUT=given["PARCELS"], **{name: given[name] for name in lines}, AREA_FIELD="TBMJ",
        DEDUCT_FIELD="KCXS", ACCOUNTS="memory:",
    )  # fmt: skip
    assert figures(whole) == figures(single)


def test_a_plan_database_is_an_input_like_any_other(run: Any, sample: str, tmp_path: Path) -> None:
    first = run("townshipplan", **inputs(sample), PLAN=str(tmp_path / "a.gpkg"))
    again = run("townshipplan", **inputs(first["PLAN"]), PLAN=str(tmp_path / "b.gpkg"))
    assert figures(again) == figures(first)


def test_other_changes_go_into_the_plan_and_its_tables(run: Any, sample: str, tmp_path: Path) -> None:
    table = tmp_path / "其他变化.csv"
    table.write_text("变化类别,年度,面积,单位\n整理,2016,1.5,公顷\n灾毁,2017,3,亩\n", encoding="utf-8")
    outputs = {"PLAN": str(tmp_path / "plan.gpkg"), "XLSX": str(tmp_path / "a.xlsx")}
    without = run("townshipplan", **inputs(sample), PLAN=str(tmp_path / "b.gpkg"), ACCOUNTS="memory:")
    result = run("townshipplan", **inputs(sample), **outputs, OTHER_CHANGES=str(table), ACCOUNTS="memory:")
    after = [line_of(one, "cultivated_after_m2") for one in (without, result)]
    assert after[1] - after[0] == pytest.approx(15000 - 2000, abs=0.001)
    assert line_of(result, "other_change_m2") == 13000
    kept = read_plan(outputs["PLAN"])
    assert kept.layers["other_changes"].column("change").values.tolist() == ["consolidation", "disaster"]
    again = run(
        "townshipplan",
        **inputs(sample),
        PLAN=str(tmp_path / "c.gpkg"),
        ACCOUNTS="memory:",
        OTHER_CHANGES=f"{outputs['PLAN']}|layername=other_changes",
    )
    assert line_of(again, "cultivated_after_m2") == after[1]
    book = load_workbook(outputs["XLSX"])
    assert {"T9", "T28"} <= set(book.sheetnames)
    printed = [cell for row in book["T28"].iter_rows(values_only=True) for cell in row if isinstance(cell, float)]
    assert {1.5, 0.2} <= set(printed)


def line_of(result: Dict[str, Any], line: str) -> float:
    """A line of the township."""
    rows = result["ACCOUNTS"].getFeatures()
    (found,) = [row["value"] for row in rows if row["line"] == line and row["unit_code"] == ""]
    return float(found)


def test_the_plan_must_not_replace_what_it_reads(run: Any, sample: str) -> None:
    before = Path(sample).read_bytes()
    with pytest.raises(QgsProcessingException, match=r"sample\.gpkg"):
        run("townshipplan", **inputs(sample), PLAN=sample)
    assert Path(sample).read_bytes() == before


def test_when_one_output_fails_none_is_there_and_the_old_one_stays(
    run: Any, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from three_opt_three_protect.plans import workbook

    def fail(*_: Any) -> None:
        raise InputError("cannot_write", path="a.xlsx")

    monkeypatch.setattr(workbook, "write_accounts", fail)
    plan = tmp_path / "plan.gpkg"
    plan.write_bytes(b"the plan of last week")
    with pytest.raises(QgsProcessingException, match=r"a\.xlsx"):
        run("townshipplan", **inputs(sample), PLAN=str(plan), XLSX=str(tmp_path / "a.xlsx"))
    assert [path.name for path in tmp_path.iterdir()] == ["plan.gpkg"]
    assert plan.read_bytes() == b"the plan of last week"


def test_a_folder_that_does_not_exist_is_said(run: Any, sample: str, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="nowhere"):
        run("townshipplan", **inputs(sample), PLAN=str(tmp_path / "nowhere" / "plan.gpkg"))


def test_sheets_that_cannot_be_drawn_are_said_in_one_line(
    run: Any, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Listening(QgsProcessingFeedback):
        def __init__(self) -> None:
            super().__init__(False)
            self.errors: List[str] = []

        def reportError(self, error: Any, fatal: bool = False) -> None:  # noqa: N802
            self.errors.append(str(error))

    def fail(*_: Any) -> None:
        raise InputError("cannot_write", path="图件")

    monkeypatch.setattr(townshipplan.TownshipPlan, "_draw", fail)
    feedback = Listening()
    run("townshipplan", feedback=feedback, **inputs(sample), PLAN=str(tmp_path / "a.gpkg"), FOLDER=str(tmp_path / "f"))
    assert len(feedback.errors) == 1
    assert "图件" in feedback.errors[0]
    assert (tmp_path / "a.gpkg").is_file()


def test_in_a_background_task_sheets_are_drawn_on_the_main_thread(
    provider: Any, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_on: List[bool] = []

    def draw(*_: Any) -> None:
        drawn_on.append(QThread.currentThread() == QCoreApplication.instance().thread())

    monkeypatch.setattr(townshipplan.TownshipPlan, "_draw", draw)
    context, feedback, loop = QgsProcessingContext(), QgsProcessingFeedback(False), QEventLoop()
    context.setProject(QgsProject.instance())
    parameters = {**inputs(sample), "PLAN": str(tmp_path / "plan.gpkg"), "FOLDER": str(tmp_path)}
    task = QgsProcessingAlgRunnerTask(provider.algorithm("townshipplan"), parameters, context, feedback)
    done: List[Any] = []
    task.executed.connect(lambda ok, results: (done.append((ok, dict(results))), loop.quit()))
    QTimer.singleShot(120_000, loop.quit)
    from qgis.core import QgsApplication

    QgsApplication.taskManager().addTask(task)
    loop.exec()
    assert done[0][0]
    assert drawn_on == [True]


def test_work_sent_to_the_main_thread_brings_its_error_back() -> None:
    caught: List[Exception] = []
    where: List[bool] = []

    def work() -> None:
        where.append(QThread.currentThread() == QCoreApplication.instance().thread())
        raise InputError("no_geometry", layer="a")

    class Other(QThread):
        def run(self) -> None:
            try:
                on_main_thread(work)
            except InputError as error:
                caught.append(error)

    thread, loop = Other(), QEventLoop()
    thread.finished.connect(loop.quit)
    thread.start()
    loop.exec()
    thread.wait()
    assert where == [True]
    assert [error.message_id for error in caught] == ["no_geometry"]


def test_a_folder_that_cannot_be_made_is_one_line(run: Any, sample: str, tmp_path: Path) -> None:
    class Errors(QgsProcessingFeedback):
        def reportError(self, error: Any, fatalError: bool = False) -> None:  # noqa: N802
            said.append(error)

    said: List[str] = []
    file = tmp_path / "file"
    file.write_text("mine")
    run("townshipplan", feedback=Errors(False), **inputs(sample), PLAN=str(tmp_path / "plan.gpkg"), FOLDER=str(file))
    (line,) = said
    assert "cannot be written" in line
    assert "\n" not in line
    assert file.read_text() == "mine"

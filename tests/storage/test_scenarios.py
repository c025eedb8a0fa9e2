"""Scenarios beside a project: whole files, names every system takes, damaged ones listed with the reason."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import Cancelled, InputError, PlanningError
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.plandb import read_plan
from three_opt_three_protect.storage.scenarios import (
    PROPOSED,
    Made,
    ScenarioStore,
    folder_of,
    made_of,
    require_name,
)

CRS = crs_info("EPSG:4528")
MADE = Made(
    "2026-01-05T09:30:00",
    "suzhou-2014",
    PROPOSED,
    "第一稿",
    "cost",
    "yuan",
    "gap",
    12345678.9,
    12245678.9,
    0.0081,
    {"reclaimed_m2": 10000.0, "net_reduction_m2": -12.35},
    {"pass": 27, "fail": 2},
)


def plots(count: int = 2) -> LayerTable:
    shapes = np.array([shapely.box(x, 0, x + 1, 1) for x in range(count)], dtype=np.object_)
    ids = tables.text([f"C{row + 1:02d}" for row in range(count)], "地块编号", 20)
    return LayerTable("拆旧", np.arange(1, count + 1), shapes, {"plot_id": ids}, CRS)


def layers(count: int = 2) -> Any:
    return {"reclaim": plots(count), "newbuild": plots(0)}


@pytest.fixture
def store(tmp_path: Path) -> ScenarioStore:
    return ScenarioStore(folder_of(tmp_path / "某镇规划.qgz"))


def refused(message_id: str, work: Any, *values: Any) -> PlanningError:
    with pytest.raises(PlanningError) as caught:
        work(*values)
    assert caught.value.message_id == message_id
    return caught.value


def test_the_folder_lies_beside_the_project(store: ScenarioStore, tmp_path: Path) -> None:
    assert store.folder == tmp_path / "某镇规划_scenarios"
    assert store.list() == []  # not even a folder yet
    store.save("方案 1", layers(), MADE)
    assert store.path("方案 1").is_file()


def test_what_was_saved_is_what_is_listed(store: ScenarioStore) -> None:
    store.save("方案 1", layers(), MADE)
    (found,) = store.list()
    assert found.name == "方案 1"
    assert found.error is None
    assert found.made == Made(**{**vars(MADE), "counts": {"reclaim": 2, "newbuild": 0}})
    plan = read_plan(found.path)
    assert list(plan.layers) == ["reclaim", "newbuild"]
    assert shapely.equals(plan.layers["reclaim"].shapes, plots().shapes).all()
    assert plan.meta["profile"] == "suzhou-2014"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.dictionaries(st.sampled_from(["a_m2", "b"]), st.floats(allow_nan=False, allow_infinity=False)),
)
def test_figures_come_back_to_the_last_bit(value: float, figures: Any) -> None:
    made = Made("2026-01-05", value=value, figures=figures)
    assert made_of(made.as_meta()) == made


def test_a_figure_that_is_none_counts_as_not_there() -> None:
    made = made_of({"figure.reclaimed_m2": "viel", "gap": "inf", "value": "nan", "created": "2026"})
    assert (made.figures, made.gap, made.value) == ({}, None, None)


def test_latest_first_then_by_name_damaged_last(store: ScenarioStore) -> None:
    for name, day in (("乙", "2026-01-05"), ("甲", "2026-01-05"), ("新", "2026-02-01")):
        store.save(name, layers(), Made(day))
    store.path("坏").write_bytes(b"no database")
    store.path("半").write_bytes(store.path("甲").read_bytes()[:5000])
    found = store.list()
    assert [one.name for one in found[:3]] == ["新", "乙", "甲"]
    assert {one.name for one in found[3:]} == {"坏", "半"}
    assert all(one.made is None and isinstance(one.error, PlanningError) for one in found[3:])


def test_a_geopackage_that_is_no_plan_says_so(store: ScenarioStore) -> None:
    store.save("方案 1", layers(), MADE)
    with closing(sqlite3.connect(store.path("方案 1"))) as database, database:
        database.execute("DELETE FROM plan_meta")
    (found,) = store.list()
    assert found.error is not None
    assert found.error.message_id == "not_a_plan"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "a/b",
        "a\\b",
        "a:b",
        "a*",
        "what?",
        'a"b',
        "<a>",
        "a|b",
        "a\nb",
        ".a",
        "a.",
        "CON",
        "com1.txt",
        "长" * 61,
    ],
)
def test_names_no_system_may_refuse_are_refused(name: str, store: ScenarioStore) -> None:
    refused("scenario_name", require_name, name)
    refused("scenario_name", store.save, name, layers(), MADE)
    assert not store.folder.exists()


@pytest.mark.parametrize("name", ["方案 1（最省费用，差距 0.8 %）", "Plan 1.2", "長" * 60, "console"])
def test_names_planners_give_are_taken(name: str, store: ScenarioStore) -> None:
    store.save(name, layers(), MADE)
    assert [one.name for one in store.list()] == [name]


def test_a_name_twice_is_refused_in_whatever_letters(store: ScenarioStore) -> None:
    store.save("Plan", layers(), MADE)
    refused("scenario_exists", store.save, "PLAN", layers(1), MADE)
    store.save("另一", layers(), MADE)
    refused("scenario_exists", store.rename, "另一", "plan")
    refused("scenario_exists", store.copy, "另一", "Plan")
    store.rename("Plan", "PLAN")  # its own name in other letters
    assert store.free_name("plan") == "plan 2"


def test_replacing_is_asked_for(store: ScenarioStore) -> None:
    store.save("甲", layers(2), MADE)
    store.save("甲", layers(1), MADE, replace=True)
    assert len(read_plan(store.path("甲")).layers["reclaim"]) == 1


class Stops:
    """Cancels at the first look."""

    def step(self, name: str, share: float) -> None:
        raise Cancelled

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_cancelled_midway_nothing_is_left_behind(store: ScenarioStore) -> None:
    store.save("甲", layers(2), MADE)
    before = store.path("甲").read_bytes()
    with pytest.raises(Cancelled):
        store.save("甲", layers(1), MADE, replace=True, progress=Stops())
    assert store.path("甲").read_bytes() == before
    assert [path.name for path in store.folder.iterdir()] == ["甲.gpkg"]


def test_copy_rename_set_aside(store: ScenarioStore) -> None:
    store.save("甲", layers(), MADE)
    store.copy("甲", "乙")
    assert read_plan(store.path("乙")).meta == read_plan(store.path("甲")).meta
    store.rename("乙", "丙")
    assert sorted(store.names()) == ["丙", "甲"]
    aside = store.set_aside("丙")
    assert aside.is_file()
    assert aside.name == "丙.gpkg.deleted"
    store.copy("甲", "丙")
    assert store.set_aside("丙").name == "丙.gpkg.deleted2"
    assert [one.name for one in store.list()] == ["甲"]
    refused("scenario_gone", store.copy, "丙", "丁")


def test_what_the_project_has_open_is_left_alone(store: ScenarioStore) -> None:
    store.save("甲", layers(), MADE)
    busy = ScenarioStore(store.folder, in_use=[store.path("甲")])
    for work in (
        lambda: busy.save("甲", layers(), MADE, replace=True),
        lambda: busy.copy("甲", "乙"),
        lambda: busy.rename("甲", "乙"),
        lambda: busy.set_aside("甲"),
    ):
        refused("scenario_open", work)
    assert [one.name for one in busy.list()] == ["甲"]


def test_drafts_and_other_files_are_no_scenarios(store: ScenarioStore) -> None:
    store.save("甲", layers(), MADE)
    (store.folder / ".甲.gpkg.draft").write_bytes(b"")
    (store.folder / ".halb.gpkg").write_bytes(b"")
    (store.folder / "甲.gpkg-wal").write_bytes(b"")
    assert [one.name for one in store.list()] == ["甲"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a file")
    with pytest.raises(InputError) as caught:
        ScenarioStore(tmp_path / "x").save("甲", layers(), MADE)
    assert caught.value.message_id == "cannot_write"


def test_files_are_read_by_whom_the_store_is_told(store: ScenarioStore) -> None:
    asked: List[Path] = []

    def reader(path: Path) -> Any:
        asked.append(path)
        return {"created": "2026-03-01", "schema_version": "1"}

    store.save("甲", layers(), MADE)
    (found,) = ScenarioStore(store.folder, reader).list()
    assert asked == [store.path("甲")]
    assert found.made is not None
    assert found.made.created == "2026-03-01"

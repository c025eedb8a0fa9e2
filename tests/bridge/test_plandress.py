"""A plan database written with all that QGIS shows of it, for every algorithm that makes one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, List, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.bridge import plandress
from three_opt_three_protect.bridge.plandress import PlanFile, write_dressed
from three_opt_three_protect.core.tables import CrsInfo, LayerTable, text
from three_opt_three_protect.storage.plandb import RELATIONS, read_plan

CRS = CrsInfo("EPSG:4528")
PERIOD = (2014, 2020)


def layer(name: str, **values: str) -> LayerTable:
    shapes = np.array([shapely.box(40557000, 3453000, 40557100, 3453100)], dtype=object)
    columns = {key: text([value], alias="名") for key, value in values.items()}
    return LayerTable(name, np.arange(1), shapes, columns, CRS)


@pytest.fixture
def plan() -> PlanFile:
    villages = layer("村级调查区", ZLDWDM="320509100201")
    parcels = layer("地类图斑", ZLDWDM="320509100201", DLBM="0101")
    fields = {"villages": {"unit_code": "ZLDWDM"}, "parcels": {"unit_code": "ZLDWDM", "class_code": "DLBM"}}
    accounts = LayerTable("a", np.arange(1), columns={"line": text(["net"])})
    names = {"villages": "XZQ", "parcels": "DLTB"}
    return PlanFile(names, {"villages": villages, "parcels": parcels}, fields, {"profile": "x"}, {"accounts": accounts})


def test_layers_results_relations_and_symbols_are_in_the_file(qgis_app: Any, plan: PlanFile, tmp_path: Path) -> None:
    path, warned = tmp_path / "规划.gpkg", []
    write_dressed(path, plan, PERIOD, lambda *said, **values: warned.append((said, values)))
    assert warned == []
    written = read_plan(path)
    assert written.meta["profile"] == "x"
    assert "accounts" in written.layers
    with closing(sqlite3.connect(path)) as database:
        tables = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        assert {"XZQ", "DLTB", "accounts", RELATIONS} <= tables
        related = database.execute(f'SELECT parent, par_field, child, chi_field FROM "{RELATIONS}"').fetchall()
        assert ("XZQ", "ZLDWDM", "DLTB", "ZLDWDM") in related
        styled = {name for (name,) in database.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault")}
        assert styled == {"XZQ", "DLTB"}


def test_a_style_that_cannot_be_saved_is_told(
    qgis_app: Any, plan: PlanFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: List[Tuple[str, str]] = []
    monkeypatch.setattr(plandress, "dress_plan", lambda *_: ["DLTB: full"])
    write_dressed(tmp_path / "a.gpkg", plan, PERIOD, lambda said, layer: warned.append((said, layer)))
    assert warned == [("log_style_not_saved", "DLTB: full")]

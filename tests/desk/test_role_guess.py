"""Layers find their roles by name and fields."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.conftest import memory_layer, square
from three_opt_three_protect.desk.role_guess import guess_roles, score
from three_opt_three_protect.storage.catalogue import load_role_schemas


@pytest.mark.parametrize(
    ("name", "fields", "role"),
    [
        ("DLTB", "DLBM:string", "parcels"),
        ("sample — parcels", "DLBM:string", "parcels"),
        ("青浦镇地类图斑2020", "DLBM:string", "parcels"),
        ("DLTB2020", "DLBM:string", "parcels"),
        ("YJJBNTTB", "TBBH:string", "farmland"),
        ("城镇开发边界", "MJ:double", "boundary"),
        ("STBHHX", "level:string", "redline"),
        ("CJDCQ", "ZLDWDM:string ZLDWMC:string", "villages"),
        ("图层 1", "plot_id:string FKFX:string FKXS:double YSRQ:string YSMJ:double TYL:double", "reclaim"),
    ],
)
def test_one_layer(qgis_app: Any, name: str, fields: str, role: str) -> None:
    layer = memory_layer(name, fields, [(square(0),)])
    assert {found: entry.name() for found, entry in guess_roles([layer], load_role_schemas()).items()} == {role: name}


@pytest.mark.parametrize(
    ("name", "fields", "kind"),
    [
        ("parcels", "", "Polygon"),  # no land code: useless as parcels
        ("parcels_next", "DLBM:string BSM:string", "Polygon"),
        # By its fields it could be villages.
        ("township", "BSM:string XZQDM:string XZQMC:string DCMJ:double MSSM:string", "Polygon"),
        ("DLTB", "DLBM:string", "LineString"),
        ("道路", "name:string", "Polygon"),
    ],
)
def test_no_role(qgis_app: Any, name: str, fields: str, kind: str) -> None:
    layer = memory_layer(name, fields or "x:integer", [], kind)
    assert guess_roles([layer], load_role_schemas()) == {}


def test_the_exact_name_wins(qgis_app: Any) -> None:
    later = memory_layer("2020 DLTB 备份", "DLBM:string BSM:string", [])
    layer = memory_layer("DLTB", "DLBM:string", [])
    schemas = load_role_schemas()
    assert guess_roles([later, layer], schemas)["parcels"].name() == "DLTB"
    assert score(layer, schemas["parcels"]) > score(later, schemas["parcels"]) > 0


def test_targets_are_a_table(qgis_app: Any) -> None:
    layer = memory_layer("规划指标", "indicator:string value:double unit:string", [], "None")
    assert list(guess_roles([layer], load_role_schemas())) == ["targets"]

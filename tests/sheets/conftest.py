"""Plan databases to draw: a tiny one made by hand, and the drawn sample township."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Optional

import numpy as np
import pytest
import shapely
from qgis.core import QgsCoordinateReferenceSystem

from three_opt_three_protect.bridge.crs import crs_info
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.tables import LayerTable, integer, real, text
from three_opt_three_protect.storage.plandb import write_plan

WEST, SOUTH = 40_557_000.0, 3_453_000.0
MakePlan = Callable[..., Path]


def table(name: str, shapes: list, crs: str, **columns: Any) -> LayerTable:
    geometry = np.empty(len(shapes), dtype=np.object_)
    geometry[:] = shapes
    info = crs_info(QgsCoordinateReferenceSystem(crs))
    return LayerTable(name, np.arange(1, len(shapes) + 1, dtype=np.int64), geometry, columns, info)


def tiny_layers(crs: str = "EPSG:4528", west: float = WEST, south: float = SOUTH, metre: float = 1.0) -> Dict[str, Any]:
    """A township of 4000 m × 3000 m: two villages, four parcels, two reclaim and two new-build plots."""

    def box(x: float, y: float, width: float, height: float) -> Any:
        return shapely.box(
            west + x * metre, south + y * metre, west + (x + width) * metre, south + (y + height) * metre
        )

    return {
        "parcels": table(
            "parcels",
            [box(0, 0, 2000, 3000), box(2000, 0, 1000, 3000), box(3000, 0, 1000, 2000), box(3000, 2000, 1000, 1000)],
            crs,
            DLBM=text(["0101", "0702", "1104", "0601"]),
            DLMC=text(["水田", "农村宅基地", "坑塘水面", "工业用地"]),
            SJNF=integer([2013, 2013, 2013, 2012]),
        ),
        "township": table("township", [box(0, 0, 4000, 3000)], crs, XZQMC=text(["试验镇"])),
        "villages": table(
            "villages",
            [box(0, 0, 2000, 3000), box(2000, 0, 2000, 3000)],
            crs,
            ZLDWMC=text(["甲村村民委员会", "乙社区居民委员会"]),
        ),
        "farmland": table("farmland", [box(0, 0, 900, 900), box(900, 0, 900, 900)], crs, BSM=text(["1", "2"])),
        "redline": table("redline", [box(3200, 200, 500, 500)], crs, level=integer([2])),
        "reclaim": table(
            "reclaim", [box(2100, 500, 300, 200), box(2500, 1500, 300, 200)], crs, plot_id=text(["R1", "R2"])
        ),
        "newbuild": table(
            "newbuild",
            [box(300, 2200, 300, 200), box(3100, 2300, 300, 200)],
            crs,
            plot_id=text(["N1", "N2"]),
            use=text(["resettlement", "工业"]),
        ),
    }


ACCOUNTS = {
    "reclaimed_m2": 120000.0,
    "added_m2": 116666.67,
    "net_reduction_m2": 3333.33,
    "cultivated_gain_m2": 50000.0,
    "cultivated_loss_m2": None,
}


def accounts() -> LayerTable:
    names = list(ACCOUNTS)
    values = [np.nan if ACCOUNTS[name] is None else ACCOUNTS[name] for name in names]
    return LayerTable(
        "accounts",
        np.arange(len(names) + 1, dtype=np.int64),
        columns={
            "account": text(["construction"] * (len(names) + 1)),
            "unit_code": text([None] * len(names) + ["320500101201"]),
            "line": text([*names, "reclaimed_m2"]),
            "value": real([*values, 1.0]),
            "unit": text(["m2"] * (len(names) + 1)),
        },
    )


def verdicts(*results: str) -> LayerTable:
    return LayerTable(
        "verdicts",
        np.arange(len(results), dtype=np.int64),
        columns={
            "rule": text([f"rule_{number}" for number in range(len(results))]),
            "unit_code": text([None] * len(results)),
            "result": text([word.rstrip("!") for word in results]),
            "hard": integer([int(word.endswith("!")) for word in results]),
        },
    )


@pytest.fixture
def make_plan(qgis_app: Any, tmp_path: Path) -> MakePlan:
    """Write the tiny plan, with changes."""

    def make(
        layers: Optional[Dict[str, Any]] = None, without: tuple = (), meta: Optional[Dict[str, str]] = None, **more: Any
    ) -> Path:
        path = tmp_path / "plan.gpkg"
        kept = {role: layer for role, layer in (layers or tiny_layers()).items() if role not in without}
        write_plan(path, {**kept, **more}, meta if meta is not None else {"profile": "suzhou-2014"})
        return path

    return make


@pytest.fixture(scope="session")
def sample_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample township with some 500 parcels, without results."""
    path = tmp_path_factory.mktemp("sample") / "plan.gpkg"
    write_plan(path, draw_township(1, 500, 1), {"profile": "suzhou-2014", "class_system": "third_survey"})
    return path

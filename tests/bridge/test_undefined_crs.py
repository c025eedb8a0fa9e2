"""A GeoPackage written without a CRS has none: it states "Undefined SRS", which is no grid of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.sources import read_layer
from three_opt_three_protect.core.tables import LayerTable, is_undefined
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.vectorfile import read_layer as read_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shapes = np.array([shapely.box(40557000, 3453000, 40557010, 3453010)], dtype=object)
    path = tmp_path / "图斑.gpkg"
    write_layers(path, {"parcels": LayerTable("parcels", np.array([1]), shapes)})
    return path


def test_both_doors_see_no_crs(path: Path, qgis_app: Any) -> None:
    layer = QgsVectorLayer(f"{path}|layername=parcels", "图斑", "ogr")
    assert read_layer(layer).table.crs is None
    assert read_file(path, "parcels").crs is None
    del layer


def test_a_grid_of_its_own_is_not_undefined() -> None:
    assert is_undefined('ENGCRS["Undefined Cartesian SRS",EDATUM[""]]')
    assert not is_undefined('ENGCRS["苏州独立坐标系",EDATUM[""]]')
    assert not is_undefined("EPSG:4528")

"""What a shapefile cannot hold is told before one is begun; the size foretold is the size GDAL writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import numpy as np
import pyogrio
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import Column, LayerTable
from three_opt_three_protect.storage import shapefilelimits
from three_opt_three_protect.storage.shapefilelimits import require_fits, shape_bytes


def layer(columns: Mapping[str, Column], rows: int = 1) -> LayerTable:
    shapes = np.empty(rows, dtype=object)
    shapes[:] = [shapely.box(row, 0, row + 1, 1) for row in range(rows)]
    return LayerTable("图斑", np.arange(rows), shapes, columns)


def refused(table: LayerTable, encoding: str = "UTF-8") -> Any:
    with pytest.raises(InputError) as caught:
        require_fits(table, Path("a.shp"), encoding)
    require_fits(table, Path("a.gpkg"), encoding)
    return caught.value.message_id, dict(caught.value.values)


def test_what_fits() -> None:
    require_fits(layer({"DLBM": tables.text(["0101"], width=5), "TBMJ": tables.real([1.0])}), Path("a.SHP"))


def test_the_size_is_what_gdal_writes(tmp_path: Path) -> None:
    hole = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (1, 2), (2, 2)], [(3, 3), (3, 4), (4, 4)]])
    shapes = np.array([hole, shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)])], dtype=object)
    pyogrio.raw.write(
        tmp_path / "a.shp", shapely.to_wkb(shapes), [np.array([1, 2])], ["n"], geometry_type="MultiPolygon", crs=None
    )
    assert shape_bytes(shapes) == (tmp_path / "a.shp").stat().st_size
    assert shape_bytes(None) == 0


def test_two_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    # .shp: 100 + 10 (8 + 44 + 4 + 5 * 16) = 1460; .dbf: 33 + 32 + 10 (1 + 200) = 2075
    table = layer({"BZ": tables.text(["x"] * 10, width=200)}, 10)
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", 2075)
    require_fits(table, Path("a.shp"))
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", 2074)
    assert refused(table)[1]["part"] == ".dbf"
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", 1459)
    assert refused(table)[0] == "shapefile_too_large"
    assert refused(table)[1]["part"] == ".shp"


@pytest.mark.parametrize(
    ("name", "encoding", "fits"),
    [
        ("地类名称", "UTF-8", False),
        ("地类名称码", "GBK", True),
        ("地类名称代码", "GBK", False),
        ("地类名", "UTF-8", True),
    ],
)
def test_names_of_ten_bytes(name: str, encoding: str, fits: bool) -> None:
    table = layer({name: tables.real([1.0])})
    if fits:
        require_fits(table, Path("a.shp"), encoding)
    else:
        assert refused(table, encoding) == ("shapefile_name_too_long", {"layer": "图斑", "field": name, "most": 10})


def test_texts_fields_and_case() -> None:
    long = tables.text(["水" * 85])
    assert refused(layer({"BZ": long}))[1] == {"layer": "图斑", "field": "BZ", "count": 255, "most": 254}
    require_fits(layer({"BZ": long}), Path("a.shp"), "GBK")
    assert refused(layer({f"F{n}": tables.real([1.0]) for n in range(256)}))[0] == "shapefile_too_many_fields"
    assert refused(layer({"MJ": tables.real([1.0]), "mj": tables.real([1.0])}))[0] == "field_twice"

"""Files of formats that stop in silence on a full disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsVectorFileWriter

from three_opt_three_protect.bridge.readback import is_cut_short

SQUARE = "POLYGON((120 31,121 31,121 32,120 32,120 31))"
DRIVERS = {".geojson": "GeoJSON", ".xlsx": "XLSX", ".kml": "KML", ".gml": "GML", ".fgb": "FlatGeobuf"}


@pytest.mark.parametrize("suffix", DRIVERS)
def test_what_is_whole_is_told_from_what_is_cut_short(make_layer: Any, tmp_path: Path, suffix: str) -> None:
    layer = make_layer([(SQUARE, f"甲-{row}") for row in range(300)], "plot_id:string(20)", crs="EPSG:4326")
    path = tmp_path / f"结果{suffix}"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = DRIVERS[suffix]
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)[0] == 0
    content = path.read_bytes()
    assert not is_cut_short(path, 300)
    # FlatGeobuf states its count at the beginning, and is written in one piece at the end.
    for share in (0.0,) if suffix == ".fgb" else (0.0, 0.5, 0.9):
        path.write_bytes(content[: int(len(content) * share)])
        assert is_cut_short(path, 300)


def test_formats_whose_failures_are_reported_are_not_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")
    assert not is_cut_short(path, 3)

"""An output that is a shapefile: told what does not fit before it is begun, and written so that it reads right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsVectorLayer,
)

from tests.algorithms.conftest import Listening
from three_opt_three_protect.storage import shapefilelimits

X, Y = 40557000, 3453000
SQUARE = f"POLYGON(({X} {Y},{X + 100} {Y},{X + 100} {Y + 100},{X} {Y + 100},{X} {Y}))"


def content(path: Path) -> Any:
    layer = QgsVectorLayer(str(path), "a", "ogr")
    return [item.name() for item in layer.fields()], [row.attributes() for row in layer.getFeatures()]


def test_names_are_cut_between_characters_and_told(run: Any, make_layer: Any, tmp_path: Path) -> None:
    fields = "地类名称码:string 地类名称备注:string longfieldname:int"
    layer = make_layer([(SQUARE, "水田", "甲", 7)], fields)
    heard = Listening()
    run("ellipsoidalarea", feedback=heard, INPUT=layer, METHOD=2, OUTPUT=str(tmp_path / "a.shp"))
    # three bytes a character: ten hold three; the second takes one less for the two bytes of "_1"
    assert content(tmp_path / "a.shp") == (
        ["地类名", "地类_1", "longfieldn", "ell_m2"],
        [["水田", "甲", 7, 10000.0]],
    )
    assert (tmp_path / "a.cpg").read_text() == "UTF-8"
    told = [line for line in heard.warned if "longfieldname → longfieldn" in line]
    assert len(told) == 1
    assert "地类名称码 → 地类名" in told[0]


def test_in_the_encoding_chosen(run: Any, make_layer: Any, tmp_path: Path) -> None:
    heard = Listening()
    chosen = QgsProcessingOutputLayerDefinition(str(tmp_path / "a.shp"))
    chosen.createOptions = {"fileEncoding": "GBK"}
    layer = make_layer([(SQUARE, "水" * 127)], "地类名称码:string")
    run("ellipsoidalarea", feedback=heard, INPUT=layer, METHOD=2, OUTPUT=chosen)
    assert content(tmp_path / "a.shp") == (["地类名称码", "ell_m2"], [["水" * 127, 10000.0]])
    assert (tmp_path / "a.cpg").read_text() == "GBK"
    assert heard.warned == []


def test_a_text_that_would_be_cut_is_refused_and_the_old_file_stays(run: Any, make_layer: Any, tmp_path: Path) -> None:
    old = make_layer([(SQUARE, "旧")], "BZ:string")
    run("ellipsoidalarea", INPUT=old, METHOD=2, OUTPUT=str(tmp_path / "a.shp"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    # 85 characters of three bytes are one byte too many
    long = make_layer([(SQUARE, "水" * 85)], "BZ:string")
    with pytest.raises(QgsProcessingException, match=r"BZ.*255.*254"):
        run("ellipsoidalarea", INPUT=long, METHOD=2, OUTPUT=str(tmp_path / "a.shp"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    run("ellipsoidalarea", INPUT=make_layer([(SQUARE, "水" * 84)], "BZ:string"), OUTPUT=str(tmp_path / "a.shp"))


@pytest.mark.parametrize(("fields", "part"), [("BZ:string(200)", ".dbf"), ("n:int", ".shp")])
def test_two_gigabytes_are_foretold(
    run: Any, make_layer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: str, part: str
) -> None:
    layer = make_layer([(SQUARE, 1)] * 100, fields)
    run("ellipsoidalarea", INPUT=layer, METHOD=2, OUTPUT=str(tmp_path / "a.shp"))
    written = (tmp_path / f"a{part}").stat().st_size
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", int(written * 0.98))
    with pytest.raises(QgsProcessingException, match=part):
        run("ellipsoidalarea", INPUT=layer, METHOD=2, OUTPUT=str(tmp_path / "b.shp"))
    assert not list(tmp_path.glob("b.*"))
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", int(written * 1.1))
    run("ellipsoidalarea", INPUT=layer, METHOD=2, OUTPUT=str(tmp_path / "b.shp"))


def test_tables_too(run: Any, make_layer: Any, tmp_path: Path) -> None:
    heard = Listening()
    layer = make_layer([(SQUARE, " a ")], "复垦地块的名称:string", name="拆旧地块")
    asked = {"INPUT": layer, "ROLE": "reclaim", "OPERATIONS": "codes"}
    run("repairdata", feedback=heard, **asked, OUTPUT=str(tmp_path / "a.shp"))
    assert content(tmp_path / "a.shp")[0] == ["复垦地"]
    assert [line for line in heard.warned if "复垦地块的名称 → 复垦地" in line]

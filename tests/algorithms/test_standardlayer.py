"""``standardlayer``: what is handed in has exactly the standard's form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from three_opt_three_protect.storage.vectorfile import read_layer

SQUARE = "POLYGON((40557000 3453000,40557010 3453000,40557010 3453010,40557000 3453010,40557000 3453000))"


@pytest.fixture
def plot(make_layer: Any) -> Any:
    return make_layer(
        [(SQUARE, "0101", "水田", 100.004, "甲")], "dlbm:string DLMC:string TBMJ:double 备注2:string", name="图斑"
    )


@pytest.mark.parametrize(("name", "encoding"), [("图斑.gpkg", "UTF-8"), ("图斑.gdb", "UTF-8"), ("图斑.shp", "GBK")])
def test_order_names_widths_and_decimals(run: Any, plot: Any, tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / "规划 成果" / name
    path.parent.mkdir()
    result = run(
        "standardlayer", INPUT=plot, ROLE="parcels", SCHEMA="third_survey.DLTB", ENCODING=encoding, OUTPUT=str(path)
    )
    assert (result["FEATURES"], result["ROUNDED"], result["LEFT_OUT"]) == (1, 1, 1)
    table = read_layer(path)
    assert list(table.columns)[:6] == ["BSM", "YSDM", "TBYBH", "TBBH", "DLBM", "DLMC"]
    assert table.columns["DLMC"].values.tolist() == ["水田"]
    assert table.columns["TBMJ"].values.tolist() == [100.0]
    if path.suffix == ".shp":
        assert path.with_suffix(".cpg").read_text().strip().upper() in ("GBK", "CP936", "936")


def test_a_value_that_does_not_fit_is_one_line_and_nothing_is_written(
    run: Any, make_layer: Any, tmp_path: Path
) -> None:
    layer = make_layer([(SQUARE, "地类编码太长了")], "DLBM:string", name="图斑")
    with pytest.raises(Exception, match="DLBM"):
        run("standardlayer", INPUT=layer, ROLE="parcels", SCHEMA="third_survey.DLTB", OUTPUT=str(tmp_path / "a.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_a_standard_that_does_not_exist_names_those_of_the_role(run: Any, plot: Any, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"third_survey\.DLTB"):
        run("standardlayer", INPUT=plot, ROLE="parcels", SCHEMA="no.such", OUTPUT=str(tmp_path / "a.gpkg"))

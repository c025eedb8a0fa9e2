"""Layers in the form of a standard: what is written stands there, exactly, in all three formats."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import fiona
import numpy as np
import pyogrio
import pytest
import shapely

from three_opt_three_protect.core.errors import Cancelled, InputError, MissingPackageError
from three_opt_three_protect.core.sample.survey import CRS
from three_opt_three_protect.core.schema import StandardLayer
from three_opt_three_protect.core.tables import Kind, LayerTable, boolean, date, integer, real, text
from three_opt_three_protect.storage import shapefilelimits, wholeset
from three_opt_three_protect.storage.exactwriter import Delivery, write_standard
from three_opt_three_protect.storage.messages import sentence
from three_opt_three_protect.storage.schemas import load_standards
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer

STANDARDS = load_standards()
DLTB = STANDARDS.layers["third_survey.DLTB"]
XZDW = STANDARDS.layers["second_survey.XZDW"]
RECLAIM = STANDARDS.layers["own.SYSB_CJ"]
CHECK = STANDARDS.layers["own.SYSB_CHECK"]
FORMATS = (".gpkg", ".gdb", ".shp")
NAMES = ("鹭溪村第1村民小组", "柳荡村第12村民小组")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Chinese name and a blank, far down."""
    deep = tmp_path / "规划 成果" / "三优三保专项规划"
    deep = deep / ("data-2014-2020-" * 20)[: max(8, 205 - len(str(deep)))]
    deep.mkdir(parents=True)
    return deep


def squares(count: int) -> np.ndarray:
    """Polygons, the last of two parts."""
    left = 40500000.0 + 20.0 * np.arange(count)
    shapes = shapely.box(left, 3450000.0, left + 10.0, 3450010.0)
    shapes[-1] = shapely.union_all([shapes[-1], shapely.box(left[-1], 3450020.0, left[-1] + 1.0, 3450021.0)])
    return np.asarray(shapes)


def parcels(**other: Any) -> LayerTable:
    """Two parcels under names of the third survey, one under an older draft's."""
    columns: Dict[str, Any] = {
        "YSDM": text(["2001010100", "2001010100"]),
        "BSM": text(["320599200100000001", "320599200100000002"], width=18),
        "DLBM": text(["0101", "1006"]),
        "DLMC": text(["水田", "农村道路"]),
        "QSDWMC": text(list(NAMES)),
        "TBMJ": real([26576.5, 8152.87]),
        "KCXS": real([0.0512, np.nan]),
        "XXTBKD": real([np.nan, 6.6]),
        "GDDB": integer([8, 0], np.array([False, True])),
        "SJNF": integer([2023, 2023]),
        "BZ": text([None, "菱三线"]),
        **other,
    }
    return LayerTable("地类图斑", np.array([7, 12]), squares(2), columns, CRS)


def target(folder: Path, suffix: str) -> Path:
    return folder / f"地类 图斑{suffix}"


def values(table: LayerTable, name: str) -> List[Any]:
    column = table.column(name)
    return [None if gap else value for value, gap in zip(column.values.tolist(), column.is_missing)]


def refused(
    folder: Path, table: LayerTable, suffix: str = ".gpkg", standard: StandardLayer = DLTB, **options: Any
) -> Any:
    with pytest.raises(InputError) as caught:
        write_standard(target(folder, suffix), [(standard, table)], **options)
    assert list(folder.iterdir()) == []
    for language in ("zh", "en"):
        assert str(caught.value.values.get("field", "")) in sentence(caught.value, language)
    return caught.value


@pytest.mark.parametrize(
    ("suffix", "encoding"), [(".gpkg", "UTF-8"), (".gdb", "UTF-8"), (".shp", "UTF-8"), (".shp", "GBK")]
)
def test_what_is_written_is_read_back(folder: Path, suffix: str, encoding: str) -> None:
    path = target(folder, suffix)
    (written,) = write_standard(path, [(DLTB, parcels())], encoding=encoding)
    back = read_layer(path)
    assert list(back.columns) == [field.name for field in DLTB.fields]
    assert values(back, "QSDWMC") == list(NAMES)
    assert values(back, "DLMC") == ["水田", "农村道路"]
    assert values(back, "TBMJ") == [26576.5, 8152.87]
    assert values(back, "KCXS") == [0.0512, None]
    assert values(back, "XZDWKD") == [None, 6.6]
    assert values(back, "GDDB") == [8, None]
    assert values(back, "BZ") == [None, "菱三线"]
    assert values(back, "HDMC") == [None, None]
    assert [shapely.area(shape) for shape in back.shapes] == [100.0, 101.0]
    assert back.crs is not None
    assert back.crs.central_meridian == 120.0
    assert back.crs.ellipsoid == "CGCS2000"
    assert {"XZDWKD", "HDMC"} & set(written.absent) == {"HDMC"}
    assert (written.name, written.rows, written.left_out, written.rounded) == ("DLTB", 2, (), {})


@pytest.mark.parametrize("suffix", FORMATS)
def test_kinds_and_widths_are_the_standard_s(folder: Path, suffix: str) -> None:
    path = target(folder, suffix)
    write_standard(path, [(DLTB, parcels())], encoding="GBK")
    back = read_layer(path)
    for field in DLTB.fields:
        column = back.column(field.name)
        assert column.kind is field.kind, field.name
        if field.kind is Kind.TEXT:
            assert column.width == field.width, field.name
    if suffix == ".shp":
        with fiona.open(path) as source:
            declared = source.schema["properties"]
        assert declared["TBMJ"] == "float:18.2"
        assert declared["KCXS"] == "float:6.4"
        assert declared["SJNF"].split(":")[1] == "4"
        assert declared["BZ"] == "str:254"
    if suffix == ".gpkg":
        assert back.column("TBMJ").alias == "图斑面积"


@pytest.mark.parametrize(("encoding", "stated"), [("GBK", "GBK"), ("utf-8", "UTF-8"), ("GB18030", "GB18030")])
def test_a_shapefile_says_its_encoding(folder: Path, encoding: str, stated: str) -> None:
    path = target(folder, ".shp")
    write_standard(path, [(DLTB, parcels())], encoding=encoding)
    assert path.with_suffix(".cpg").read_text("ascii") == stated
    assert "鹭溪村".encode(stated) in path.with_suffix(".dbf").read_bytes()
    assert sorted(each.suffix for each in folder.iterdir()) == [".cpg", ".dbf", ".prj", ".shp", ".shx"]


@pytest.mark.parametrize("suffix", [".gpkg", ".gdb"])
def test_several_layers_and_tables(folder: Path, suffix: str) -> None:
    path = target(folder, suffix)
    lines = LayerTable(
        "线状地物",
        np.array([1]),
        np.array([shapely.linestrings([[40500000, 3450000], [40500100, 3450000]])]),
        {"BSM": integer([1234567890]), "KCBL": real([0.5]), "CD": real([100.04]), "BGRQ": date(["2013-12-31"])},
        CRS,
    )
    found = LayerTable("问题", np.array([1]), None, {"rule": text(["overlap"]), "fid": integer([3])})
    written = write_standard(path, [(DLTB, parcels()), (XZDW, lines), Delivery(CHECK, found, name="质检")])
    assert sorted(list_layers(path)) == ["DLTB", "XZDW", "质检"]
    back = read_layer(path, "XZDW")
    assert values(back, "KCBL") == [0.5]
    assert values(back, "CD") == [100.0]
    assert np.datetime64("2013-12-31") == back.column("BGRQ").values[0]
    assert back.column("BSM").values.tolist() == [1234567890]
    assert written[1].rounded == {"CD": 1}
    assert values(read_layer(path, "质检"), "rule") == ["overlap"]
    assert written[2].absent[-2:] == ("rule_group", "blocking")


@pytest.mark.parametrize("suffix", FORMATS)
def test_fields_the_standard_does_not_know(folder: Path, suffix: str) -> None:
    path = target(folder, suffix)
    own = {"CKMC": text(["调查员甲", "调查员乙"]), "SFHS": boolean([True, False]), "RQ": date(["2024-05-01", "NaT"])}
    (left,) = write_standard(path, [(DLTB, parcels(**own))])
    assert left.left_out == ("CKMC", "SFHS", "RQ")
    assert "CKMC" not in read_layer(path).columns
    (kept,) = write_standard(path, [(DLTB, parcels(**own))], extra=True)
    back = read_layer(path)
    assert kept.left_out == ()
    assert list(back.columns)[-3:] == ["CKMC", "SFHS", "RQ"]
    assert values(back, "CKMC") == ["调查员甲", "调查员乙"]
    assert [int(value) for value in values(back, "SFHS")] == [1, 0]
    assert back.column("RQ").is_missing.tolist() == [False, True]


def test_fields_by_their_role(folder: Path) -> None:
    plots = LayerTable(
        "拆旧地块",
        np.array([1, 2]),
        squares(2),
        {"plot_id": text(["R001", "R002"]), "acc_date": date(["2015-08-20", "NaT"]), "rate": real([0.85, np.nan])},
        CRS,
    )
    path = target(folder, ".gpkg")
    roles = {"plot_id": "plot_id", "acc_date": "acc_date", "rate": "rate"}
    (written,) = write_standard(path, [Delivery(RECLAIM, plots, roles)])
    back = read_layer(path, "SYSB_CJ")
    assert values(back, "ID") == ["R001", "R002"]
    assert values(back, "FKXS") == [0.85, None]
    assert back.column("YSRQ").is_missing.tolist() == [False, True]
    assert written.left_out == ()


def test_values_in_another_kind(folder: Path) -> None:
    path = target(folder, ".gpkg")
    column = {"DLBM": integer([101, 1006]), "SJNF": text(["2023", " 2023 "]), "TBMJ": integer([26576, 8152])}
    write_standard(path, [(DLTB, parcels(**column))])
    back = read_layer(path)
    assert values(back, "DLBM") == ["101", "1006"]
    assert values(back, "SJNF") == [2023, 2023]
    assert values(back, "TBMJ") == [26576.0, 8152.0]


WRONG: Tuple[Tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("value_too_long", {"DLBM": text(["0101", "110401"])}, {"field": "DLBM", "width": 5, "features": "12"}),
    ("number_too_wide", {"XXTBKD": real([1000.0, 1.0])}, {"field": "XXTBKD", "width": 5, "features": "7"}),
    ("number_too_wide", {"GDDB": integer([-10, 8])}, {"field": "GDDB", "value": "-10", "decimals": 0}),
    ("no_number", {"TBMJ": text(["一亩", "12.5"])}, {"field": "TBMJ", "value": "一亩", "features": "7"}),
    ("no_number", {"TBMJ": real([np.inf, 1.0])}, {"field": "TBMJ", "features": "7"}),
    ("no_number", {"TBMJ": date(["2020-01-01", "NaT"])}, {"field": "TBMJ", "features": "7"}),
    ("no_whole_number", {"GDDB": real([np.nan, 7.5])}, {"field": "GDDB", "value": "7.5", "features": "12"}),
    ("no_text", {"BZ": date(["2020-01-01", "NaT"])}, {"field": "BZ", "features": "7"}),
)


@pytest.mark.parametrize(("message", "columns", "said"), WRONG)
def test_what_does_not_fit_is_refused(
    folder: Path, message: str, columns: Mapping[str, Any], said: Mapping[str, Any]
) -> None:
    error = refused(folder, parcels(**columns))
    assert error.message_id == message
    assert error.values["layer"] == "地类图斑"
    assert {key: error.values[key] for key in said} == said


@pytest.mark.parametrize(
    ("day", "good"), [("20131231", True), ("2013-12-31", True), ("2013-02-30", False), ("去年", False)]
)
def test_days_written_as_text(folder: Path, day: str, good: bool) -> None:
    line = np.array([shapely.linestrings([[40500000, 3450000], [40500100, 3450000]])])
    table = LayerTable("线状地物", np.array([4]), line, {"BGRQ": text([day])}, CRS)
    if not good:
        assert refused(folder, table, standard=XZDW).message_id == "no_date"
        return
    write_standard(target(folder, ".gpkg"), [(XZDW, table)])
    assert read_layer(target(folder, ".gpkg")).column("BGRQ").values[0] == np.datetime64("2013-12-31")


def test_a_shapefile_counts_bytes(folder: Path) -> None:
    name = "沪" * 25  # 50 bytes in GBK, 75 in UTF-8; the standard says 60 characters
    path, table = target(folder, ".shp"), parcels(QSDWMC=text([name, None]))
    (written,) = write_standard(path, [(DLTB, table)], encoding="GBK")
    assert (read_layer(path).column("QSDWMC").width, written.widened) == (60, {})
    (written,) = write_standard(path, [(DLTB, table)], encoding="UTF-8")
    assert (read_layer(path).column("QSDWMC").width, written.widened) == (75, {"QSDWMC": 75})
    assert values(read_layer(path), "QSDWMC") == [name, None]


def test_a_shapefile_of_more_than_two_gigabytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = target(folder, ".shp")
    write_standard(path, [(DLTB, parcels())])
    size = path.with_suffix(".dbf").stat().st_size
    for part in folder.iterdir():
        part.unlink()
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", size - 2)
    error = refused(folder, parcels(), ".shp")
    assert (error.message_id, error.values["part"]) == ("shapefile_too_large", ".dbf")
    monkeypatch.setattr(shapefilelimits, "LONGEST_FILE", size)
    write_standard(path, [(DLTB, parcels())])


def test_a_shapefile_holds_254_bytes(folder: Path) -> None:
    remark = "备" * 85  # 170 bytes in GBK, 255 in UTF-8; the standard says 254 characters
    error = refused(folder, parcels(BZ=text([None, remark])), ".shp", encoding="UTF-8")
    assert error.message_id == "text_bytes"
    assert (error.values["width"], error.values["features"], error.values["encoding"]) == (254, "12", "UTF-8")
    write_standard(target(folder, ".shp"), [(DLTB, parcels(BZ=text([None, remark])))], encoding="GBK")
    assert values(read_layer(target(folder, ".shp")), "BZ") == [None, remark]


def test_a_geodatabase_keeps_coordinates(folder: Path) -> None:
    table = parcels()
    shapes = shapely.transform(table.shapes, lambda points: points + [0.123456789, 0.987654321])
    path = target(folder, ".gdb")
    write_standard(path, [(DLTB, LayerTable("地类图斑", table.fid, shapes, table.columns, CRS))])
    back = shapely.get_coordinates(shapely.normalize(read_layer(path).shapes))
    assert np.abs(back - shapely.get_coordinates(shapely.normalize(shapes))).max() <= 0.5001e-5


def test_characters_the_encoding_lacks(folder: Path) -> None:
    rare = parcels(QSDWMC=text(["𬇹村", None]))
    error = refused(folder, rare, ".shp", encoding="GBK")
    assert error.message_id == "text_not_in_encoding"
    assert (error.values["field"], error.values["features"]) == ("QSDWMC", "7")
    write_standard(target(folder, ".shp"), [(DLTB, rare)], encoding="GB18030")
    assert values(read_layer(target(folder, ".shp")), "QSDWMC") == ["𬇹村", None]


def test_field_names_of_a_shapefile(folder: Path) -> None:
    table = parcels(调查人员=text(["甲", "乙"]))
    assert refused(folder, table, ".shp", encoding="UTF-8", extra=True).message_id == "field_name_bytes"
    write_standard(target(folder, ".shp"), [(DLTB, table)], encoding="GBK", extra=True)
    assert values(read_layer(target(folder, ".shp")), "调查人员") == ["甲", "乙"]


def test_what_cannot_be_written_at_all(folder: Path) -> None:
    names_only = STANDARDS.layers["shanghai_exurban.GDZBPHB"]
    assert refused(folder, parcels(), standard=names_only).message_id == "standard_names_only"
    assert refused(folder, parcels(), standard=XZDW).message_id == "lines_needed"
    assert refused(folder, parcels(), ".kml").message_id == "unknown_format"
    assert refused(folder, parcels(), ".shp", encoding="latin-1").message_id == "unknown_encoding"
    found = LayerTable("问题", np.array([1]), None, {"rule": text(["overlap"])})
    assert refused(folder, found, ".shp", CHECK).message_id == "shapefile_one_layer"
    with pytest.raises(InputError, match="layer_twice"):
        write_standard(target(folder, ".gpkg"), [(DLTB, parcels()), (DLTB, parcels())])
    with pytest.raises(InputError, match="shapefile_one_layer"):
        write_standard(target(folder, ".shp"), [(DLTB, parcels()), Delivery(DLTB, parcels(), name="DLTB2")])
    with pytest.raises(InputError, match="no_such_folder"):
        write_standard(folder / "没有" / "a.gdb", [(DLTB, parcels())])
    assert list(folder.iterdir()) == []


def test_a_field_kept_must_not_take_a_standard_name(folder: Path) -> None:
    error = refused(folder, parcels(XZDWKD=real([1.0, 2.0]), xzdwkd=real([3.0, 4.0])), extra=True)
    assert (error.message_id, error.values["field"]) == ("field_twice", "xzdwkd")


@pytest.mark.parametrize("suffix", FORMATS)
def test_layers_without_rows_shapes_or_crs(folder: Path, suffix: str) -> None:
    path, full = target(folder, suffix), parcels()
    write_standard(path, [(DLTB, full.take(np.array([], dtype=np.int64)))])
    assert (len(read_layer(path)), list(read_layer(path).columns)[:2]) == (0, ["BSM", "YSDM"])
    shapes = full.shapes.copy()
    shapes[0] = None
    write_standard(path, [(DLTB, LayerTable("地类图斑", full.fid, shapes, full.columns))])
    back = read_layer(path)
    assert back.crs is None
    assert [shape is None for shape in back.shapes] == [True, False]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_old_one_stays_when_the_new_one_fails(folder: Path, suffix: str) -> None:
    path = target(folder, suffix)
    write_standard(path, [(DLTB, parcels())])
    before = sorted((each.name, each.stat().st_size) for each in folder.rglob("*"))

    class Stop:
        def step(self, name: str, share: float) -> None:
            raise Cancelled

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_standard(path, [(DLTB, parcels(DLMC=text(["旱地", "旱地"])))], progress=Stop())
    assert sorted((each.name, each.stat().st_size) for each in folder.rglob("*")) == before
    assert values(read_layer(path), "DLMC") == ["水田", "农村道路"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_new_one_replaces_all_of_the_old(folder: Path, suffix: str) -> None:
    path = target(folder, suffix)
    write_standard(path, [(DLTB, parcels(BZ=text(["旧", "旧"])))])
    index = path.with_suffix(".qix")
    if suffix == ".shp":
        index.write_bytes(b"an index of the old shapes")
        path.with_suffix(".txt").write_text("别人的文件", "utf-8")
    write_standard(path, [(DLTB, parcels(BZ=text(["新", "新"])))])
    assert values(read_layer(path), "BZ") == ["新", "新"]
    assert not index.exists()
    if suffix == ".shp":
        assert path.with_suffix(".txt").exists()
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


@pytest.mark.parametrize("fails", [".dbf", ".shx"])
def test_a_file_in_use_leaves_the_old_set(folder: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    path = target(folder, ".shp")
    write_standard(path, [(DLTB, parcels())])
    true_replace = os.replace

    def replace(source: Path, to: Path) -> None:
        if Path(source).suffix == fails and Path(source).parent.name == "new":
            raise PermissionError(13, "used by another program")
        true_replace(source, to)

    monkeypatch.setattr(wholeset.os, "replace", replace)
    with pytest.raises(InputError, match="file_in_use"):
        write_standard(path, [(DLTB, parcels(DLMC=text(["旱地", "旱地"])))])
    monkeypatch.undo()
    assert values(read_layer(path), "DLMC") == ["水田", "农村道路"]
    assert len(list(folder.iterdir())) == 5


def test_a_folder_that_is_no_geodatabase_is_not_replaced(folder: Path) -> None:
    path = target(folder, ".gdb")
    path.mkdir()
    (path / "文件.txt").write_text("不是地理数据库", "utf-8")
    with pytest.raises(InputError, match="cannot_write"):
        write_standard(path, [(DLTB, parcels())])
    assert (path / "文件.txt").exists()


def test_no_driver_for_geodatabases(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyogrio, "list_drivers", lambda: {"OpenFileGDB": "r"})
    with pytest.raises(MissingPackageError, match="gdb_not_writable"):
        write_standard(target(folder, ".gdb"), [(DLTB, parcels())])
    assert list(folder.iterdir()) == []


NEWEST_CHANGE = (3, 9, 0)
"""GDAL from which on a geodatabase may have a field OBJECTID beside its own, and takes GROUP no more."""


@pytest.mark.parametrize(("field", "layer"), [("GROUP", "DLTB"), ("HS", "2014年地类图斑")])
def test_names_a_geodatabase_does_not_take(folder: Path, field: str, layer: str) -> None:
    """Refused where the driver would change them; older ones (GDAL 3.8) take GROUP as it is."""
    table = parcels(**{field: text(["甲", "乙"])})
    path = target(folder, ".gdb")
    given = [Delivery(DLTB, table, name=layer)]
    if field == "GROUP" and pyogrio.__gdal_version__ < NEWEST_CHANGE:
        write_standard(path, given, extra=True)
        assert values(read_layer(path, layer), field) == ["甲", "乙"]
        return
    with pytest.raises(InputError, match="name_reserved"):
        write_standard(path, given, extra=True)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_fields_called_as_the_format_s_own(folder: Path, suffix: str) -> None:
    own = {name: integer([7, 8]) for name in ("OBJECTID", "fid", "SHAPE", "geom")}
    if suffix == ".gdb" and pyogrio.__gdal_version__ < NEWEST_CHANGE:
        with pytest.raises(InputError, match="OBJECTID"):  # such a driver adds none, and says so
            write_standard(target(folder, suffix), [(DLTB, parcels(**own))], extra=True)
        return
    write_standard(target(folder, suffix), [(DLTB, parcels(**own))], extra=True)
    back = read_layer(target(folder, suffix))
    assert {name: values(back, name) for name in own} == {name: [7, 8] for name in own}

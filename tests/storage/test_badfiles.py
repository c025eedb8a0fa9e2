"""Damaged, incomplete, packed, locked files: one line each by id, nothing written, the source as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Tuple

import fiona
import numpy as np
import pyogrio
import pytest
import shapely

from three_opt_three_protect import __main__ as program
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage import badfiles
from three_opt_three_protect.storage.badfiles import require_short, require_sound, why_unreadable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer, write_layers

LONG = "规划 成果/" + "/".join(["three optimisations 三优三保 2026"] * 6)
NAMES = ("水田", "农村宅基地")


def layer() -> LayerTable:
    shapes = np.array([shapely.box(40_500_000 + 10 * n, 3.5e6, 40_500_010 + 10 * n, 3.5e6 + 10) for n in range(2)])
    columns = {"DLBM": tables.text(["0101", "0702"]), "地类": tables.text(list(NAMES))}
    return LayerTable("图斑", np.array([1, 2]), shapes, columns, crs_info("EPSG:4528"))


def shapefile(path: Path, driver: str = "ESRI Shapefile") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if driver != "ESRI Shapefile":
        values = [np.array(["0101", "0702"], dtype=object), np.array(NAMES, dtype=object)]
        wkb, kind = shapely.to_wkb(layer().shapes), "Polygon"
        pyogrio.raw.write(path, wkb, values, ["DLBM", "地类"], driver=driver, geometry_type=kind, crs="EPSG:4528")
        return path
    schema = {"geometry": "Polygon", "properties": {"DLBM": "str:10", "地类": "str:20"}}
    with fiona.open(path, "w", driver=driver, schema=schema, crs="EPSG:4528", encoding="GBK") as file:
        for shape, code, name in zip(layer().shapes, ("0101", "0702"), NAMES):
            file.write({"geometry": shapely.geometry.mapping(shape), "properties": {"DLBM": code, "地类": name}})
    return path


def contents(folder: Path) -> Dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def cut(suffix: str, count: int) -> Callable[[Path], Path]:
    def spoil(path: Path) -> Path:
        part = path.with_suffix(suffix)
        part.write_bytes(part.read_bytes()[:-count])
        return path

    return spoil


def without(suffix: str) -> Callable[[Path], Path]:
    def spoil(path: Path) -> Path:
        path.with_suffix(suffix).unlink()
        return path

    return spoil


def emptied(suffix: str) -> Callable[[Path], Path]:
    def spoil(path: Path) -> Path:
        path.with_suffix(suffix).write_bytes(b"")
        return path.with_suffix(".gpkg") if suffix == ".gpkg" else path

    return spoil


def another_table(path: Path) -> Path:
    other = shapefile(path.with_name("其他.shp"))
    with fiona.open(other, "a") as file:
        file.write({"geometry": shapely.geometry.mapping(layer().shapes[0]), "properties": {"DLBM": "1", "地类": "2"}})
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))
    return path


def packed(path: Path) -> Path:
    return Path(shutil.make_archive(str(path.with_name("成果")), "zip", path.parent))


def personal(path: Path) -> Path:
    path.with_suffix(".mdb").write_bytes(b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(4096))
    return path.with_suffix(".mdb")


def upper_case(path: Path) -> Path:
    for one in list(path.parent.iterdir()):
        one.rename(one.with_suffix(one.suffix.upper()))
    return path.with_suffix(".SHP")


CASES: Dict[str, Tuple[Callable[[Path], Path], str, Mapping[str, Any]]] = {
    # a record is 31 bytes, and one byte ends the file
    "table cut short": (cut(".dbf", 2), "dbf_truncated", {"path": "图斑.dbf", "count": 1, "stated": 2}),
    "table cut off": (cut(".dbf", 60), "dbf_truncated", {"path": "图斑.dbf", "count": 0, "stated": 2}),
    "no index": (without(".shx"), "shapefile_part_missing", {"path": "图斑.shp", "part": "图斑.shx"}),
    "no table": (without(".dbf"), "shapefile_part_missing", {"path": "图斑.shp", "part": "图斑.dbf"}),
    "shapes cut short": (cut(".shp", 1), "file_cut_short", {"path": "图斑.shp"}),
    "index cut short": (cut(".shx", 1), "file_cut_short", {"path": "图斑.shx"}),
    "empty shapes": (emptied(".shp"), "empty_file", {"path": "图斑.shp"}),
    "empty table": (emptied(".dbf"), "empty_file", {"path": "图斑.dbf"}),
    "empty GeoPackage": (emptied(".gpkg"), "empty_file", {"path": "图斑.gpkg"}),
    "another table": (another_table, "shapefile_parts_differ", {"path": "图斑.shp", "shapes": 2, "records": 3}),
    "archive": (packed, "zip_given", {"path": "成果.zip"}),
    "personal geodatabase": (personal, "mdb_no_driver", {"path": "图斑.mdb"}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_error_and_nothing_written(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, message_id, values = CASES[name]
    path = spoil(shapefile(tmp_path / "规划 成果" / "图斑.shp"))
    before = contents(tmp_path)
    for read in (read_layer, list_layers):
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.message_id == message_id
        assert dict(caught.value.values).items() >= values.items()
    for language in ("zh", "en"):
        said = Messages(language).text(caught.value)
        assert len(said) <= 200
        assert "?" not in said
    # the command line says the same line, and no more
    out = tmp_path / "结果.gpkg"
    assert program.main(["--language", "en", "overlay", str(path), str(out)]) == program.INPUT_ERROR
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert said in errors[0]
    assert contents(tmp_path) == before


def test_upper_case_suffixes_are_one_shapefile(tmp_path: Path) -> None:
    path = upper_case(shapefile(tmp_path / "a.shp"))
    require_sound(path)
    assert list(read_layer(path, tell=lambda *_: None).columns["地类"].values) == list(NAMES)


def test_a_file_opened_exclusively(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # as on Windows; here root may read everything
    path = shapefile(tmp_path / "a.shp")

    def refuse(self: Path, *_: Any, **__: Any) -> Any:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError) as caught:
        require_sound(path)
    assert caught.value.message_id == "cannot_read"


class TestLocked:
    def test_a_geopackage_being_written(self, tmp_path: Path) -> None:
        path = tmp_path / "a.gpkg"
        write_layers(path, {"图斑": layer()})
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            with pytest.raises(InputError) as caught:
                read_layer(path)
        assert (caught.value.message_id, caught.value.values) == ("file_locked", {"path": "a.gpkg"})
        assert len(read_layer(path)) == 2

    def test_one_with_a_journal_of_its_own_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.gpkg"
        write_layers(path, {"图斑": replace(layer(), geometry=None, crs=None)})
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("UPDATE 图斑 SET 地类 = '果园' WHERE DLBM = '0101'")
            database.commit()
            assert (tmp_path / "a.gpkg-wal").exists()
            assert read_layer(path).columns["地类"].values[0] == "果园"

    def test_what_gdal_says(self, tmp_path: Path) -> None:
        assert why_unreadable(tmp_path / "a.gpkg", "database is locked").message_id == "file_locked"
        assert why_unreadable(tmp_path / "a.gpkg", "").message_id == "not_a_vector_file"


@pytest.mark.parametrize(("suffix", "driver"), [(".shp", "ESRI Shapefile"), (".gpkg", "GPKG"), (".gdb", "OpenFileGDB")])
def test_from_a_long_path_with_spaces_to_one(
    tmp_path: Path, suffix: str, driver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shapefile(tmp_path / LONG / f"图斑{suffix}", driver)
    assert len(str(path)) > 200
    out = path.with_name("叠加 结果.gpkg")
    chosen = ["overlay", str(path), str(out), "--id-field", "地类", "--class-field", "DLBM", "--tolerance", "0"]
    before = contents(path.parent)
    assert program.main(chosen) == program.DONE, capsys.readouterr().err
    assert sorted(read_layer(out, "pieces").columns["parcel_id"].values) == sorted(NAMES)
    assert {name: data for name, data in contents(path.parent).items() if name != out.name} == before


def test_notes_stand_among_the_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shapefile(tmp_path / "图斑.shp")
    path.with_suffix(".cpg").write_text("UTF-8")
    chosen = ["--language", "zh", "overlay", str(path), str(tmp_path / "a.gpkg"), "--tolerance", "0"]
    assert program.main(chosen) == program.DONE
    said = capsys.readouterr()
    assert said.err == ""
    assert "info\t图斑：文件注明编码为 UTF-8，实际为 GB18030" in said.out


@pytest.mark.skipif(os.name != "posix", reason="SQLite has other limits there")
def test_a_path_sqlite_has_no_room_for(tmp_path: Path) -> None:
    folder = tmp_path / "/".join(["永久基本农田划定成果数据库目录"] * 11)
    folder.mkdir(parents=True)
    for call in (
        lambda: write_layers(folder / "a.gpkg", {"图斑": layer()}),
        lambda: require_short(folder / "a.gpkg"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.message_id == "path_too_long"
    assert list(folder.iterdir()) == []
    path = shapefile(folder / "a.shp")
    assert list(read_layer(path).columns["地类"].values) == list(NAMES), "only SQLite has the limit"


def test_the_longest_path_that_is_written(tmp_path: Path) -> None:
    # the limit is SQLite's own, with room for the draft: a byte less and the file is written
    room = badfiles._LONGEST_PATH - badfiles._JOURNAL - 40 - 1 - len(os.fsencode(tmp_path)) - 1
    names = []
    while room > 120:
        names.append("x" * 100)
        room -= 101
    folder = tmp_path.joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("y" * (room - len(".gpkg")) + ".gpkg")
    write_layers(path, {"图斑": layer()})
    assert len(read_layer(path)) == 2
    with pytest.raises(InputError):
        write_layers(path.with_name("y" + path.name), {"图斑": layer()})

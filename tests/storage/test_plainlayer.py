"""What is read without GDAL is what GDAL reads, and what is not plain is left to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, Sequence

import fiona
import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage import vectorfile
from three_opt_three_protect.storage.plainlayer import read_plain_layer
from three_opt_three_protect.storage.vectorfile import read_layer, write_layers

HERE = CrsInfo("EPSG:4528")
GAP = np.array([False, True, False, False])
SQUARE = shapely.box(40_550_000, 3_460_000, 40_550_010, 3_460_010)
SHAPES = [SQUARE, None, shapely.multipolygons([SQUARE, shapely.box(0, 0, 1, 1)]), shapely.MultiPolygon()]


def table(shapes: Sequence[Any] | None = SHAPES) -> LayerTable:
    columns = {
        '地类 "名称"': tables.text(["水田", None, "", "水田"], "别名", 60),
        "BSM": tables.integer([320505001001000018, 0, -1, 5], GAP, "标识码"),
        "SJNF": tables.integer([2019, 2020, 2021, 0]),
        "TBMJ": tables.real([1.25, np.nan, 0.0, np.inf]),
        "YSRQ": tables.date(["2016-12-31", "NaT", "1949-10-01", "2020-02-29"]),
        "SIGNED": tables.boolean([True, False, False, True], GAP),
        "KEPT": tables.boolean([True, False, False, True]),
    }
    geometry = None
    if shapes is not None:
        geometry = np.empty(len(shapes), dtype=np.object_)
        geometry[:] = shapes
    return LayerTable("x", np.arange(1, 5), geometry, columns, None if shapes is None else HERE)


def file_of(folder: Path, shapes: Sequence[Any] | None = SHAPES) -> Path:
    write_layers(folder / "图.gpkg", {"x": table(shapes)})
    return folder / "图.gpkg"


def change(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.create_function("ST_IsEmpty", 1, lambda blob: 1)
        for statement in statements:
            database.execute(statement)
    return path


def require_same(one: LayerTable, other: LayerTable) -> None:
    assert (one.name, one.source, one.crs, one.flattened) == (other.name, other.source, other.crs, other.flattened)
    assert one.fid.tolist() == other.fid.tolist()
    assert list(one.columns) == list(other.columns)
    for name, column in one.columns.items():
        twin = other.columns[name]
        facts = [(c.kind, c.alias, c.width, c.decimals, c.values.dtype, c.missing is None) for c in (column, twin)]
        assert facts[0] == facts[1], name
        there = ~column.is_missing
        assert np.array_equal(column.is_missing, twin.is_missing), name
        assert np.array_equal(column.values[there], twin.values[there]), name
    assert (one.geometry is None) == (other.geometry is None)
    if one.geometry is not None:
        assert np.array_equal(shapely.to_wkb(one.geometry), shapely.to_wkb(other.geometry))


def require_plain_and_same(path: Path, layer: str | None = "x") -> LayerTable:
    plain = read_plain_layer(path, layer)
    assert plain is not None
    require_same(plain, vectorfile._by_gdal(path, layer, None, None))
    return plain


class TestSameAsGdal:
    @pytest.mark.parametrize("shapes", [SHAPES, None], ids=["polygons", "table"])
    def test_every_kind_with_missing_values(self, tmp_path: Path, shapes: Sequence[Any] | None) -> None:
        require_plain_and_same(file_of(tmp_path, shapes))

    def test_no_rows(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": table().take(np.empty(0, dtype=np.int64))})
        require_plain_and_same(tmp_path / "a.gpkg")

    def test_lines(self, tmp_path: Path) -> None:
        line = shapely.LineString([(40_550_000, 3_460_000), (40_550_010, 3_460_010)])
        require_plain_and_same(file_of(tmp_path, [line, None, line, line]))

    def test_heights_are_dropped_and_counted(self, tmp_path: Path) -> None:
        high = shapely.geometry.mapping(shapely.force_3d(SQUARE, 4.5))
        schema = {"geometry": "3D Polygon", "properties": []}
        with fiona.open(tmp_path / "a.gpkg", "w", driver="GPKG", layer="x", schema=schema, crs="EPSG:4528") as file:
            file.writerecords({"geometry": shape, "properties": {}} for shape in (high, None, high))
        assert require_plain_and_same(tmp_path / "a.gpkg").flattened == 2

    @pytest.mark.parametrize("envelope", [0, 1, 2, 3, 4])
    @pytest.mark.parametrize("order", ["little", "big"])
    def test_headers(self, tmp_path: Path, envelope: int, order: Any) -> None:
        bounds = np.array([40_550_000.0, 40_550_010, 3_460_000, 3_460_010, 0, 0, 0, 0])
        numbers = bounds[: (0, 4, 6, 6, 8)[envelope]].astype("<f8" if order == "little" else ">f8").tobytes()
        header = b"GP\0" + bytes([(order == "little") | envelope << 1]) + (4528).to_bytes(4, order)
        blob = header + numbers + shapely.to_wkb(SQUARE, byte_order=int(order == "little"))
        path = change(file_of(tmp_path), "DROP TRIGGER rtree_x_geom_update3", "DROP TRIGGER rtree_x_geom_update1")
        with closing(sqlite3.connect(path)) as database, database:
            for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
                if "rtree" in name and "UPDATE" in sql:
                    database.execute(f'DROP TRIGGER "{name}"')
            database.execute("UPDATE x SET geom = ? WHERE fid = 3", (blob,))
        assert require_plain_and_same(path).shapes[2].equals(SQUARE)

    def test_the_only_layer_need_not_be_named(self, tmp_path: Path) -> None:
        require_plain_and_same(file_of(tmp_path), None)
        write_layers(tmp_path / "b.gpkg", {"x": table(), "y": table()})
        assert read_plain_layer(tmp_path / "b.gpkg", None) is None

    def test_rows_in_the_order_of_their_ids_whatever_index_there_is(self, tmp_path: Path) -> None:
        path = change(file_of(tmp_path, None), 'CREATE INDEX by_year ON x ("SJNF" DESC)')
        found = read_plain_layer(path, "x", ["SJNF"])
        assert found is not None
        assert found.columns["SJNF"].values.tolist() == [2019, 2020, 2021, 0]

    def test_more_rows_than_a_batch(self, tmp_path: Path) -> None:
        count = 2_500
        shapes = shapely.box(np.arange(count), 0, np.arange(count) + 1, 1)
        codes = tables.text([f"{row % 7:04}" if row % 5 else None for row in range(count)])
        ids = tables.integer(np.arange(count), np.arange(count) % 1_000 == 3)
        write_layers(
            tmp_path / "a.gpkg", {"x": LayerTable("x", np.arange(count), shapes, {"DLBM": codes, "N": ids}, HERE)}
        )
        found = require_plain_and_same(tmp_path / "a.gpkg")
        assert len({id(code) for code in found.columns["DLBM"].values}) == 8, "equal texts are one object"


NOT_PLAIN = {
    "a view": ["ALTER TABLE x RENAME TO y", "CREATE VIEW x AS SELECT * FROM y"],
    "not registered": ["DELETE FROM gpkg_contents"],
    "raster": ["UPDATE gpkg_contents SET data_type = 'tiles'"],
    "an extension": ["INSERT INTO gpkg_extensions VALUES ('x', 'geom', 'gpkg_geom_CURVE', 'f', 'read-write')"],
    "another authority": ["UPDATE gpkg_spatial_ref_sys SET organization = 'ESRI' WHERE srs_id = 4528"],
    "no crs": ["UPDATE gpkg_geometry_columns SET srs_id = -1"],
    "float": ["ALTER TABLE x ADD COLUMN f FLOAT"],
    "time": ["ALTER TABLE x ADD COLUMN t DATETIME"],
    "blob": ["ALTER TABLE x ADD COLUMN b BLOB"],
    "generated": ["ALTER TABLE x ADD COLUMN g INTEGER AS (SJNF + 1) VIRTUAL"],
    "text in a number field": ["UPDATE x SET SJNF = 'n' WHERE fid = 2"],
    "number in a text field": ["ALTER TABLE x ADD COLUMN t TEXT(5)", "UPDATE x SET t = x'30'"],
    "no switch": ["UPDATE x SET KEPT = 2 WHERE fid = 2"],
    "no day": ["UPDATE x SET YSRQ = '2016-13-41' WHERE fid = 2"],
    "a day in other words": ["UPDATE x SET YSRQ = '2016/12/31' WHERE fid = 2"],
    "no geometry": ["UPDATE x SET geom = x'00112233' WHERE fid = 1"],
    "extended geometry": ["UPDATE x SET geom = x'4750002100000000' WHERE fid = 1"],
    "a point": [
        "UPDATE x SET geom = CAST(x'4750000100000000010100000000000000000000000000000000000000' AS BLOB) WHERE fid = 1"
    ],
    "a circular string": ["UPDATE x SET geom = CAST(x'4750000100000000010800000000000000' AS BLOB) WHERE fid = 1"],
    "with measures": ["UPDATE x SET geom = CAST(x'475000010000000001BB0B000000000000' AS BLOB) WHERE fid = 1"],
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_gdal(tmp_path: Path, case: str) -> None:
    path = file_of(tmp_path)
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
    assert read_plain_layer(path, "x") is not None
    assert read_plain_layer(change(path, *NOT_PLAIN[case]), "x") is None


def test_a_field_that_is_not_plain_does_not_matter_where_it_is_not_wanted(tmp_path: Path) -> None:
    path = change(file_of(tmp_path), "ALTER TABLE x ADD COLUMN t DATETIME")
    assert read_plain_layer(path, "x", ["SJNF"]) is not None
    assert "t" in read_layer(path, "x").columns


def test_another_format_is_left_to_gdal(tmp_path: Path) -> None:
    (tmp_path / "a.shp").touch()
    (tmp_path / "a.gpkg").write_bytes(b"no database")
    assert read_plain_layer(tmp_path / "a.shp", None) is None
    assert read_plain_layer(tmp_path / "a.gpkg", "x") is None


def by_gdal(path: Path, layer: str, columns: Any) -> LayerTable:
    return vectorfile._by_gdal(path, layer, None, columns)


@pytest.mark.parametrize("read", [read_layer, by_gdal])
class TestWantedFields:
    def test_in_the_order_asked_for(self, tmp_path: Path, read: Callable[..., LayerTable]) -> None:
        assert list(read(file_of(tmp_path), "x", columns=["TBMJ", "BSM"]).columns) == ["TBMJ", "BSM"]

    def test_none_at_all(self, tmp_path: Path, read: Callable[..., LayerTable]) -> None:
        assert read(file_of(tmp_path), "x", columns=()).columns == {}

    def test_picked_from_the_names(self, tmp_path: Path, read: Callable[..., LayerTable]) -> None:
        found = read(file_of(tmp_path), "x", columns=lambda names: [name for name in names if name.startswith("S")])
        assert list(found.columns) == ["SJNF", "SIGNED"]

    def test_a_field_that_is_not_there(self, tmp_path: Path, read: Callable[..., LayerTable]) -> None:
        with pytest.raises(InputError) as caught:
            read(file_of(tmp_path), "x", columns=["SJNF", "无"])
        assert caught.value.message_id == "no_such_field"
        assert (caught.value.values["field"], caught.value.values["layer"]) == ("无", "x")
        assert "KEPT" in str(caught.value.values["fields"])

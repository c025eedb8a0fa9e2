"""Vector files: what is written is read back, and what a planner's files hold is not misread."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

import fiona
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.tables import Column, CrsInfo, Kind, LayerTable
from three_opt_three_protect.storage import geopackage
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer, split_source, write_layers

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BEYOND_FLOAT = 320505001001000018  # an 18-digit 标识码; float64 holds 16 digits


def layer(columns: Mapping[str, Column], geometry: list[Any] | None = None, crs: str = "EPSG:4528") -> LayerTable:
    rows = len(next(iter(columns.values()))) if columns else len(geometry or [])
    shapes = None
    if geometry is not None:
        shapes = np.empty(rows, dtype=np.object_)
        shapes[:] = geometry
    return LayerTable("地类图斑", np.arange(1, rows + 1), shapes, columns, crs_info(crs) if geometry else None)


def box(x: float) -> Any:
    return shapely.box(40_500_000 + x, 3_500_000, 40_500_010 + x, 3_500_010)


def every_kind() -> dict[str, Column]:
    gap = np.array([False, True, False])
    return {
        "地类名称": tables.text(["水田", None, "农村宅基地"], "地类名称", 60),
        "BSM": tables.integer([BEYOND_FLOAT, 0, -1], gap, "标识码"),
        "SJNF": tables.integer([2019, 2020, 2021]),
        "TBMJ": tables.real([1.25, np.nan, 0.0], "图斑面积"),
        "YSRQ": tables.date(["2016-12-31", "NaT", "1949-10-01"], "验收日期"),
        "SIGNED": tables.boolean([True, False, False], gap),
    }


def same(one: Column, other: Column) -> bool:
    """Kind, values where there are any, and what is missing."""
    there = ~one.is_missing
    return (
        one.kind is other.kind
        and np.array_equal(one.is_missing, other.is_missing)
        and np.array_equal(one.values[there], other.values[there])
    )


def refused(message_id: str, call: Callable[[], object]) -> Mapping[str, Any]:
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.message_id == message_id
    return caught.value.values


class TestRoundTrip:
    @pytest.mark.parametrize("geometry", [None, [box(0), None, box(20)]], ids=["table", "polygons"])
    def test_every_kind_with_missing_values(self, tmp_path: Path, geometry: list[Any] | None) -> None:
        table = layer(every_kind(), geometry)
        write_layers(tmp_path / "图.gpkg", {"parcels": table})
        read = read_layer(tmp_path / "图.gpkg")
        assert list(read.columns) == list(table.columns)
        assert [name for name in table.columns if not same(table.columns[name], read.columns[name])] == []
        assert {name: column.alias for name, column in read.columns.items()} == {
            name: column.alias for name, column in table.columns.items()
        }
        assert read.columns["地类名称"].width == 60
        assert (read.name, read.fid.tolist(), read.crs) == ("parcels", [1, 2, 3], table.crs)

    def test_geometry(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"parcels": layer(every_kind(), [box(0), None, box(20)])})
        read = read_layer(tmp_path / "a.gpkg")
        assert read.shapes[1] is None
        assert shapely.equals(read.shapes[[0, 2]], [box(0), box(20)]).all()
        assert (read.flattened, read.source) == (0, str(tmp_path / "a.gpkg"))

    @pytest.mark.parametrize(
        ("shapes", "expected"),
        [
            ([box(0), shapely.multipolygons([box(20)])], "MultiPolygon"),
            ([shapely.Point(1, 2)], "Point"),
            ([shapely.LineString([(0, 0), (1, 1)])], "MultiLineString"),
            ([box(0), shapely.Point(1, 2)], "Unknown"),
            ([], "MultiPolygon"),
        ],
    )
    def test_geometry_type_of_the_layer(self, tmp_path: Path, shapes: list[Any], expected: str) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer({}, shapes)})
        assert list_layers(tmp_path / "a.gpkg") == {"x": expected}
        assert len(read_layer(tmp_path / "a.gpkg")) == len(shapes)

    def test_empty_layer_keeps_its_fields(self, tmp_path: Path) -> None:
        table = layer(every_kind(), [box(0), None, box(20)]).take(np.array([], dtype=np.int64))
        write_layers(tmp_path / "a.gpkg", {"reclaim": table})
        read = read_layer(tmp_path / "a.gpkg")
        assert {name: column.kind for name, column in read.columns.items()} == {
            name: column.kind for name, column in table.columns.items()
        }
        assert (len(read), read.crs) == (0, table.crs)

    def test_several_layers(self, tmp_path: Path) -> None:
        write_layers(
            tmp_path / "a.gpkg", {"parcels": layer({}, [box(0)]), "targets": layer({"value": tables.real([1.5])})}
        )
        assert list_layers(tmp_path / "a.gpkg") == {"parcels": "MultiPolygon", "targets": ""}
        assert read_layer(tmp_path / "a.gpkg", "targets").geometry is None

    def test_text_longer_than_its_width_is_not_cut(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer({"DLMC": tables.text(["农村宅基地"], width=2)})})
        assert read_layer(tmp_path / "a.gpkg").columns["DLMC"].values.tolist() == ["农村宅基地"]

    def test_a_crs_known_only_by_its_code(self, tmp_path: Path) -> None:
        table = dataclasses.replace(layer({}, [box(0)]), crs=CrsInfo("EPSG:4528"))
        write_layers(tmp_path / "a.gpkg", {"x": table})
        assert read_layer(tmp_path / "a.gpkg").crs == crs_info("EPSG:4528")

    def test_a_crs_without_code(self, tmp_path: Path) -> None:
        own = pyproj.CRS.from_epsg(4549).to_wkt("WKT1_ESRI").replace("120.0", "120.75")
        write_layers(tmp_path / "a.gpkg", {"x": layer({}, [box(0)], own)})
        read = read_layer(tmp_path / "a.gpkg").crs
        assert read is not None
        assert (read.authid, read.central_meridian, read.datum) == ("", 120.75, "EPSG:4490")

    def test_fields_called_like_the_driver_s_own(self, tmp_path: Path) -> None:
        columns = {"fid": tables.text(["甲"]), "GEOM": tables.integer([5])}
        write_layers(tmp_path / "a.gpkg", {"x": layer(columns, [box(0)])})
        read = read_layer(tmp_path / "a.gpkg")
        assert {name: column.values.tolist() for name, column in read.columns.items()} == {"fid": ["甲"], "GEOM": [5]}

    def test_fields_with_the_same_alias(self, tmp_path: Path) -> None:
        columns = {"A": tables.real([1.0], "面积"), "B": tables.real([2.0], "面积")}
        write_layers(tmp_path / "a.gpkg", {"x": layer(columns)})
        assert [column.alias for column in read_layer(tmp_path / "a.gpkg").columns.values()] == ["面积", "面积"]

    def test_only_some_columns(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer(every_kind())})
        assert list(read_layer(tmp_path / "a.gpkg", columns=["TBMJ"]).columns) == ["TBMJ"]
        values = refused("no_such_field", lambda: read_layer(tmp_path / "a.gpkg", columns=["DLBM"]))
        assert (values["layer"], values["field"]) == ("x", "DLBM")
        assert "地类名称" in values["fields"]

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
                st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
                st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)),
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_numbers_and_text_come_back_exactly(self, tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
        whole, fraction, words = zip(*rows)
        columns = {
            "i": tables.integer([value or 0 for value in whole], np.array([value is None for value in whole])),
            "r": tables.real([np.nan if value is None else value for value in fraction]),
            "t": tables.text(words),
        }
        path = tmp_path_factory.mktemp("round") / "a.gpkg"
        write_layers(path, {"x": layer(columns)})
        read = read_layer(path)
        assert [name for name in columns if not same(columns[name], read.columns[name])] == []


class TestGeoPackage:
    def test_version_is_one_qgis_322_knows(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer({}, [box(0)])})
        with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
            assert database.execute("PRAGMA user_version").fetchone() == (10200,)

    def test_tables_are_attribute_tables(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer({"a": tables.real([1.0])}), "y": layer({}, [box(0)])})
        with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
            rows = database.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY 1").fetchall()
        assert rows == [("x", "attributes"), ("y", "features")]

    def test_alias_stands_in_the_schema_extension(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"x": layer({"TBMJ": tables.real([1.0], "图斑面积")})})
        with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
            rows = database.execute("SELECT table_name, column_name, name FROM gpkg_data_columns").fetchall()
            extensions = database.execute("SELECT extension_name FROM gpkg_extensions").fetchall()
        assert rows == [("x", "TBMJ", "图斑面积")]
        assert extensions.count(("gpkg_schema",)) == 2

    def test_an_old_file_is_replaced(self, tmp_path: Path) -> None:
        write_layers(tmp_path / "a.gpkg", {"old": layer({}, [box(0)])})
        write_layers(tmp_path / "a.gpkg", {"new": layer({}, [box(0)])})
        assert list(list_layers(tmp_path / "a.gpkg")) == ["new"]
        assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]

    def test_a_fault_half_way_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.gpkg"
        write_layers(path, {"old": layer({}, [box(0)])})
        before = path.read_bytes()
        write = geopackage._write_layer

        def fails_at_the_second(file: Path, name: str, table: LayerTable, at_once: int) -> Iterator[int]:
            if name == "second":
                raise KeyboardInterrupt
            return write(file, name, table, at_once)

        monkeypatch.setattr(geopackage, "_write_layer", fails_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            write_layers(path, {"first": layer({}, [box(0)]), "second": layer({}, [box(0)])})
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]

    def test_a_file_in_use_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.gpkg"
        write_layers(path, {"old": layer({}, [box(0)])})
        (tmp_path / "a.gpkg-wal").touch()
        refused("file_in_use", lambda: write_layers(path, {"new": layer({}, [box(0)])}))
        (tmp_path / "a.gpkg-wal").unlink()
        assert list(list_layers(path)) == ["old"]

    def test_no_such_folder(self, tmp_path: Path) -> None:
        refused("no_such_folder", lambda: write_layers(tmp_path / "无" / "a.gpkg", {}))

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        refused("cannot_write", lambda: write_layers(tmp_path, {"x": layer({}, [box(0)])}))

    def test_fields_that_differ_only_in_case(self, tmp_path: Path) -> None:
        columns = {"MJ": tables.real([1.0]), "mj": tables.real([2.0])}
        values = refused("field_twice", lambda: write_layers(tmp_path / "a.gpkg", {"x": layer(columns)}))
        assert values == {"layer": "x", "field": "mj"}
        assert list(tmp_path.iterdir()) == []


def shapefile(folder: Path, encoding: str, stated: bool = True) -> Path:
    """Two parcels with Chinese names; without ``stated`` neither .cpg nor language byte say how."""
    path = folder / f"{encoding}.shp"
    schema = {"geometry": "Polygon", "properties": {"地类名称": "str:20", "TBMJ": "float:15.2", "SJNF": "int:4"}}
    if encoding == "UTF-8":  # three characters are nine bytes; a fourth would be cut
        schema["properties"] = {"地类": "str:20", "TBMJ": "float:15.2", "SJNF": "int:4"}
    name = next(iter(schema["properties"]))
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, crs="EPSG:4528", encoding=encoding) as file:
        for row, (words, area, year) in enumerate([("水田", 12.34, 2019), (None, None, None)]):
            properties = {name: words, "TBMJ": area, "SJNF": year}
            file.write({"geometry": shapely.geometry.mapping(box(20 * row)), "properties": properties})
    if not stated:
        path.with_suffix(".cpg").unlink()
        set_language_byte(path, 0)
    return path


def set_language_byte(path: Path, value: int) -> None:
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = value
    path.with_suffix(".dbf").write_bytes(content)


class TestShapefile:
    @pytest.mark.parametrize("stated", [True, False], ids=["cpg", "nothing stated"])
    @pytest.mark.parametrize(("encoding", "name"), [("GBK", "地类名称"), ("UTF-8", "地类")])
    def test_chinese(self, tmp_path: Path, encoding: str, name: str, stated: bool) -> None:
        table = read_layer(shapefile(tmp_path, encoding, stated))
        assert list(table.columns) == [name, "TBMJ", "SJNF"]
        assert table.columns[name].values.tolist() == ["水田", None]
        assert table.crs == crs_info("EPSG:4528")

    @pytest.mark.parametrize(("byte", "encoding"), [(0x4D, "GBK"), (0x57, "GBK"), (0x57, "UTF-8")])
    def test_language_byte(self, tmp_path: Path, byte: int, encoding: str) -> None:
        path = shapefile(tmp_path, encoding, stated=False)
        set_language_byte(path, byte)
        assert next(iter(read_layer(path).columns.values())).values.tolist() == ["水田", None]

    def test_widths_and_gaps(self, tmp_path: Path) -> None:
        columns = read_layer(shapefile(tmp_path, "GBK")).columns
        facts = {name: (column.kind, column.width, column.decimals) for name, column in columns.items()}
        assert facts == {"地类名称": (Kind.TEXT, 20, 0), "TBMJ": (Kind.REAL, 15, 2), "SJNF": (Kind.INT, 4, 0)}
        assert columns["SJNF"].is_missing.tolist() == [False, True]
        assert columns["SJNF"].values.tolist()[0] == 2019
        assert columns["TBMJ"].values[0] == 12.34

    @pytest.mark.parametrize("stated", [True, False])
    def test_a_field_name_cut_inside_a_character(self, tmp_path: Path, stated: bool) -> None:
        path = shapefile(tmp_path, "UTF-8", stated)
        dbf = path.with_suffix(".dbf")
        # the first descriptor's name: ten bytes of a name of twelve
        dbf.write_bytes(dbf.read_bytes()[:32] + "地类名称".encode()[:10] + dbf.read_bytes()[42:])
        table = read_layer(path)
        assert list(table.columns) == ["地类名", "TBMJ", "SJNF"]
        assert table.columns["地类名"].values.tolist() == ["水田", None]
        assert table.columns["SJNF"].is_missing.tolist() == [False, True]
        assert list(read_layer(path, columns=["地类名"]).columns) == ["地类名"]

    def test_the_wrong_encoding_is_an_error(self, tmp_path: Path) -> None:
        path = shapefile(tmp_path, "GBK")
        values = refused("text_not_readable", lambda: read_layer(path, encoding="UTF-8"))
        assert values == {"layer": "GBK", "encoding": "UTF-8"}

    def test_the_right_encoding_given(self, tmp_path: Path) -> None:
        path = shapefile(tmp_path, "GBK", stated=False)
        assert "地类名称" in read_layer(path, encoding="GBK").columns


class TestGeometryAtTheDoor:
    @pytest.fixture
    def mixed(self, tmp_path: Path) -> Path:
        (tmp_path / "m.csv").write_text(
            'WKT,a\n"POLYGON Z((0 0 1,1 0 1,1 1 1,0 0 1))",1\n"POLYGON((0 0,1 0,1 1,0 0))",2\n'
            '"CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))",3\n',
            encoding="utf-8",
        )
        return tmp_path / "m.csv"

    def test_heights_are_dropped_and_counted(self, mixed: Path) -> None:
        table = read_layer(mixed)
        assert table.flattened == 1
        assert not shapely.has_z(table.shapes).any()
        assert table.shapes[0].equals(shapely.Polygon([(0, 0), (1, 0), (1, 1)]))

    def test_arcs_are_drawn_out_finely(self, mixed: Path) -> None:
        # a circle of radius 1: GDAL's own 4° steps would give 3.1390
        assert shapely.area(read_layer(mixed).shapes[2]) == pytest.approx(np.pi, abs=2e-6)
        assert pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE") is None

    def test_measures_are_dropped_and_counted(self, mixed: Path) -> None:
        vrt = mixed.with_suffix(".vrt")
        vrt.write_text(
            '<OGRVRTDataSource><OGRVRTLayer name="m"><SrcDataSource relativeToVRT="1">m.csv</SrcDataSource>'
            "<GeometryType>wkbPolygonM</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
        )
        assert read_layer(vrt).flattened == 3

    def test_a_bow_tie_is_read_as_it_is(self, tmp_path: Path) -> None:
        bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
        write_layers(tmp_path / "a.gpkg", {"x": layer({}, [bow_tie])})
        read = read_layer(tmp_path / "a.gpkg").shapes[0]
        assert not read.is_valid
        assert shapely.get_num_coordinates(read) == 5


class TestRefusals:
    def test_no_such_file(self, tmp_path: Path) -> None:
        refused("no_such_file", lambda: read_layer(tmp_path / "无.gpkg"))

    def test_no_vector_file(self, tmp_path: Path) -> None:
        (tmp_path / "说明.pdf").write_bytes(b"\x00 nothing")
        assert refused("not_a_vector_file", lambda: read_layer(tmp_path / "说明.pdf")) == {"path": "说明.pdf"}

    def test_a_broken_geopackage(self, tmp_path: Path) -> None:
        (tmp_path / "a.gpkg").write_bytes(b"SQLite format 3\x00" + bytes(200))
        refused("not_a_vector_file", lambda: read_layer(tmp_path / "a.gpkg"))

    def test_which_layer(self, tmp_path: Path) -> None:
        path = tmp_path / "a.gpkg"
        write_layers(path, {"a": layer({}, [box(0)]), "b": layer({}, [box(0)])})
        assert refused("which_layer", lambda: read_layer(path)) == {"path": "a.gpkg", "layers": "a, b"}
        assert refused("no_such_layer", lambda: read_layer(path, "c"))["layers"] == "a, b"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plan.gpkg", (Path("plan.gpkg"), None)),
        ("d/plan.gpkg|layername=地类 图斑", (Path("d/plan.gpkg"), "地类 图斑")),
    ],
)
def test_split_source(source: str, expected: tuple[Path, str | None]) -> None:
    assert split_source(source) == expected


@pytest.mark.parametrize("code", [4528, 4549, 2385, 4490, 4326, 2056, 2154])
def test_crs_of_a_file_is_recognised(tmp_path: Path, code: int) -> None:
    table = layer({}, [box(0)], f"EPSG:{code}")
    write_layers(tmp_path / "a.gpkg", {"x": table})
    pyogrio.raw.write(
        tmp_path / "a.shp",
        shapely.to_wkb(table.shapes),
        [np.array([1.0])],
        ["a"],
        driver="ESRI Shapefile",
        geometry_type="Polygon",
        crs=f"EPSG:{code}",
    )
    assert read_layer(tmp_path / "a.gpkg").crs == crs_info(f"EPSG:{code}")
    assert read_layer(tmp_path / "a.shp").crs == crs_info(f"EPSG:{code}")


REAL = [
    ("swiss_av_2524.gpkg", "Liegenschaft", 94, "EPSG:2056"),
    ("swiss_av_2524.gpkg", "BoFlaeche", 180, "EPSG:2056"),
    ("swiss_av_2524.gpkg", "Flurname", 15, "EPSG:2056"),
    ("swiss_av_2524.gpkg", "Gemeindegrenze", 1, "EPSG:2056"),
    ("french_cadastre.gpkg", "parcelle_25354", 511, "EPSG:2154"),
    ("french_cadastre.gpkg", "parcelle_13029", 389, "EPSG:2154"),
    ("french_cadastre.gpkg", "commune_25354", 8, "EPSG:2154"),
    ("taiwan_villages.gpkg", "villages", 7701, "EPSG:4326"),
    ("taiwan_villages.gpkg", "towns", 368, "EPSG:4326"),
    ("taiwan_villages.gpkg", "counties", 22, "EPSG:4326"),
]


@pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys (../shared/data) are not here")
class TestRealSurveys:
    @pytest.mark.parametrize(("file", "name", "rows", "crs"), REAL)
    def test_rows_and_crs(self, file: str, name: str, rows: int, crs: str) -> None:
        table = read_layer(DATA / file, name)
        assert (len(table), table.crs) == (rows, crs_info(crs))

    @pytest.mark.parametrize("name", ["Liegenschaft", "BoFlaeche", "Flurname"])
    def test_the_swiss_tiles_fill_the_commune(self, name: str) -> None:
        shapes = read_layer(DATA / "swiss_av_2524.gpkg", name).shapes
        # the land-cover tile itself is 0.037 m² smaller than the two others
        assert shapely.area(shapes).sum() == pytest.approx(1_019_149.98, abs=0.04)

    def test_seven_villages_of_taiwan_are_invalid(self) -> None:
        shapes = read_layer(DATA / "taiwan_villages.gpkg", "villages").shapes
        assert int((~shapely.is_valid(shapes)).sum()) == 7

    def test_taiwan_s_names_and_nested_codes(self) -> None:
        table = read_layer(DATA / "taiwan_villages.gpkg", "villages", columns=["VILLCODE", "TOWNCODE", "TOWNNAME"])
        pairs = zip(table.columns["VILLCODE"].values, table.columns["TOWNCODE"].values)
        assert all(village.startswith(town) for village, town in pairs)
        assert "金湖鎮" in table.columns["TOWNNAME"].values


def test_a_damaged_geopackage_is_said(tmp_path: Path) -> None:
    path = tmp_path / "坏.gpkg"
    names = tables.text([f"row-{number:04}" for number in range(1500)])
    write_layers(path, {"图斑": layer({"DLMC": names}, [box(10.0 * number) for number in range(1500)])})
    content = bytearray(path.read_bytes())
    page = content.index(b"row-0750") // 4096 * 4096
    content[page : page + 64] = b"\xa5" * 64
    path.write_bytes(bytes(content))
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert caught.value.message_id == "file_damaged"
    assert path.read_bytes() == bytes(content)


def test_a_projection_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    shapes = np.array([box(0.0)], dtype=np.object_)
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), [np.array(["a"], dtype=object)], ["DLMC"], geometry_type="Polygon",
        crs="EPSG:4528",
    )  # fmt: skip
    projection = path.with_suffix(".prj")
    projection.write_text(projection.read_text()[:-20])
    with pytest.raises(CrsError) as caught:
        read_layer(path)
    assert (caught.value.message_id, caught.value.values["layer"]) == ("unknown_crs", "a")

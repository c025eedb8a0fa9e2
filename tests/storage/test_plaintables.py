"""Tables written without GDAL are what GDAL would have written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, List

import numpy as np
import pyogrio
import pytest

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage import geopackage, vectorfile
from three_opt_three_protect.storage.geopackage import write_layers

GAP = np.array([False, True, False])

ROOT = Path(__file__).resolve().parent.parent.parent
SHELL = {**os.environ, "PYTHONPATH": str(ROOT)}


def table() -> LayerTable:
    columns = {
        "fid": tables.text(["甲", None, ""], "别名", 1),
        'the "code"': tables.text(["0101", "水浇地水浇地", None], "地类", 2),
        "BSM": tables.integer([320505001001000018, 0, -1], GAP, "标识码"),
        "TBMJ": tables.real([1.25, np.nan, -np.inf], "面积"),
        "YSRQ": tables.date(["2016-12-31", "NaT", "1949-10-01"]),
        "SIGNED": tables.boolean([True, False, False], GAP),
    }
    return LayerTable("摘要", np.arange(1, 4), columns=columns)


def schema(path: Path) -> List[Any]:
    """Declared fields, contents and aliases of a file, without the time."""
    with closing(sqlite3.connect(path)) as database:
        fields = database.execute("SELECT name, type, [notnull], pk FROM pragma_table_info('摘要')").fetchall()
        contents = database.execute("SELECT table_name, data_type, identifier, srs_id FROM gpkg_contents").fetchall()
        called = database.execute("SELECT * FROM gpkg_data_columns").fetchall()
        systems = database.execute("SELECT * FROM gpkg_spatial_ref_sys ORDER BY srs_id").fetchall()
        facts = [database.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
        return [fields, contents, called, systems, facts, database.execute('SELECT * FROM "摘要"').fetchall()]


def test_the_same_file_as_gdal_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_layers(tmp_path / "plain.gpkg", {"摘要": table()})
    monkeypatch.setattr(geopackage, "write_plain_tables", geopackage._write_by_gdal)
    write_layers(tmp_path / "gdal.gpkg", {"摘要": table()})
    assert schema(tmp_path / "plain.gpkg") == schema(tmp_path / "gdal.gpkg")


def test_gdal_reads_and_extends_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_layers(path, {"摘要": table(), "second": table()})
    read = vectorfile._by_gdal(path, "摘要", None, None)
    for name, column in table().columns.items():
        there = ~column.is_missing
        assert read.columns[name].is_missing.tolist() == column.is_missing.tolist(), name
        assert np.array_equal(read.columns[name].values[there], column.values[there]), name
    assert read.columns["fid"].width == 1
    assert read.columns['the "code"'].width == 6, "wide enough for the longest value"
    wkb = np.array([bytes.fromhex("010100000000000000000000000000000000000000")], dtype=object)
    pyogrio.raw.write(path, wkb, [], [], layer="points", driver="GPKG", geometry_type="Point", crs="EPSG:4528")
    assert set(vectorfile.list_layers(path)) == {"摘要", "second", "points"}


def test_the_database_is_sound(tmp_path: Path) -> None:
    write_layers(tmp_path / "a.gpkg", {"摘要": table()})
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_cancelled_between_tables_nothing_is_left(tmp_path: Path) -> None:
    class Impatient:
        def step(self, name: str, share: float) -> None: ...

        def check(self, fraction: float) -> None:
            if fraction > 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        write_layers(tmp_path / "a.gpkg", {"a": table(), "b": table()}, Impatient())
    assert list(tmp_path.iterdir()) == []


def test_neither_reading_nor_writing_plain_tables_loads_gdal(tmp_path: Path) -> None:
    write_layers(tmp_path / "a.gpkg", {"摘要": table()})
    program = (
        "import sys; from three_opt_three_protect.storage.vectorfile import read_layer, write_layers;"
        "write_layers('b.gpkg', {'x': read_layer('a.gpkg')});"
        "print([name for name in ('pyogrio', 'fiona', 'pyproj', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=SHELL, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"

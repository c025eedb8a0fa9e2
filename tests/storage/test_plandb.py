"""The plan database: one layer a role, and what the plan was made from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage import plandb
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.plandb import SCHEMA_VERSION, hash_inputs, read_plan, sha256_of, write_plan
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer, write_layers

CRS = crs_info("EPSG:4528")


def plots(count: int = 2) -> LayerTable:
    shapes = np.array([shapely.box(x, 0, x + 1, 1) for x in range(count)], dtype=np.object_)
    ids = tables.text([f"C{row + 1:02d}" for row in range(count)], "地块编号", 20)
    return LayerTable("拆旧", np.arange(1, count + 1), shapes, {"plot_id": ids}, CRS)


def targets() -> LayerTable:
    columns = {"indicator": tables.text(["reclaim_m2"]), "value": tables.real([120_000.0])}
    return LayerTable("targets", np.array([1]), columns=columns)


def meta_table(**values: str) -> LayerTable:
    columns = {"key": tables.text(list(values)), "value": tables.text(list(values.values()))}
    return LayerTable("plan_meta", np.arange(len(values)), columns=columns)


def refused(path: Path, message_id: str) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        read_plan(path)
    assert caught.value.message_id == message_id
    return caught.value


def test_round_trip(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"reclaim": plots(), "targets": targets()}, {"profile": "suzhou-2014"})
    layers, meta = read_plan(tmp_path / "plan.gpkg")
    assert list(layers) == ["reclaim", "targets"]
    assert meta == {"profile": "suzhou-2014", "schema_version": str(SCHEMA_VERSION)}
    assert layers["reclaim"].columns["plot_id"].values.tolist() == ["C01", "C02"]
    assert layers["reclaim"].columns["plot_id"].alias == "地块编号"
    assert shapely.equals(layers["reclaim"].shapes, plots().shapes).all()
    assert layers["reclaim"].crs == CRS
    assert layers["targets"].geometry is None


def test_meta_is_a_plain_table_others_can_read(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"reclaim": plots()}, {"备注": "第一稿"})
    assert list_layers(tmp_path / "plan.gpkg") == {"reclaim": "MultiPolygon", "plan_meta": ""}
    table = read_layer(tmp_path / "plan.gpkg", "plan_meta")
    assert table.columns["key"].values.tolist() == ["备注", "schema_version"]
    assert table.columns["value"].values.tolist() == ["第一稿", "1"]


def test_the_writer_states_its_own_version(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"reclaim": plots()}, {"schema_version": "99"})
    assert read_plan(tmp_path / "plan.gpkg").meta["schema_version"] == str(SCHEMA_VERSION)


def test_an_empty_layer_can_be_drawn_into(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"newbuild": plots(0)}, {})
    assert list_layers(tmp_path / "plan.gpkg")["newbuild"] == "MultiPolygon"
    assert len(read_plan(tmp_path / "plan.gpkg").layers["newbuild"]) == 0


def test_layers_without_role_are_kept_and_listed(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"reclaim": plots(), "河道蓝线": plots()}, {})
    plan = read_plan(tmp_path / "plan.gpkg")
    assert plan.unknown == ["河道蓝线"]
    assert len(plan.layers["河道蓝线"]) == 2


@pytest.mark.parametrize(("name", "role"), [("SYSB_CJ", "reclaim"), ("SYSB_JX", "newbuild"), ("sysb_cj", "reclaim")])
def test_standard_names_play_their_roles(tmp_path: Path, name: str, role: str) -> None:
    write_plan(tmp_path / "plan.gpkg", {name: plots()}, {})
    plan = read_plan(tmp_path / "plan.gpkg")
    assert (list(plan.layers), plan.unknown) == ([role], [])


def test_two_layers_of_one_role_are_not_merged(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.gpkg", {"reclaim": plots(), "SYSB_CJ": plots()}, {})
    assert refused(tmp_path / "plan.gpkg", "role_twice").values["layer"] == "SYSB_CJ"


def test_a_newer_plan_is_refused(tmp_path: Path) -> None:
    write_layers(tmp_path / "plan.gpkg", {"reclaim": plots(), "plan_meta": meta_table(schema_version="2")})
    error = refused(tmp_path / "plan.gpkg", "plan_too_new")
    assert error.values == {"path": "plan.gpkg", "version": "2", "known": 1}


@pytest.mark.parametrize("stated", [{}, {"schema_version": ""}, {"schema_version": "0"}, {"schema_version": "一"}])
def test_a_version_that_is_none(tmp_path: Path, stated: dict[str, str]) -> None:
    write_layers(tmp_path / "plan.gpkg", {"plan_meta": meta_table(profile="suzhou-2014", **stated)})
    refused(tmp_path / "plan.gpkg", "not_a_plan")


def test_another_geopackage_is_no_plan(tmp_path: Path) -> None:
    write_layers(tmp_path / "a.gpkg", {"reclaim": plots()})
    refused(tmp_path / "a.gpkg", "not_a_plan")


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_plan(tmp_path / "plan.gpkg")


def test_an_older_plan_is_migrated_and_its_file_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.gpkg"
    write_plan(path, {"reclaim": plots()}, {})
    before = path.read_bytes()
    monkeypatch.setattr(plandb, "SCHEMA_VERSION", 3)
    steps = {
        1: lambda layers, meta: ({"two": layers["reclaim"]}, {**meta, "seen": "1"}),
        2: lambda layers, meta: ({"three": layers["two"]}, {**meta, "seen": meta["seen"] + "2"}),
    }
    monkeypatch.setattr(plandb, "_MIGRATIONS", steps)
    layers, meta = read_plan(path)
    assert list(layers) == ["three"]
    assert (meta["seen"], meta["schema_version"]) == ("12", "3")
    assert path.read_bytes() == before


def test_every_older_version_has_its_migration() -> None:
    assert sorted(plandb._MIGRATIONS) == list(range(1, SCHEMA_VERSION))


class TestHashes:
    def test_content_of_one_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.gpkg").write_bytes(b"abc")
        # FIPS 180-2, appendix B.1
        assert sha256_of(tmp_path / "a.gpkg") == ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")

    def test_longer_than_one_read(self, tmp_path: Path) -> None:
        content = bytes(range(256)) * 10_000
        (tmp_path / "a.gpkg").write_bytes(content)
        assert sha256_of(tmp_path / "a.gpkg") == hashlib.sha256(content).hexdigest()

    def test_a_shapefile_counts_with_its_attributes(self, tmp_path: Path) -> None:
        for suffix in ("shp", "dbf", "prj"):
            (tmp_path / f"a.{suffix}").write_bytes(suffix.encode())
        (tmp_path / "b.dbf").write_bytes(b"another")
        before = sha256_of(tmp_path / "a.shp")
        (tmp_path / "b.dbf").write_bytes(b"changed")
        assert sha256_of(tmp_path / "a.shp") == before
        (tmp_path / "a.dbf").write_bytes(b"changed")
        assert sha256_of(tmp_path / "a.shp") != before

    def test_a_geodatabase_counts_with_every_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "a.gdb"
        folder.mkdir()
        (folder / "1.gdbtable").write_bytes(b"one")
        before = sha256_of(folder)
        (folder / "x.sr.lock").write_bytes(b"")
        assert sha256_of(folder) == before
        (folder / "1.gdbtable").write_bytes(b"two")
        assert sha256_of(folder) != before

    def test_lines_name_the_file_but_not_its_folder(self, tmp_path: Path) -> None:
        (tmp_path / "图斑.gpkg").write_bytes(b"abc")
        lines = hash_inputs({"parcels": tmp_path / "图斑.gpkg"})
        assert lines == {"input.parcels": f"图斑.gpkg sha256:{sha256_of(tmp_path / '图斑.gpkg')}"}

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, List

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

COUNT = 400
LAYERS = (
    "parcels parcels_next villages settlements township farmland boundary redline retained roads reclaim newbuild "
    "population targets planted"
).split()


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> Dict[str, Any]:
    """A small township of two years with defects."""
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "样例.gpkg")
    return processing.run("sysb:sampletownship", {"SEED": 5, "PARCELS": COUNT, "DEFECTS": 1, "OUTPUT": path})


def content(path: str, table: str) -> List[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def digest(path: str) -> Dict[str, str]:
    return {table: hashlib.sha256(repr(content(path, table)).encode()).hexdigest() for table in LAYERS}


def test_every_layer_is_there_and_its_address_is_an_output(sample: Any) -> None:
    for role in LAYERS:
        address = sample[f"{role.upper()}_LAYER"]
        assert address == f"{sample['OUTPUT']}|layername={role}"
        layer = QgsVectorLayer(address, role, "ogr")
        assert layer.isValid(), role
        assert layer.featureCount() > 0, role
        del layer


def test_the_number_of_parcels_is_within_a_tenth(sample: Any) -> None:
    assert abs(len(content(sample["OUTPUT"], "parcels")) - COUNT) <= COUNT / 10


def test_defects_and_changes_are_listed_one_by_one(sample: Any) -> None:
    layer = QgsVectorLayer(sample["PLANTED_LAYER"], "planted", "ogr")
    listed = list(layer.getFeatures())
    assert len({str(row.attributes()) for row in listed}) == len(listed) > 5
    del layer, listed


def test_the_same_seed_draws_the_same_township_another_another(run: Any, sample: Any, tmp_path: Path) -> None:
    again, other = str(tmp_path / "a.gpkg"), str(tmp_path / "b.gpkg")
    run("sampletownship", SEED=5, PARCELS=COUNT, DEFECTS=1, OUTPUT=again)
    run("sampletownship", SEED=6, PARCELS=COUNT, DEFECTS=1, OUTPUT=other)
    assert digest(again) == digest(sample["OUTPUT"])
    assert digest(other)["parcels"] != digest(again)["parcels"]


def test_one_year_without_defects(run: Any, tmp_path: Path) -> None:
    result = run("sampletownship", PARCELS=COUNT, YEARS=1, OUTPUT=str(tmp_path / "a.gpkg"))
    assert result["PARCELS_NEXT_LAYER"] is None
    # No defect and no change: only where the lines as drawn run into each other.
    assert all("conflict_" in str(row) for row in content(result["OUTPUT"], "planted"))


def test_what_is_left_out_has_its_default(provider: Any) -> None:
    defaults = {
        item.name(): item.defaultValue() for item in provider.algorithm("sampletownship").parameterDefinitions()
    }
    assert {name: defaults[name] for name in ("SEED", "PARCELS", "YEARS", "DEFECTS")} == {
        "SEED": 1, "PARCELS": 8000, "YEARS": 2, "DEFECTS": 0,
    }  # fmt: skip


def test_an_existing_file_is_replaced_whole(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"no database")
    result = run("sampletownship", PARCELS=COUNT, YEARS=1, OUTPUT=str(path))
    assert len(content(result["OUTPUT"], "parcels")) > 0
    assert [item.name for item in tmp_path.iterdir()] == ["a.gpkg"]


def test_a_temporary_output_is_where_the_result_says(run: Any) -> None:
    result = run("sampletownship", PARCELS=COUNT, YEARS=1, OUTPUT="TEMPORARY_OUTPUT")
    assert Path(result["OUTPUT"]).is_file()
    assert result["PARCELS_LAYER"].startswith(result["OUTPUT"])


def test_a_folder_that_does_not_exist_is_said_before_anything_is_drawn(run: Any, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="nowhere"):
        run("sampletownship", OUTPUT=str(tmp_path / "nowhere" / "a.gpkg"))


@pytest.mark.parametrize("wrong", [{"PARCELS": 10}, {"YEARS": 3}, {"DEFECTS": 2}, {"SEED": -1}])
def test_numbers_out_of_range_are_refused(run: Any, tmp_path: Path, wrong: Dict[str, int]) -> None:
    with pytest.raises(QgsProcessingException):
        run("sampletownship", **wrong, OUTPUT=str(tmp_path / "a.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_the_sample_balances_in_the_other_algorithms(run: Any, tmp_path: Path) -> None:
    found = run("sampletownship", PARCELS=COUNT, YEARS=1, OUTPUT=str(tmp_path / "a.gpkg"))
    lines = {name: found[f"{name}_LAYER"] for name in ("FARMLAND", "BOUNDARY", "REDLINE")}
    pieces = run("zoneoverlay", INPUT=found["PARCELS_LAYER"], **lines, AREA_FIELD="TBMJ", OUTPUT="memory:")
    recorded = QgsVectorLayer(found["PARCELS_LAYER"], "p", "ogr")
    total = sum(round(feature["TBMJ"] * 100) for feature in recorded.getFeatures())
    assert round(pieces["TOTAL_M2"] * 100) == total
    # Areas are recorded by the official formula: nothing is adjusted by more than rounding.
    assert pieces["ADJUSTED_M2"] <= 0.01
    assert (pieces["REPAIRED"], pieces["DROPPED"], pieces["UNKNOWN_CODES"], pieces["PARCEL_OVERLAP_M2"]) == (0, 0, 0, 0)
    del recorded

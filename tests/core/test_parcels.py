"""What is taken out of a parcel layer, and what is refused."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.parcels import read_parcels
from three_opt_three_protect.storage.catalogue import load_class_system


def test_fields_by_role(kit: Any) -> None:
    table = kit.layer(
        "DLTB",
        [
            {
                "shape": (0, 0, 10, 10),
                "BSM": "A",
                "DLBM": "0101",
                "ZLDWDM": "3205091002030000000",
                "KCXS": 0.1,
                "GDDB": 4,
            },
            {"shape": (10, 0, 20, 10), "DLBM": "9999", "ZLDWDM": None, "TBMJ": 101.5, "GDDB": 0},
            {"shape": None, "DLBM": "8888"},
        ],
    )
    mapping = {
        "parcel_id": "BSM", "class_code": "DLBM", "unit_code": "ZLDWDM", "area": "TBMJ", "deduct_rate": "KCXS",
        "grade": "GDDB",
    }  # fmt: skip
    found = read_parcels(table, mapping, load_class_system("third_survey"))
    assert len(found) == 3
    # without an id of its own a parcel is known by its feature id
    assert found.parcel_id.tolist() == ["A", "2", "3"]
    assert found.unit_code.tolist() == ["320509100203", None, None]
    assert found.classes.cultivated.tolist() == [True, False, False]
    np.testing.assert_array_equal(found.recorded_m2, [np.nan, 101.5, np.nan])
    np.testing.assert_array_equal(found.deduct_rate, [0.1, 0, 0])
    # a shapefile has 0 where no grade is stated, and 0 would be better than the best
    np.testing.assert_array_equal(found.grade, [4, np.nan, np.nan])
    # 8888 is unknown too, but its parcel is not in use
    assert found.unknown_codes == 1


def test_all_fields_may_be_left_out(kit: Any) -> None:
    found = read_parcels(kit.layer("DLTB", [{"shape": (0, 0, 1, 1)}]), {}, load_class_system("third_survey"))
    assert found.parcel_id.tolist() == ["1"]
    assert found.class_code.tolist() == [None]
    assert np.isnan(found.recorded_m2).all()
    assert not found.coded
    assert found.unknown_codes is None


def refused(kit: Any, mapping: Dict[str, str], **values: Any) -> InputError:
    rows = [{"shape": (0, 0, 1, 1), **{name: column[row] for name, column in values.items()}} for row in range(7)]
    with pytest.raises(InputError) as error:
        read_parcels(kit.layer("图斑", rows), mapping, load_class_system("third_survey"))
    return error.value


def test_empty_layer(kit: Any) -> None:
    with pytest.raises(InputError) as error:
        read_parcels(kit.layer("图斑", []), {}, load_class_system("third_survey"))
    assert (error.value.message_id, error.value.values) == ("empty_layer", {"layer": "图斑"})


def test_no_such_field(kit: Any) -> None:
    error = refused(kit, {"class_code": "DLDM"}, DLBM=["0101"] * 7)
    assert (error.message_id, error.values) == ("no_such_field", {"layer": "图斑", "field": "DLDM", "fields": "DLBM"})


@pytest.mark.parametrize("wrong", [-0.1, 1.0, 7.5])
def test_deduction_rate_out_of_range(kit: Any, wrong: float) -> None:
    error = refused(kit, {"deduct_rate": "KCXS"}, KCXS=[0, wrong, 0.5, None, wrong, 0.5, 0])
    assert error.message_id == "deduct_rate_out_of_range"
    assert error.values == {"layer": "图斑", "features": "2, 5", "field": "KCXS"}


@pytest.mark.parametrize("wrong", [0.0, -3.0])
def test_recorded_area_not_positive(kit: Any, wrong: float) -> None:
    error = refused(kit, {"area": "TBMJ"}, TBMJ=[wrong] * 6 + [1.0])
    assert error.message_id == "recorded_area_not_positive"
    assert error.values == {"layer": "图斑", "features": "1, 2, 3, 4, 5 …", "field": "TBMJ"}


def test_invalid_parcels_are_repaired_and_counted(kit: Any) -> None:
    tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    found = kit.parcels([{"shape": tie}, {"shape": None}, {"shape": (0, 0, 1, 1)}])
    assert (found.repaired.repaired, found.repaired.dropped) == (1, 1)
    assert found.repaired.kept.tolist() == [True, False, True]

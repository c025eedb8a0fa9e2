"""Roles of layers and fields: which source field plays which part."""

from __future__ import annotations

from typing import Sequence

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.roles import FieldSchema, RoleSchema, guess_fields, role_column, role_grade
from three_opt_three_protect.core.tables import Kind, LayerTable, real, text
from three_opt_three_protect.storage.catalogue import load_role_schemas

SCHEMAS = load_role_schemas()


def layer(*fields: str) -> LayerTable:
    return LayerTable("图层", np.array([1], dtype=np.int64), columns={name: text([name]) for name in fields})


def guessed(role: str, fields: Sequence[str]) -> dict:
    return dict(guess_fields(layer(*fields), SCHEMAS[role]))


def test_third_survey_parcels() -> None:
    fields = ["BSM", "DLBM", "DLMC", "ZLDWDM", "TBMJ", "KCXS", "TBDLMJ", "GDDB", "GDPDJB", "CZCSXM", "QSDWDM", "OTHER"]
    found = guessed("parcels", fields)
    assert found == {
        "parcel_id": "BSM",
        "class_code": "DLBM",
        "class_name": "DLMC",
        "unit_code": "ZLDWDM",
        "area": "TBMJ",
        "deduct_rate": "KCXS",
        "net_area": "TBDLMJ",
        "grade": "GDDB",
        "slope": "GDPDJB",
        "settlement_code": "CZCSXM",
        "owner_code": "QSDWDM",
    }


@pytest.mark.parametrize(
    ("role", "fields", "expected"),
    [
        ("parcels", ["TKXS", "XZQDM", "DLDM", "PDJB"], {"deduct_rate", "unit_code", "class_code", "slope"}),  # JQDLTB
        ("plan", ["GHDLDM", "GHDLMC", "GHDLMJ"], {"class_code", "class_name", "area"}),  # TDGHDL
        ("plan", ["YDYHFLDM", "YDYHFLMC"], {"class_code", "class_name"}),
        ("farmland", ["JBNTTBBH", "JBNTMJ", "ZLDJDM"], {"farmland_id", "net_area", "grade"}),  # JBNTTB
        ("farmland", ["YJJBNTTBBH", "YJJBNTTBMJ", "YJJBNTMJ"], {"farmland_id", "area", "net_area"}),
        ("boundary", ["GHFQDM", "GHFQMC", "MJ"], {"zone_code", "zone_name", "area"}),
        ("redline", ["LHLX", "MJ"], {"kind", "area"}),
        ("villages", ["ZLDWDM", "ZLDWMC", "DCMJ"], {"unit_code", "unit_name", "control_area"}),  # CJDCQ
        ("lines", ["DLBM", "CD", "KD", "KCBL"], {"class_code", "length", "width", "deduct_share"}),  # XZDW
        ("reclaim", ["id", "FKFX", "FKXS", "DB_H", "HS", "RK", "TYHS", "JD", "YSRQ", "YSMJ"], None),
        ("newbuild", ["id", "YT", "SYZB", "SYRQ"], {"plot_id", "use", "batch", "use_date"}),
    ],
)
def test_names_of_all_generations(role: str, fields: Sequence[str], expected: object) -> None:
    found = guessed(role, fields)
    assert len(found) == len(fields)  # every one plays a part, and no other
    if expected is not None:
        assert set(found) == expected


def test_pbf_net_area_prefers_the_net_field() -> None:
    # 03-schemas 3.5: the first present of YJJBNTMJ, JBNTMJ, TBDLMJ.
    assert guessed("farmland", ["TBDLMJ", "JBNTMJ"])["net_area"] == "JBNTMJ"
    assert guessed("farmland", ["TBDLMJ", "YJJBNTMJ", "JBNTMJ"])["net_area"] == "YJJBNTMJ"


# interfaces.md, "Plan database".
PLAN_FIELDS = {
    "reclaim": "plot_id unit_code village settlement direction rate grade_new households population consent signed "
    "right_type phase acc_date acc_m2 cred_date insp_date cost locked depth_m "
    "paddy_m2 paddy_rate scale",  # what the three balances of cultivated land ask for
    "newbuild": "plot_id unit_code village use cls_after quota_src tenure phase use_date batch price locked "
    "households depth_m floor_m2 population far way",  # of a resettlement site: how many it can house
    "targets": "unit_code indicator value unit kind year basis",
    "other_changes": "change unit_code chg_date year area unit paddy grade grade_was scale approval note",
    "population": "unit_code settlement households population residents idle_rate type class retained consent signed "
    "right_type",
}


@pytest.mark.parametrize("role", PLAN_FIELDS)
def test_plan_database_fields(role: str) -> None:
    fields = PLAN_FIELDS[role].split()
    assert list(SCHEMAS[role].fields) == fields
    assert guessed(role, fields) == dict(zip(fields, fields))
    assert all(len(name) <= 10 or name in ("settlement", "households", "population") for name in fields)


def test_every_role_of_the_plan_has_a_schema() -> None:
    wanted = (
        "parcels villages township settlements farmland boundary redline retained reclaim newbuild roads plan "
        "approved_unbuilt population targets"
    )
    assert set(wanted.split()) <= set(SCHEMAS)


def test_schemas_are_consistent() -> None:
    for role, schema in SCHEMAS.items():
        assert schema.role == role
        for field in schema.fields.values():
            assert field.alias
            assert len({name.upper() for name in field.names}) == len(field.names), (role, field.id)
            assert field.decimals == 0 or field.kind is Kind.REAL
    ids = {role: schema.fields for role, schema in SCHEMAS.items() if role not in ("zone",)}
    assert all(schema for schema in ids.values())
    # The same layer name may not stand for two roles, but for the two levels of XZQ.
    owners: dict = {}
    for role, schema in SCHEMAS.items():
        for name in schema.layer_names:
            owners.setdefault(name.upper(), []).append(role)
    assert {name: roles for name, roles in owners.items() if len(roles) > 1} == {"XZQ": ["villages", "township"]}


def test_upper_and_lower_case_are_one_and_the_source_name_is_kept() -> None:
    assert guessed("parcels", ["dlbm", "Tbmj"]) == {"class_code": "dlbm", "area": "Tbmj"}


def test_first_name_wins() -> None:
    schema = RoleSchema("r", "r", (), {"a": FieldSchema("a", ("X", "Y"), "a", Kind.TEXT)})
    assert guess_fields(layer("Y", "X"), schema) == {"a": "X"}
    assert guess_fields(layer("Z"), schema) == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["地类编\ufffd", "扣除地\ufffd"], {"class_code": "地类编\ufffd"}),  # UTF-8; 扣除地 begins three
        (["地类编", "扣除地"], {"class_code": "地类编"}),
        (["扣除地类编", "扣除地类系"], {"deduct_code": "扣除地类编", "deduct_rate": "扣除地类系"}),  # GBK
        (["DLBM", "地类编\ufffd"], {"class_code": "DLBM"}),
        (["地类编", "地类编\ufffd"], {}),
        (["地类", "编码"], {}),
    ],
)
def test_names_cut_at_ten_bytes(fields: Sequence[str], expected: dict) -> None:
    assert guessed("parcels", fields) == expected


def test_role_column() -> None:
    table = layer("DLBM")
    assert role_column(table, {"class_code": "DLBM"}, "class_code").values.tolist() == ["DLBM"]
    assert role_column(table, {"class_code": "DLBM"}, "area") is None
    with pytest.raises(InputError) as caught:
        role_column(table, {"area": "TBMJ"}, "area")
    assert caught.value.message_id == "no_such_field"
    assert caught.value.values["field"] == "TBMJ"
    assert caught.value.values["fields"] == "DLBM"


def test_a_grade_of_0_is_none() -> None:
    table = LayerTable("L", np.arange(4), columns={"DB": real([1.0, 0.0, np.nan, 15.0])})
    np.testing.assert_array_equal(role_grade(table, {"grade": "DB"}, "grade"), [1.0, np.nan, np.nan, 15.0])
    assert np.isnan(role_grade(table, {}, "grade")).all()

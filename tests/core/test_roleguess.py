"""Roles and fields found by names of every generation, by aliases, by cut names and by contents alone."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.fieldcontents import unit_level
from three_opt_three_protect.core.fieldguess import ALIAS, CONTENTS, NAME, LayerSample
from three_opt_three_protect.core.roleguess import Known, RoleGuess, fields_of, guess_all
from three_opt_three_protect.core.tables import Column, date, integer, real, text
from three_opt_three_protect.storage.catalogue import load_class_systems, load_role_schemas
from three_opt_three_protect.storage.words import load_words

SCHEMAS = load_role_schemas()
WORDS = {name: frozenset(words) for name, words in load_words().items()}
KNOWN = Known(tuple(load_class_systems().values()), {**WORDS, "level": WORDS["redline_level"]})


def bare(name: str, fields: str, geometry: str = "polygon") -> LayerSample:
    """A layer of which only the names are known."""
    return LayerSample(name, name, geometry, {field: text([]) for field in fields.split()})


def filled(name: str, columns: Mapping[str, Column], area: Optional[Sequence[float]] = None) -> LayerSample:
    """A polygon layer with rows."""
    return LayerSample(name, name, "polygon", columns, None if area is None else np.asarray(area, dtype=np.float64))


def one(sample: LayerSample) -> RoleGuess:
    return guess_all([sample], SCHEMAS, KNOWN)[0]


def how(guess: RoleGuess) -> Dict[str, str]:
    return {role_field: found.how for role_field, found in guess.fields.items()}


@pytest.mark.parametrize(
    ("layer", "fields", "role", "expected"),
    [
        (  # third survey
            "DLTB",
            "BSM YSDM TBBH DLBM DLMC QSXZ QSDWDM QSDWMC ZLDWDM ZLDWMC TBMJ KCDLBM KCXS KCMJ TBDLMJ GDPDJB CZCSXM",
            "parcels",
            {"class_code": "DLBM", "unit_code": "ZLDWDM", "owner_code": "QSDWDM", "deduct_rate": "KCXS",
             "net_area": "TBDLMJ", "settlement_code": "CZCSXM"},
        ),
        (  # second survey
            "DLTB",
            "BSM YSDM TBYBH TBBH DLBM DLMC QSXZ QSDWDM ZLDWDM GDLX TKXS TBMJ XZDWMJ LXDWMJ TKMJ TBDLMJ",
            "parcels",
            {"class_code": "DLBM", "deduct_rate": "TKXS", "deduct_area": "TKMJ", "line_area": "XZDWMJ"},
        ),
        ("XZDW", "BSM DLBM DLMC CD KD XZDWMJ KCBL", "lines", {"width": "KD", "deduct_share": "KCBL"}),
        ("TDGHDL", "BSM XZQDM GHDLDM GHDLMC GHDLMJ", "plan", {"class_code": "GHDLDM", "area": "GHDLMJ"}),
        ("JQDLTB", "BSM DLDM DLMC TBMJ", "parcels", {"class_code": "DLDM", "class_name": "DLMC"}),
        ("JBNTBHTB", "BSM JBNTTBBH DLBM TBMJ JBNTMJ", "farmland", {"net_area": "JBNTMJ", "farmland_id": "JBNTTBBH"}),
        ("YJJBNTTB", "BSM DLBM YJJBNTMJ GDDB", "farmland", {"net_area": "YJJBNTMJ", "grade": "GDDB"}),
        ("CZKFBJ", "BSM GHFQDM GHFQMC MJ", "boundary", {"zone_code": "GHFQDM"}),
        ("STBHHX", "BSM LHLX HXMC GKJB", "redline", {"level": "GKJB", "name": "HXMC"}),
        ("GHYDYH", "BSM YDYHFLDM YDYHFLMC XZQDM", "plan", {"class_code": "YDYHFLDM", "unit_code": "XZQDM"}),
        ("LXCJFKDK", "DKBH CUNMC FKFX FKXS HS RK YSRQ YSMJ", "reclaim", {"plot_id": "DKBH", "direction": "FKFX"}),
        ("JXDK", "DKXH YT JHNF ZBLY", "newbuild", {"plot_id": "DKXH", "use": "YT", "phase": "JHNF"}),
        # the Shanghai set
        ("CSKFBJ", "BSM MJ", "boundary", {"area": "MJ"}),
        ("JLHDK", "DKBH MJ", "reclaim", {"plot_id": "DKBH"}),
        ("YJJBNT", "BSM MJ", "farmland", {"farmland_id": "BSM"}),
        ("dltb_2019", "bsm dlbm dlmc zldwdm tbmj", "parcels", {"class_code": "dlbm", "unit_code": "zldwdm"}),
        ("PZWJSTD", "PZWH PZSJ", "approved_unbuilt", {"approval_no": "PZWH"}),
    ],
)  # fmt: skip
def test_every_generation_of_names(layer: str, fields: str, role: str, expected: Dict[str, str]) -> None:
    guess = one(bare(layer, fields)) if layer != "XZDW" else one(bare(layer, fields, "line"))
    assert guess.role == role
    assert expected.items() <= dict(guess.mapping).items()
    assert set(how(guess).values()) == {NAME}
    assert guess.confidence >= 0.9


def test_names_cut_at_ten_bytes_in_gbk() -> None:
    """Five characters are left; 扣除地类编 must not pass for 地类编码 although that stands in it."""
    sample = bare("地类图斑", "图斑地类编 地类名称 坐落单位代 坐落单位名 扣除地类编 扣除地类系 图斑地类面 权属单位代")
    guess = one(sample)
    assert guess.role == "parcels"
    assert dict(guess.mapping) == {
        "class_code": "图斑地类编",
        "class_name": "地类名称",
        "unit_code": "坐落单位代",
        "unit_name": "坐落单位名",
        "deduct_code": "扣除地类编",
        "deduct_rate": "扣除地类系",
        "net_area": "图斑地类面",
        "owner_code": "权属单位代",
    }


def test_names_cut_in_utf8_are_taken_where_they_are_clear() -> None:
    """Three characters: 地类编 is one field, 坐落单 could be a code or a name and stays open without contents."""
    guess = one(bare("地类图斑", "地类编\ufffd 地类名\ufffd 坐落单\ufffd"))
    assert dict(guess.mapping) == {"class_code": "地类编\ufffd", "class_name": "地类名\ufffd"}


def test_aliases() -> None:
    columns = {
        "F1": text([], alias="地类编码"),
        "F2": text([], alias="图斑面积（平方米）"),
        "F3": text([], alias="三调坐落单位代码"),
    }
    guess = one(LayerSample("a", "地类图斑", "polygon", columns))
    assert dict(guess.mapping) == {"class_code": "F1", "area": "F2", "unit_code": "F3"}
    assert set(how(guess).values()) == {ALIAS}


ROWS = 40
CODES = ["0101", "0103", "0702", "1104"]
NAMES = {"0101": "水田", "0103": "旱地", "0702": "农村宅基地", "1104": "坑塘水面"}


def nameless_parcels() -> LayerSample:
    """图层1: two villages, 40 parcels, cultivated land with a tenth for ridges; areas 0.1 % above the plane's."""
    codes = [CODES[row % 4] for row in range(ROWS)]
    villages = [f"32050710{1 + row % 2}201" for row in range(ROWS)]
    plane = 1000.0 + 10.0 * np.arange(ROWS)
    gross = np.round(plane * 1.001, 2)
    rate = np.array([0.1 if code < "0200" else 0.0 for code in codes])
    columns = {
        "FIELD1": text([f"3205071000000{row:05d}" for row in range(ROWS)]),
        "FIELD2": text([f"{row + 1:04d}" for row in range(ROWS)]),
        "FIELD3": text(codes),
        "FIELD4": text([NAMES[code] for code in codes]),
        "FIELD5": text([f"{village}{row % 7:07d}" for row, village in enumerate(villages)]),
        "FIELD6": text([f"{village}0000000" for village in villages]),
        "FIELD7": text(["东村" if village.startswith("320507101") else "西村" for village in villages]),
        "FIELD8": real(gross),
        "FIELD9": real(rate),
        "FIELD10": real(np.round(gross * (1 - rate), 2)),
        "FIELD11": text([None if code != "0702" else "203" for code in codes]),
        "FIELD12": text(["1203"] * ROWS),
        "SHAPE_Area": real(plane),
    }
    return filled("图层1", columns, plane)


def test_a_layer_without_a_name_is_known_by_what_stands_in_it() -> None:
    guess = one(nameless_parcels())
    assert guess.role == "parcels"
    assert dict(guess.mapping) == {
        "class_code": "FIELD3",
        "class_name": "FIELD4",
        "unit_code": "FIELD6",
        "unit_name": "FIELD7",
        "owner_code": "FIELD5",
        "area": "FIELD8",
        "net_area": "FIELD10",
        "deduct_rate": "FIELD9",
    }
    assert set(how(guess).values()) == {CONTENTS}
    assert 0.55 <= guess.confidence <= 0.75


def test_the_real_name_wins_over_contents() -> None:
    named = bare("DLTB", "DLBM DLMC TBMJ")
    guesses = guess_all([nameless_parcels(), named], SCHEMAS, KNOWN)
    assert [guess.role for guess in guesses] == [None, "parcels"]
    assert guesses[0].confidence == 0
    assert guesses[0].fields == {}


def test_contents_fill_what_names_leave_open() -> None:
    """A layer called DLTB whose code field has a name of its own is surer than one without any name."""
    sample = filled("DLTB", {"ABC": text(CODES * 5), "TBMJ": real([1000.0] * 20)}, [1000.0] * 20)
    guess = one(sample)
    assert how(guess) == {"class_code": CONTENTS, "area": NAME}
    assert guess.confidence == pytest.approx(0.88)


def test_integers_are_codes_too() -> None:
    sample = filled("无名", {"A": integer([1101, 1104, 1107] * 10), "B": integer(range(30))})
    assert one(sample).mapping == {"class_code": "A"}


@pytest.mark.parametrize(
    ("codes", "role"),
    [
        (["0101", "0103"], "farmland"),
        (["0101", "0103", "0702", "1104", "0305"], "parcels"),
        (["070102", "070103", "100101", "1207", "060101"], "plan"),
    ],
)
def test_the_codes_tell_the_role(codes: List[str], role: str) -> None:
    assert one(filled("a", {"X": text(codes * 6)})).role == role


@pytest.mark.parametrize(
    ("codes", "role"),
    [(["320507101", "320507102"], "township"), (["320507101201", "320507101202"], "villages"),
     (["3205071012010000000", "3205071012020000000"], "villages"), (["320507101000", "320507102000"], "township")],
)  # fmt: skip
def test_the_length_of_codes_tells_township_from_village(codes: List[str], role: str) -> None:
    """行政区 means the township in one survey and the village in another."""
    columns = {"XZQDM": text(codes), "XZQMC": text(["甲", "乙"])}
    assert one(filled("XZQ", columns)).role == role
    assert one(filled("面", {"A": columns["XZQDM"], "B": columns["XZQMC"]})).role == role


def test_plots_by_words() -> None:
    columns = {
        "A": text(["R1", "R2", "R3"]),
        "B": text(["耕地", "坑塘", "耕地"]),
        "C": integer([2015, 2016, 2016]),
        "D": date(["2015-06-01", "NaT", "2016-07-01"]),
    }
    guess = one(filled("地块", columns))
    # Two dates are possible (accepted, credited): not guessed.
    assert (guess.role, dict(guess.mapping)) == ("reclaim", {"plot_id": "A", "direction": "B", "phase": "C"})


def test_a_single_share_and_date_are_told_by_elimination() -> None:
    columns = {"DKBH": text(["1", "2"]), "TYL": real([1.0, 0.8]), "YSRQ": date(["2015-06-01", "2016-01-01"]),
               "X": real([0.85, 0.9]), "Y": date(["2015-08-01", "NaT"])}  # fmt: skip
    visited = {**columns, "HTKRQ": date(["2018-06-01", "NaT"])}
    found = fields_of(filled("拆旧地块", visited), SCHEMAS["reclaim"], KNOWN)
    assert (found["rate"].source, found["cred_date"].source) == ("X", "Y")
    # Without a field for it, Y may as well be the day of the last inspection: no quota is credited on a guess.
    assert not {"cred_date", "insp_date"} & set(fields_of(filled("拆旧地块", columns), SCHEMAS["reclaim"], KNOWN))
    assert "rate" not in fields_of(filled("a", {"X": columns["X"], "Z": columns["TYL"]}), SCHEMAS["reclaim"], KNOWN)


def test_a_role_is_given_once_and_the_exact_name_takes_it() -> None:
    layers = [bare("2020 DLTB 备份", "DLBM BSM"), bare("DLTB", "DLBM"), bare("YJJBNTTB", "DLBM")]
    assert [guess.role for guess in guess_all(layers, SCHEMAS, KNOWN)] == [None, "parcels", "farmland"]


def test_roles_are_limited_on_request() -> None:
    assert guess_all([bare("道路", "name")], SCHEMAS, KNOWN, ["parcels", "redline"])[0].role is None


@pytest.mark.parametrize("name", ["影像索引", "DEM", "", "DLTB"])
def test_what_fits_nothing_gets_no_role(name: str) -> None:
    assert one(bare(name, "x y z")) == RoleGuess(name)


def test_areas_in_another_unit_are_not_taken() -> None:
    """亩 beside m²: mapped by name they are reported, by contents they are not even guessed."""
    columns = {"A": text(CODES * 5), "B": real([1.5] * 20)}
    assert "area" not in one(filled("a", columns, [1000.0] * 20)).mapping


def test_serial_numbers_are_no_unit_codes() -> None:
    columns = {"A": text(CODES * 5), "B": text([f"100000{row:03d}" for row in range(20)])}
    assert "unit_code" not in one(filled("a", columns)).mapping


@pytest.mark.parametrize(("values", "level"), [(["12"], None), ([None], None), (["320507101"], "township")])
def test_unit_level(values: List[Any], level: Optional[str]) -> None:
    assert unit_level(text(values)) == level


@given(st.lists(st.sampled_from(sorted({name for each in SCHEMAS.values() for f in each.fields.values()
                                        for name in f.names})), max_size=12, unique=True))  # fmt: skip
def test_no_field_is_used_twice_and_all_exist(names: List[str]) -> None:
    by_upper = list({name.upper(): name for name in names}.values())
    sample = LayerSample("a", "地类图斑", "polygon", {name: text([]) for name in by_upper})
    for schema in SCHEMAS.values():
        mapping = {role_field: found.source for role_field, found in fields_of(sample, schema, KNOWN).items()}
        assert set(mapping) <= set(schema.fields)
        assert set(mapping.values()) <= set(by_upper)

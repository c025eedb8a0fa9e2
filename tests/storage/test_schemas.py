"""The database standards as shipped, and what is refused in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.schema import StandardField, StandardLayer
from three_opt_three_protect.core.tables import Kind, LayerTable, as_factor, as_real
from three_opt_three_protect.storage import schemas
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.schemas import load_standards

STANDARDS = load_standards()
ROLES = load_role_schemas()
FIELDS = [(layer, field) for layer in STANDARDS.layers.values() for field in layer.fields]

LAYERS = {
    "third_survey": "DLTB XZQ CJDCQ CZCDYD YJJBNTTB CZKFBJ STBHHX PZWJSTD LSYD TTQ CCWJQ GFBQ LMFW",
    "second_survey": "DLTB XZDW LXDW XZQ XZQXZ",
    "farmland_2010": "JBNTTB JBNTBHTB JBNTBHPK JBNTHRHC",
    "farmland_2019": "YJJBNTTB YJJBNT",
    "land_plan_2006": "JQDLTB TDGHDL JSYDGZQ GHYT TDYTQ",
    "territorial": "CZKFBJ STBHHX GHYDYH GHFQ CZJSBJ YJJBNTCBQ",
    "shanghai_exurban": "XZQ GHFW JQDLTB CSKFBJ CSKFBJNGHYT JSYDKZX STKJKZX YJJBNT JSYDHJBNTGZ2035 JLHDK "
    "TDLYJGTZB GDZBPHB ZBTZQKB ZBFJB ZDJSXMYDGHB",
    "own": "reclaim newbuild settlements retained roads population targets "
    "SYSB_CJ SYSB_JX SYSB_XMQ SYSB_ZB SYSB_BHNT SYSB_CHECK",
}


def test_all_standards_are_there() -> None:
    found: Dict[str, List[str]] = {}
    for layer in STANDARDS.layers.values():
        found.setdefault(layer.standard, []).append(layer.name)
    assert found == {standard: names.split() for standard, names in LAYERS.items()}
    assert set(STANDARDS.titles) == set(LAYERS)
    assert all(layer.id == f"{layer.standard}.{layer.name}" for layer in STANDARDS.layers.values())


def test_third_survey_parcels_as_printed() -> None:
    layer = STANDARDS.layers["third_survey.DLTB"]
    assert [field.name for field in layer.fields] == (
        "BSM YSDM TBYBH TBBH DLBM DLMC QSXZ QSDWDM QSDWMC ZLDWDM ZLDWMC TBMJ KCDLBM KCXS KCMJ TBDLMJ GDLX GDPDJB "
        "XZDWKD TBXHDM TBXHMC ZZSXDM ZZSXMC GDDB FRDBS CZCSXM SJNF MSSM HDMC BZ"
    ).split()
    area = layer.find("TBMJ")
    assert area == StandardField(
        "TBMJ", "图斑面积", Kind.REAL, width=18, decimals=2, required=True, low=0.0, role="area"
    )
    assert [field.name for field in layer.fields if field.length == 19] == ["QSDWDM", "ZLDWDM"]
    assert layer.find("YSDM").length == 0
    assert layer.find("xxtbkd").name == "XZDWKD"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_shapefile_with_cut_chinese_names_follows_its_standard(encoding: str) -> None:
    standards = load_standards()
    parcels = standards.layers["third_survey.DLTB"]
    names = [each.alias.encode(encoding)[:10].decode(encoding, "replace") for each in parcels.fields]
    assert standards.best(names, "parcels") is parcels
    # 扣除地 begins three aliases, 扣除地类编 one
    deducted = parcels.in_full([names[12], "扣除地类面积", "KCXS"])
    assert deducted == ["扣除地\ufffd" if encoding == "utf-8" else "KCDLBM", "扣除地类面积", "KCXS"]


def test_every_role_and_domain_exists() -> None:
    for layer in STANDARDS.layers.values():
        assert layer.role in ("", *ROLES), layer.id
    for layer, field in FIELDS:
        assert not field.role or field.role in ROLES[layer.role].fields, (layer.id, field.name)
        assert not field.domain or field.domain in STANDARDS.domains, (layer.id, field.name)


def test_roles_accept_what_the_standards_name() -> None:
    """A field that plays a role is found by that role under all its names, and a layer too."""
    for layer, field in FIELDS:
        if field.role:
            known = [name.upper() for name in ROLES[layer.role].fields[field.role].names]
            assert {name.upper() for name in (field.name, *field.names)} <= set(known), (layer.id, field.name)
    for layer in STANDARDS.layers.values():
        if layer.role:
            known = [name.upper() for name in ROLES[layer.role].layer_names]
            assert layer.name.upper() in known, layer.id


def test_codes_fit_their_fields() -> None:
    for layer, field in FIELDS:
        if field.domain:
            longest = max(map(len, STANDARDS.domains[field.domain].values))
            assert longest <= field.width, (layer.id, field.name)


def test_names_of_the_own_layers_fit_a_shapefile() -> None:
    assert [field.name for layer, field in FIELDS if layer.standard == "own" and len(field.name) > 10] == []


def test_domains() -> None:
    domains = STANDARDS.domains
    assert domains["MSSM"].values == {"00": "陆地", "01": "海岛"}
    assert domains["GZQLXDM"].values["020"] == "有条件建设区"
    assert domains["TDYTQLXDM"].values["010"] == "基本农田保护区"
    assert domains["HRHCLXDM"].values == {"0": "保留", "1": "划入", "2": "划出"}
    assert all(domain.values and domain.title and domain.status for domain in domains.values())
    assert domains["QSXZ"].status == "unverified"


SAMPLE = draw_township(parcels=600, years=1)


@pytest.mark.parametrize(
    ("name", "role", "standard"),
    [
        ("parcels", "parcels", "third_survey.DLTB"),
        ("villages", "villages", "third_survey.CJDCQ"),
        ("township", "township", "third_survey.XZQ"),
        ("farmland", "farmland", "farmland_2019.YJJBNTTB"),
        ("boundary", "boundary", "territorial.CZKFBJ"),
        ("redline", "redline", "territorial.STBHHX"),
        ("reclaim", "reclaim", "own.reclaim"),
        ("newbuild", "newbuild", "own.newbuild"),
        ("settlements", "settlements", "own.settlements"),
        ("retained", "retained", "own.retained"),
        ("roads", "roads", "own.roads"),
        ("population", "population", "own.population"),
        ("targets", "targets", "own.targets"),
    ],
)
def test_the_sample_follows_its_standards(name: str, role: str, standard: str) -> None:
    table: LayerTable = SAMPLE[name]
    layer = STANDARDS.best(list(table.columns), role)
    assert layer is not None
    assert layer.id == standard
    found = layer.by_field(list(table.columns))
    assert [field.name for field in layer.fields if field.name not in found and not field.optional] == []
    for field in layer.fields:
        if field.name in found:
            assert faults(table, found[field.name], field) == [], field.name


def faults(table: LayerTable, name: str, field: StandardField) -> List[str]:
    """What a column does against its field, written out once more."""
    column = table.column(name)
    texts = [value for value in as_factor(column).values if value is not None]
    numbers = as_real(column) if field.kind in (Kind.INT, Kind.REAL) else []
    wrong = {
        "required": field.required and column.is_missing.any(),
        "unique": field.unique and len(set(texts)) < len(texts),
        "length": field.length and any(len(value) != field.length for value in texts),
        "domain": field.domain and not set(texts) <= set(STANDARDS.domains[field.domain].values),
        "width": field.kind is Kind.TEXT and any(len(value) > field.width for value in texts),
        "low": field.low is not None and any(number < field.low for number in numbers),
        "high": field.high is not None and any(number > field.high for number in numbers),
    }
    return [fault for fault, there in wrong.items() if there]


GOOD = """\
standard: mine
title: 标准
layers:
  A:
    alias: 甲
    role: parcels
    geometry: polygon
    fields:
      BSM: {alias: 标识码, kind: text, width: 18, length: 18, role: parcel_id}
      QSXZ: {alias: 权属性质, kind: text, width: 2, domain: QSXZ}
      KCXS: {alias: 系数, kind: real, width: 6, decimals: 4, low: 0, high: 1}
"""
DOMAINS = 'domains:\n  QSXZ: {title: 权属性质, status: repo, values: {"10": 国有}}\n'


def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standard: str, domains: str = DOMAINS) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        loaded(tmp_path, monkeypatch, {"mine.yaml": standard}, domains)
    return caught.value


def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Dict[str, str], domains: str = DOMAINS) -> Any:
    folder = tmp_path / "schemas"
    (folder / "standards").mkdir(parents=True)
    (folder / "domains.yaml").write_text(domains, "utf-8")
    for name, text in files.items():
        (folder / "standards" / name).write_text(text, "utf-8")
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path.joinpath(*parts))
    return schemas.load_standards.__wrapped__()


def test_a_standard_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer: StandardLayer = loaded(tmp_path, monkeypatch, {"mine.yaml": GOOD}).layers["mine.A"]
    assert (layer.alias, layer.role, layer.geometry, layer.names, layer.status) == ("甲", "parcels", "polygon", (), "")
    assert layer.fields[2] == StandardField("KCXS", "系数", Kind.REAL, width=6, decimals=4, low=0.0, high=1.0)


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("width: 2,", "wide: 2,", "resource_unknown_key", 10),
        ("    geometry: polygon\n", "", "resource_missing_key", 4),
        ("geometry: polygon", "geometry: circle", "resource_wrong_value", 7),
        ("role: parcels", "role: parcel", "resource_wrong_value", 6),
        ("role: parcel_id", "role: plot_id", "resource_wrong_value", 9),
        ("domain: QSXZ", "domain: QS", "resource_wrong_value", 10),
        ("kind: real", "kind: float", "resource_wrong_value", 11),
        ("decimals: 4", "decimals: 6", "resource_wrong_value", 11),
        ("length: 18", "length: 19", "resource_wrong_value", 9),
        ("low: 0", "low: 2", "resource_wrong_value", 11),
        ("width: 18", "width: -1", "resource_wrong_value", 9),
        ("      QSXZ:", "      BSM:", "resource_duplicate_key", 10),
        ("alias: 系数", "alias: 系数, names: [qsxz]", "resource_duplicate_key", 8),
        ("alias: 系数", "alias: 系数, role: parcel_id", "resource_duplicate_key", 8),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str, line: int
) -> None:
    assert GOOD.count(old) == 1
    error = refused(tmp_path, monkeypatch, GOOD.replace(old, new))
    assert (error.message_id, error.values["file"], error.values["line"]) == (message, "mine.yaml", line)


def test_two_files_of_one_standard_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SchemaError, match="resource_duplicate_key"):
        loaded(tmp_path, monkeypatch, {"a.yaml": GOOD, "b.yaml": GOOD})


def test_a_domain_needs_its_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = refused(tmp_path, monkeypatch, GOOD, DOMAINS.replace("status: repo, ", ""))
    assert (error.message_id, error.values["file"]) == ("resource_missing_key", "domains.yaml")

"""A layer of a few rows, and one rule run on it."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality.case import LAYER, Case, Found, Subject
from three_opt_three_protect.core.quality.functions import FUNCTIONS
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.core.tables import Column, CrsInfo, LayerTable
from three_opt_three_protect.storage.catalogue import load_class_systems, load_role_schemas, load_settlement_codes
from three_opt_three_protect.storage.messages import read_sentences
from three_opt_three_protect.storage.rulebook import load_rules
from three_opt_three_protect.storage.schemas import load_standards

X, Y = 40_550_000.0, 3_460_000.0
CRS = CrsInfo("EPSG:4528", ellipsoid="CGCS2000", central_meridian=120.0, false_easting=40_500_000.0)

PARCEL: Mapping[str, Any] = {
    "BSM": "320599200100000001",
    "YSDM": "2001010100",
    "TBBH": "0001",
    "DLBM": "0101",
    "DLMC": "水田",
    "QSXZ": "30",
    "QSDWDM": "3205991012010001000",
    "QSDWMC": "槐泽村第1村民小组",
    "ZLDWDM": "3205991012010000000",
    "ZLDWMC": "槐泽村",
    "TBMJ": 1000.0,
    "KCDLBM": None,
    "KCXS": 0.0,
    "KCMJ": 0.0,
    "TBDLMJ": 1000.0,
    "GDLX": "PD",
    "GDPDJB": "1",
    "XZDWKD": None,
    "GDDB": 4.0,
    "CZCSXM": None,
    "SJNF": "2014",
    "MSSM": "00",
}
"""A parcel of the third survey without fault, 1 000 m²."""

POND: Mapping[str, Any] = {
    "DLBM": "1104",
    "DLMC": "坑塘水面",
    "KCXS": None,
    "KCMJ": None,
    "GDLX": None,
    "GDPDJB": None,
    "GDDB": None,
}
"""What another class changes of it."""

NUMBERS = {"TBMJ", "KCXS", "KCMJ", "TBDLMJ", "XZDWKD", "GDDB", "XZDWMJ", "LXDWMJ", "TKMJ", "TKXS", "DCMJ", "YJJBNTTBMJ"}
NUMBERS |= {"YJJBNTMJ", "JBNTMJ", "XXTBKD"}

COMMON = {"layer", "fid", "field", "measure", "tolerance"}
"""What every sentence of a finding may name."""

ASKED = {
    key.partition(".")[2]: {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    for key, sentence in read_sentences("zh").items()
    if key.startswith("check.")
}
"""What the sentence of each rule names."""

Row = Mapping[str, Any]

DEGREES = CrsInfo(
    "EPSG:4490",
    is_geographic=True,
    metres_per_unit=111_319.49,
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
)


def array(*found: Any) -> np.ndarray:
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return out


def parcels(*changes: Row) -> List[Dict[str, Any]]:
    """Parcels without fault but for the changes, each with its own numbers; 10 × 100 m side by side."""
    rows = []
    for number, change in enumerate(changes, 1):
        own = {"BSM": f"{320599200100000000 + number}", "TBBH": f"{number:04d}"}
        rows.append({**PARCEL, **own, **change})
    return rows


def column(name: str, values: Sequence[Any]) -> Column:
    if name in NUMBERS:
        return tables.real([np.nan if value is None else value for value in values])
    return tables.text(list(values))


def layer(rows: Sequence[Row], name: str = "DLTB", **columns: Column) -> LayerTable:
    """Rows as a layer; ``shape`` may be a polygon."""
    names = list(dict.fromkeys(key for row in rows for key in row if key != "shape"))
    shapes = np.empty(len(rows), dtype=object)
    for place, row in enumerate(rows):
        west = X + 10 * place
        shapes[place] = row.get("shape", shapely.box(west, Y, west + 10, Y + 100))
    made = {key: column(key, [row.get(key) for row in rows]) for key in names}
    return LayerTable(name, np.arange(101, 101 + len(rows)), shapes, {**made, **columns}, CRS)


def case_of(
    table: LayerTable,
    role: str = "parcels",
    system: Optional[str] = "third_survey",
    schema: Optional[str] = None,
    mapping: Optional[Mapping[str, str]] = None,
) -> Case:
    systems, standards = load_class_systems(), load_standards()
    subject = Subject(
        table,
        role,
        guess_fields(table, load_role_schemas()[role]) if mapping is None else mapping,
        None if schema is None else standards.layers[schema],
        None if system is None else systems[system],
        AreaMethod.PLANAR,
    )
    return Case(subject, systems=systems, settlement_codes=load_settlement_codes(), domains=standards.domains)


def run(rule: str, case: Case, **options: str) -> List[Found]:
    """What the rule finds; it must have what it needs."""
    spec = load_rules()[rule]
    spec = replace(spec, options={**spec.options, **options})
    assert [need for need in spec.needs if not case.has(need)] == []
    found = [each for each in FUNCTIONS[rule](case, spec, SILENT) if len(each)]
    for each in found:
        assert ASKED[rule] <= {*COMMON, *each.values}, "the sentence names what the finding does not"
        assert {len(value) for value in each.values.values() if isinstance(value, np.ndarray)} <= {len(each)}
    return found


def places(found: Sequence[Found]) -> List[Tuple[int, str]]:
    """Row (−1 = the layer) and field of every finding."""
    return [(int(row), each.column) for each in found for row in each.rows]


def rows(rule: str, *changes: Row, system: str = "third_survey", schema: Optional[str] = None) -> List[int]:
    """Rows in which ``rule`` finds something among parcels so changed."""
    found = run(rule, case_of(layer(parcels(*changes)), system=system, schema=schema))
    assert all(row != LAYER for each in found for row in each.rows)
    return [row for row, _ in places(found)]

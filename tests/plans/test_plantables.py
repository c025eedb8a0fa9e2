"""Registers and zones by role, and which tables are made."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import numpy as np
import pytest

from tests.core.conftest import Kit
from tests.reports.conftest import PROFILE, words_of
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, survey_inputs
from three_opt_three_protect.plans.plantables import (
    ELSEWHERE,
    NUMBERS,
    RegisterSources,
    made_summary,
    made_tables,
    read_registers,
    read_zones,
)
from three_opt_three_protect.reports.table import PLAN_TABLES, Labels

WORDS = words_of("zh")


@pytest.fixture
def kit() -> Kit:
    return Kit()


def zones(kit: Kit, *codes: Optional[str], field: str = "GZQLXDM", name: str = "管制区") -> Source:
    rows = [{"shape": (10 * n, 0, 10 * n + 10, 10), field: code} for n, code in enumerate(codes)]
    return Source(kit.layer(name, rows))


def test_sub_codes_belong_to_their_zone(kit: Kit) -> None:
    found = read_zones("control", 0, zones(kit, "011", "012", "020"))
    assert found is not None
    assert (found.code, found.name) == (["010", "010", "020"], ["允许建设区", "允许建设区", "有条件建设区"])


@pytest.mark.parametrize(("kind", "field", "code"), [("control", "GZQLXDM", "090"), ("use_zone", "TDYTQLXDM", "120")])
def test_unknown_zone_codes_are_refused(kit: Kit, kind: str, field: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        read_zones(kind, 0, zones(kit, "010", code, field=field))
    assert (error.value.message_id, error.value.values["features"]) == ("unknown_zone_code", "2")
    assert error.value.values["value"] == code


def test_zones_need_their_code(kit: Kit) -> None:
    with pytest.raises(InputError) as error:
        read_zones("control", 0, zones(kit, "010", field="MC"))
    assert error.value.message_id == "field_needed"


def test_a_boundary_without_zone_names_has_no_zones(kit: Kit) -> None:
    assert read_zones("planning", 0, Source(kit.layer("CZKFBJ", [{"shape": (0, 0, 9, 9)}]))) is None
    named = read_zones("planning", 0, zones(kit, "城镇集中建设区", None, field="GHFQMC"))
    assert named is not None
    assert (named.code, named.name) == ([None, None], ["城镇集中建设区", None])


def planned(kit: Kit) -> Tuple[Any, SurveyInputs]:
    rows = [{"shape": (0, 0, 100, 100), "DLBM": "0702"}, {"shape": (100, 0, 200, 100), "DLBM": "0101"}]
    survey = survey_inputs(Source(kit.layer("DLTB", rows)), {}, (), PROFILE)
    parcels = [{"shape": row["shape"], "class_code": row["DLBM"]} for row in rows]
    held = kit.plan(parcels, [{"plot_id": "R1", "shape": (0, 0, 50, 100), "rate": 1.0, "phase": 2016}])
    return held, survey


def unmeasured(table: LayerTable) -> Optional[Any]:
    return None if table.geometry is None else np.array([100.0] * len(table))


def test_every_official_table_is_accounted_for(kit: Kit) -> None:
    held, survey = planned(kit)
    made = made_tables(held, survey, Labels(), (), WORDS)
    assert [each.number for each in made] == list(NUMBERS)
    assert {each.number for each in made if each.table is not None} == set(PLAN_TABLES)
    why: Dict[str, str] = {each.number: each.why for each in made}
    assert why["T24"] == "未提供：存量建设用地"
    assert why["T11"].startswith("未提供管制区")
    assert why["T10"] == "由算法 farmlandadjust 生成"
    assert set(ELSEWHERE) | set(PLAN_TABLES) | {"T11", "T24", "T26"} == set(NUMBERS)


def test_registers_make_their_tables(kit: Kit) -> None:
    held, survey = planned(kit)
    stock = LayerTable(
        "存量",
        np.arange(1, 3),
        columns={"存量类型": kit.column("x", ["闲置", "空闲"]), "面积": kit.column("y", [100.0, 200.0])},
    )
    works = kit.layer("企业", [{"shape": (0, 0, 10, 10), "QYMC": "甲厂", "RJL": 0.2}])
    opinions = LayerTable("意见", np.arange(1, 2), columns={"意见内容": kit.column("x", ["好"])})
    given = RegisterSources(stock=Source(stock), enterprises=Source(works), opinions=Source(opinions))
    registers = read_registers(given, held, PROFILE, unmeasured)
    assert [(each.kind, each.area) for each in registers.stock or ()] == [
        ("idle", 100_00),
        ("vacant", 200_00),
        ("low_efficiency", 100_00),
    ]
    made = made_tables(held, survey, Labels(registers=registers), (), WORDS)
    summary = made_summary(made, WORDS)
    rows = dict(
        zip(as_text(summary.column("table")), zip(summary.column("made").values, summary.column("rows").values))
    )
    assert (rows["T24"], rows["T26"], rows["T5"], rows["T27"]) == ((1, 3), (1, 1), (1, 1), (1, 0))
    assert rows["T1"][0] == int("T1" in PLAN_TABLES)


def test_enterprises_listed_as_stock_are_not_listed_twice(kit: Kit) -> None:
    held, _ = planned(kit)
    stock = LayerTable(
        "存量", np.arange(1, 2), columns={"存量类型": kit.column("x", ["低效"]), "使用单位": kit.column("y", ["甲厂"])}
    )
    works = kit.layer("企业", [{"shape": (0, 0, 10, 10), "QYMC": "甲厂", "RJL": 0.2}])
    found = read_registers(RegisterSources(stock=Source(stock), enterprises=Source(works)), held, PROFILE, unmeasured)
    assert len(found.stock or ()) == 1

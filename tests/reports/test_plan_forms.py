"""Printed tables of a plan, every expected cell worked by hand from rectangles (areas in ha)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.conftest import Kit
from tests.reports.conftest import PROFILE, SYSTEM, printed, words_of
from tests.reports.test_tables import cents, column, total
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.potential.summary import VillageSummary
from three_opt_three_protect.core.registers import Opinion, Place, Project, Registers, Stock
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.reports.conversion import conversion_table
from three_opt_three_protect.reports.opinions import opinion_table
from three_opt_three_protect.reports.owners import owner_table
from three_opt_three_protect.reports.potential import potential_table
from three_opt_three_protect.reports.progressledger import ledger_table
from three_opt_three_protect.reports.projects import project_table
from three_opt_three_protect.reports.resettlement import resettlement_table
from three_opt_three_protect.reports.stock import stock_table
from three_opt_three_protect.reports.structure import printed_structure, structure, structure_table
from three_opt_three_protect.reports.table import Cell, Labels, Table
from three_opt_three_protect.reports.tables import AreaUnit
from three_opt_three_protect.reports.transfer import transfer_table
from three_opt_three_protect.reports.willingness import willingness_table
from three_opt_three_protect.reports.yearly import yearly_table
from three_opt_three_protect.reports.zones import CONTROL, Zones, zone_table
from three_opt_three_protect.storage.catalogue import load_profile

WORDS = words_of("zh")


@pytest.fixture
def kit() -> Kit:
    return Kit()


VILLAGE = {"shape": (0, 0, 100, 100), "class_code": "0702"}
PADDY = {"shape": (100, 0, 200, 100), "class_code": "0101"}


def cells(table: Table, *keys: str) -> List[Tuple[Cell, ...]]:
    """The rows that are no sums, in the columns ``keys``."""
    places = [table.index(key) for key in keys]
    return [tuple(row.cells[place] for place in places) for row in table.rows if row.adds is None]


def totals(table: Table, *keys: str) -> Tuple[Cell, ...]:
    return tuple(table.total(key) for key in keys)


YEAR = st.integers(2014, 2018)
PROFILES = ("suzhou-2014", "territorial-2021")

# ---- T3


def test_transfer_matrix_of_the_worked_example(example: Balance) -> None:
    """00-supplement 1.11: what P1 keeps of its pond and lane stays; 400 m² of them become cultivated land."""
    table = printed(example, AreaUnit.HA)["T3"]
    names = [entry.title for entry in table.columns if entry.key.startswith("to")]
    assert names == [
        "耕地",
        "林地",
        "农村道路",
        "坑塘水面",
        "工矿用地",
        "住宅用地",
        "裸土地",
    ]
    expected: Dict[str, List[float]] = {
        "耕地": [0.04, 0, 0.08, 0, 0.40, 0, 0],
        "林地": [0, 0, 0, 0, 0, 0, 0],
        "农村道路": [0.01, 0, 0.04, 0, 0, 0, 0],
        "坑塘水面": [0.03, 0, 0, 0.06, 0.05, 0, 0],
        "工矿用地": [0, 0, 0, 0, 0.12, 0, 0],
        "住宅用地": [0.62, 0.30, 0, 0, 0.20, 0, 0],
        "裸土地": [0, 0, 0, 0, 0.03, 0, 0],
    }
    keys = [f"to{number}" for number in range(7)]
    assert {str(row[0]): list(row[1:]) for row in cells(table, "name", *keys)} == expected
    assert list(totals(table, *keys)) == [0.70, 0.30, 0.12, 0.06, 0.80, 0, 0]
    assert cells(table, "base", "leaving")[0] == (0.52, 0.48)
    assert totals(table, "base", "leaving") == (1.98, 1.72)


def test_lanes_stay_and_what_the_rate_does_not_leave_is_ditch(kit: Kit) -> None:
    """R1 has 0.5 ha of village and of lane and 1 ha of paddy; 1/8 leaves 0.25 ha of it, as in the accounts."""
    lane = {"shape": (200, 0, 300, 100), "class_code": "1006"}
    held = kit.plan([VILLAGE, PADDY, lane], [{"plot_id": "R1", "shape": (50, 0, 250, 100), "rate": 0.125}], [])
    table = transfer_table(held, SYSTEM, PROFILE, WORDS)
    names = {entry.key: entry.title for entry in table.columns if entry.key.startswith("to")}
    flows = {
        (row[0], name): cell for row in cells(table, "name", *names) for name, cell in zip(names.values(), row[1:])
    }
    assert {pair: cell for pair, cell in flows.items() if cell} == {
        ("耕地", "耕地"): 0.25,
        ("耕地", "沟渠"): 0.75,
        ("农村道路", "农村道路"): 1.0,
        ("住宅用地", "住宅用地"): 0.5,
        ("住宅用地", "沟渠"): 0.5,
    }
    assert held.accounts.value("cultivated_after_m2") == 2_500


def test_structure_is_called_as_its_period_does(example: Balance) -> None:
    """00-supplement 3.2, T2."""
    found = [structure_table(example, SYSTEM, load_profile(name), WORDS).title for name in PROFILES]
    assert found == ["土地利用结构调整表", "国土空间用途结构调整表"]


def test_transfer_matrix_and_structure_agree(plan: Balance, unit: AreaUnit) -> None:
    found = printed(plan, unit)
    t2, t3 = found["T2"], found["T3"]
    lines = printed_structure(plan, SYSTEM, PROFILE, unit).lines
    assert column(t3, "base") == column(t2, "base")
    after = [total(t3, f"to{number}") for number in range(len(lines))]
    assert after == column(t2, "after")
    stays = [cents(t3.rows[number].cells[t3.index(f"to{number}")], t3, "base") for number in range(len(lines))]
    left = [base - kept for base, kept in zip(column(t3, "base"), stays)]
    assert left == column(t3, "leaving")


EDGE = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))


@st.composite
def boxes(draw: st.DrawFn) -> Tuple[float, float, float, float]:
    west, east = sorted(draw(st.tuples(EDGE, EDGE)))
    south, north = sorted(draw(st.tuples(EDGE, EDGE)))
    return west, south, east + 1, north + 1


DIRECTIONS = st.sampled_from(["cultivated", "garden", "forest", "pond", "water", "ecological", None])
CLASSES = st.sampled_from(["0101", "0102", "0702", "1104", "1006", "0601", "1003", "1206", "1101", "9999"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(CLASSES, st.sampled_from([0.0, 0.0731])), min_size=1, max_size=6),
    st.lists(st.tuples(boxes(), DIRECTIONS, st.floats(0, 1), YEAR), max_size=3),
    st.lists(st.tuples(boxes(), st.sampled_from(["0601", "1006", "0701", None]), YEAR), max_size=3),
    st.sampled_from(list(AreaUnit)),
)
def test_rows_are_the_base_and_columns_the_plan(
    strips: List[Tuple[str, float]],
    left: List[Tuple[Any, Optional[str], float, int]],
    built: List[Tuple[Any, Optional[str], int]],
    unit: AreaUnit,
) -> None:
    kit, height = Kit(), 103.07 / len(strips)
    parcels = [
        {
            "shape": (0, n * height, 103.07, (n + 1) * height),
            "class_code": code,
            "deduct_rate": ridge if code.startswith("01") else 0.0,
        }
        for n, (code, ridge) in enumerate(strips)
    ]
    reclaim = [
        {"plot_id": f"R{n}", "shape": shape, "direction": direction, "rate": rate, "phase": year}
        for n, (shape, direction, rate, year) in enumerate(left)
    ]
    newbuild = [
        {"plot_id": f"N{n}", "shape": shape, "use": "town", "cls_after": code, "phase": year}
        for n, (shape, code, year) in enumerate(built)
    ]
    held = kit.plan(parcels, reclaim, newbuild)
    found = structure(held, SYSTEM, PROFILE)
    assert sum(found.base.values()) == sum(found.after.values()) == int(held.base.area.sum())
    assert min(found.after.values()) >= 0
    for account, tally in (("base", found.base), ("after", found.after)):
        value = held.accounts.value(f"construction_{account}_m2")
        known = sum(amount for (group, _), amount in tally.items() if group == 2)
        assert value is None or value == pytest.approx(known / 100, abs=1e-9)
        value = held.accounts.value(f"cultivated_{account}_m2")
        classes = ((SYSTEM.find(code), amount) for (_, code), amount in tally.items())
        known = sum(amount for found_, amount in classes if found_ is not None and found_.cultivated)
        assert value is None or value == pytest.approx(known / 100, abs=1e-9)
    t2, t3 = structure_table(held, SYSTEM, PROFILE, WORDS, unit), transfer_table(held, SYSTEM, PROFILE, WORDS, unit)
    assert column(t3, "base") == column(t2, "base")
    assert [total(t3, f"to{number}") for number in range(len(column(t2, "after")))] == column(t2, "after")


def test_what_the_matrix_prints_is_next_to_the_exact_figure(plan: Balance) -> None:
    found = printed_structure(plan, SYSTEM, PROFILE, AreaUnit.HA)
    for exact, shown in zip(found.exact[2], found.after):
        # The township is rounded too, hence up to two steps of 0.01 ha.
        assert abs(exact / 10_000 - shown) < 2


# ---- T4


def summary(**columns: Sequence[float]) -> VillageSummary:
    names = (
        "village_m2 outside_m2 retain_m2 theory_m2 cand_m2 real_m2 cult_m2 households population cands per_head "
        "std_head factor grade"
    ).split()
    values = {name: np.array(columns.get(name, [0.0, 0.0, 0.0]), dtype=np.float64) for name in names}
    return VillageSummary(np.array(["320507100001", None, ""], dtype=np.object_), values)


def test_potential_by_village() -> None:
    found = summary(
        households=[40, np.nan, np.nan],
        village_m2=[60_000.04, 1_234.56, 61_234.60],
        theory_m2=[20_000, np.nan, np.nan],
        real_m2=[12_345.67, 99.96, 12_445.63],
        per_head=[150.004, np.nan, 150.0],
        factor=[0.617, 0.3, 0.6],
        grade=[2, 3, 2],
    )
    table = potential_table(found, ["Ⅰ 近期", "Ⅱ 中期", "Ⅲ 远期"], WORDS, names={"320507100001": "东村"})
    keys = ("village", "households", "village_m2", "per_head", "theory_m2", "factor", "real_m2", "grade")
    assert cells(table, *keys) == [
        ("东村", 40, 6.0, 150.0, 2.0, 0.62, 1.2346, "Ⅱ 中期"),
        ("未划入行政村", None, 0.1235, None, None, 0.3, 0.01, "Ⅲ 远期"),
    ]
    # 1.2346 + 0.0100: the sum of what is printed; what one village does not know the township does not know.
    assert totals(table, *keys) == ("合计", None, 6.1235, 150.0, None, 0.6, 1.2446, "Ⅱ 中期")


# ---- T7


def resettled(kit: Kit, **facts: Any) -> Balance:
    return kit.plan(
        [VILLAGE, PADDY],
        [{"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0, "phase": 2015, "households": 20}],
        [
            {"plot_id": "N1", "shape": (100, 0, 120, 50), "use": "resettlement", "phase": 2016, **facts},
            {"plot_id": "N2", "shape": (150, 0, 160, 50), "use": "town", "phase": 2016},
        ],
    )


def test_resettlement(kit: Kit) -> None:
    held = resettled(kit, households=10, population=32, far=1.25, way="公寓", tenure="国有")
    table = resettlement_table(held, WORDS)
    keys = ("plot_id", "households", "population", "area", "area_mu", "per_head", "per_household", "far", "way", "year")
    # 1 000 m² for 32 people and 10 households; N2 is no resettlement.
    assert cells(table, *keys) == [("N1", 10, 32, 0.1, 1.5, 31.25, 100.0, 1.25, "公寓", 2016)]
    # R 6 000 − N of resettlement 1 000
    assert totals(table, "reclaimed", "added", "saving") == (0.6, 0.1, 0.5)
    assert any("20 户" in note and "10 户" in note for note in table.notes)


def test_resettlement_without_figures_is_empty_not_zero(kit: Kit) -> None:
    table = resettlement_table(resettled(kit), WORDS)
    assert cells(table, "households", "population", "per_head", "per_household", "far", "way", "tenure") == [
        (None,) * 7
    ]
    assert totals(table, "households", "per_head", "per_household") == (None, None, None)


def test_no_resettlement(kit: Kit) -> None:
    held = kit.plan([VILLAGE, PADDY])
    table = resettlement_table(held, WORDS)
    assert cells(table, "plot_id") == [("合计",)]
    assert table.notes[0] == "方案没有安置用途的建新地块。"


# ---- T11


def zoned(kit: Kit, **lines: Any) -> Balance:
    zones = kit.areas((0, 0, 100, 100), (100, 0, 150, 100), key=[0, 1])
    return kit.plan([VILLAGE, PADDY], others=(Areas(zones.geometry, np.arange(2)),), **lines)


ZONES = Zones(CONTROL, 0, ["010", "020"], ["允许建设区", "有条件建设区"])


def test_zones_by_class(kit: Kit) -> None:
    table = zone_table(zoned(kit, farmland=kit.areas((100, 0, 140, 100))), SYSTEM, PROFILE, ZONES, WORDS)
    assert table.title == "建设用地空间管制分区面积统计表"
    assert cells(table, "zone", "code", "class0", "class1", "area", "share", "farmland") == [
        ("允许建设区", "010", 0.0, 1.0, 1.0, 50.0, 0.0),
        ("有条件建设区", "020", 0.5, 0.0, 0.5, 25.0, 0.4),
        ("未划入分区", None, 0.5, 0.0, 0.5, 25.0, 0.0),
    ]
    assert totals(table, "class0", "class1", "area", "share", "farmland") == (1.0, 1.0, 2.0, 100.0, 0.4)


def test_zones_without_farmland_leave_it_empty(kit: Kit) -> None:
    table = zone_table(zoned(kit), SYSTEM, PROFILE, ZONES, WORDS)
    assert table.values("farmland") == [None, None, None]
    assert any("永久基本农田" in note and "未提供" in note for note in table.notes)


def test_features_of_one_code_are_one_zone(kit: Kit) -> None:
    table = zone_table(zoned(kit), SYSTEM, PROFILE, replace(ZONES, code=["010"] * 2, name=["允许建设区"] * 2), WORDS)
    assert cells(table, "zone", "area") == [("允许建设区", 1.5), ("未划入分区", 0.5)]


# ---- T12


def phased(kit: Kit) -> Balance:
    return kit.plan(
        [VILLAGE, PADDY],
        [
            {"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0, "phase": 2015, "cost": 123_456.0},
            {"plot_id": "R2", "shape": (60, 0, 100, 100), "rate": 1.0, "phase": 2018, "cost": None},
        ],
        [{"plot_id": "N1", "shape": (100, 0, 130, 100), "use": "industry", "phase": 2017}],
    )


def test_near_term_plots(kit: Kit) -> None:
    table = project_table(phased(kit), PROFILE, WORDS)
    keys = ("project", "kind", "area", "added", "cultivated", "reclaimed", "invest", "years", "body")
    # The near term is three years from the first: 2015–2017; R2 is later.
    assert cells(table, *keys) == [
        ("R1", "拆旧", 0.6, None, None, 0.6, 12.35, "2015", None),
        ("N1", "建新（产业）", 0.3, 0.3, 0.3, None, None, "2017", None),
    ]
    assert "2015—2017" in table.notes[0]


def test_projects_take_the_figures_of_their_plots(kit: Kit) -> None:
    projects = (
        Project("示范区", plots=("R1", "R2", "N1"), area=1, invest=500.0, body="镇政府"),
        Project("公路", "交通", area=20_000_00, added=15_000_00, start=2016, end=2018),
    )
    table = project_table(phased(kit), PROFILE, WORDS, labels=Labels(registers=Registers(projects=projects)))
    keys = ("project", "kind", "area", "area_mu", "added", "cultivated", "reclaimed", "invest", "years", "body")
    assert cells(table, *keys) == [
        ("示范区", "拆旧、建新（产业）", 1.3, 19.5, 0.3, 0.3, 1.0, 500.0, "2015—2018", "镇政府"),
        ("公路", "交通", 2.0, 30.0, 1.5, None, None, None, "2016—2018", None),
    ]
    assert totals(table, "area", "added", "invest") == (3.3, 1.8, 500.0)


# ---- T13


def timed(kit: Kit, linked: float = 30, **first: Any) -> Balance:
    return kit.plan(
        [VILLAGE, PADDY],
        [
            {
                "plot_id": "R1",
                "shape": (0, 0, 60, 100),
                "rate": 1.0,
                "phase": 2014,
                "acc_date": "2015-03-01",
                "acc_m2": 5000.0,
                **first,
            },
            {"plot_id": "R2", "shape": (60, 0, 100, 100), "rate": 1.0, "phase": 2016},
        ],
        [
            {"plot_id": "N1", "shape": (100, 0, 100 + linked, 100), "use": "town", "phase": 2016},
            {
                "plot_id": "N2",
                "shape": (190, 0, 200, 100),
                "use": "town",
                "phase": 2016,
                "quota_src": "annual_plan",
            },
        ],
    )


QUOTA = Labels(targets=(Target("", "annual_plan_m2", 800.0, "m2", 2016),))


def test_yearly_plan(kit: Kit) -> None:
    table = yearly_table(timed(kit), PROFILE, WORDS, labels=QUOTA)
    keys = (
        "year planned reclaimed accepted credit linked annual_plan used quota quota_left carried balance result"
    ).split()
    # R1 is 6 000 m², of which 5 000 were accepted in 2015; 1 000 m² of annual plan against 800 assigned.
    assert cells(table, *keys) == [
        ("2014", 0.6, 0.6, None, 0.0, 0.0, 0.0, 0.0, None, None, 0.0, 0.0, "符合"),
        ("2015", 0.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0, None, None, 0.0, 0.5, "符合"),
        ("2016", 0.4, 0.4, None, 0.4, 0.3, 0.1, 0.4, 0.08, -0.02, 0.5, 0.6, "符合"),
    ]
    assert totals(table, "planned", "accepted", "credit", "linked", "quota", "balance") == (
        1.0,
        0.5,
        0.9,
        0.3,
        0.08,
        None,
    )


def test_a_negative_balance_stands_out(kit: Kit) -> None:
    # R2 of 2016 comes with the same year: 0.5 + 0.4 − 0.95
    table = yearly_table(timed(kit, linked=90, shape=(0, 0, 50, 100)), PROFILE, WORDS, labels=QUOTA)
    assert cells(table, "balance", "result")[-1] == (0.0, "符合")
    table = yearly_table(timed(kit, linked=90, shape=(0, 0, 40, 100)), PROFILE, WORDS, labels=QUOTA)
    assert cells(table, "balance", "result")[-1] == (-0.1, "不符合")
    assert [row.alert for row in table.rows] == [False, False, True, False]


def test_plots_without_a_year_are_listed_and_not_in_the_balance(kit: Kit) -> None:
    held = kit.plan([VILLAGE, PADDY], [{"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0}])
    table = yearly_table(held, PROFILE, WORDS)
    assert cells(table, "year", "planned", "balance", "carried") == [("未定年度", 0.6, None, None)]


def test_start_up_quota_is_lent_until_it_is_due(kit: Kit) -> None:
    held = kit.plan(
        [VILLAGE, PADDY],
        [{"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0, "phase": 2016}],
        [{"plot_id": "N1", "shape": (100, 0, 110, 100), "use": "town", "phase": 2015}],
    )
    labels = Labels(targets=(Target("", "start_quota_m2", 2000.0, "m2", 2016),))
    table = yearly_table(held, PROFILE, WORDS, labels=labels)
    # 2015: −0.1 and 0.2 lent; it is due at the end of 2016, when 0.6 is there.
    assert cells(table, "year", "balance", "lent", "result") == [
        ("2015", -0.1, 0.2, "符合"),
        ("2016", 0.5, 0.0, "符合"),
    ]


def test_land_of_unknown_class_leaves_the_balance_empty(kit: Kit) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 100, 100), "class_code": "9999"}],
        [{"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0, "phase": 2016}],
    )
    table = yearly_table(held, PROFILE, WORDS)
    assert cells(table, "year", "balance", "result") == [("2016", None, None)]


def test_what_is_later_than_asked_is_said(kit: Kit) -> None:
    reclaim = [{"plot_id": "R1", "shape": (0, 0, 60, 100), "rate": 1.0, "phase": 2016}]
    early, late = (kit.plan([VILLAGE, PADDY], reclaim, as_of=day) for day in ("2015-12-31", "2016-12-31"))
    said = "数据时点之后"
    table = yearly_table(early, PROFILE, WORDS)
    assert cells(table, "planned", "reclaimed", "credit") == [(0.6, 0.0, 0.0)]
    assert [any(said in note for note in yearly_table(held, PROFILE, WORDS).notes) for held in (early, late)] == [
        True,
        False,
    ]


WIDTH = st.integers(1, 12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(YEAR, WIDTH), max_size=5), st.lists(st.tuples(YEAR, WIDTH), max_size=5))
def test_the_balance_runs(left: List[Tuple[int, int]], built: List[Tuple[int, int]]) -> None:
    kit = Kit()
    edge = np.cumsum([0, *(width for _, width in left)])
    reclaim = [
        {"plot_id": f"R{n}", "shape": (float(edge[n]), 0, float(edge[n] + width), 73.3), "rate": 0.5, "phase": year}
        for n, (year, width) in enumerate(left)
    ]
    edge = np.cumsum([100, *(width for _, width in built)])
    newbuild = [
        {"plot_id": f"N{n}", "shape": (float(edge[n]), 0, float(edge[n] + width), 61.7), "use": "town", "phase": year}
        for n, (year, width) in enumerate(built)
    ]
    held = kit.plan([VILLAGE, PADDY], reclaim, newbuild)
    table = yearly_table(held, PROFILE, WORDS)
    carried = 0
    for year, credit, linked, before, after in cells(table, "year", "credit", "linked", "carried", "balance"):
        if not isinstance(after, float):
            assert year == "合计"
            continue
        assert round(float(before or 0) * 10_000) == carried
        carried += round(float(credit or 0) * 10_000) - round(float(linked or 0) * 10_000)
        assert round(after * 10_000) == carried
    exact = {str(year.year): year.balance for year in held.years}
    for year, after in cells(table, "year", "balance"):
        if isinstance(after, float):
            # A plot is at most half a last digit off, and so are the sums of five and five.
            assert abs(after * 1_000_000 - exact[str(year)]) <= 50 * 10


# ---- T17


def test_ledger_of_reclaim_plots(kit: Kit) -> None:
    table = ledger_table(timed(kit), WORDS, as_of="2016-12-31", inspected={"R1": "已复垦（耕）"})
    keys = ("plot_id", "area", "reclaimed", "year", "accepted_on", "accepted", "difference", "credit", "state")
    assert cells(table, *keys, "inspection") == [
        ("R1", 0.6, 0.6, 2014, "2015-03-01", 0.5, -0.1, 0.5, "已验收", "已复垦（耕）"),
        ("R2", 0.4, 0.4, 2016, None, None, None, None, "逾期未验收", None),
    ]
    assert [row.alert for row in table.rows] == [False, True, False]
    assert totals(table, "area", "accepted", "credit") == (1.0, 0.5, 0.5)


@pytest.mark.parametrize(
    ("as_of", "states"),
    [
        ("", ["已入库", "未验收"]),
        ("2015-12-31", ["已入库", "未验收"]),
        ("2015-03-31", ["已验收", "未验收"]),
        ("2015-02-28", ["逾期未验收", "未验收"]),
        ("2013-12-31", ["未验收", "未验收"]),
    ],
)
def test_the_state_is_that_of_the_day(kit: Kit, as_of: str, states: List[str]) -> None:
    assert ledger_table(timed(kit, cred_date="2015-06-01"), WORDS, as_of=as_of).values("state") == states


def test_dates_written_as_text(kit: Kit) -> None:
    held = timed(kit)
    texts = kit.layer("拆旧地块", [{"shape": (0, 0, 1, 1), "YSRQ": word} for word in ("2015年3月1日", "20160405")])
    dated = replace(held, reclaim=replace(held.reclaim, table=texts))
    labels = Labels(fields={"reclaim": {"acc_date": "YSRQ"}})
    assert ledger_table(dated, WORDS, labels=labels).values("accepted_on") == ["2015-03-01", "2016-04-05"]


# ---- T21


def owned(kit: Kit) -> Balance:
    east = {"owner_code": "3205071000010001", "owner_name": "东村一组", "right_kind": "30"}
    return kit.plan(
        [
            {"shape": (0, 0, 60, 100), "class_code": "0702", **east},
            {"shape": (60, 0, 100, 100), "class_code": "0702", "right_kind": "20", "owner_name": "国有农场"},
            {"shape": (100, 0, 110, 100), "class_code": "1104", **east},
            {"shape": (110, 0, 120, 100), "class_code": "0101"},
        ],
        [
            {"plot_id": "R1", "shape": (0, 0, 80, 100), "rate": 0.9, "phase": 2016},
            {"plot_id": "R2", "shape": (100, 0, 115, 100), "direction": "forest", "phase": 2016},
        ],
    )


RIGHTS = Labels(rights={"20": "国有土地使用权", "30": "集体土地所有权"})


def test_owners_before_and_after(kit: Kit) -> None:
    table = owner_table(owned(kit), WORDS, labels=RIGHTS)
    keys = ("owner", "right", "plots", "area", "cultivated_before", "agricultural_before", "built_before")
    # R1: 6 000 m² of the group's, 2 000 of the state's; R2: pond 1 000 of the group's, 500 of no stated owner.
    assert cells(table, *keys, "cultivated", "agricultural") == [
        ("东村一组", "集体土地所有权", 2, 0.7, 0.0, 0.1, 0.6, 0.54, 0.16),
        ("国有农场", "国有土地使用权", 1, 0.2, 0.0, 0.0, 0.2, 0.18, 0.02),
        ("未记载权属单位", None, 1, 0.05, 0.05, 0.0, 0.0, 0.0, 0.05),
    ]
    assert totals(table, "area", "built_before", "cultivated") == (0.95, 0.8, 0.72)
    assert any("国有土地" in note for note in table.notes)


# ---- T22


def asked(kit: Kit) -> Balance:
    def plot(number: int, **facts: Any) -> Mapping[str, Any]:
        shape = (10.0 * number, 0, 10.0 * number + 10, 100)
        return {"plot_id": f"R{number}", "shape": shape, "rate": 1.0, "phase": 2016, **facts}

    return kit.plan(
        [VILLAGE],
        [
            plot(0, settlement="钱家桥", households=30, population=90, signed=30, consent=0.9),
            plot(1, settlement="姚家港", households=20, population=55, signed=15, consent=0.8),
            plot(2, settlement="钱家桥", households=10, signed=5, consent=0.6),
            plot(3, settlement="南港", households=4),
        ],
    )


def test_wishes_of_households(kit: Kit) -> None:
    labels = Labels(registers=Registers(places=(Place(None, "姚家港", 41.0, 120.0),)))
    table = willingness_table(asked(kit), WORDS, labels)
    keys = ("settlement", "registered", "plots", "households", "population", "signed", "unsigned", "signed_share")
    # 钱家桥: (30 + 5) of 40 signed; consent (0.9 × 30 + 0.6 × 10) / 40
    assert cells(table, *keys, "consent") == [
        ("钱家桥", None, 2, 40, 90, 35, 5, 87.5, 82.5),
        ("姚家港", 41, 1, 20, 55, 15, 5, 75.0, 80.0),
        ("南港", None, 1, 4, None, None, None, None, None),
    ]
    # One plot does not say who signed: no share of the whole.
    assert totals(table, "households", "signed", "signed_share", "consent") == (64, 50, None, None)
    assert any("1 个地块未填" in note for note in table.notes)


def test_registered_households_are_those_of_the_village(kit: Kit) -> None:
    held = kit.plan(
        [{**VILLAGE, "unit_code": "320507100001"}],
        [{"plot_id": "R1", "shape": (0, 0, 10, 100), "rate": 1.0, "settlement": "姚家港", "households": 5}],
    )
    places = (Place("320507100002", "姚家港", 99.0, 1.0), Place("320507100001", "姚家港", 41.0, 120.0))
    labels = Labels(villages={"320507100001": "东村"}, registers=Registers(places=places))
    assert willingness_table(held, WORDS, labels).values("registered") == [41.0]


# ---- T24, T26


def test_stock_land_by_kind() -> None:
    stock = (
        Stock("1", "low_efficiency", "老街", area=12_345_67, class_code="0601"),
        Stock("2", "idle", "东村", area=1_50, since=2009, year=2016),
        Stock("3", "low_efficiency", user="老厂", below={"far": (0.3, 0.8), "invest_mu": (100.0, 250.0)}),
    )
    table = stock_table(stock, SYSTEM, WORDS)
    assert cells(table, "kind", "number", "area", "area_mu", "class_name") == [
        ("闲置", "2", 0.0002, 0.0, None),
        ("低效", "1", 1.2346, 18.52, "工业用地"),
        ("低效", "3", None, None, None),
    ]
    assert table.values("reason")[2] == "容积率 0.3，低于 0.8；亩均投资（万元） 100，低于 250"
    assert totals(table, "area") == (1.2348,)
    assert any("1 宗没有面积" in note for note in table.notes)


def test_opinions_are_counted() -> None:
    opinions = (
        Opinion("公示", "东村", "2014-06-20", "增加车位", "partly", "落实"),
        Opinion("评审", "专家组", None, "压减规模", "no", None),
        Opinion(None, None, None, "询问", None, None),
    )
    table = opinion_table(opinions, WORDS)
    assert cells(table, "place", "source", "adopted", "reply") == [
        (1, "东村", "部分采纳", "落实"),
        (2, "专家组", "不采纳", None),
        (3, None, "未答复", None),
    ]
    assert table.notes[0] == "共 3 条：采纳 0 条，部分采纳 1 条，不采纳 1 条，未答复 1 条。"
    assert table.notes[1:] == ("不采纳的意见应填写理由。",)
    assert [row.alert for row in table.rows] == [False, False, True]


# ---- T27


def test_base_conversion(kit: Kit) -> None:
    approved = kit.areas((100, 0, 130, 100), (130, 0, 140, 100), key=[0, 1])
    held = kit.plan([VILLAGE, {**PADDY, "parcel_id": "88"}], approved_unbuilt=approved)
    labels = Labels(approvals={"approved_unbuilt": ["苏国土〔2013〕1号", None]})
    table = conversion_table(held, SYSTEM, WORDS, labels=labels)
    keys = ("reason", "parcel", "survey_code", "survey", "survey_group", "base", "base_group", "approval", "area")
    row = ("批准未建设土地", "88", "0101", "水田", "农用地", "批准未建设土地", "建设用地")
    assert cells(table, *keys, "area_mu") == [(*row, None, 0.1, 1.5), (*row, "苏国土〔2013〕1号", 0.3, 4.5)]
    assert totals(table, "area", "area_mu") == (0.4, 6.0)


def test_nothing_converted(kit: Kit) -> None:
    table = conversion_table(kit.plan([VILLAGE]), SYSTEM, WORDS)
    assert cells(table, "reason", "area") == [("合计", None)]
    assert "没有基数转换图层" in table.notes[0]


# ---- one plot, one figure


def test_a_plot_has_one_figure_in_every_table(plan: Balance, unit: AreaUnit) -> None:
    found = printed(plan, unit)
    plots = dict(zip(found["T5"].values("plot_id"), column(found["T5"], "area")))
    assert dict(zip(found["T17"].values("plot_id"), column(found["T17"], "area"))) == plots
    for key, other in (("reclaimed", "reclaimed"), ("gain", "gain")):
        assert column(found["T17"], key) == column(found["T5"], other)
    for key in ("area", "cultivated", "agricultural", "unused", "kept"):
        assert total(found["T21"], key) == total(found["T5"], key)
    assert total(found["T21"], "built_before") == total(found["T5"], "built")
    assert total(found["T13"], "planned") == total(found["T5"], "area")
    assert total(found["T13"], "reclaimed") == total(found["T5"], "reclaimed") == total(found["T8"], "reclaimed")
    assert total(found["T13"], "used") == total(found["T6"], "added") == total(found["T8"], "used")
    assert total(found["T13"], "linked") == total(found["T8"], "linked")
    for table in ("T12",):
        known = {**plots, **dict(zip(found["T6"].values("plot_id"), column(found["T6"], "area")))}
        for plot, area in zip(found[table].values("project"), column(found[table], "area")):
            assert known[plot] == area


def test_households_of_wishes_are_those_of_the_plots(plan: Balance) -> None:
    found = printed(plan, AreaUnit.HA)
    assert found["T22"].total("households") == found["T5"].total("households")
    assert found["T22"].total("plots") == len(plan.reclaim)


def test_totals_agree_with_the_accounts(plan: Balance) -> None:
    found = printed(plan, AreaUnit.HA)
    for line, table, key in (
        ("reclaimed_m2", "T13", "reclaimed"),
        ("added_linked_m2", "T13", "linked"),
        ("reclaim_plot_m2", "T17", "area"),
    ):
        value: Optional[float] = plan.accounts.value(line)
        if value is not None:
            plots = len(plan.reclaim) + len(plan.newbuild)
            assert abs(float(found[table].total(key) or 0) * 10_000 - value) <= 0.5 * plots


def test_a_plan_in_another_classification_has_a_matrix_too(example: Balance) -> None:
    # Codes unknown to the classification: everything is one class of no name, and nothing is lost.
    from three_opt_three_protect.storage.catalogue import load_class_system

    table = transfer_table(example, load_class_system("land_plan"), PROFILE, WORDS)
    assert table.total("base") == 1.98

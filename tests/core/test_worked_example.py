"""The worked example of the domain notes (00-supplement 1.11), areas in m², to 0.01 m²."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import scenario, tables
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.base import Areas, Lines, base_state
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.parcels import read_parcels
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PARCELS = [
    # code, width, x of the left edge; every strip is 100 m high so that width × 100 is the area
    ("0702", 82.0, 0.0),  # P1: village 8 200
    ("1104", 9.0, 82.0),  # pond 900
    ("0102", 4.0, 91.0),  # irrigated 400
    ("1006", 5.0, 95.0),  # farm road 500
    ("0702", 30.0, 200.0),  # P2: village 3 000, in the redline
    ("0101", 40.0, 300.0),  # N1: paddy 4 000
    ("1104", 5.0, 340.0),  # pond 500
    ("1206", 3.0, 345.0),  # bare 300
    ("0601", 12.0, 348.0),  # already construction 1 200
    ("0101", 8.0, 400.0),  # road on cultivated 800
]


def strip(left: float, width: float) -> shapely.Polygon:
    return shapely.box(40_550_000 + left, 3_460_000, 40_550_000 + left + width, 3_460_100)


def objects(shapes: list[shapely.Geometry]) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


CRS = CrsInfo(
    "EPSG:4528",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)


def layer(name: str, shapes: list[shapely.Geometry], **columns: tables.Column) -> LayerTable:
    return LayerTable(name, np.arange(1, len(shapes) + 1), objects(shapes), columns, CRS)


def run(profile_id: str = "suzhou-2014", as_of: str = "") -> Balance:
    profile, system = load_profile(profile_id), load_class_system("third_survey")
    parcels = read_parcels(
        layer(
            "DLTB",
            [strip(left, width) for _, width, left in PARCELS],
            DLBM=tables.text([code for code, _, _ in PARCELS]),
        ),
        {"class_code": "DLBM"},
        system,
    )
    reclaim_table = layer(
        "reclaim",
        [strip(0, 100), strip(200, 30)],
        plot_id=tables.text(["P1", "P2"]),
        direction=tables.text(["cultivated", "forest"]),
        rate=tables.real([0.9, np.nan]),
        acc_date=tables.date(["2016-06-30", "2016-06-30"]),
    )
    newbuild_table = layer(
        "newbuild",
        [strip(300, 60), strip(10, 20), strip(400, 8)],
        plot_id=tables.text(["N1", "N2", "Road"]),
        use=tables.text(["industry", "industry", "infrastructure"]),
        cls_after=tables.text([None, None, "1006"]),
        use_date=tables.date(["2017-01-01", "2017-03-01", "2017-01-01"]),
    )
    identity = {name: name for name in ("plot_id", "direction", "rate", "acc_date", "use", "cls_after", "use_date")}
    words = ("cultivated", "garden", "forest", "pond", "water", "ecological")
    reclaim = scenario.read_reclaim(
        reclaim_table, {k: v for k, v in identity.items() if k in reclaim_table.columns}, {word: word for word in words}
    )
    newbuild = scenario.read_newbuild(
        newbuild_table,
        {k: v for k, v in identity.items() if k in newbuild_table.columns},
        {word: word for word in ("town", "industry", "resettlement", "infrastructure", "reserved")},
        {"linked": "linked"},
    )
    spec = AreaSpec(CRS, AreaMethod.PLANAR, Tolerance(0.005, 1.0))
    redline = Areas(objects([strip(200, 30)]), np.array([1]))
    farmland = Areas(objects([]))
    boundary = Areas(objects([strip(-50, 600)]))
    base = base_state(parcels, Lines(farmland=farmland, boundary=boundary, redline=redline), spec)
    return balance(base, reclaim, newbuild, profile, system, as_of=as_of)


@pytest.fixture(scope="module")
def example() -> Balance:
    return run()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reclaimed_m2", 11_200.00),
        ("added_m2", 6_800.00),
        ("net_reduction_m2", 4_400.00),
        ("construction_base_m2", 12_400.00),
        ("construction_after_m2", 8_000.00),
        ("cultivated_gain_m2", 8_600.00),
        ("cultivated_loss_m2", 6_800.00),
        ("cultivated_loss_construction_m2", 6_000.00),
        ("cultivated_loss_other_m2", 800.00),
        ("cultivated_base_m2", 5_200.00),
        ("cultivated_after_m2", 7_000.00),
        ("stock_m2", 1_200.00),
        ("not_counted_m2", 1_800.00),
        ("built_on_accepted_m2", 2_000.00),
    ],
)
def test_line(example: Balance, line: str, expected: float) -> None:
    assert example.accounts.value(line) == pytest.approx(expected, abs=0.001)


def test_building_on_accepted_reclaim_fails(example: Balance) -> None:
    verdict = next(verdict for verdict in example.verdicts if verdict.rule == "not_on_accepted_reclaim")
    assert (verdict.result, verdict.right) == ("fail", 2_000.00)
    assert not example.balanced
    assert "built_on_accepted_reclaim" in {finding.id for finding in example.findings}
    evidence = example.evidence["built_on_accepted_m2"]
    assert list(evidence.plot_id) == ["N2"]
    assert evidence.area.sum() == 2_000_00


def test_before_any_use_only_reclamation_counts() -> None:
    early = run(as_of="2016-12-31").accounts
    assert (early.value("reclaimed_m2"), early.value("added_m2"), early.value("cultivated_loss_m2")) == (11_200, 0, 0)


def test_redline_reclaim_gains_no_cultivated_land(example: Balance) -> None:
    assert example.evidence["cultivated_gain_m2"].plot_id.tolist() == ["P1"] * len(
        example.evidence["cultivated_gain_m2"].area
    )

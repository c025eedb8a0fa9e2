"""What the plan does to each piece, by hand: 00-supplement 1.4 and 1.5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict

import pytest

from three_opt_three_protect.core.rules import Setting
from three_opt_three_protect.storage.catalogue import load_profile


def lines(kit: Any, held: Any, *names: str) -> Dict[str, float]:
    return {f"{name}_m2": kit.value(held, f"{name}_m2") for name in names}


def test_reclaim_counts_only_base_construction_land(kit: Any) -> None:
    held = kit.plan(
        [
            {"shape": (0, 0, 60, 100), "class_code": "0702"},
            {"shape": (60, 0, 70, 100), "class_code": "1104"},
            {"shape": (70, 0, 80, 100), "class_code": "0101"},
            {"shape": (80, 0, 90, 100), "class_code": "1006"},
            {"shape": (90, 0, 100, 100), "class_code": "1206"},
        ],
        [{"shape": (0, 0, 100, 100), "rate": 0.75, "phase": 2016}],
    )
    assert lines(kit, held, "reclaimed", "not_counted", "reclaim_plot") == {
        "reclaimed_m2": 6000, "not_counted_m2": 4000, "reclaim_plot_m2": 10000,
    }  # fmt: skip
    # 7 500 cultivated afterwards, 1 000 of them before
    assert lines(kit, held, "reclaimed_cultivated", "cultivated_gain") == {
        "reclaimed_cultivated_m2": 7500, "cultivated_gain_m2": 6500,
    }  # fmt: skip
    assert kit.findings(held)["reclaim_other_land"]["area"] == 4000


@pytest.mark.parametrize(
    ("done", "used", "reclaimed", "added", "stock", "reused", "accepted"),
    [
        # accepted, then built on: R and N both in full
        ("2016-06-30", "2017-01-01", 1000, 400, 0, 0, 400),
        # on one day the credit comes first
        ("2016-06-30", "2016-06-30", 1000, 400, 0, 0, 400),
        # built on before acceptance: neither R nor N, the land is re-used stock
        ("2017-01-01", "2016-06-30", 600, 0, 400, 400, 0),
        # no date of acceptance: not accepted
        (None, "2016-06-30", 600, 0, 400, 400, 0),
        # no date of use: the stricter reading
        ("2016-06-30", None, 1000, 400, 0, 0, 400),
    ],
)
def test_built_on_a_reclaim_plot(
    kit: Any, done: str, used: str, reclaimed: float, added: float, stock: float, reused: float, accepted: float
) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}],
        [{"shape": (0, 0, 10, 100), "rate": 1.0, "acc_date": done}],
        [{"shape": (0, 0, 4, 100), "use": "industry", "use_date": used}],
    )
    found = lines(kit, held, "reclaimed", "added", "stock", "reused", "built_on_accepted")
    assert list(found.values()) == [reclaimed, added, stock, reused, accepted]
    # F counts what was reclaimed, Z what was lost again
    assert kit.value(held, "cultivated_gain_m2") == reclaimed
    assert kit.value(held, "cultivated_loss_m2") == added
    assert ("built_on_accepted_reclaim" in kit.findings(held)) == (accepted > 0)
    assert kit.value(held, "construction_after_m2") == 1000 - reclaimed + added


@pytest.mark.parametrize(
    ("as_of", "reclaimed", "added"),
    [
        ("2016-12-30", 0, 0),
        ("2016-12-31", 1000, 0),
        ("2018-12-30", 1000, 0),
        ("2018-12-31", 1000, 500),
        ("", 1000, 500),
    ],
)
def test_as_of(kit: Any, as_of: str, reclaimed: float, added: float) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}, {"shape": (10, 0, 15, 100), "class_code": "0101"}],
        [{"shape": (0, 0, 10, 100), "phase": 2016}],
        [{"shape": (10, 0, 15, 100), "phase": 2018, "use": "town"}],
        as_of=as_of,
    )
    assert lines(kit, held, "reclaimed", "added") == {"reclaimed_m2": reclaimed, "added_m2": added}


@pytest.mark.parametrize(
    ("direction", "cultivated", "agricultural"),
    [
        ("cultivated", 850, 1000), ("garden", 0, 1000), ("forest", 0, 1000), ("pond", 0, 1000),
        ("ecological", 0, 1000), ("water", 0, 0),
    ],
)  # fmt: skip
def test_directions(kit: Any, direction: str, cultivated: float, agricultural: float) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}],
        [{"shape": (0, 0, 10, 100), "direction": direction, "phase": 2016}],
    )
    assert kit.value(held, "reclaimed_m2") == 1000
    assert kit.value(held, "cultivated_gain_m2") == cultivated
    assert kit.value(held, "reclaimed_agricultural_m2") == agricultural
    assert ("direction_to_justify" in kit.findings(held)) == (direction == "pond")


def test_land_reclaimed_and_built_on_again_counts_as_reclaimed_agricultural_land_too(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}],
        [{"shape": (0, 0, 10, 100), "rate": 1.0, "acc_date": "2016-01-01"}],
        [{"shape": (0, 0, 4, 100), "use": "industry", "use_date": "2017-01-01"}],
    )
    assert lines(kit, held, "reclaimed_agricultural", "newbuild_agricultural") == {
        "reclaimed_agricultural_m2": 1000, "newbuild_agricultural_m2": 400,
    }  # fmt: skip


def test_cultivated_land_turned_to_forest_is_a_negative_gain(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}, {"shape": (10, 0, 13, 100), "class_code": "0101"}],
        [{"shape": (0, 0, 13, 100), "direction": "forest", "phase": 2016}],
    )
    assert kit.value(held, "cultivated_gain_m2") == -300
    assert kit.value(held, "cultivated_after_m2") == 0


@pytest.mark.parametrize(
    ("code", "width", "expected"),
    [
        # small homestead 0.85, from 10 000 m² on 0.90, industry and mining 0.75 (profile, Q3)
        ("0702", 99.99, 9999 * 0.85),
        ("0702", 100.0, 10_000 * 0.90),
        ("0601", 100.0, 10_000 * 0.75),
        ("0602", 10.0, 1_000 * 0.75),
    ],
)
def test_default_rates(kit: Any, code: str, width: float, expected: float) -> None:
    held = kit.plan(
        [
            {"shape": (0, 0, width, 100), "class_code": code},
            {"shape": (width, 0, width + 2, 100), "class_code": "0102"},
            {"shape": (width + 2, 0, width + 5, 100), "class_code": "1104"},
        ],
        [{"shape": (0, 0, width + 5, 100), "phase": 2016}],
    )
    # of the construction land; the field of 200 m² stays, the pond is left as it is
    assert kit.value(held, "cultivated_gain_m2") == pytest.approx(expected, abs=0.005)
    assert kit.value(held, "reclaimed_cultivated_m2") == pytest.approx(expected + 200, abs=0.005)


def test_mostly_industrial_decides_the_rate(kit: Any) -> None:
    parcels = [{"shape": (0, 0, 6, 100), "class_code": "0601"}, {"shape": (6, 0, 10, 100), "class_code": "0702"}]
    held = kit.plan(parcels, [{"shape": (0, 0, 10, 100), "phase": 2016}])
    assert kit.value(held, "cultivated_gain_m2") == 750
    parcels[0]["class_code"], parcels[1]["class_code"] = "0702", "0601"
    held = kit.plan(parcels, [{"shape": (0, 0, 10, 100), "phase": 2016}])
    assert kit.value(held, "cultivated_gain_m2") == 850
    # half is not most
    parcels[0]["shape"], parcels[1]["shape"] = (0, 0, 5, 100), (5, 0, 10, 100)
    held = kit.plan(parcels, [{"shape": (0, 0, 10, 100), "phase": 2016}])
    assert kit.value(held, "cultivated_gain_m2") == 850


@pytest.mark.parametrize("level", [1, 2])
def test_in_the_redline_nothing_is_gained(kit: Any, level: int) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 20, 100), "class_code": "0702"}, {"shape": (20, 0, 21, 100), "class_code": "0101"}],
        [{"shape": (0, 0, 21, 100), "rate": 1.0, "phase": 2016}],
        redline=kit.areas((-10, 0, 5, 100), (20, 0, 30, 100), key=[level, level]),
    )
    assert kit.value(held, "reclaimed_m2") == 2000
    # 500 m² of village lie in the redline; the field there stays what it is
    assert kit.value(held, "cultivated_gain_m2") == 1500
    assert kit.value(held, "gain_barred_m2") == 600
    assert kit.value(held, "reclaim_redline_m2") == 600
    assert kit.findings(held)["gain_barred"]["area"] == 600


def test_forest_in_the_redline_is_as_it_should_be(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 20, 100), "class_code": "0702"}],
        [{"shape": (0, 0, 20, 100), "direction": "forest", "phase": 2016}],
        redline=kit.areas((-10, 0, 50, 100), key=[1]),
    )
    assert kit.value(held, "reclaimed_m2") == 2000
    assert "gain_barred" not in kit.findings(held)


@pytest.mark.parametrize(
    ("village", "inside", "outside", "gain"),
    [
        # 300 m² alone: too small for the map
        (3.0, 0.0, 0.0, 0),
        # 400 m² are enough
        (4.0, 0.0, 0.0, 400),
        # 300 m² beside a field of 150: together 450
        (3.0, 0.0, 1.5, 300),
        # 300 m² beside a field of 50: together 350
        (3.0, 0.0, 0.5, 0),
        # 250 of village and 90 of field in the plot: 340, not 340 + 90
        (2.5, 0.9, 0.0, 0),
    ],
)
def test_smallest_patch(kit: Any, village: float, inside: float, outside: float, gain: float) -> None:
    edge = village + inside
    parcels = [{"shape": (0, 0, village, 100), "class_code": "0702"}]
    if inside:
        parcels.append({"shape": (village, 0, edge, 100), "class_code": "0101"})
    if outside:
        parcels.append({"shape": (edge, 0, edge + outside, 100), "class_code": "0101"})
    held = kit.plan(parcels, [{"shape": (0, 0, edge, 100), "rate": 1.0, "phase": 2016}])
    assert kit.value(held, "reclaimed_m2") == pytest.approx(100 * village)
    assert kit.value(held, "cultivated_gain_m2") == gain


def test_net_areas_enter_the_cultivated_account(kit: Any) -> None:
    held = kit.plan(
        [
            {"shape": (0, 0, 10, 100), "class_code": "0103", "deduct_rate": 0.12},
            {"shape": (10, 0, 20, 100), "class_code": "0702"},
        ],
        [{"shape": (8, 0, 20, 100), "rate": 0.9, "phase": 2016}],
        [{"shape": (0, 0, 5, 100), "use": "town", "phase": 2018}],
    )
    assert kit.value(held, "cultivated_base_m2") == 880
    assert kit.value(held, "added_m2") == 500
    assert kit.value(held, "cultivated_loss_m2") == 440
    # G = 0.9 × 1 200 = 1 080, of which 200 × 0.88 = 176 net were there
    assert kit.value(held, "cultivated_gain_m2") == pytest.approx(1080 - 176)


@pytest.mark.parametrize(
    ("row", "added", "loss", "construction", "released", "unclassed"),
    [
        ({"use": "industry"}, 700, 500, 500, 0, 0),
        # a farm road is agricultural: cultivated land is lost, no construction land is added, 300 are given up
        ({"use": "infrastructure", "cls_after": "1006"}, 0, 500, 0, 300, 0),
        # a motorway is construction land
        ({"use": "infrastructure", "cls_after": "1003"}, 700, 500, 500, 0, 0),
        # not stated: construction land, and it says so
        ({"use": "infrastructure"}, 700, 500, 500, 0, 1),
        ({"use": None}, 700, 500, 500, 0, 1),
        ({"use": "town", "cls_after": "9999"}, 700, 500, 500, 0, 1),
    ],
)
def test_class_after_building(
    kit: Any, row: Dict[str, Any], added: float, loss: float, construction: float, released: float, unclassed: int
) -> None:
    held = kit.plan(
        [
            {"shape": (0, 0, 5, 100), "class_code": "0101"},
            {"shape": (5, 0, 7, 100), "class_code": "1206"},
            {"shape": (7, 0, 10, 100), "class_code": "0601"},
        ],
        newbuild=[{"shape": (0, 0, 10, 100), "phase": 2018, **row}],
    )
    found = lines(kit, held, "added", "cultivated_loss", "cultivated_loss_construction", "released", "stock")
    assert list(found.values()) == [added, loss, construction, released, 300]
    assert kit.value(held, "construction_after_m2") == 300 + added - released
    assert kit.value(held, "newbuild_agricultural_m2") == (500 if added else 0)
    assert kit.value(held, "newbuild_without_class") == unclassed
    wanted = (
        {"9999": "class_after_unknown", None: "class_after_missing"}.get(row.get("cls_after")) if unclassed else None
    )
    assert {"class_after_unknown", "class_after_missing"} & set(kit.findings(held)) == ({wanted} - {None})


def test_approved_unbuilt_land_is_not_added_twice(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0101"}],
        newbuild=[{"shape": (0, 0, 10, 100), "use": "town", "phase": 2018}],
        approved_unbuilt=kit.areas((0, 0, 4, 100)),
    )
    assert lines(kit, held, "added", "stock", "construction_base", "cultivated_base", "cultivated_loss") == {
        "added_m2": 600, "stock_m2": 400, "construction_base_m2": 400, "cultivated_base_m2": 600,
        "cultivated_loss_m2": 600,
    }  # fmt: skip


def test_overlapping_plots_count_once(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}, {"shape": (20, 0, 30, 100), "class_code": "0101"}],
        [{"shape": (0, 0, 6, 100), "phase": 2016}, {"shape": (4, 0, 10, 100), "phase": 2017}],
        [
            {"shape": (20, 0, 26, 100), "phase": 2018, "use": "town"},
            {"shape": (24, 0, 30, 100), "phase": 2018, "use": "town"},
        ],
    )
    assert lines(kit, held, "reclaimed", "added") == {"reclaimed_m2": 1000, "added_m2": 1000}
    findings = [finding.values for finding in held.findings if finding.id == "plots_overlap"]
    assert [(dict(values)["features"], dict(values)["area"]) for values in findings] == [
        ("1, 2", 200.0),
        ("1, 2", 200.0),
    ]
    # the first plot has the land
    assert dict(zip(held.evidence["reclaimed_m2"].plot_id, held.evidence["reclaimed_m2"].area)) == {
        "1": 600_00,
        "2": 400_00,
    }


def test_trunk_roads_in_a_reclaim_plot_stay(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 8, 100), "class_code": "0702"}, {"shape": (8, 0, 10, 100), "class_code": "1003"}],
        [{"shape": (0, 0, 10, 100), "rate": 1.0, "phase": 2016}],
    )
    assert lines(kit, held, "reclaimed", "kept", "cultivated_gain", "construction_after") == {
        "reclaimed_m2": 800, "kept_m2": 200, "cultivated_gain_m2": 800, "construction_after_m2": 200,
    }  # fmt: skip


def test_thresholds_come_from_the_profile(kit: Any) -> None:
    profile = load_profile("suzhou-2014")
    small = Setting("min_patch_cultivated_m2", 100.0, "m2", "b", "practice")
    rate = Setting("new_cultivated_ratio_small", 0.5, "share", "b", "practice")
    changed = replace(profile, settings={**profile.settings, small.key: small, rate.key: rate})
    held = kit.plan(
        [{"shape": (0, 0, 3, 100), "class_code": "0702"}], [{"shape": (0, 0, 3, 100), "phase": 2016}], profile=changed
    )
    assert kit.value(held, "cultivated_gain_m2") == 150

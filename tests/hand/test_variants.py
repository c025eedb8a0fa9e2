"""The hand-worked township with one thing changed; the figures move as derivation.md section 19 works out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

import pytest

from tests.hand.conftest import memory_layer, rows
from tests.hand.layers import Layer, layers, rectangle

pytestmark = pytest.mark.needs_qgis

ROLES = (
    *("farmland", "boundary", "redline", "villages", "targets"),
    *("approved_unbuilt", "illegal_built", "temporary", "reclaim", "newbuild"),
)
Balance = Callable[..., dict[str, Any]]


def changed(role: str, plot: str, **values: Any) -> Layer:
    """The layer with other values of one plot; ``box`` moves it."""
    layer = layers()[role]
    names = list(layer.kinds)
    at = next(number for number, row in enumerate(layer.rows) if row[0] == plot)
    shapes = list(layer.shapes or ())
    if "box" in values:
        shapes[at] = rectangle(*values.pop("box"))
    row = list(layer.rows[at])
    for name, value in values.items():
        row[names.index(name)] = value
    return replace(layer, rows=(*layer.rows[:at], tuple(row), *layer.rows[at + 1 :]), shapes=tuple(shapes))


@pytest.fixture(scope="module")
def balance(run: Any, township: dict[str, Any]) -> Balance:
    """``planbalance`` with some layers replaced, or left out where they are None."""

    def call(**other: Any) -> dict[str, Any]:
        given = {role.upper(): township[role] for role in ROLES}
        given.update({"INPUT": township["parcels"], **other})
        found: dict[str, Any] = run(
            "planbalance",
            ID_FIELD="BSM",
            AREA_FIELD="TBMJ",
            DEDUCT_FIELD="KCXS",
            AREA_METHOD=2,
            ACCOUNTS="memory:",
            VERDICTS="memory:",
            **{name: layer for name, layer in given.items() if layer is not None},
        )
        lines = {row["line"]: row["value"] for row in rows(found["ACCOUNTS"]) if row["unit_code"] == ""}
        verdicts = {row["rule"]: row for row in rows(found["VERDICTS"]) if row["unit_code"] == ""}
        return {**found, "lines": lines, "verdicts": verdicts}

    return call


def test_as_of_a_day(balance: Balance) -> None:
    """By 2016-06-30: R4, R1 reclaimed; N4, N5, N1 built."""
    found = balance(AS_OF="2016-06-30")
    assert (found["RECLAIMED_M2"], found["ADDED_M2"], found["ADDED_LINKED_M2"]) == (18000.0, 12000.0, 10000.0)
    assert (found["CULTIVATED_GAIN_M2"], found["CULTIVATED_LOSS_M2"]) == (18000.0, 11840.0)
    assert (found["lines"]["construction_after_m2"], found["lines"]["cultivated_after_m2"]) == (110400.0, 486220.0)


def test_built_before_acceptance(balance: Balance) -> None:
    """R4 accepted after N2 is used: the overlap is neither reclaimed nor new construction (00-supplement 1.4 no. 3)."""
    late = changed("reclaim", "R4", acc_date="2017-06-30", cred_date="2017-07-31", phase=2017)
    found = balance(RECLAIM=memory_layer(late))
    assert (found["RECLAIMED_M2"], found["ADDED_M2"], found["ADDED_LINKED_M2"]) == (29900.0, 22500.0, 17500.0)
    assert (found["CULTIVATED_GAIN_M2"], found["CULTIVATED_LOSS_M2"]) == (26500.0, 20840.0)
    assert found["lines"]["construction_after_m2"] == 109000.0
    assert found["lines"]["reused_m2"] == 2500.0
    assert found["verdicts"]["not_on_accepted_reclaim"]["result"] == "pass"
    # 2016-03-31: R1 8 000 - N1 10 000.
    assert (found["verdicts"]["reclaim_first"]["result"], found["verdicts"]["reclaim_first"]["left"]) == (
        "fail",
        -2000.0,
    )


def test_less_accepted_than_planned(balance: Balance) -> None:
    """R4 accepted with 9 000 of 10 000: credit is what was accepted (no. 9)."""
    found = balance(RECLAIM=memory_layer(changed("reclaim", "R4", acc_m2=9000.0)))
    assert found["lines"]["credit_m2"] == 31400.0
    assert found["lines"]["reclaim_first_margin_m2"] == 4500.0


def test_new_build_on_ridge_land_of_the_line(balance: Balance) -> None:
    """N3 on A6 (ridges 0.10): 5 000 gross, 4 500 net; a task is compared with net areas only (00-supplement 1.5)."""
    found = balance(NEWBUILD=memory_layer(changed("newbuild", "N3", box=(100, 200, 200, 250))))
    assert found["ADDED_M2"] == 25000.0
    assert found["CULTIVATED_LOSS_M2"] == 22840.0
    assert found["verdicts"]["farmland_task"]["left"] == 306500.0


@pytest.mark.parametrize(
    ("layer", "unknown"),
    [
        ("FARMLAND", ("newbuild_on_farmland", "farmland_task")),
        ("BOUNDARY", ("newbuild_inside_boundary",)),
        ("REDLINE", ("newbuild_in_redline", "newbuild_in_redline_level2")),
        ("TARGETS", ("construction_scale", "cultivated_target", "reclaim_task")),
    ],
)
def test_what_is_left_out_is_unknown(balance: Balance, layer: str, unknown: tuple[str, ...]) -> None:
    found = balance(**{layer: None})
    assert {rule: found["verdicts"][rule]["result"] for rule in unknown} == dict.fromkeys(unknown, "unknown")
    assert found["BALANCED"] == 0


def test_no_grades_no_quality(balance: Balance) -> None:
    """Without any grade quality is unknown, never computed from 0 (00-supplement 1.6)."""
    parcels = layers()["parcels"]
    at = list(parcels.kinds).index("GDDB")
    bare = replace(parcels, rows=tuple((*row[:at], None, *row[at + 1 :]) for row in parcels.rows))
    found = balance(INPUT=memory_layer(bare))
    assert found["verdicts"]["quality_not_worse"]["result"] == "unknown"
    assert found["lines"]["grade_base"] is None
    assert found["lines"]["productivity_occupied_kg"] is None
    assert found["CULTIVATED_GAIN_M2"] == 29000.0


def test_second_profile_has_the_same_areas(balance: Balance) -> None:
    """Rules differ between the profiles, areas do not."""
    found = balance(PROFILE="territorial-2021")
    assert (found["RECLAIMED_M2"], found["ADDED_M2"]) == (32400.0, 25000.0)
    assert (found["CULTIVATED_GAIN_M2"], found["CULTIVATED_LOSS_M2"]) == (29000.0, 23340.0)


def test_a_sliver_between_two_lines(run: Any, township: dict[str, Any]) -> None:
    """The boundary drawn 0.2 m into F4: 200 x 0.2 = 40 m2, narrower than a sliver: listed, not counted."""
    boundary = Layer("开发边界", "name:string", (("D1",),), (rectangle(700, 0, 1000, 280.2),))
    result = run(
        "redlineconflicts",
        FARMLAND=township["farmland"],
        BOUNDARY=memory_layer(boundary),
        AREA_METHOD=2,
        OUTPUT="memory:",
    )
    (row,) = rows(result["OUTPUT"])
    assert (row["kind"], row["area_m2"], row["sliver"]) == ("farmland_boundary", 40.0, 1)
    assert (result["FARMLAND_BOUNDARY_M2"], result["SLIVERS"], result["SLIVER_M2"]) == (0.0, 1, 40.0)
    assert result["NEWBUILD_FARMLAND_M2"] is None


def test_years_swapped_are_refused(run: Any, township: dict[str, Any]) -> None:
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="2014"):
        run(
            "selfcheck",
            BEFORE=township["parcels_next"],
            AFTER=township["parcels"],
            AREA_METHOD=2,
            OUTPUT="memory:",
        )


def test_villages_gone_without_a_concordance(run: Any, township: dict[str, Any]) -> None:
    """Without the concordance merged villages are said, land is not lost: only the sub-totals differ."""
    result = run(
        "selfcheck",
        BEFORE=township["parcels"],
        AFTER=township["parcels_next"],
        AREA_METHOD=2,
        OUTPUT="memory:",
        FINDINGS="memory:",
    )
    assert (result["TOTAL_M2"], result["ONLY_BEFORE_M2"], result["ONLY_AFTER_M2"]) == (800000.0, 0.0, 0.0)
    said = " ".join(row["message"] for row in rows(result["FINDINGS"]))
    assert "320582100202" in said

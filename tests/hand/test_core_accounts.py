"""The hand-worked township taken through core: accounts of construction land, cultivated land, quality and time.

Every figure on the right was worked out with a calculator from the domain documents (``derivation.md``).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hand import township as drawn
from tests.hand.core_side import ACCOUNT_LINE, balance_of, off, survey


def test_the_drawing_adds_up() -> None:
    """40 parcels without gap or overlap, and the villages they state."""
    import shapely

    assert len(drawn.PARCELS) == 40
    shapes = [shapely.box(*drawn.box(row)) for row in drawn.PARCELS]
    assert sum(drawn.area(*drawn.box(row)) for row in drawn.PARCELS) == 800_000
    assert shapely.union_all(shapes).equals(shapely.box(0, 0, 1000, 800))
    by_village = {row[0]: drawn.area(*drawn.box(row)) for row in drawn.VILLAGES}
    for code, area in by_village.items():
        assert sum(drawn.area(*drawn.box(row)) for row in drawn.PARCELS if row[6] == code) == area


@pytest.fixture(scope="module")
def plan() -> Any:
    return balance_of(survey())


class TestCore:
    """What core says of the drawing."""

    def test_accounts_of_every_unit(self, plan: Any, expected: dict[str, Any]) -> None:
        wrong = [
            error
            for unit, figures in expected["units"].items()
            for name, want in figures.items()
            for error in off(plan.accounts.value(ACCOUNT_LINE[name], unit), want, f"{unit} {name}")
        ]
        assert wrong == []

    def test_new_construction_by_source(self, plan: Any, expected: dict[str, Any]) -> None:
        for source, want in expected["added_by_source"].items():
            if source != "stock":
                assert plan.accounts.value(f"added_{source}_m2") == want
        assert plan.accounts.value("stock_m2") == expected["stock_reused"]

    def test_occupied_land(self, plan: Any, expected: dict[str, Any]) -> None:
        assert plan.accounts.value("cultivated_loss_construction_m2") == expected["lost_to_construction"]
        assert plan.accounts.value("cultivated_loss_other_m2") == expected["lost_to_other"]
        assert plan.accounts.value("newbuild_agricultural_m2") == expected["occupied_agricultural"]

    def test_quality(self, plan: Any, expected: dict[str, Any]) -> None:
        quality = expected["quality"]
        wrong = [
            *off(plan.accounts.value("grade_base"), quality["grade_before"][""], "grade_base"),
            *off(plan.accounts.value("grade_after"), quality["grade_after"][""], "grade_after"),
            *off(plan.accounts.value("grade_supplement"), quality["grade_supplement"], "grade_supplement"),
            *off(plan.accounts.value("grade_occupied"), quality["grade_occupied"], "grade_occupied"),
        ]
        assert wrong == []

    def test_balance_of_quota_by_year(self, plan: Any, expected: dict[str, Any]) -> None:
        found = {year.year: [year.credit / 100, year.debit / 100] for year in plan.years}
        assert found == {year: row[:2] for year, row in expected["by_year"].items()}
        assert plan.years[-1].balance == 1_240_000

    def test_smallest_balance(self, plan: Any, expected: dict[str, Any]) -> None:
        """Looked at whenever something is used: 2016-09-30 in both accounts."""
        assert plan.accounts.value("reclaim_first_margin_m2") == min(row[1] for row in expected["time_linked"])
        assert plan.accounts.value("cultivated_first_margin_m2") == min(row[1] for row in expected["time_cultivated"])

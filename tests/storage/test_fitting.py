"""Values brought into the width and decimals of a standard: refused, rounded or kept as a printed form would do it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.schema import StandardField, StandardLayer
from three_opt_three_protect.core.tables import Kind, LayerTable, integer, real, text
from three_opt_three_protect.storage.fitting import fit


def standard(field: StandardField) -> StandardLayer:
    return StandardLayer("a.T", "a", "T", "表", "", "table", (field,))


def table(column: object) -> LayerTable:
    return LayerTable("表", np.array([5]), None, {"X": column})


@given(st.floats(-100000, 100000), st.integers(1, 8), st.integers(1, 3))
def test_a_real_fits_when_it_can_be_printed(value: float, width: int, decimals: int) -> None:
    width = max(width, decimals + 2)
    field = StandardField("X", "数", Kind.REAL, width=width, decimals=decimals)
    rounded = round(value * 10**decimals) / 10**decimals + 0.0
    if len(f"{rounded:.{decimals}f}") > width:
        with pytest.raises(InputError, match="number_too_wide"):
            fit(standard(field), table(real([value])))
        return
    fitted = fit(standard(field), table(real([value])))
    got = fitted.table.column("X").values[0]
    assert f"{got:.{decimals}f}" == f"{rounded:.{decimals}f}"
    assert (fitted.rounded == {"X": 1}) == (abs(got - value) > 1e-3 * 10.0**-decimals)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10))
def test_a_whole_number_fits_when_it_can_be_printed(value: int, width: int) -> None:
    field = StandardField("X", "数", Kind.INT, width=width)
    if len(str(value)) > width:
        with pytest.raises(InputError, match="number_too_wide"):
            fit(standard(field), table(integer([value])))
        return
    assert fit(standard(field), table(integer([value]))).table.column("X").values.tolist() == [value]


def test_rounding_is_counted_and_noise_is_not() -> None:
    field = StandardField("X", "数", Kind.REAL, width=15, decimals=2)
    rows = LayerTable("表", np.arange(3), None, {"X": real([0.1 + 0.2, 12.345678, np.nan])})
    fitted = fit(standard(field), rows)
    assert fitted.table.column("X").values[:2].tolist() == [0.3, 12.35]
    assert np.isnan(fitted.table.column("X").values[2])
    assert fitted.rounded == {"X": 1}


def test_three_places_with_two_decimals_hold_a_half() -> None:
    """KCBL of the second survey is printed as 3.2 and holds 0.50, four characters."""
    field = StandardField("X", "扣除比例", Kind.REAL, width=3, decimals=2)
    assert fit(standard(field), table(real([0.5]))).table.column("X").width == 4
    with pytest.raises(InputError, match="number_too_wide"):
        fit(standard(field), table(real([10.0])))


def test_text_keeps_its_blanks_and_zeros() -> None:
    field = StandardField("X", "代码", Kind.TEXT, width=6)
    assert fit(standard(field), table(text([" 0101 "]))).table.column("X").values.tolist() == [" 0101 "]


def test_what_the_layer_lacks_is_empty() -> None:
    fields = tuple(StandardField(kind.value, "", kind, width=8) for kind in (Kind.TEXT, Kind.INT, Kind.REAL, Kind.DATE))
    fitted = fit(StandardLayer("a.T", "a", "T", "表", "", "table", fields), table(text(["x"])))
    assert fitted.absent == ("text", "int", "real", "date")
    assert fitted.left_out == ("X",)
    assert [column.is_missing.tolist() for column in fitted.table.columns.values()] == [[True]] * 4

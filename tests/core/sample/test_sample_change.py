"""What is planted is really there, and listed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.sample.classes import CULTIVATED, NAMES
from three_opt_three_protect.core.sample.defects import bow_tie
from three_opt_three_protect.storage.rulebook import load_rules


@pytest.fixture(scope="module")
def spoilt():
    return draw_township(seed=1, parcels=1000, defects=1)


def listed(layers):
    table = layers["planted"]
    fields = ("kind", "layer", "plot_id", "parcel_id", "area_m2")
    return list(zip(*(table.column(field).values for field in fields)))


def planted_rows(layers):
    """Kind → row of the parcel it was planted in."""
    return {
        kind: int(parcel) - 1
        for kind, layer, _, parcel, _ in listed(layers)
        if layer == "parcels" and parcel and kind != "consequence"
    }


def test_every_change_is_listed(large):
    before, after = large["parcels"], large["parcels_next"]
    old, new = before.column("DLBM").values, after.column("DLBM").values
    changed = np.flatnonzero(old != new)
    reclaim, newbuild = large["reclaim"], large["newbuild"]
    done = {"R": reclaim, "N": newbuild}
    plots = {plot for kind, _, plot, _, _ in listed(large) if plot and "not_started" not in kind}
    free = {int(parcel) - 1 for _, _, _, parcel, _ in listed(large) if parcel}
    shapes = []
    for plot in plots:
        table = done[plot[0]]
        shapes.append(table.shapes[list(table.column("plot_id").values).index(plot)])
    ground = shapely.union_all(shapes).buffer(0.01)
    for row in changed:
        assert row in free or ground.covers(before.shapes[row])
    assert len(changed) > 50
    assert free <= set(changed.tolist())
    assert (after.column("SJNF").values == before.column("SJNF").values + 2).all()


def test_plots_that_were_not_started_did_not_change(large):
    before, after = large["parcels"], large["parcels_next"]
    table = large["reclaim"]
    untouched = [plot for kind, _, plot, _, _ in listed(large) if kind == "reclaim_not_started"]
    assert untouched
    for plot in untouched:
        shape = table.shapes[list(table.column("plot_id").values).index(plot)]
        rows = shapely.covered_by(before.shapes, shape)
        assert (before.column("DLBM").values[rows] == after.column("DLBM").values[rows]).all()


def test_second_year_obeys_the_survey_rules(large):
    table = large["parcels_next"]
    codes = table.column("DLBM").values
    farmed = np.array([code in CULTIVATED for code in codes])
    np.testing.assert_array_equal(table.column("GDDB").is_missing, ~farmed)
    assert all(NAMES[code] == name for code, name in zip(codes, table.column("DLMC").values))


def test_one_conversion_on_farmland(large):
    rows = [int(parcel) - 1 for kind, _, _, parcel, _ in listed(large) if kind == "unplanned_on_farmland"]
    assert len(rows) == 1
    shape = large["parcels"].shapes[rows[0]]
    assert shape.intersection(shapely.union_all(large["farmland"].shapes)).area > 0.4 * shape.area
    assert large["parcels_next"].column("DLBM").values[rows[0]] == "0601"


def test_shape_defects(spoilt):
    parcels = spoilt["parcels"]
    row = planted_rows(spoilt)
    assert not parcels.shapes[row["bow_tie"]].is_valid
    assert parcels.shapes[row["null_geometry"]] is None
    known = np.array([shape is not None and shape.is_valid for shape in parcels.shapes])
    for kind, more in (("overlap", True), ("gap", False)):
        shape = parcels.shapes[row[kind]]
        others = parcels.shapes[known & (np.arange(len(known)) != row[kind])]
        shared = shapely.area(shapely.intersection(others, shape)).sum()
        assert (shared > 100) == more
    assert (~known).sum() == 2


def test_field_defects(spoilt, small):
    good, bad = small["parcels"], spoilt["parcels"]
    row = planted_rows(spoilt)
    value = {field: column.values for field, column in bad.columns.items()}
    assert value["DLBM"][row["unknown_code"]] not in NAMES
    assert value["DLBM"][row["missing_code"]] is None
    assert value["DLMC"][row["code_name_mismatch"]] != NAMES[value["DLBM"][row["code_name_mismatch"]]]
    true_area = good.column("TBMJ").values[row["wrong_area"]]
    assert value["TBMJ"][row["wrong_area"]] == pytest.approx(1.2 * true_area, abs=0.01)
    assert (value["BSM"] == value["BSM"][row["duplicate_id"]]).sum() == 2
    assert value["KCXS"][row["ridge_rate_range"]] >= 1
    assert bad.column("GDDB").is_missing[row["grade_missing"]]
    assert value["ZLDWDM"][row["village_mismatch"]] not in set(good.column("ZLDWDM").values)
    # everything else is as it was
    assert len(bad) == len(good) + 1
    for field, column in good.columns.items():
        differ = np.flatnonzero([one != other and one == one for one, other in zip(column.values, value[field])])
        assert set(differ.tolist()) <= set(row.values())


def test_plot_defects(spoilt, small):
    shape = {
        plot: spoilt[layer].shapes[list(spoilt[layer].column("plot_id").values).index(plot)]
        for _, layer, plot, _, _ in listed(spoilt)
        if plot and plot.startswith("X")
    }
    assert shape["X001"].within(shapely.union_all(spoilt["farmland"].shapes).buffer(0.01))
    assert shape["X002"].disjoint(spoilt["township"].shapes[0])
    assert shape["X003"].intersection(small["reclaim"].shapes[0]).area > 100
    assert len(spoilt["newbuild"]) == len(small["newbuild"]) + 4


def test_every_defect_names_the_rule_meant_and_what_follows_from_it(spoilt):
    table = spoilt["planted"]
    rows = list(zip(*(table.column(name).values for name in ("kind", "rule", "meant"))))
    known = load_rules()
    assert {rule for _, rule, _ in rows if rule is not None} <= set(known)
    meant = {rule for _, rule, direct in rows if rule is not None and direct}
    follows = {rule for _, rule, direct in rows if not direct}
    assert len(meant) >= 24
    assert {"overlap", "gap", "sum_geometry", "sum_control", "year_area"} <= follows


def test_bow_tie_crosses_itself():
    assert not bow_tie(shapely.box(0, 0, 4, 3)).is_valid

"""The sample township's balance by other routes than core's.

Measured: GeoPandas overlays reclaim and new-build plots with the parcels (no lines, no shared engine);
areas come from an implementation of the official formula of its own through pyproj and are not rounded;
the sums are written out below.  They differ from core's by what rounding and apportioning move: at most
0.01 m² a piece.

Apportioned: the same parcels are cut by the lines and by the plots one after another with plain shapely,
every piece is rounded to 0.01 m² and the difference to the recorded area dealt out by the step rule of
04-area 4.6, written out again here.  These sums are the accounts, to 0.01 m².
"""

from __future__ import annotations

import decimal
import math
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.files import Options, balance_plan
from three_opt_three_protect.storage.profiles import load_profile

geopandas = pytest.importorskip("geopandas")
pyproj = pytest.importorskip("pyproj")

A, F = 6378137.0, 1 / 298.257222101
E2 = F * (2 - F)
COEFFICIENTS = (
    1 + E2 / 2 + 3 / 8 * E2**2 + 5 / 16 * E2**3 + 35 / 128 * E2**4,
    E2 / 6 + 3 / 16 * E2**2 + 3 / 16 * E2**3 + 35 / 192 * E2**4,
    3 / 80 * E2**2 + 1 / 16 * E2**3 + 5 / 64 * E2**4,
    1 / 112 * E2**3 + 5 / 256 * E2**4,
    5 / 2304 * E2**4,
)
ORIGIN = np.array([40_550_000.0, 3_460_000.0])
INVERSE = pyproj.Transformer.from_crs("EPSG:4528", "EPSG:4490", always_xy=True)

# third survey classes of the sample, by hand
CULTIVATED = {"0101", "0102", "0103"}
AGRICULTURAL = CULTIVATED | {
    "0201", "0202", "0203", "0204", "0301", "0302", "0305", "0307", "0401", "1006", "1103", "1104", "1107", "1202",
    "1203",
}  # fmt: skip
UNUSED = {"0403", "0404", "1101", "1102", "1105", "1106", "1110", "1204", "1205", "1206", "1207"}
KEPT = {"1001", "1002", "1003", "1005", "1007", "1008", "1009", "1109", "0809"}


def ring_area(points: List[Tuple[float, float]]) -> float:
    lon, lat = (np.radians(values) for values in INVERSE.transform(*np.array(points).T))
    total = 0.0
    b2 = (A * (1 - F)) ** 2
    for k in range(len(lon) - 1):
        h, m = (lat[k + 1] - lat[k]) / 2, (lat[k + 1] + lat[k]) / 2
        series = sum(
            (-1) ** n * c * math.sin((2 * n + 1) * h) * math.cos((2 * n + 1) * m) for n, c in enumerate(COEFFICIENTS)
        )
        total += 2 * b2 * ((lon[k] + lon[k + 1]) / 2 - lon[0]) * series
    return abs(total)


def official(shape: Any) -> float:
    """m², of a polygon or its parts."""
    parts = getattr(shape, "geoms", [shape])
    return sum(
        ring_area(list(part.exterior.coords)) - sum(ring_area(list(hole.coords)) for hole in part.interiors)
        for part in parts
        if part.geom_type == "Polygon"
    )


def frame(table: LayerTable, prefix: str) -> Any:
    columns = {f"{prefix}_{name}": column.values for name, column in table.columns.items()}
    return geopandas.GeoDataFrame(columns, geometry=list(table.shapes), crs="EPSG:4528")


@pytest.fixture(scope="module")
def layers() -> Mapping[str, LayerTable]:
    return draw_township(1, 1500, years=1)


@pytest.fixture(scope="module")
def held(layers: Mapping[str, LayerTable]) -> Balance:
    return balance_plan(layers, Options(load_profile("suzhou-2014"), snap=0.0))[1]


def parts(layers: Mapping[str, LayerTable], role: str) -> Any:
    cut = geopandas.overlay(frame(layers[role], "plot"), frame(layers["parcels"], "parcel"), keep_geom_type=False)
    cut["area"] = [official(shape) for shape in cut.geometry]
    cut["net"] = cut["area"] * (1 - np.nan_to_num(cut["parcel_KCXS"].astype(float)))
    code = cut["parcel_DLBM"].astype(str).str.slice(0, 4)
    cut["code"] = code
    cut["construction"] = ~code.isin(AGRICULTURAL | UNUSED)
    cut["cultivated"] = code.isin(CULTIVATED)
    return cut[cut["area"] > 1e-4]


def test_the_two_measures_agree(layers: Mapping[str, LayerTable]) -> None:
    recorded = layers["parcels"].column("TBMJ").values
    own = np.array([official(shape) for shape in layers["parcels"].shapes])
    assert np.abs(recorded - own).max() <= 0.005 + 1e-4


def test_sample_is_what_this_route_assumes(layers: Mapping[str, LayerTable]) -> None:
    """No plot over another, and reclaim and new-build apart: then no piece has two stories."""
    plots = np.concatenate([layers["reclaim"].shapes, layers["newbuild"].shapes])
    assert shapely.area(plots).sum() == pytest.approx(shapely.area(shapely.union_all(plots)), abs=0.01)


def test_balance_by_hand(layers: Mapping[str, LayerTable], held: Balance) -> None:
    out, new = parts(layers, "reclaim"), parts(layers, "newbuild")
    base = frame(layers["parcels"], "parcel")
    code = base["parcel_DLBM"].astype(str).str.slice(0, 4)
    mine: Dict[str, float] = {
        "construction_base_m2": base["parcel_TBMJ"][~code.isin(AGRICULTURAL | UNUSED)].sum(),
        "cultivated_base_m2": base["parcel_TBDLMJ"][code.isin(CULTIVATED)].sum(),
        "total_m2": base["parcel_TBMJ"].sum(),
    }
    # R: construction land of reclaim plots, but for trunk roads and works
    taken = out["construction"] & ~out["code"].isin(KEPT)
    mine["reclaimed_m2"] = out["area"][taken].sum()
    mine["not_counted_m2"] = out["area"][~out["construction"]].sum()
    # N, stock, Z: all new-build plots of the sample but farm roads end as construction land
    stays = new["plot_cls_after"].astype(str).isin({"1006"})
    mine["added_m2"] = new["area"][~new["construction"] & ~stays].sum()
    mine["stock_m2"] = new["area"][new["construction"]].sum()
    mine["cultivated_loss_m2"] = new["net"][new["cultivated"]].sum()
    mine["cultivated_loss_construction_m2"] = new["net"][new["cultivated"] & ~stays].sum()
    mine["released_m2"] = new["area"][new["construction"] & stays].sum()
    mine["net_reduction_m2"] = mine["reclaimed_m2"] - mine["added_m2"]
    mine["construction_after_m2"] = mine["construction_base_m2"] - mine["net_reduction_m2"] - mine["released_m2"]
    compared = {line: (held.accounts.value(line), value) for line, value in mine.items()}
    pieces = len(out) + len(new)
    for line, (core, value) in compared.items():
        assert core == pytest.approx(value, abs=0.01 * math.sqrt(pieces) + 0.01), line
    # what is recorded is not measured: equal to the last digit
    for line in ("construction_base_m2", "cultivated_base_m2", "total_m2"):
        assert round(compared[line][0], 2) == round(compared[line][1], 2)


def test_new_cultivated_land_by_hand(layers: Mapping[str, LayerTable], held: Balance) -> None:
    """F plot by plot: rate × area (or the default of the construction land) minus the fields already there."""
    out = parts(layers, "reclaim")
    redline = shapely.union_all(layers["redline"].shapes)
    total = 0.0
    for plot_id, plot in out.groupby("plot_plot_id"):
        inside = plot.geometry.intersects(redline) & (plot.geometry.intersection(redline).area > 1e-3)
        direction = plot["plot_direction"].iloc[0]
        before = plot["net"][plot["cultivated"]].sum()
        if direction not in (None, "cultivated"):
            total -= before
            continue
        assert not inside.any(), f"{plot_id} lies in the redline: this route does not cut by it"
        kept = plot["code"].isin(KEPT)
        rate = plot["plot_rate"].iloc[0]
        built = plot["area"][plot["construction"] & ~kept].sum()
        if np.isnan(rate):
            factory = plot["area"][plot["code"].isin({"0601", "0602", "0508"})].sum() * 2 > built
            share = 0.75 if factory else 0.90 if built >= 10_000 else 0.85
            after = share * built + before
        else:
            after = rate * plot["area"][~kept].sum()
        total += min(after, plot["area"][~kept].sum()) - before
    assert held.accounts.value("cultivated_gain_m2") == pytest.approx(total, abs=0.01 * math.sqrt(len(out)) + 0.01)


def test_one_plot_to_the_cent(layers: Mapping[str, LayerTable], held: Balance) -> None:
    """The evidence of R, plot by plot, against the sums of this route."""
    out = parts(layers, "reclaim")
    taken = out[out["construction"] & ~out["code"].isin(KEPT)]
    mine = taken.groupby("plot_plot_id")["area"].agg(["sum", "count"])
    rows = held.evidence["reclaimed_m2"]
    for plot_id in mine.index:
        core = float(to_m2(rows.area[rows.plot_id == plot_id].sum()))
        assert core == pytest.approx(mine.loc[plot_id, "sum"], abs=0.01 * mine.loc[plot_id, "count"]), plot_id


# --- apportioned: the accounts to 0.01 m² ------------------------------------------------------------


def half_up(value: float) -> int:
    """Hundredths, half away from zero."""
    return int(decimal.Decimal(repr(value)).scaleb(2).quantize(decimal.Decimal(1), decimal.ROUND_HALF_UP))


def stepped(units: List[int], sizes: List[float], control: int) -> List[int]:
    """04-area 4.6: the difference to the control in equal steps of 0.01 m², larger pieces first."""
    difference = control - sum(units)
    each, rest = divmod(abs(difference), len(units))
    out = list(units)
    for rank, row in enumerate(sorted(range(len(units)), key=lambda row: -sizes[row])):
        out[row] += (1 if difference > 0 else -1) * (each + (rank < rest))
    return out


def cut(shape: Any, layer: List[Any]) -> List[Tuple[int, Any]]:
    """(row of the first zone that takes it or −1, part), specks left out."""
    found, rest = [], shape
    for row, zone in enumerate(layer):
        if zone.intersects(rest):
            found.append((row, rest.intersection(zone)))
            rest = rest.difference(zone)
    return [(row, part) for row, part in [*found, (-1, rest)] if part.area > 1e-6]


def dealt(parts: List[Any], area: int, deducted: int) -> List[Tuple[int, int]]:
    """(gross, net) hundredths of the parts of something with a recorded and a deducted area."""
    if len(parts) == 1:
        return [(area, area - deducted)]
    sizes = [official(shapely.transform(part, lambda xy: xy + ORIGIN)) for part in parts]
    gross = stepped([half_up(size) for size in sizes], sizes, area)
    minus = [half_up(units / 100 * deducted / area) for units in gross]
    minus = stepped(minus, [float(units) for units in gross], deducted)
    return [(units, units - off) for units, off in zip(gross, minus)]


@dataclass(frozen=True)
class Row:
    """A part of a parcel in a plot: class, row of the plots (−1 none), gross and net hundredths."""

    code: str
    reclaim: int
    newbuild: int
    gross: int
    net: int


@pytest.fixture(scope="module")
def rows(layers: Mapping[str, LayerTable]) -> List[Row]:
    # Near the origin plain shapely cuts exactly enough; the shift is a whole number and undone for measuring.
    def near(role: str) -> List[Any]:
        return list(shapely.transform(layers[role].shapes, lambda xy: xy - ORIGIN))

    redline = layers["redline"]
    level = np.array([str(word) for word in redline.column("level").values])
    shapes = np.array(near("redline"), dtype=object)
    first = np.isin(level, ("1", "一级管控区", "一级"))
    lines = [
        [shapely.union_all(near("farmland"))],
        [shapely.union_all(near("boundary"))],
        [shapely.union_all(shapes[first]), shapely.union_all(shapes[~first])],
        near("villages"),
        near("settlements"),
    ]
    reclaim, newbuild = near("reclaim"), near("newbuild")
    plots = shapely.union_all(reclaim + newbuild)
    parcels = layers["parcels"]
    found: List[Row] = []
    for row, shape in enumerate(near("parcels")):
        if not shape.intersects(plots):
            continue
        code = str(parcels.column("DLBM").values[row])[:4]
        recorded = half_up(float(parcels.column("TBMJ").values[row]))
        rate = float(np.nan_to_num(parcels.column("KCXS").values[row]))
        pieces = [shape]
        for layer in lines:
            pieces = [part for piece in pieces for _, part in cut(piece, layer)]
        for piece, (gross, net) in zip(pieces, dealt(pieces, recorded, half_up(recorded / 100 * rate))):
            ends = [(taken, built, last) for taken, part in cut(piece, reclaim) for built, last in cut(part, newbuild)]
            shares = dealt([last for _, _, last in ends], gross, gross - net)
            found += [Row(code, taken, built, *share) for (taken, built, _), share in zip(ends, shares)]
    return [row for row in found if row.reclaim >= 0 or row.newbuild >= 0]


def test_accounts_to_the_hundredth(layers: Mapping[str, LayerTable], held: Balance, rows: List[Row]) -> None:
    stays = [str(code) == "1006" for code in layers["newbuild"].column("cls_after").values]
    built = [row for row in rows if row.code not in AGRICULTURAL | UNUSED]
    fields = [row for row in rows if row.code in CULTIVATED]
    mine = {
        "reclaimed_m2": sum(row.gross for row in built if row.reclaim >= 0 and row.code not in KEPT),
        "kept_m2": sum(row.gross for row in built if row.reclaim >= 0 and row.code in KEPT),
        "not_counted_m2": sum(row.gross for row in rows if row.reclaim >= 0 and row not in built),
        "reclaim_plot_m2": sum(row.gross for row in rows if row.reclaim >= 0),
        "newbuild_plot_m2": sum(row.gross for row in rows if row.newbuild >= 0),
        "stock_m2": sum(row.gross for row in built if row.newbuild >= 0),
        "added_m2": sum(
            row.gross for row in rows if row.newbuild >= 0 and not stays[row.newbuild] and row not in built
        ),
        "cultivated_loss_m2": sum(row.net for row in fields if row.newbuild >= 0),
        "cultivated_loss_construction_m2": sum(
            row.net for row in fields if row.newbuild >= 0 and not stays[row.newbuild]
        ),
    }
    for line, units in mine.items():
        assert units > 0 or line == "kept_m2"
        assert held.accounts.value(line) == pytest.approx(units / 100, abs=0.01), line

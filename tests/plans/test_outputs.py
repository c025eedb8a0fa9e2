"""The table of sums: every combination once, and the sums exact."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, DefaultDict, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.plans.files import Options, overlay_layers
from three_opt_three_protect.plans.outputs import piece_layer, piece_summary
from three_opt_three_protect.storage.catalogue import load_profile

CRS = CrsInfo(
    "EPSG:4528",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
X, Y = 40_550_000, 3_460_000
KEYS = ("unit_code", "class_code", "land_group", "in_farm", "in_bound", "in_redline", "zone1")


def layer(name: str, shapes: Any, **columns: tables.Column) -> LayerTable:
    geometry = np.array(shapes, dtype=np.object_)
    return LayerTable(name, np.arange(11, 11 + len(geometry)), geometry, columns, CRS)


def test_the_sums_are_those_of_the_pieces() -> None:
    parcels = layer(
        "DLTB",
        [shapely.box(X + 10 * row, Y, X + 10 * row + 10, Y + 10) for row in range(6)],
        DLBM=tables.text(["0101", "0702", " 0101", "", None, "0101"]),
        ZLDWDM=tables.text(["320509100201000", "320509100202", "320509100201", None, "320509100201", "320509100201"]),
    )
    farmland = layer("YJJBNTTB", [shapely.box(X - 1, Y - 1, X + 25, Y + 11)])
    zones = layer("zones", [shapely.box(X - 1, Y - 1, X + 5, Y + 11), shapely.box(X + 5, Y - 1, X + 55, Y + 11)])
    survey = overlay_layers(parcels, {"farmland": farmland}, [zones], {}, Options(load_profile("suzhou-2014")))
    pieces, summary = piece_layer(survey.base, [zones.fid]), piece_summary(survey.base, [zones.fid])
    expected: DefaultDict[Tuple[Any, ...], list[float]] = defaultdict(lambda: [0, 0.0])
    for key, area in zip(rows(pieces), pieces.columns["area_m2"].values):
        expected[key][0] += 1
        expected[key][1] += area
    found = dict(zip(rows(summary), zip(summary.columns["pieces"].values, summary.columns["area_m2"].values)))
    assert {key: (count, round(area, 2)) for key, (count, area) in expected.items()} == found
    assert len(summary) == len(found) == 7
    assert [key[0] or "" for key in rows(summary)] == sorted(key[0] or "" for key in found), "by village first"
    assert {key[-1] for key in found} == {11, 12, None}
    assert {key[4] for key in found} == {None}, "the boundary was not given"
    assert pieces.columns["parcel_id"].values.tolist()[0] == "11", "no number stated: the feature id"


def rows(table: LayerTable) -> list[Tuple[Any, ...]]:
    columns = [table.columns[name] for name in KEYS]
    lists = [[None if gap else value for value, gap in zip(c.values.tolist(), c.is_missing)] for c in columns]
    return list(zip(*lists))

"""Layers that bind areas: which fields they need, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Sequence

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable, real, text
from three_opt_three_protect.plans.controls import GROSS, ControlSources, area_controls, fields_wanted
from three_opt_three_protect.plans.inputs import GUESSED, Source, survey_fields


def layer(name: str, shapes: Sequence[object], **columns: Any) -> LayerTable:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return LayerTable(name, np.arange(1, len(shapes) + 1), geometry, columns)


LINE, POINT = shapely.LineString([(0, 0), (9, 0)]), shapely.Point(0, 0)


def test_nothing_given() -> None:
    found = area_controls(ControlSources(), {"unit_code": "ZLDWDM"})
    assert (found.villages, found.township_m2, found.lines, found.points) == (None, None, None, None)
    assert not found.ridges_of_gross
    assert fields_wanted(False, False) == frozenset()


def test_fields_by_standard_names_and_as_chosen() -> None:
    table = LayerTable(
        "CJDCQ", np.array([1]), None, {name: real([1.0]) for name in ("KZMJ", "DCMJ", "MJ")} | {"ZLDWDM": text(["3"])}
    )
    found = area_controls(ControlSources(Source(table), 9.0, tk_base=GROSS), {})
    assert found.villages == (table, {"unit_code": "ZLDWDM", "control_area": "DCMJ"})
    assert (found.township_m2, found.ridges_of_gross) == (9.0, True)
    chosen = area_controls(ControlSources(Source(table, {"control_area": "MJ"})), {})
    assert chosen.villages is not None
    assert chosen.villages[1]["control_area"] == "MJ"


@pytest.mark.parametrize(
    ("villages", "features", "expected"),
    [
        (False, False, ["DLBM", "ZLDWDM"]),
        (True, False, ["DLBM", "ZLDWDM", "MSSM"]),
        (False, True, ["TBBH", "DLBM", "ZLDWDM", "QSDWDM", "XZDWMJ", "LXDWMJ"]),
    ],
)
def test_fields_of_parcels(villages: bool, features: bool, expected: Sequence[str]) -> None:
    names = ["TBBH", "DLBM", "ZLDWDM", "QSDWDM", "XZDWMJ", "LXDWMJ", "MSSM", "TBMJ"]
    found = survey_fields(names, "parcels", {}, GUESSED | fields_wanted(villages, features))
    assert sorted(found) == sorted(expected)


def test_fields_of_features() -> None:
    lines = ["KCTBDWDM1", "KCTBBH1", "KCTBDWDM2", "KCTBBH2", "KCBL", "CD", "KD", "XZDWMJ", "DLBM"]
    assert sorted(survey_fields(lines, "lines", {})) == sorted(lines[:-1])
    assert survey_fields(["QSDWDM", "ZLTBBH", "MJ", "DLBM"], "points", {}) == ["MJ", "QSDWDM", "ZLTBBH"]


@pytest.mark.parametrize(
    ("role", "shape", "message"),
    [
        ("lines", POINT.buffer(1), "lines_needed"),
        ("points", LINE, "points_needed"),
        ("lines", None, ""),
        ("lines", LINE, ""),
        ("points", POINT, ""),
    ],
)
def test_other_geometry_is_refused(role: str, shape: object, message: str) -> None:
    given = ControlSources(**{role: Source(layer("地物", [shape]))})
    if not message:
        assert getattr(area_controls(given, {}), role)[0].name == "地物"
        return
    with pytest.raises(InputError) as error:
        area_controls(given, {})
    assert (error.value.message_id, error.value.values) == (message, {"layer": "地物"})


def test_a_table_is_no_layer_of_lines() -> None:
    with pytest.raises(InputError, match="lines_needed"):
        area_controls(ControlSources(lines=Source(replace(layer("XZDW", [LINE]), geometry=None))), {})


def test_features_nowhere_lose_their_place() -> None:
    lost = shapely.LineString([(0, 0), (np.inf, 0)])
    found = area_controls(ControlSources(lines=Source(layer("XZDW", [LINE, lost, None]))), {})
    assert found.lines is not None
    assert [shape is None for shape in found.lines[0].shapes] == [False, True, True]


def test_no_villages() -> None:
    with pytest.raises(InputError, match="empty_layer"):
        area_controls(ControlSources(Source(layer("CJDCQ", []))), {})

"""Line and point features of the second survey: whether they are there, and whether their parcels are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest

from tests.core.quality.rulecase import case_of, layer, parcels, run
from three_opt_three_protect.core.quality.case import LAYER, Case

HUAI, PU = "3205991012010000000", "3205991012020000000"


def surveyed(*areas: Optional[float], system: str = "second_survey", **others: Case) -> Case:
    """Parcels with so much of lines taken off, None = no such field."""
    changes: Sequence[Mapping[str, Any]] = [{} if area is None else {"XZDWMJ": area, "LXDWMJ": 0.0} for area in areas]
    case = case_of(layer(parcels(*changes)), system=system)
    return replace(case, others={name: other.layer for name, other in others.items()})


def lines(*rows: Dict[str, Any]) -> Case:
    return case_of(layer(list(rows), "XZDW"), "lines")


def test_lines_taken_off_and_not_given() -> None:
    (found,) = run("features_missing", surveyed(20.0, 0.0, 5.5))
    assert found.rows.tolist() == [LAYER]
    assert (found.column, found.values["missing"]) == ("XZDWMJ", "XZDW")
    assert found.measure is not None
    assert found.measure.tolist() == [25.5]
    assert run("features_missing", surveyed(20.0, lines=lines({"KCTBBH1": "0001"}))) == []
    assert run("features_missing", surveyed(0.0, 0.0)) == []
    assert run("features_missing", surveyed(20.0, system="third_survey")) == []


def test_parcels_that_do_not_say_what_was_taken_off() -> None:
    found = run("features_missing", surveyed(None))
    assert [each.values["missing"] for each in found] == ["XZDW", "LXDW"]
    assert [np.isnan(each.measure).all() for each in found if each.measure is not None] == [True, True]


def on_parcels(role: str, rows: List[Dict[str, Any]]) -> Case:
    """Features beside parcels 0001 and 0002 of one village, owned by another village's unit."""
    case = case_of(layer(rows, "XZDW"), role)
    beside = case_of(layer(parcels({"QSDWDM": PU, "ZLDWDM": HUAI}, {"QSDWDM": HUAI, "ZLDWDM": HUAI})))
    return replace(case, others={"parcels": beside.layer})


def line(left: Optional[str], right: Optional[str], unit: str = HUAI, other: str = HUAI) -> Dict[str, Any]:
    return {"KCTBBH1": left, "KCTBDWDM1": unit, "KCTBBH2": right, "KCTBDWDM2": other}


def test_lines_name_parcels_that_are() -> None:
    sound = [line("0001", "0002"), line("0002", None), line("0001", "0002", unit=PU), line("0001", "9", other="320600")]
    assert run("feature_parcel_unknown", on_parcels("lines", sound)) == []
    found = run("feature_parcel_unknown", on_parcels("lines", [*sound, line("0007", "0002"), line("0001", "0008")]))
    assert [(each.rows.tolist(), each.column, each.values["value"].tolist()) for each in found] == [
        ([4], "KCTBBH1", ["0007"]),
        ([5], "KCTBBH2", ["0008"]),
    ]
    assert found[0].values["unit"].tolist() == [HUAI[:12]]


@pytest.mark.parametrize(("number", "wrong"), [("0001", False), ("0003", True), (None, False)])
def test_points_name_parcels_that_are(number: Optional[str], wrong: bool) -> None:
    found = run("feature_parcel_unknown", on_parcels("points", [{"ZLTBBH": number, "ZLDWDM": HUAI}]))
    assert [each.rows.tolist() for each in found] == [[0]] * wrong


def test_no_features_at_all() -> None:
    empty = layer([line("0001", None)], "XZDW")
    case = on_parcels("lines", [line("0001", None)])
    nothing = replace(case.layer, table=empty.take(np.zeros(0, dtype=np.int64)))
    assert run("feature_parcel_unknown", replace(case, layer=nothing)) == []

"""Base conversion: which class counts, and why (00-supplement 1.3)."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import numpy as np
import pytest

from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.conversion import BEFORE, CONSTRUCTION, Statement
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.storage.catalogue import load_class_system

STRIPS = [
    # 100 m high each: paddy 1 000, village 2 000, pond 500 m²
    {"shape": (0, 0, 10, 100), "class_code": "0101", "unit_code": "320509100201"},
    {"shape": (10, 0, 30, 100), "class_code": "0702", "unit_code": "320509100201"},
    {"shape": (30, 0, 35, 100), "class_code": "1104", "unit_code": "320509100201"},
]


def layer(kit: Any, effect: str, rows: Sequence[Any], codes: Sequence[Optional[str]]) -> Areas:
    """Polygons and what is stated of each."""
    table = kit.layer("转换", [{"shape": shape, "class_before": code} for shape, code in zip(rows, codes)])
    stated = Factor.of(np.array(codes, dtype=object))
    said = Statement(effect, stated, load_class_system("third_survey").classify(stated), table)
    return Areas(table.shapes, np.arange(len(rows), dtype=np.int64), statement=said)


def test_built_without_approval_counts_as_what_was_there(kit: Any) -> None:
    base = kit.base(STRIPS, illegal_built=layer(kit, BEFORE, [(5, 0, 15, 100)], ["0101"]))
    # only the part that the survey shows as built is converted
    assert base.area[base.converted].sum() == 500_00
    assert set(base.class_base.values[base.converted]) == {"0101"}
    assert base.cultivated_net.sum() == 1500_00
    assert base.area[base.group == LandGroup.CONSTRUCTION].sum() == 1500_00
    assert not base.unclear.any()


def test_a_class_before_that_is_not_stated_is_unknown_and_said(kit: Any) -> None:
    base = kit.base(STRIPS, temporary=layer(kit, BEFORE, [(10, 0, 12, 100), (20, 0, 22, 100)], ["0103", None]))
    assert base.area[base.unclear].sum() == 200_00
    (found,) = base.report.findings
    assert (found.id, found.values["features"], found.values["count"]) == ("class_before_missing", "2", 1)


def test_the_approved_use_is_the_base_class(kit: Any) -> None:
    base = kit.base(STRIPS, approved_unbuilt=layer(kit, CONSTRUCTION, [(0, 0, 10, 50)], ["0601"]))
    assert base.class_base.values[base.converted].tolist() == ["0601"]
    assert base.area[base.group == LandGroup.CONSTRUCTION].sum() == 2500_00


@pytest.mark.parametrize(("approved", "expected"), [(True, "approved_unbuilt"), (False, "demolished")])
def test_the_first_kind_that_applies_decides(kit: Any, approved: bool, expected: str) -> None:
    lines = {"demolished": layer(kit, CONSTRUCTION, [(30, 0, 35, 100)], [None])}
    if approved:
        lines["approved_unbuilt"] = layer(kit, CONSTRUCTION, [(30, 0, 35, 100)], ["0601"])
    base = kit.base(STRIPS, **lines)
    assert set(base.base_reason[base.converted]) == {expected}


def test_pieces_without_conversion_keep_the_surveys_class(kit: Any) -> None:
    base = kit.base(STRIPS, demolished=layer(kit, CONSTRUCTION, [(10, 0, 30, 100)], [None]))
    assert not base.converted.any()
    assert base.class_base.values.tolist() == ["0101", "0702", "1104"]

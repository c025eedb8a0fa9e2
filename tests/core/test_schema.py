"""Which standard a layer follows, and which of its fields is which."""

from __future__ import annotations

from typing import Sequence

import pytest

from three_opt_three_protect.core.schema import StandardField, StandardLayer, Standards
from three_opt_three_protect.core.tables import Kind


def field(name: str, alias: str = "", names: Sequence[str] = (), required: bool = False) -> StandardField:
    return StandardField(name, alias, Kind.TEXT, tuple(names), required=required)


NEW = StandardLayer(
    "new.DLTB", "new", "DLTB", "地类图斑", "parcels", "polygon",
    (
        field("BSM", required=True), field("DLBM", "地类编码", required=True), field("KCXS", required=True),
        field("XZDWKD", names=["XXTBKD"]), field("CZCSXM"),
    ),
)  # fmt: skip
OLD = StandardLayer(
    "old.DLTB", "old", "DLTB", "地类图斑", "parcels", "polygon",
    (field("BSM", required=True), field("DLBM", "地类编码", required=True), field("TKXS", required=True)),
)  # fmt: skip
LINES = StandardLayer("old.XZDW", "old", "XZDW", "线状地物", "lines", "line", (field("BSM", required=True),))
NAMES_ONLY = StandardLayer("city.DLTB", "city", "DLTB", "地类图斑", "parcels", "polygon", ())
ALL = Standards({layer.id: layer for layer in (NEW, OLD, LINES, NAMES_ONLY)})


@pytest.mark.parametrize(
    ("name", "found"),
    [("DLBM", "DLBM"), ("dlbm", "DLBM"), ("地类编码", "DLBM"), ("xxtbkd", "XZDWKD"), ("DLMC", None), ("", None)],
)
def test_a_field_is_found_under_all_its_names(name: str, found: str) -> None:
    each = NEW.find(name)
    assert (None if each is None else each.name) == found


def test_the_own_name_comes_before_others() -> None:
    layer = StandardLayer("a.b", "a", "b", "", "", "any", (field("A", names=["B"]), field("B")))
    assert layer.find("b") is layer.fields[1]


def test_an_empty_alias_is_no_name() -> None:
    assert StandardLayer("a.b", "a", "b", "", "", "any", (field("A"),)).find("") is None


def test_fields_of_a_layer() -> None:
    assert NEW.by_field(["fid", "xxtbkd", "地类编码"]) == {"XZDWKD": "xxtbkd", "DLBM": "地类编码"}


def test_of_two_fields_the_one_called_as_in_the_standard() -> None:
    assert NEW.by_field(["xxtbkd", "xzdwkd", "地类编码"])["XZDWKD"] == "xzdwkd"
    assert NEW.by_field(["XZDWKD", "xxtbkd", "xzdwkd"]) == {"XZDWKD": "XZDWKD"}


def test_layers_of_a_role() -> None:
    assert ALL.of_role("parcels") == (NEW, OLD, NAMES_ONLY)
    assert ALL.of_role("township") == ()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["BSM", "DLBM", "KCXS", "CZCSXM"], "new.DLTB"),  # 4/5 + 4/4 against 2/3 + 2/4
        (["BSM", "DLBM", "TKXS"], "old.DLTB"),  # 3/3 + 3/3 against 2/5 + 2/3
        (["bsm", "dlbm"], "old.DLTB"),  # 2/3 + 1 against 2/5 + 1
        (["BSM", "A", "B"], None),  # one of three required fields is less than half
        (["CZCSXM", "XXTBKD"], None),
        ([], None),
    ],
)
def test_the_standard_a_layer_follows(names: Sequence[str], found: str) -> None:
    best = ALL.best(names, "parcels")
    assert (None if best is None else best.id) == found


def test_no_standard_of_that_role() -> None:
    assert ALL.best(["BSM"], "township") is None

"""Reclaim and new-build plots as read, and what is refused."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest

from three_opt_three_protect.core import scenario, tables
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable

BOX = (0, 0, 10, 10)


def test_reclaim_as_stated(kit: Any) -> None:
    found = kit.reclaim(
        [
            {"shape": BOX, "plot_id": "A", "direction": "耕地", "rate": 0.8, "phase": 2016, "cred_date": "2015-03-01"},
            {"shape": BOX, "direction": "forest", "acc_date": "2016-06-30", "phase": 2015, "acc_m2": 55.5},
            {"shape": None, "phase": 2019, "consent": 1.0},
            {"shape": BOX, "acc_date": "2016-06-30", "cred_date": "2017-01-02"},
        ]
    )
    assert len(found) == 4
    assert found.plot_id.tolist() == ["A", "2", "3", "4"]
    assert found.direction.tolist() == ["cultivated", "forest", "cultivated", "cultivated"]
    assert found.direction_assumed.tolist() == [False, False, True, True]
    # registration before acceptance before 31 December of the phase
    assert found.day.astype(str).tolist() == ["2015-03-01", "2016-06-30", "2019-12-31", "2017-01-02"]
    np.testing.assert_array_equal(found.rate, [0.8, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found.accepted_m2, [np.nan, 55.5, np.nan, np.nan])
    assert found.repaired.dropped == 1


def test_newbuild_as_stated(kit: Any) -> None:
    found = kit.newbuild(
        [
            {
                "shape": BOX,
                "plot_id": "N1",
                "use": "工业",
                "quota_src": "年度计划",
                "use_date": "2018-02-03",
                "phase": 2020,
            },
            {"shape": BOX, "use": None, "cls_after": "1006", "phase": 2020},
        ]
    )
    assert found.use.tolist() == ["industry", None]
    assert found.class_after.tolist() == [None, "1006"]
    # a plot that names no source draws on the strictest
    assert found.quota_source.tolist() == ["annual_plan", "linked"]
    assert found.day.astype(str).tolist() == ["2018-02-03", "2020-12-31"]


def test_a_plan_without_plots(kit: Any) -> None:
    assert len(kit.reclaim([])) == 0
    assert len(kit.newbuild([])) == 0


def text_dates(kit: Any, values: List[Any], kind: str = "text") -> Any:
    rows = kit.layer("拆旧", [{"shape": BOX}] * len(values))
    column = tables.text(values) if kind == "text" else tables.integer(values)
    table = LayerTable(rows.name, rows.fid, rows.geometry, {"YSRQ": column}, rows.crs)
    return scenario.read_reclaim(table, {"acc_date": "YSRQ"}, {})


@pytest.mark.parametrize(
    "written",
    [
        "2016-06-03",
        "2016/6/3",
        "2016/06/03",
        "2016.6.3",
        "2016年6月3日",
        "2016年06月03日",
        "20160603",
        "2016-06-03T10:00:00",
    ],
)
def test_dates_as_planners_write_them(kit: Any, written: str) -> None:
    assert text_dates(kit, [written, None]).day.astype(str).tolist() == ["2016-06-03", "NaT"]


def test_date_as_number(kit: Any) -> None:
    assert text_dates(kit, [20160603], "int").day.astype(str).tolist() == ["2016-06-03"]


@pytest.mark.parametrize(
    "written", ["soon", "2016", "2016-06", "2016-13-01", "20161301", "2016-02-30", "16-6-3", "NaT"]
)
def test_what_is_no_date(kit: Any, written: str) -> None:
    with pytest.raises(InputError) as error:
        text_dates(kit, [None, written])
    assert error.value.message_id == "no_date"
    assert error.value.values == {"layer": "拆旧", "features": "2", "field": "YSRQ", "value": written}


@pytest.mark.parametrize(
    ("kind", "column", "message", "values"),
    [
        ("reclaim", {"rate": [0.5, 1.2, None]}, "share_out_of_range", {"field": "rate", "features": "2"}),
        ("reclaim", {"rate": [-0.1, 0.5, -1]}, "share_out_of_range", {"field": "rate", "features": "1, 3"}),
        ("reclaim", {"consent": [1.0, 66.0, 1.0]}, "share_out_of_range", {"field": "consent", "features": "2"}),
        ("reclaim", {"phase": [2016, 1, 2]}, "no_year", {"field": "phase", "features": "2, 3"}),
        ("newbuild", {"phase": [2016, 2016.5, 20160]}, "no_year", {"field": "phase", "features": "2, 3"}),
        ("reclaim", {"plot_id": ["A", "B", "A"]}, "duplicate_plot_id", {"field": "plot_id", "features": "3"}),
        # a plot without an id is called by its feature id, which another plot may bear as its id
        ("newbuild", {"plot_id": ["2", None, "C"]}, "duplicate_plot_id", {"field": "plot_id", "features": "2"}),
        (
            "reclaim",
            {"direction": ["耕地", "稻田", "稻田"]},
            "unknown_word",
            {
                "field": "direction",
                "features": "2, 3",
                "value": "稻田",
                "allowed": "cultivated, garden, forest, pond, water, ecological",
            },
        ),
        (
            "newbuild",
            {"use": ["酒店", None, "town"]},
            "unknown_word",
            {
                "field": "use",
                "features": "1",
                "value": "酒店",
                "allowed": "town, industry, resettlement, infrastructure, reserved",
            },
        ),
        (
            "newbuild",
            {"quota_src": ["linked", "none", None]},
            "unknown_word",
            {
                "field": "quota_src",
                "features": "2",
                "value": "none",
                "allowed": "linked, annual_plan, provincial, stock",
            },
        ),
    ],
)
def test_refused(kit: Any, kind: str, column: Dict[str, list], message: str, values: Dict[str, str]) -> None:
    ((name, given),) = column.items()
    rows = [{"shape": BOX, name: value} for value in given]
    with pytest.raises(InputError) as error:
        getattr(kit, kind)(rows)
    layer = "拆旧地块" if kind == "reclaim" else "建新地块"
    assert error.value.message_id == message
    assert error.value.values == {"layer": layer, **values}


def test_no_such_field(kit: Any) -> None:
    with pytest.raises(InputError) as error:
        scenario.read_newbuild(kit.layer("建新", [{"shape": BOX}]), {"use": "YT"}, {}, {})
    assert error.value.message_id == "no_such_field"

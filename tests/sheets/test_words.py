"""Title, projection note and names."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsCoordinateReferenceSystem

from three_opt_three_protect.bridge.crs import crs_info
from three_opt_three_protect.sheets import words
from three_opt_three_protect.sheets.settings import load_settings

CGCS = "2000国家大地坐标系"


def test_the_title_names_township_plan_period_and_sheet() -> None:
    assert words.title("甲镇", "三优三保专项规划", "2014-2020", "拆旧建新布局图") == (
        "甲镇三优三保专项规划（2014-2020年）——拆旧建新布局图"
    )
    assert words.title("甲镇", "规划", "", "图") == "甲镇规划——图"


@pytest.mark.parametrize(
    ("authid", "note"),
    [
        ("EPSG:4528", f"{CGCS}；高斯-克吕格投影3°带，第40带，中央经线120°；1985国家高程基准。"),
        ("EPSG:4549", f"{CGCS}；高斯-克吕格投影3°带，中央经线120°；1985国家高程基准。"),
        ("EPSG:4499", f"{CGCS}；高斯-克吕格投影6°带，第21带，中央经线123°；1985国家高程基准。"),
        ("EPSG:4510", f"{CGCS}；高斯-克吕格投影6°带，中央经线123°；1985国家高程基准。"),
        ("EPSG:2364", "1980西安坐标系；高斯-克吕格投影3°带，第40带，中央经线120°；1985国家高程基准。"),
        ("EPSG:2416", "1954年北京坐标系；高斯-克吕格投影3°带，第40带，中央经线120°；1956年黄海高程系。"),
        ("EPSG:32651", "WGS 84 坐标系；WGS 84 / UTM zone 51N。"),
    ],
)
def test_the_note_says_what_the_crs_is(qgis_app: Any, authid: str, note: str) -> None:
    crs = QgsCoordinateReferenceSystem(authid)
    assert words.crs_note(crs_info(crs), crs.description(), load_settings().datums) == note


def test_dates_in_text() -> None:
    assert words.long_date("2026-01-05") == "2026年1月5日"
    assert words.long_date("2013年12月31日") == "2013年12月31日"
    assert words.survey_day(2013) == "2013年12月31日"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("甲村村民委员会", "甲村"),
        ("乙社区居民委员会", "乙社区"),
        ("丙居民委员会", "丙社区"),
        ("丁村民委员会", "丁村"),
        ("戊村", "戊村"),
    ],
)
def test_a_village_is_called_by_its_name(name: str, short: str) -> None:
    assert words.short_village(name) == short

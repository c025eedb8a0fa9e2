"""Administrative villages (CJDCQ) and the township (XZQ): exact unions (03-schemas 3.4)."""

from __future__ import annotations

from typing import List, Optional

import numpy as np
import shapely

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.shapes import as_array
from three_opt_three_protect.core.sample.survey import CRS, Survey, bsm, dissolve, sums
from three_opt_three_protect.core.tables import LayerTable, real, text


def village_table(drawn: Survey) -> LayerTable:
    """The administrative villages (CJDCQ): exact unions of their parcels."""
    count = len(drawn.village_names)
    shapes = dissolve(drawn.shapes, drawn.village, count)
    codes: List[Optional[str]] = [drawn.village_code(number) for number in range(count)]
    return LayerTable(
        "villages",
        np.arange(1, count + 1, dtype=np.int64),
        shapes,
        {
            "BSM": text(bsm(drawn, 1002, count), "标识码", 18),
            "YSDM": text(["1000600400"] * count, "要素代码", 10),
            "ZLDWDM": text([f"{code}0000000" for code in codes], "坐落单位代码", 19),
            "ZLDWMC": text(list(drawn.village_names), "坐落单位名称", 60),
            "DCMJ": real(to_m2(sums(drawn.units, drawn.village, count)), "调查面积", 15, 2),
            "JSMJ": real(to_m2(to_units(measure(shapes, CRS))), "计算面积", 15, 2),
            "MSSM": text(["00"] * count, "描述说明", 2),
            "HDMC": text([None] * count, "海岛名称", 100),
            "BZ": text([None] * count, "备注", 255),
            "unit_code": text(codes, "行政区代码", 12),
        },
        CRS,
        SOURCE,
    )


def township_table(drawn: Survey, villages: LayerTable) -> LayerTable:
    """The township (XZQ): the exact union of its villages."""
    shapes = as_array([shapely.normalize(shapely.coverage_union_all(villages.shapes))])
    return LayerTable(
        "township",
        np.array([1], dtype=np.int64),
        shapes,
        {
            "BSM": text(bsm(drawn, 1001, 1), "标识码", 18),
            "YSDM": text(["1000600100"], "要素代码", 10),
            "XZQDM": text([drawn.township_code], "行政区代码", 12),
            "XZQMC": text([drawn.township_name], "行政区名称", 100),
            "DCMJ": real(to_m2(drawn.units.sum(keepdims=True)), "调查面积", 15, 2),
            "JSMJ": real(to_m2(to_units(measure(shapes, CRS))), "计算面积", 15, 2),
            "MSSM": text(["00"], "描述说明", 2),
            "HDMC": text([None], "海岛名称", 100),
            "BZ": text([SOURCE], "备注", 255),
            "unit_code": text([drawn.township_code], "行政区代码", 12),
        },
        CRS,
        SOURCE,
    )

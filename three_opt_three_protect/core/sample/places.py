"""Natural villages as the plan sees them: people, class, to be kept or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.shapes import Reals, generator
from three_opt_three_protect.core.sample.survey import CRS, Survey, Wholes, dissolve, site_names, sums
from three_opt_three_protect.core.tables import Geometries, LayerTable, integer, real, text


@dataclass(frozen=True)
class Places:
    """The natural villages ``(k,)``, by number.

    Attributes
    ----------
    shapes
        Unions of their parcels.
    names, classes, kinds
        Name; class of the village plan (集聚提升 …); position (城中村, 近郊, 远郊).
    village
        Administrative village.
    households, people, residents
        Registered households and persons, persons living there.
    idle
        Share of idle homesteads 0–1.
    retained
        Kept by the plan.
    built
        Construction land within, m².
    """

    shapes: Geometries
    names: Sequence[str]
    classes: Sequence[str]
    kinds: Sequence[str]
    village: Wholes
    households: Wholes
    people: Wholes
    residents: Wholes
    idle: Reals
    retained: NDArray[np.bool_]
    built: Reals


HOMESTEAD = 430.0
"""Homestead land a household, m², in a drawn village."""


def places(drawn: Survey, boundary: BaseGeometry) -> Places:
    """Count people and class the natural villages."""
    count = int(drawn.site.max(initial=-1)) + 1
    rng = generator(drawn.seed, 41)
    inside = drawn.site >= 0
    shapes = dissolve(drawn.shapes[inside], drawn.site[inside], count)
    homes = sums(np.where(drawn.codes == "0702", drawn.units, 0), drawn.site, count) / 100
    built = sums(np.where(drawn.construction, drawn.units, 0), drawn.site, count) / 100
    village = np.zeros(count, dtype=np.int64)
    village[drawn.site[inside]] = drawn.village[inside]
    households = np.maximum(np.round(homes / HOMESTEAD * rng.uniform(0.85, 1.1, count)), 3).astype(np.int64)
    people = np.round(households * rng.uniform(2.8, 3.4, count)).astype(np.int64)
    idle = np.round(rng.beta(1.6, 8.0, count), 3)
    away = shapely.distance(shapes, boundary)
    classes = [_class(far, size, chance) for far, size, chance in zip(away, homes, rng.random(count))]
    for row in np.flatnonzero(away > 0)[: max(2, count // 50)].tolist():  # even the smallest plan has some to move
        classes[row] = "搬迁撤并"
    kinds = ["城中村" if far == 0 else ("近郊" if far <= 1000 else "远郊") for far in away]
    return Places(
        shapes,
        site_names(drawn),
        classes,
        kinds,
        village,
        households,
        people,
        np.round(people * (1 - 0.6 * idle) * rng.uniform(0.85, 1.3, count)).astype(np.int64),
        idle,
        np.array([name in KEPT for name in classes], dtype=np.bool_),
        built,
    )


KEPT = ("集聚提升", "特色保护")


def _class(away: float, homes: float, chance: float) -> str:
    if away == 0:
        return "城郊融合"
    share = 0.34 if homes > 14000 else 0.16
    for name, part in (("集聚提升", share), ("特色保护", 0.04), ("搬迁撤并", 0.32)):
        if chance < part:
            return name
        chance -= part
    return "其他一般"


def settlement_table(drawn: Survey, found: Places) -> LayerTable:
    """One feature a natural village."""
    count = len(found.names)
    return LayerTable(
        "settlements",
        np.arange(1, count + 1, dtype=np.int64),
        found.shapes,
        {
            "name": text(list(found.names), "自然村名称", 60),
            "unit_code": text(_codes(drawn, found), "行政村代码", 12),
            "village": text([drawn.village_names[row] for row in found.village], "行政村", 60),
            "class": text(list(found.classes), "村庄分类", 20),
            "households": integer(found.households, None, "户籍户数"),
            "population": integer(found.people, None, "户籍人口"),
            "retained": integer(found.retained.astype(np.int64), None, "是否保留"),
        },
        CRS,
        SOURCE,
    )


def retained_table(drawn: Survey, found: Places) -> LayerTable:
    """The natural villages the plan keeps."""
    rows = np.flatnonzero(found.retained)
    count = len(rows)
    codes = _codes(drawn, found)
    return LayerTable(
        "retained",
        np.arange(1, count + 1, dtype=np.int64),
        found.shapes[rows],
        {
            "name": text([found.names[row] for row in rows], "保留村庄名称", 60),
            "unit_code": text([codes[row] for row in rows], "行政村代码", 12),
            "class": text([found.classes[row] for row in rows], "村庄分类", 20),
        },
        CRS,
        SOURCE,
    )


def population_table(drawn: Survey, found: Places) -> LayerTable:
    """Registered people and residents of each natural village."""
    count = len(found.names)
    return LayerTable(
        "population",
        np.arange(1, count + 1, dtype=np.int64),
        None,
        {
            "unit_code": text(_codes(drawn, found), "行政村代码", 12),
            "settlement": text(list(found.names), "自然村", 60),
            "households": integer(found.households, None, "户籍户数"),
            "population": integer(found.people, None, "户籍人口"),
            "residents": integer(found.residents, None, "常住人口"),
            "idle_rate": real(found.idle, "闲置率", 6, 4),
            "type": text(list(found.kinds), "区位类型", 20),
            "class": text(list(found.classes), "村庄分类", 20),
            "retained": integer(found.retained.astype(np.int64), None, "是否保留"),
        },
        None,
        SOURCE,
    )


def _codes(drawn: Survey, found: Places) -> List[Optional[str]]:
    return [drawn.village_code(int(row)) for row in found.village]

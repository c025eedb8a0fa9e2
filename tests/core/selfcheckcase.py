"""A small self-check built from rectangles on a plane, so that every area is known by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely

from tests.core.conftest import Kit
from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.parcels import read_parcels
from three_opt_three_protect.core.scenario import role_day
from three_opt_three_protect.core.selfcheck import Around, Checked, Judgement, Plan, Year, self_check
from three_opt_three_protect.core.timeline import StartUp
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.selfchecktable import load_meanings, load_statuses

Row = Mapping[str, Any]
KIT = Kit()
CELL = (0, 0, 100, 10)
"""1 000 m²."""


def year(rows: Sequence[Row], system: str = "third_survey") -> Year:
    """Rows of shape, code and whatever else; ``place`` is 城镇村属性码, ``owner`` the owner."""
    table = KIT.layer("DLTB", [{"class_code": row.get("code"), **row} for row in rows])
    columns = {name: name for name in table.columns if name in ("class_code", "unit_code", "deduct_rate", "parcel_id")}
    found = load_class_system(system)

    def texts(key: str) -> Factor:
        return Factor.of(np.array([row.get(key) for row in rows], dtype=object))

    return Year(read_parcels(table, columns, found), found, texts("place"), texts("owner"))


def areas(shapes: Optional[Sequence[Any]], keys: Optional[Sequence[int]] = None) -> Optional[Areas]:
    """A layer of rectangles, None where it is not given."""
    if shapes is None:
        return None
    made = KIT.array(*[shape if isinstance(shape, shapely.Geometry) else KIT.box(*shape) for shape in shapes])
    return Areas(made, np.arange(len(made), dtype=np.int64) if keys is None else np.array(keys, dtype=np.int64))


def check(
    before: Sequence[Row],
    after: Sequence[Row],
    reclaim: Sequence[Row] = (),
    newbuild: Sequence[Row] = (),
    days: Tuple[str, str] = ("2014-12-31", "2015-12-31"),
    systems: Tuple[str, str] = ("third_survey", "third_survey"),
    renamed: Optional[Mapping[str, str]] = None,
    snap: float = 0.0,
    after_day: Optional[str] = None,
    lent: Tuple[StartUp, ...] = (),
    **layers: Any,
) -> Checked:
    """Two years of rectangles held against plots and layers (redline: pairs of shape and level)."""
    plots = KIT.reclaim(reclaim) if reclaim else KIT.reclaim([{"shape": None, "plot_id": "x"}]).take(np.arange(0))
    new = KIT.newbuild(newbuild) if newbuild else KIT.newbuild([{"shape": None, "plot_id": "x"}]).take(np.arange(0))
    accepted = role_day(plots.table, KIT.same(plots.table), "acc_date") if reclaim else plots.day
    redline = layers.pop("redline", None)
    around = Around(
        **{name: areas(shapes) for name, shapes in layers.items()},
        redline=None if redline is None else areas([shape for shape, _ in redline], [level for _, level in redline]),
    )
    day = [np.datetime64(one) for one in (*days, after_day or days[1])]
    judged = Judgement(load_statuses(), load_meanings(), load_profile("suzhou-2014"), *day, lent)
    return self_check(
        (year(before, systems[0]), year(after, systems[1])),
        Plan(plots, new, accepted),
        around,
        judged,
        KIT.spec,
        renamed or {},
        snap,
    )


def by_status(checked: Checked) -> Dict[str, float]:
    """Status → area in m²."""
    found: Dict[str, int] = {}
    for status, units in zip(checked.status.values, checked.area.tolist()):
        found[status] = found.get(status, 0) + units
    return {status: float(to_m2(units)) for status, units in found.items()}


def shuffled(rows: Sequence[Row], order: Sequence[int]) -> List[Row]:
    """The rows in another order."""
    return [rows[place] for place in order]


__all__ = ["CELL", "KIT", "areas", "by_status", "check", "replace", "shuffled", "year"]

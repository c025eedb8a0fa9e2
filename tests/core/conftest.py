"""A small plan built from rectangles, so that every area is known by hand."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.base import Areas, BaseState, Lines, base_state
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.parcels import Parcels, read_parcels
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.rules import Profile, Verdict
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots, read_newbuild, read_reclaim
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.words import load_words

Row = Mapping[str, Any]

TEXTS = {"plot_id", "unit_code", "settlement", "direction", "use", "cls_after", "quota_src", "class_code", "parcel_id"}
DATES = {"acc_date", "cred_date", "use_date"}


class Kit:
    """Rectangles at the coordinates of EPSG:4528 measured on the plane: 100 × 10 is 1 000 m²."""

    X, Y = 40_550_000.0, 3_460_000.0
    crs = CrsInfo(
        "EPSG:4528",
        ellipsoid="CGCS2000",
        semi_major=6378137.0,
        inverse_flattening=298.257222101,
        central_meridian=120.0,
        false_easting=40_500_000.0,
    )
    spec = AreaSpec(crs, AreaMethod.PLANAR, Tolerance(0.005, 1.0))

    def box(self, west: float, south: float, east: float, north: float) -> shapely.Polygon:
        return shapely.box(self.X + west, self.Y + south, self.X + east, self.Y + north)

    def array(self, *shapes: object) -> np.ndarray:
        out = np.empty(len(shapes), dtype=object)
        out[:] = shapes
        return out

    def column(self, name: str, values: List[Any]) -> tables.Column:
        if name in TEXTS or any(isinstance(value, str) for value in values if name not in DATES):
            return tables.text(values)
        if name in DATES:
            return tables.date(["NaT" if value is None else value for value in values])
        return tables.real([np.nan if value is None else value for value in values])

    def layer(self, name: str, rows: Sequence[Row], crs: Optional[CrsInfo] = None) -> LayerTable:
        """Rows of ``shape`` (polygon or corners) and attributes; what a row does not name is missing."""
        names = list(dict.fromkeys(key for row in rows for key in row if key != "shape"))
        shapes = [self.box(*row["shape"]) if isinstance(row["shape"], tuple) else row["shape"] for row in rows]
        columns = {key: self.column(key, [row.get(key) for row in rows]) for key in names}
        return LayerTable(name, np.arange(1, len(rows) + 1), self.array(*shapes), columns, crs or self.crs)

    def same(self, table: LayerTable) -> Dict[str, str]:
        return {name: name for name in table.columns}

    def parcels(self, rows: Sequence[Row]) -> Parcels:
        table = self.layer("DLTB", rows)
        return read_parcels(table, self.same(table), load_class_system("third_survey"))

    def reclaim(self, rows: Sequence[Row]) -> ReclaimPlots:
        table = self.layer("拆旧地块", rows)
        return read_reclaim(table, self.same(table), load_words()["direction"])

    def newbuild(self, rows: Sequence[Row]) -> NewBuildPlots:
        table = self.layer("建新地块", rows)
        return read_newbuild(table, self.same(table), load_words()["use"], load_words()["quota_src"])

    def areas(self, *shapes: Any, key: Optional[Sequence[int]] = None, names: Sequence[str] = ()) -> Areas:
        made = [self.box(*shape) if isinstance(shape, tuple) else shape for shape in shapes]
        return Areas(self.array(*made), None if key is None else np.array(key, dtype=np.int64), tuple(names))

    def base(self, parcels: Sequence[Row], spec: Optional[AreaSpec] = None, **lines: Any) -> BaseState:
        return base_state(self.parcels(parcels), Lines(**lines), spec or self.spec)

    def plan(
        self,
        parcels: Sequence[Row],
        reclaim: Sequence[Row] = (),
        newbuild: Sequence[Row] = (),
        profile: Optional[Profile] = None,
        targets: Sequence[Target] = (),
        as_of: str = "",
        **lines: Any,
    ) -> Balance:
        return balance(
            self.base(parcels, **lines),
            self.reclaim(reclaim),
            self.newbuild(newbuild),
            profile or load_profile("suzhou-2014"),
            load_class_system("third_survey"),
            targets,
            as_of,
        )

    def value(self, held: Balance, line: str, unit: str = "") -> Optional[float]:
        return held.accounts.value(line, unit)

    def verdict(self, held: Balance, rule: str, unit: str = "") -> Verdict:
        (found,) = [one for one in held.verdicts if one.rule == rule and one.unit_code == unit]
        return found

    def findings(self, held: Balance) -> Dict[str, Mapping[str, Any]]:
        return {finding.id: finding.values for finding in held.findings}


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()

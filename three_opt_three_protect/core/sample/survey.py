"""The drawing measured: parcels as arrays, by village.

Areas are those of the official formula (domain notes 04-area 4.1), rounded half away from zero to 0.01 m².
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.sample.classes import CONSTRUCTION, CULTIVATED
from three_opt_three_protect.core.sample.names import COUNTY, settlement_names, township_name, village_names
from three_opt_three_protect.core.sample.shapes import Reals, as_array, generator
from three_opt_three_protect.core.sample.township import Ground
from three_opt_three_protect.core.tables import CrsInfo, Geometries

CRS = CrsInfo(
    authid="EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    datum="EPSG:4490",
    central_meridian=120.0,
    false_easting=40500000.0,
)
YEAR = 2014
"""State of the first survey (SJNF)."""
Texts = NDArray[np.object_]
Wholes = NDArray[np.int64]


@dataclass(frozen=True)
class Survey:
    """The parcels of a township as arrays, row by row of the parcel layer.

    Attributes
    ----------
    number
        Of the township in its county, from 1.
    shapes, codes, attributes
        ``(n,)`` polygons, land classes, 城镇村属性码 ("" = none).
    village, site, block
        ``(n,)`` int64: administrative village, natural village (-1 = none), polder (-1 = none).
    units
        ``(n,)`` int64, official area in 0.01 m².
    slope
        ``(n,)`` bool, cultivated land on a slope of 2°–6°.
    names
        ``(n,)`` remarks such as the name of a river.
    village_names
        Of the villages.
    ground
        The drawing.
    seed
        Of the drawing.
    """

    number: int
    shapes: Geometries
    codes: Texts
    attributes: Texts
    village: Wholes
    site: Wholes
    block: Wholes
    units: Wholes
    slope: NDArray[np.bool_]
    names: Texts
    village_names: Sequence[str]
    ground: Ground
    seed: int

    @property
    def township_code(self) -> str:
        """9 digits."""
        return f"{COUNTY[0]}{100 + self.number:03d}"

    @property
    def township_name(self) -> str:
        """…镇."""
        return township_name(self.number - 1)

    def village_code(self, village: int) -> str:
        """12 digits."""
        return f"{self.township_code}{200 + village:03d}"

    @property
    def area(self) -> Reals:
        """``(n,)`` official areas, m²."""
        return to_m2(self.units)

    @property
    def cultivated(self) -> NDArray[np.bool_]:
        """``(n,)`` bool."""
        return member(self.codes, CULTIVATED)

    @property
    def construction(self) -> NDArray[np.bool_]:
        """``(n,)`` bool."""
        return member(self.codes, CONSTRUCTION)


def member(codes: Texts, wanted: frozenset[str]) -> NDArray[np.bool_]:
    """``(n,)`` bool, which of ``codes`` are in ``wanted``."""
    return np.array([code in wanted for code in codes], dtype=np.bool_)


def texts(values: Sequence[Optional[str]]) -> Texts:
    """Text as an object array."""
    out = np.empty(len(values), dtype=np.object_)
    out[:] = list(values)
    return out


def survey(ground: Ground, seed: int, number: int = 1, progress: Progress = SILENT) -> Survey:
    """Measure the ground, village by village."""
    order = np.argsort([piece.village for piece in ground.pieces], kind="stable")
    pieces = [ground.pieces[int(row)] for row in order]
    shapes = shapely.normalize(as_array([piece.shape for piece in pieces]))
    village = np.array([piece.village for piece in pieces], dtype=np.int64)
    codes = texts([piece.code for piece in pieces])
    rng = generator(seed, 21)
    return Survey(
        number,
        shapes,
        codes,
        texts([piece.attribute for piece in pieces]),
        village,
        _sites(np.array([piece.site for piece in pieces], dtype=np.int64), village, codes),
        np.array([piece.block for piece in pieces], dtype=np.int64),
        to_units(measure(shapes, CRS, progress=progress)),
        np.array([code == "0103" for code in codes], dtype=np.bool_) & (rng.random(len(codes)) < 0.6),
        texts([piece.name for piece in pieces]),
        village_names(rng, ground.villages),
        ground,
        seed,
    )


def _sites(site: Wholes, village: Wholes, codes: Texts) -> Wholes:
    """Natural villages end at the village border and have homesteads; numbered anew from 0."""
    key = np.where(site >= 0, site * 1000 + village, -1)
    lived = np.unique(key[(key >= 0) & (codes == "0702")])
    place = np.searchsorted(lived, key)
    known = (place < len(lived)) & (key >= 0)
    known[known] = lived[place[known]] == key[known]
    return np.where(known, place, -1).astype(np.int64)


def site_names(drawn: Survey) -> List[str]:
    """Names of the natural villages, by number."""
    return settlement_names(generator(drawn.seed, 23), int(drawn.site.max(initial=-1)) + 1)


def bsm(drawn: Survey, layer: int, count: int) -> List[Optional[str]]:
    """标识码 of 18 digits: county, layer, running number."""
    first = drawn.number * 20000
    return [f"{COUNTY[0]}{layer:04d}{first + row:08d}" for row in range(1, count + 1)]


def sums(values: Wholes, group: Wholes, count: int) -> Wholes:
    """Sum of whole ``values`` per group 0 … ``count`` - 1, exact."""
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, group[group >= 0], values[group >= 0])
    return out


def dissolve(shapes: Geometries, group: Wholes, count: int) -> Geometries:
    """Union of the coverage ``shapes`` per group 0 … ``count`` - 1."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], np.arange(count + 1))
    return as_array(
        [
            shapely.normalize(shapely.coverage_union_all(shapes[order[low:high]]))
            for low, high in zip(first[:-1], first[1:])
        ]
    )


def resurveyed(drawn: Survey, rows: Wholes, codes: Sequence[str], attributes: Sequence[str]) -> Survey:
    """The survey with other land classes at ``rows``."""
    new, marks = drawn.codes.copy(), drawn.attributes.copy()
    new[rows] = list(codes)
    marks[rows] = list(attributes)
    return replace(drawn, codes=new, attributes=marks)

"""The plots of several scenarios matched with each other: by number, and by the land they are drawn on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.tables import Geometries

GEOMETRY, PHASE = "geometry", "phase"
"""In what a plot of one number differs between scenarios."""

_GRID = 0.001
"""Units of the coordinates: what is nearer is the same vertex, stored or reprojected twice."""


@dataclass(frozen=True)
class ComparedPlot:
    """One form of a plot: a number, its land and its phase.

    Attributes
    ----------
    role
        ``reclaim`` or ``newbuild``.
    geometry
        Repaired; None where it was left out.
    phase
        Year, None where none is stated.
    area
        Hundredths of a m².
    scenarios
        Rows of the scenarios that have it in this very form, ascending.
    times
        Scenarios that have a plot of this number, in whatever form.
    differs
        What another scenario's plot of this number has otherwise: :data:`GEOMETRY`, :data:`PHASE`.
    alike
        Other numbers that this land has in scenarios without this number.
    """

    role: str
    plot_id: str
    geometry: Any
    phase: Optional[int]
    area: int
    scenarios: Tuple[int, ...]
    times: int
    differs: Tuple[str, ...]
    alike: Tuple[str, ...]

    @property
    def only_in(self) -> Optional[int]:
        """Row of the one scenario that has a plot of this number, None when several have."""
        return self.scenarios[0] if self.times == 1 else None


@dataclass(frozen=True)
class _Drawn:
    scenario: int
    plot_id: str
    land: bytes
    phase: Optional[int]
    geometry: Any
    area: int


def compared_plots(balances: Sequence[Balance]) -> Tuple[ComparedPlot, ...]:
    """Every form of every plot, reclaim plots first, in the order of the scenarios."""
    found: List[ComparedPlot] = []
    for role in ("reclaim", "newbuild"):
        found += _forms(role, [plot for row, one in enumerate(balances) for plot in _drawn(row, role, one)])
    return tuple(found)


def _drawn(row: int, role: str, balance: Balance) -> List[_Drawn]:
    plots: Union[ReclaimPlots, NewBuildPlots] = balance.reclaim if role == "reclaim" else balance.newbuild
    pieces = balance.changes.plots
    index = pieces.reclaim if role == "reclaim" else pieces.newbuild
    area = sum_by(index, pieces.area, len(plots))
    shapes = plots.repaired.geometry
    return [
        _Drawn(row, str(plots.plot_id[plot]), land, _year(plots.phase[plot], plots.day[plot]), shapes[plot], amount)
        for plot, (land, amount) in enumerate(zip(_lands(shapes), area.tolist()))
    ]


def _lands(shapes: Geometries) -> List[bytes]:
    """What two polygons of the same land have in common, whatever vertex they begin at."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy / _GRID) * _GRID)
    return [wkb or b"" for wkb in shapely.to_wkb(shapely.normalize(rounded), output_dimension=2)]


def _year(phase: float, day: np.datetime64) -> Optional[int]:
    """The phase, else the year of the day the plot happens on."""
    if not np.isnan(phase):
        return int(phase)
    return None if np.isnat(day) else int(day.astype("datetime64[Y]").astype(np.int64)) + 1970


def _forms(role: str, drawn: Sequence[_Drawn]) -> List[ComparedPlot]:
    forms: Dict[Tuple[str, bytes, Optional[int]], List[_Drawn]] = defaultdict(list)
    by_id: Dict[str, List[_Drawn]] = defaultdict(list)
    by_land: Dict[bytes, List[_Drawn]] = defaultdict(list)
    for plot in drawn:
        forms[plot.plot_id, plot.land, plot.phase].append(plot)
        by_id[plot.plot_id].append(plot)
        if plot.land:
            by_land[plot.land].append(plot)
    out = []
    for (plot_id, land, phase), same in forms.items():
        named = by_id[plot_id]
        differs = [GEOMETRY] if any(other.land != land for other in named) else []
        differs += [PHASE] if any(other.phase != phase for other in named) else []
        have = {other.scenario for other in named}
        alike = [other.plot_id for other in by_land[land] if other.scenario not in have] if land else []
        out.append(
            ComparedPlot(
                role,
                plot_id,
                same[0].geometry,
                phase,
                same[0].area,
                tuple(plot.scenario for plot in same),
                len(have),
                tuple(differs),
                tuple(dict.fromkeys(alike)),
            )
        )
    return out


def how_often(plots: Sequence[ComparedPlot], scenarios: int) -> NDArray[np.int64]:
    """``(scenarios,)`` how many plot numbers are in 1, 2, … of the scenarios."""
    times = {(plot.role, plot.plot_id): plot.times for plot in plots}
    return np.bincount(np.array(list(times.values()), dtype=np.int64), minlength=scenarios + 1)[1:]

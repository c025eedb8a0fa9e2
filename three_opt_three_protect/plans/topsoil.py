"""Topsoil: layers → core's plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.plane import plane_of
from three_opt_three_protect.core.plothome import home_units
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.roles import role_real, role_text
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import Days, NewBuildPlots, ReclaimPlots, last_day, role_day
from three_opt_three_protect.core.tables import LayerTable, first_features
from three_opt_three_protect.core.topsoil import (
    PROJECT,
    STORAGE,
    Places,
    depth_range,
    depths,
    donors,
    joined,
    points_in,
    reclaim_receivers,
    volume_of,
)
from three_opt_three_protect.core.topsoilplan import NO_NEED, NO_SOIL, TOO_EARLY, TOO_FAR, Haulage, TopsoilPlan
from three_opt_three_protect.core.topsoilplan import topsoil_plan as match
from three_opt_three_protect.plans.inputs import Fields, Source
from three_opt_three_protect.storage.catalogue import load_role_schemas

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TopsoilSources:
    """The layers of a plan for topsoil.

    Attributes
    ----------
    projects
        Development and improvement projects that take topsoil.
    stores
        Places to keep it, points or polygons.
    """

    reclaim: Source
    newbuild: Source
    projects: Optional[Source] = None
    stores: Optional[Source] = None


@dataclass(frozen=True)
class TopsoilChoices:
    """What is asked for; None = as the profile has it (no longest way)."""

    depth: Optional[float] = None
    need_depth: Optional[float] = None
    most_m: Optional[float] = None
    in_order: bool = True


def plan_topsoil(
    base: BaseState,
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    sources: TopsoilSources,
    choices: TopsoilChoices,
    profile: Profile,
    progress: Progress = SILENT,
) -> Tuple[TopsoilPlan, Tuple[Finding, ...]]:
    """Volumes of every plot and project, and where the soil goes.

    Raises
    ------
    InputError
        ``topsoil_depth_asked``, ``topsoil_depth_wrong``, ``topsoil_volume_wrong``, ``no_number``, ``no_date``.
    BalanceError
        ``topsoil_not_solved``.
    """
    strip, lay = (
        _asked(choices.depth, "topsoil_depth_m", profile),
        _asked(choices.need_depth, "topsoil_need_depth_m", profile),
    )
    plane, schemas = plane_of(base.spec.crs, base.geometry), load_role_schemas()
    plots = change.plots

    def depth_of(source: Source, role: str, default: float) -> Floats:
        mapping = source.mapping(schemas[role])
        stated = role_real(source.table, mapping, "depth_m")
        return depths(stated, default, profile, source.table, mapping.get("depth_m", ""))

    given, lots = donors(
        base, change, newbuild, depth_of(sources.newbuild, "newbuild", strip),
        home_units(base, plots.base, plots.newbuild, plots.area, newbuild.unit_code), plane, profile,
    )  # fmt: skip
    takers = reclaim_receivers(
        change, reclaim, depth_of(sources.reclaim, "reclaim", lay),
        home_units(base, plots.base, plots.reclaim, plots.area, reclaim.unit_code), plane,
    )  # fmt: skip
    if sources.projects is not None:
        source = sources.projects
        takers = joined([takers, _projects(source, base, depth_of(source, "soil_projects", lay))])
    stores, findings = _stores(sources.stores, base, given)
    haulage = Haulage(
        profile.number("topsoil_detour_ratio"), profile.number("topsoil_loose_ratio"),
        np.inf if choices.most_m is None else choices.most_m, choices.in_order,
    )  # fmt: skip
    plan = match(given, lots, takers, stores, haulage, progress)
    return plan, (*findings, *_plan_findings(plan, newbuild.table.name, reclaim.table.name))


def _asked(depth: Optional[float], key: str, profile: Profile) -> float:
    """The depth asked for, in the profile's range; else the profile's."""
    least, most = depth_range(profile)
    if depth is None:
        return profile.number(key)
    if not least <= depth <= most:
        raise InputError("topsoil_depth_asked", value=depth, least=least, most=most)
    return depth


def _projects(source: Source, base: BaseState, depth: Floats) -> Places:
    """Projects that take topsoil: the volume they state, else their area times the depth."""
    table, mapping = source.table, source.mapping(load_role_schemas()["soil_projects"])
    shapes = source.usable().geometry
    stated, needed = (_volume(table, mapping, name) for name in ("area_m2", "need_m3"))
    area = to_units(np.where(np.isnan(stated), base.spec.measure(shapes), stated))
    volume = np.where(np.isnan(needed), volume_of(area, depth), to_units(np.nan_to_num(needed)))
    phase = role_real(table, mapping, "phase")
    day: Days = role_day(table, mapping, "use_date")
    planned = np.isnat(day) & ~np.isnan(phase)
    day[planned] = last_day(phase[planned].astype(np.int64))
    every = Places(
        np.full(len(table), PROJECT, dtype=np.object_), _ids(table, mapping, "plot_id"),
        role_text(table, mapping, "unit_code"), shapes, points_in(shapes, plane_of(base.spec.crs, base.geometry)),
        area, np.where(np.isnan(needed), depth, np.nan), volume, day,
    )  # fmt: skip
    return every.take(~shapely.is_missing(shapes))


def _stores(source: Optional[Source], base: BaseState, like: Places) -> Tuple[Places, List[Finding]]:
    """Places to keep soil; one whose capacity is not known cannot be planned with and is said."""
    if source is None:
        return like.take(np.zeros(len(like), dtype=np.bool_)), []
    table, mapping = source.table, source.mapping(load_role_schemas()["soil_stores"])
    capacity = _volume(table, mapping, "capacity_m3")
    shapes = table.shapes
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    silent = np.isnan(capacity)
    every = Places(
        np.full(len(table), STORAGE, dtype=np.object_), _ids(table, mapping, "plot_id"),
        role_text(table, mapping, "unit_code"), shapes, points_in(shapes, plane_of(base.spec.crs, base.geometry)),
        np.zeros(len(table), dtype=np.int64), np.full(len(table), np.nan), to_units(np.nan_to_num(capacity)),
        np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]"),
    )  # fmt: skip
    out = silent | ~usable
    if not out.any():
        return every, []
    values: Dict[str, Value] = {"layer": table.name, "features": first_features(table, out), "count": int(out.sum())}
    return every.take(~out), [Finding("topsoil_store_unknown", WARNING, table.name, values)]


def _volume(table: LayerTable, mapping: Fields, name: str) -> Floats:
    """A stated amount, NaN where there is none.

    Raises
    ------
    InputError
        ``topsoil_volume_wrong``: below zero or infinite.
    """
    stated = role_real(table, mapping, name)
    wrong = (stated < 0) | np.isinf(stated)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("topsoil_volume_wrong", layer=table.name, features=features, field=mapping[name])
    return stated


def _ids(table: LayerTable, mapping: Fields, name: str) -> NDArray[np.object_]:
    stated = role_text(table, mapping, name)
    return np.array([str(fid) if one is None else one for one, fid in zip(stated, table.fid)], dtype=np.object_)


def _plan_findings(plan: TopsoilPlan, newbuild: str, reclaim: str) -> List[Finding]:
    """What is left and what is short, by reason."""
    found = []
    for layer, amount, why, finding in (
        (newbuild, plan.left, plan.why_left, "topsoil_left"),
        (reclaim, plan.short, plan.why_short, "topsoil_short"),
    ):
        for reason in (NO_NEED, NO_SOIL, TOO_FAR, TOO_EARLY):
            rows = np.array([one == reason for one in why], dtype=np.bool_)
            if rows.any():
                values: Dict[str, Value] = {
                    "layer": layer, "count": int(rows.sum()), "volume": float(to_m2(amount[rows].sum())),
                }  # fmt: skip
                found.append(Finding(f"{finding}_{reason}", INFO, layer, values))
    return found

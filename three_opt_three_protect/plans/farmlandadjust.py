"""Role layers → adjustment of permanent basic farmland: for Toolbox, desk and command line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Dict, FrozenSet, List, Mapping, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.farmland.facts import Bools, Facts, Floats, Ints
from three_opt_three_protect.core.farmland.settings import Settings
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.roles import role_factor, role_real
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED, ReclaimPlots, last_day, role_day
from three_opt_three_protect.core.tables import first_features
from three_opt_three_protect.core.targets import Target, target_lines
from three_opt_three_protect.plans.inputs import GUESSED, PlotInputs, Source, SurveyInputs, plot_inputs
from three_opt_three_protect.storage.catalogue import load_role_schemas

ZONES = ("newbuild", "reclaim", "reserve_farmland")
"""Roles of the layers that the base state is cut with besides, in the order of its further layers."""

FACT_FIELDS = frozenset({"slope", "refine_code", "planting_code", "deduct_rate", "data_year"})
"""Fields of parcels looked for by name besides those that always are."""

PARCEL_GUESS = GUESSED | FACT_FIELDS

_LEVELS: Mapping[str, str] = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
"""Levels in Roman figures."""

TASK = "target.farmland_m2"

FAR = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True)
class FarmlandSources:
    """Layers beside parcels and lines, in the CRS of the parcels; None = not given."""

    newbuild: Optional[Source] = None
    reclaim: Optional[Source] = None
    reserve: Optional[Source] = None
    targets: Optional[Source] = None

    def zones(self) -> List[Source]:
        """Layers to cut with, in the order of :data:`ZONES`; those left out are missing."""
        return [source for source in (self.newbuild, self.reclaim, self.reserve) if source is not None]

    def columns(self) -> Mapping[str, int]:
        """Role → column of ``base.others``."""
        given = [name for name, source in zip(ZONES, (self.newbuild, self.reclaim, self.reserve)) if source is not None]
        return {role: column for column, role in enumerate(given)}


@dataclass(frozen=True)
class PlotFacts:
    """What the plots say.

    Attributes
    ----------
    plots
        As read.
    in_time
        ``(newbuild,)`` bool: counts by the day asked for.
    accepted
        ``(reclaim,)`` bool: accepted as cultivated land by that day.
    taken_over
        ``(reclaim,)`` the day of acceptance, NaT where there is none.
    undated
        New-build plots without a date, where a day is asked for.
    """

    plots: PlotInputs
    in_time: Bools
    accepted: Bools
    taken_over: NDArray[np.datetime64]
    undated: int


def plot_facts(sources: FarmlandSources, as_of: Optional[np.datetime64]) -> PlotFacts:
    """Read plots and targets; reclaimed land counts from its acceptance (验收), not from the registration of quota.

    Raises
    ------
    InputError
        As :func:`three_opt_three_protect.plans.inputs.plot_inputs`.
    """
    plots = plot_inputs(sources.reclaim, sources.newbuild, sources.targets)
    day = FAR if as_of is None else as_of
    known = ~np.isnat(plots.newbuild.day)
    in_time = np.ones(len(plots.newbuild), dtype=np.bool_) if as_of is None else known & (plots.newbuild.day <= day)
    taken_over = _acceptance(sources.reclaim, plots.reclaim)
    accepted = ~np.isnat(taken_over) & (taken_over <= day) & (plots.reclaim.direction == CULTIVATED)
    return PlotFacts(plots, in_time, accepted, taken_over, 0 if as_of is None else int((~known).sum()))


def _acceptance(source: Optional[Source], plots: ReclaimPlots) -> NDArray[np.datetime64]:
    """``(n,)`` day of acceptance; where only the registration is stated, that one; NaT where none is."""
    registered = np.where(plots.dated, plots.day, np.datetime64("NaT", "D"))
    if source is None:
        return registered
    accepted = role_day(source.table, source.mapping(load_role_schemas()["reclaim"]), "acc_date")
    return np.where(np.isnat(accepted), registered, accepted)


def tasks_of(targets: Tuple[Target, ...], profile: Profile) -> Mapping[str, float]:
    """Unit (``""`` = township) → m² of farmland to be kept, of several years the latest.

    Raises
    ------
    InputError
        ``farmland_task_negative``.
    """
    lines = target_lines(targets, profile)
    tasks = {line.unit_code: float(line.value) for line in lines if line.line == TASK and line.value is not None}
    for unit, task in tasks.items():
        if task < 0:
            raise InputError("farmland_task_negative", unit=unit or "–", value=task)
    return tasks


def facts_of(
    base: BaseState, survey: SurveyInputs, settings: Settings, sources: FarmlandSources, plots: PlotFacts
) -> Facts:
    """What is known of every base piece.

    Parameters
    ----------
    base
        Cut with :meth:`FarmlandSources.zones` as its further layers.

    Raises
    ------
    InputError
        ``farmland_grade_scale``: a grade that the scale of the profile does not have.
    """
    _check_scale(survey)
    column = sources.columns()
    newbuild, reclaim, reserve = (_zone(base, column, role) for role in ZONES)
    built, torn = plots.plots.newbuild, plots.plots.reclaim
    key = np.isin(built.quota_source.astype(str), survey.profile.words("farmland_key_sources"))
    in_time, is_key = (_taken(values, newbuild) for values in (plots.in_time, plots.in_time & key))
    to_cultivated = _taken(torn.direction == CULTIVATED, reclaim)
    eligible, barred = _classes(base, survey.system)
    unseen = _taken(plots.accepted, reclaim) & ~eligible & _surveyed_after(base, survey, plots, reclaim)
    accepted = _taken(plots.accepted, reclaim) & ~unseen
    grown = accepted & ~eligible
    rate = np.append(torn.rate * _measured_share(base, torn, reclaim), np.nan)[reclaim]
    net = np.where(grown, to_units(to_m2(base.area) * np.nan_to_num(rate)), base.net)
    grade = np.where(grown, np.append(torn.grade_new, np.nan)[reclaim], base.parcels.grade[base.parcel])
    return Facts(
        eligible,
        barred & ~accepted,
        _stated(base, survey, "slope", settings.steep),
        _stated(base, survey, "refine_code", settings.unstable),
        _stated(base, survey, "planting_code", settings.fallow) & ~grown,
        _gentle(base, survey, settings),
        newbuild >= 0,
        in_time,
        is_key,
        (reclaim >= 0) & (to_cultivated | eligible),
        accepted,
        unseen,
        reserve >= 0,
        net.astype(np.int64),
        ~(grown & np.isnan(rate)),
        np.where(eligible | grown, grade, np.nan),
        np.zeros(len(base.area), dtype=np.bool_),
    )


def plot_ids(base: BaseState, sources: FarmlandSources, plots: PlotFacts) -> NDArray[np.object_]:
    """``(n, 3)`` id of the new-build plot, the reclaim plot and the reserve area each piece lies in, else None."""
    column = sources.columns()
    reserve = () if sources.reserve is None else sources.reserve.table.fid.tolist()
    named = (plots.plots.newbuild.plot_id, plots.plots.reclaim.plot_id, [str(fid) for fid in reserve])
    out = np.full((len(base.area), len(ZONES)), None, dtype=np.object_)
    for number, (role, ids) in enumerate(zip(ZONES, named)):
        zone = _zone(base, column, role)
        inside = zone >= 0
        out[inside, number] = np.array(ids, dtype=np.object_)[zone[inside]]
    return out


def uncovered_m2(base: BaseState, geometry: NDArray[np.object_]) -> Tuple[float, float]:
    """m² of farmland polygons on no parcel, and m² covered by more than one of them within the parcels."""
    square = base.spec.crs.metres_per_unit**2
    overlap = float(base.measured.pieces.overlap[0])  # farmland is the first of base.ROLES
    drawn = float(np.nansum(shapely.area(geometry)))
    inside = float(shapely.area(base.geometry[base.in_farm]).sum())
    if base.spec.crs.is_geographic:
        share = 0.0 if drawn == 0 else max(drawn - inside - overlap, 0.0) / drawn
        scale = float(to_m2(base.area[base.in_farm].sum())) / inside if inside else 0.0
        return share * drawn * scale, overlap * scale
    return max(drawn - inside - overlap, 0.0) * square, overlap * square


def recorded_m2(farmland: Source) -> Optional[float]:
    """Net m² that the farmland layer states (YJJBNTMJ, JBNTMJ); None unless all its fields state it."""
    stated = role_real(farmland.table, farmland.mapping(load_role_schemas()["farmland"]), "net_area")
    return None if not len(stated) or np.isnan(stated).any() else float(stated.sum())


def _zone(base: BaseState, column: Mapping[str, int], role: str) -> Ints:
    """``(n,)`` row of the feature each piece lies in, −1 = none."""
    return base.others[:, column[role]] if role in column else np.full(len(base.area), -1, dtype=np.int64)


def _taken(values: Bools, index: Ints) -> Bools:
    """``values[index]``, False where the index is −1."""
    return np.append(values, False)[index]


def _measured_share(base: BaseState, plots: ReclaimPlots, reclaim: Ints) -> Floats:
    """``(plots,)`` accepted ÷ drawn area, at most 1: no more comes in than was accepted (00-supplement 1.4)."""
    inside = reclaim >= 0
    drawn = to_m2(np.bincount(reclaim[inside], base.area[inside], minlength=len(plots)))
    known = ~np.isnan(plots.accepted_m2) & (drawn > 0)
    return np.where(known, np.minimum(plots.accepted_m2 / np.where(known, drawn, 1.0), 1.0), 1.0)


def _surveyed_after(base: BaseState, survey: SurveyInputs, plots: PlotFacts, reclaim: Ints) -> Bools:
    """``(n,)`` bool: the survey's day (31 December of SJNF) is not before the acceptance and must show it."""
    year = role_real(survey.parcels.table, survey.mapping, "data_year")[base.parcel]
    known = ~np.isnan(year) & (reclaim >= 0)
    out = np.zeros(len(base.area), dtype=np.bool_)
    out[known] = last_day(year[known].astype(np.int64)) >= plots.taken_over[reclaim[known]]
    return out


def _classes(base: BaseState, system: ClassSystem) -> Tuple[Bools, Bools]:
    """Land that farmland is made of; land that is known and is not."""
    word: Dict[str, str] = {}
    for code in base.class_base.levels.tolist():
        found = system.find(code)
        if code is not None and found is not None:
            word[code] = found.farmland
    eligible = base.class_base.where(lambda code: word.get(code or "") == "yes") & base.cultivated
    barred = base.class_base.where(lambda code: word.get(code or "") == "no")
    return eligible, np.asarray((barred | (base.group == LandGroup.CONSTRUCTION)) & ~eligible)


def _stated(base: BaseState, survey: SurveyInputs, field: str, codes: Tuple[str, ...]) -> Bools:
    """``(n,)`` bool: the parcel states one of the codes."""
    stated = role_factor(survey.parcels.table, survey.mapping, field)
    return stated.where(lambda code: not _codes(code).isdisjoint(codes))[base.parcel]


def _codes(stated: Optional[str]) -> FrozenSet[str]:
    """The codes in a text: several may stand together, and level 5 is also written 05, 5.0 or Ⅴ."""
    parts = re.split(r"[\s,;/、]+", unicodedata.normalize("NFKC", stated or "").upper())
    return frozenset(_LEVELS.get(part, re.sub(r"^0*(\d+)(\.0*)?$", r"\1", part)) for part in parts if part)


def _gentle(base: BaseState, survey: SurveyInputs, settings: Settings) -> Floats:
    """``(n,)`` see :class:`Facts`."""
    known = _stated(base, survey, "slope", settings.levels)
    return np.where(known, _stated(base, survey, "slope", settings.gentle).astype(np.float64), np.nan)


def _check_scale(survey: SurveyInputs) -> None:
    """Grades of another scale are refused: scales are never mixed (00-supplement 1.6)."""
    scale = survey.profile.word("grade_scale")
    last = scale.rpartition("-")[2]
    grade = survey.parcels.grade
    with np.errstate(invalid="ignore"):
        wrong = (grade < 1) | (grade > float(last)) if last.isdigit() else np.zeros(len(grade), dtype=np.bool_)
    if wrong.any():
        table = survey.parcels.table
        raise InputError(
            "farmland_grade_scale",
            layer=table.name,
            features=first_features(table, wrong),
            field=survey.mapping.get("grade", ""),
            value=str(float(grade[wrong][0])),
            scale=scale,
        )

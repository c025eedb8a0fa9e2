"""Two survey years, a plan and lines → what the self-check of core takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.measure import AreaMethod, ToLonLat
from three_opt_three_protect.core.overlay import Coverage
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.roles import guess_names, role_factor, role_real
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import role_day
from three_opt_three_protect.core.selfcheck import NEVER, Around, Judgement, Plan, Year
from three_opt_three_protect.core.selfcheckclasses import Meanings
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.core.targets import start_up
from three_opt_three_protect.plans.inputs import GUESSED, Fields, Source, SurveyInputs, plot_inputs, survey_inputs
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.selfchecktable import load_meanings, load_statuses

YEAR_GUESSED = GUESSED | {"settlement_code", "data_year", "owner_name", "owner_code", "unit_name"}
"""Fields of parcels the self-check finds by their standard names."""

_ZONES = ("approved_unbuilt", "temporary", "bulldozed", "suspects")
"""Roles cut with row by row, in the order of :class:`Around`'s last fields."""

_LINES = ("farmland", "boundary", "redline")


@dataclass(frozen=True)
class CheckSources:
    """The layers of a self-check; None = not given.

    Attributes
    ----------
    before, after
        Parcels of the earlier and the later year, with the fields chosen.
    systems
        Their classifications, None = find out.
    layers
        Role (farmland, boundary, redline, approved_unbuilt, temporary, bulldozed, suspects) → layer.
    targets
        Assigned figures; of them the start-up quota is used.
    as_of
        The day of the check; None = 31 December of the later year's data.
    statuses
        A decision table of one's own.
    """

    before: Source
    after: Source
    systems: Tuple[Optional[ClassSystem], Optional[ClassSystem]] = (None, None)
    reclaim: Optional[Source] = None
    newbuild: Optional[Source] = None
    layers: Mapping[str, Source] = field(default_factory=dict)
    concordance: Optional[Source] = None
    targets: Optional[Source] = None
    as_of: Optional[np.datetime64] = None
    statuses: Optional[Path] = None


@dataclass(frozen=True)
class CheckInputs:
    """Arguments of :func:`three_opt_three_protect.core.selfcheck.self_check`, and what to say of the layers.

    ``inspected`` is the last inspection of every reclaim plot, NaT = none; ``dated`` = both years state their year.
    """

    years: Tuple[Year, Year]
    plan: Plan
    around: Around
    judged: Judgement
    spec: AreaSpec
    renamed: Mapping[str, str]
    coverage: Optional[Coverage]
    inspected: NDArray[np.datetime64]
    dated: bool
    profile: Profile
    findings: Tuple[Finding, ...]


def year_fields(names: Sequence[str], chosen: Fields) -> List[str]:
    """Of the fields called ``names`` those the self-check needs of a survey year."""
    known = guess_names(names, load_role_schemas()["parcels"])
    wanted = {name: source for name, source in known.items() if name in YEAR_GUESSED}
    return list(dict.fromkeys({**wanted, **chosen}.values()))


def check_inputs(
    sources: CheckSources,
    profile: Profile,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> CheckInputs:
    """Read everything; all layers are in the CRS of the earlier year.

    Raises
    ------
    InputError
        ``selfcheck_years_swapped``, ``selfcheck_as_of_before``, ``selfcheck_systems_unlike``,
        ``start_quota_without_year`` and what the layers say.
    """
    earlier, later = (replace(source, guess=YEAR_GUESSED) for source in (sources.before, sources.after))
    after = survey_inputs(later, {}, [], profile, method, sources.systems[1], to_lonlat, Part(progress, 0.0, 0.4))
    after = replace(after, coverage=None)  # large, and only the earlier year is cut
    given = {role: source for role, source in sources.layers.items() if role in _LINES}
    before = survey_inputs(earlier, given, [], profile, method, sources.systems[0], to_lonlat, Part(progress, 0.4, 0.4))
    years = (_year(before), _year(after))
    rules, meanings = load_statuses(sources.statuses), load_meanings()
    if years[0].system.id != years[1].system.id:
        _require_alike(sources, years, meanings)
    before_day, after_day, as_of, said = _days(sources, before.mapping, after.mapping)
    plots = plot_inputs(sources.reclaim, sources.newbuild, sources.targets, Part(progress, 0.8, 0.1))
    accepted, inspected = _plot_days(sources.reclaim)
    renamed = _renamed(sources.concordance, years, as_of)
    return CheckInputs(
        years,
        Plan(plots.reclaim, plots.newbuild, accepted),
        _around(before, sources.layers, Part(progress, 0.9, 0.1)),
        Judgement(rules, meanings, before.profile, before_day, as_of, after_day, start_up(plots.targets)),
        before.spec,
        renamed,
        before.coverage,
        inspected,
        not (np.isnat(before_day) or np.isnat(as_of)),
        profile,
        (
            *after.findings,
            *before.findings,
            *said,
            *_survey_order(years, meanings),
            *_settlements_missing(years),
            *_villages(sources, years, renamed),
        ),
    )


def _year(survey: SurveyInputs) -> Year:
    table, mapping = survey.parcels.table, survey.mapping
    owner = role_factor(table, mapping, "owner_name")
    if owner.missing.all():
        owner = role_factor(table, mapping, "owner_code")
    return Year(survey.parcels, survey.system, role_factor(table, mapping, "settlement_code"), owner)


def _require_alike(sources: CheckSources, years: Tuple[Year, Year], meanings: Meanings) -> None:
    """Refuse two classifications between which no conversion is known: every difference would look like a change."""
    for source, year in zip((sources.before, sources.after), years):
        if not meanings.knows(year.system):
            raise InputError(
                "selfcheck_systems_unlike",
                layer=source.table.name,
                system=year.system.name,
                other=(years[1] if year is years[0] else years[0]).system.name,
            )


def _data_year(table: LayerTable, mapping: Fields) -> Tuple[Optional[int], List[Finding]]:
    """The latest year of the data the layer states, None where it states none."""
    stated = role_real(table, mapping, "data_year")
    years = np.unique(stated[(stated >= 1000) & (stated <= 9999)]).astype(np.int64)
    if len(years) < 2:
        return (int(years[0]) if len(years) else None), []
    values = {"layer": table.name, "field": mapping["data_year"], "years": ", ".join(map(str, years[:5]))}
    return int(years[-1]), [Finding("selfcheck_mixed_years", WARNING, table.name, dict(values))]


def _days(
    sources: CheckSources, before: Fields, after: Fields
) -> Tuple[np.datetime64, np.datetime64, np.datetime64, List[Finding]]:
    """Day of the earlier and the later year's data and of the check (NaT where not known), and what to say."""
    (first, said), (last, more) = (
        _data_year(source.table, mapping) for source, mapping in ((sources.before, before), (sources.after, after))
    )
    found = [*said, *more]
    names = {"before": sources.before.table.name, "after": sources.after.table.name}
    if first is not None and last is not None:
        if last < first:
            raise InputError("selfcheck_years_swapped", year=first, other=last, **names)
        if last != first + 1:
            apart: Dict[str, Value] = {"year": first, "other": last, **names}
            found.append(Finding("selfcheck_years_apart", WARNING, names["after"], apart))
    for year, layer in ((first, names["before"]), (last, names["after"])):
        if year is None:
            found.append(Finding("selfcheck_no_year", WARNING, layer, {"layer": layer}))
    before_day, after_day = (
        NEVER if year is None else np.datetime64(f"{year:04d}-12-31", "D") for year in (first, last)
    )
    as_of = after_day if sources.as_of is None else sources.as_of
    if as_of < before_day:
        raise InputError("selfcheck_as_of_before", day=str(as_of), before=names["before"], year=str(before_day)[:4])
    if as_of > after_day:
        ahead: Dict[str, Value] = {"day": str(as_of), "layer": names["after"], "seen": str(after_day)}
        found.append(Finding("selfcheck_as_of_later", INFO, names["after"], ahead))
    return before_day, after_day, as_of, found


def _plot_days(reclaim: Optional[Source]) -> Tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Day of acceptance (registration where only that is stated) and of the last inspection of every reclaim plot."""
    if reclaim is None:
        return np.empty(0, dtype="datetime64[D]"), np.empty(0, dtype="datetime64[D]")
    mapping = reclaim.mapping(load_role_schemas()["reclaim"])
    accepted, registered, inspected = (
        role_day(reclaim.table, mapping, name) for name in ("acc_date", "cred_date", "insp_date")
    )
    return np.where(np.isnat(accepted), registered, accepted), inspected


def _around(before: SurveyInputs, layers: Mapping[str, Source], progress: Progress) -> Around:
    zones: Dict[str, Optional[Areas]] = {}
    for role in _ZONES:
        source = layers.get(role)
        if source is None:
            zones[role] = None
            continue
        shapes = source.usable(progress).geometry
        zones[role] = Areas(shapes, np.arange(len(shapes), dtype=np.int64))
    lines = before.lines
    return Around(lines.farmland, lines.boundary, lines.redline, *(zones[role] for role in _ZONES))


def _renamed(source: Optional[Source], years: Tuple[Year, Year], as_of: np.datetime64) -> Mapping[str, str]:
    """Village code of the earlier year → its code in the later one (00-supplement 1.8).

    A township's code renames all its villages; a code that was changed twice is followed.

    Raises
    ------
    InputError
        ``field_needed``, ``selfcheck_concordance_empty``, ``selfcheck_concordance_unlike`` (a village's code for a
        township's), ``selfcheck_concordance_twice``.
    """
    if source is None:
        return {}
    table, mapping = source.table, source.mapping(load_role_schemas()["concordance"])
    for needed in ("old_code", "new_code"):
        if needed not in mapping:
            raise InputError("field_needed", layer=table.name, field=needed, fields=", ".join(table.columns))
    old, new = (role_factor(table, mapping, name).values for name in ("old_code", "new_code"))
    day = role_day(table, mapping, "date")
    valid = np.isnat(day) | np.isnat(as_of) | (day <= as_of)
    pairs: Dict[str, _Renaming] = {}
    for row in np.flatnonzero(valid).tolist():
        said = {"layer": table.name, "features": str(table.fid[row])}
        if old[row] is None or new[row] is None:
            raise InputError("selfcheck_concordance_empty", **said)
        was, now = _unpadded(str(old[row]), str(new[row]))
        if len(was) != len(now):
            raise InputError("selfcheck_concordance_unlike", code=was, other=now, **said)
        if pairs.setdefault(was, (now, day[row]))[0] != now:
            raise InputError("selfcheck_concordance_twice", code=was, **said)
    ordered = dict(sorted(pairs.items(), key=lambda pair: -len(pair[0])))
    codes = [str(code) for code in years[0].parcels.unit.levels if code is not None]
    return {code: now for code in codes if (now := _called(code, ordered)) != code}


_Renaming = Tuple[str, np.datetime64]
"""New code, and since when (NaT = not stated)."""

_NO_VILLAGE = "000"
"""Ends a township's code that is written with the digits of a village's."""


def _unpadded(was: str, now: str) -> Tuple[str, str]:
    was, now = was[:VILLAGE_DIGITS], now[:VILLAGE_DIGITS]
    if all(len(code) == VILLAGE_DIGITS and code.endswith(_NO_VILLAGE) for code in (was, now)):
        return was[: -len(_NO_VILLAGE)], now[: -len(_NO_VILLAGE)]
    return was, now


def _called(code: str, pairs: Mapping[str, _Renaming]) -> str:
    """The code in use now; changes that lead in a circle at one time are an exchange of codes.

    Parameters
    ----------
    pairs
        Code or beginning of codes → what it became, the longest first.
    """
    seen, last = {code}, NEVER
    while True:
        # A code that was given up before this village took it became another village's.
        follows = (was for was, (_, day) in pairs.items() if code.startswith(was) and not day < last)
        was = next(follows, None)
        if was is None:
            return code
        now, day = pairs[was]
        if now + code[len(was) :] in seen and not day > last:
            return code
        code = now + code[len(was) :]
        seen.add(code)
        last = last if np.isnat(day) else day


def _survey_order(years: Tuple[Year, Year], meanings: Meanings) -> List[Finding]:
    """The later year in the classification of an earlier survey: years that state no date may be swapped."""
    before, after = (year.system for year in years)
    if not meanings.conversions.get(after.id) or meanings.conversions.get(before.id):
        return []
    names = [year.parcels.table.name for year in years]
    values: Dict[str, Value] = {"before": names[0], "other": before.name, "after": names[1], "system": after.name}
    return [Finding("selfcheck_survey_order", WARNING, names[1], values)]


def _settlements_missing(years: Tuple[Year, Year]) -> List[Finding]:
    """The second survey's villages can only be compared with a third survey that states settlements."""
    if years[0].system.id == years[1].system.id or not years[1].settlement.missing.all():
        return []
    layer = years[1].parcels.table.name
    return [Finding("selfcheck_settlement_missing", WARNING, layer, {"layer": layer})]


def _villages(sources: CheckSources, years: Tuple[Year, Year], renamed: Mapping[str, str]) -> List[Finding]:
    """Villages that only one year has: renamed or merged without a concordance, not gone."""
    was, now = ({str(code) for code in year.parcels.unit.levels if code is not None} for year in years)
    if not was or not now:
        return []
    called = {renamed.get(code, code) for code in was}
    found = []
    for finding, severity, codes, source in (
        ("selfcheck_village_gone", WARNING, sorted(called - now), sources.before),
        ("selfcheck_village_new", INFO, sorted(now - called), sources.after),
    ):
        if codes:
            listed = ", ".join(codes[:3]) + (" …" if len(codes) > 3 else "")
            values: Dict[str, Value] = {"layer": source.table.name, "count": len(codes), "codes": listed}
            found.append(Finding(finding, severity, source.table.name, values))
    return found

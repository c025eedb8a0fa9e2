"""Conflicts between lines and plots (``redlineconflicts``): layers in their roles → places, areas, words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.base import Areas, Lines, base_state
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.conflictareas import Amounts, own_amounts, parcel_amounts, place_layers
from three_opt_three_protect.core.conflictrules import INFO as ALLOWED
from three_opt_three_protect.core.conflictrules import NOBODY, Judged, judge, line_change
from three_opt_three_protect.core.conflicts import (
    KINDS,
    NO_FEATURE,
    PAIRS,
    Bools,
    Ints,
    Narrow,
    Places,
    Side,
    find_places,
)
from three_opt_three_protect.core.crsguess import no_crs
from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.findings import INFO, SEEN_M2, WARNING, Finding, feature_finding
from three_opt_three_protect.core.measure import AreaMethod, Tolerance, ToLonLat, to_m2
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.plans.inputs import PlotInputs, Source, SurveyInputs, line_areas, plot_inputs
from three_opt_three_protect.reports.table import Words
from three_opt_three_protect.storage.crs import zone_families
from three_opt_three_protect.storage.rulebook import load_rules

_M2 = {"width": 18, "decimals": 2}

PLOTS = ("newbuild", "reclaim")

PLOT_FIELDS = frozenset({"plot_id", "use", "direction"})
"""Role fields of plots that conflicts depend on."""


@dataclass(frozen=True)
class Conflicts:
    """Everything found.

    ``layers`` is role → layer as given; ``amounts`` has the areas of ``places``, ``judged`` which of them are
    conflicts.
    """

    layers: Mapping[str, LayerTable]
    plots: PlotInputs
    places: Places
    amounts: Amounts
    judged: Judged
    profile: Profile
    spec: AreaSpec
    findings: Tuple[Finding, ...]

    @property
    def sliver(self) -> Bools:
        """``(n,)`` bool, of the conflicts."""
        return self.places.sliver[self.judged.place]

    @property
    def order(self) -> Ints:
        """``(n,)`` the conflicts by kind, level and feature, slivers last."""
        row, places = self.judged.place, self.places
        keys = (places.second[row], places.first[row], places.level[row], places.pair[row], self.sliver)
        return np.asarray(np.lexsort(keys), dtype=np.int64)

    def plot_id(self, row: int) -> Optional[str]:
        """Id of the plot of the place ``row``; None where two lines meet."""
        role = PAIRS[int(self.places.pair[row])].first
        if role not in PLOTS:
            return None
        ids = self.plots.newbuild.plot_id if role == "newbuild" else self.plots.reclaim.plot_id
        return str(ids[self.places.first[row]])


@dataclass(frozen=True)
class ConflictSources:
    """What to look at: role → layer, all in one CRS, and the parcels and villages where they are given."""

    lines: Mapping[str, Source]
    plots: Mapping[str, Source]
    survey: Optional[SurveyInputs] = None
    villages: Optional[Source] = None


def sliver_limits(least_m2: float) -> Narrow:
    """What is a sliver: the area asked for, and the width of the data check ``sliver``."""
    return Narrow(least_m2, float(load_rules()["sliver"].option("width")))


def area_spec(table: LayerTable, profile: Profile, method: AreaMethod, to_lonlat: Optional[ToLonLat]) -> AreaSpec:
    """How areas are measured in the CRS of ``table``.

    Raises
    ------
    CrsError
        ``no_crs`` and what its coordinates look like.
    """
    if table.crs is None:
        raise no_crs(table, zone_families())
    tolerance = Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))
    return AreaSpec(table.crs, method, tolerance, to_lonlat)


def find_conflicts(
    sources: ConflictSources, spec: AreaSpec, profile: Profile, least_m2: float, progress: Progress = SILENT
) -> Conflicts:
    """Where the layers meet, with areas, and what the profile says of it.

    Parameters
    ----------
    least_m2
        Smaller places are slivers.

    Raises
    ------
    InputError
        ``conflict_layers_needed``, and what reading lines and plots raises.
    """
    reclaim, newbuild = (_only_needed(sources.plots.get(role)) for role in ("reclaim", "newbuild"))
    plots = plot_inputs(reclaim, newbuild, None)
    read, findings = _read(sources, progress)
    sides = {role: Side(areas.geometry, areas.key) for role, areas in read.items() if role != "villages"}
    repaired = {"newbuild": plots.newbuild.repaired, "reclaim": plots.reclaim.repaired}
    sides.update({role: Side(repaired[role].geometry) for role in PLOTS if role in sources.plots})
    places = find_places(sides, spec, sliver_limits(least_m2), Part(progress, 0.0, 0.5))
    villages = read.get("villages")
    survey = sources.survey
    if survey is None:
        amounts = own_amounts(places, spec, villages, Part(progress, 0.5, 0.5))
    else:
        cut = Lines(villages=villages, others=place_layers(places))
        rest = Part(progress, 0.5, 0.4)
        base = base_state(survey.parcels, cut, survey.spec, 0.0, rest, survey.coverage)
        amounts = parcel_amounts(places, base, Part(progress, 0.9, 0.1))
    judged = judge(places, profile, plots.newbuild.use, plots.reclaim.direction)
    layers = {role: source.table for role, source in {**sources.lines, **sources.plots}.items()}
    found = Conflicts(layers, plots, places, amounts, judged, profile, spec, findings)
    return replace(found, findings=(*findings, *_findings(found)))


def _only_needed(source: Optional[Source]) -> Optional[Source]:
    """A slip in a field that does not matter here is no reason to stop."""
    return None if source is None else replace(source, guess=PLOT_FIELDS)


def _read(sources: ConflictSources, progress: Progress) -> Tuple[Dict[str, Areas], Tuple[Finding, ...]]:
    """Lines and villages by role; those of a survey are read already."""
    if sources.survey is not None:
        return {role: areas for role, areas in sources.survey.lines.given() if role in _ROLES}, ()
    findings: Tuple[Finding, ...] = ()
    read: Dict[str, Areas] = {}
    given = {**sources.lines, **({} if sources.villages is None else {"villages": sources.villages})}
    for role, source in given.items():
        read[role], said = line_areas(role, source, progress)
        findings += said
    return read, findings


_ROLES = ("farmland", "boundary", "redline", "villages")


def _findings(found: Conflicts) -> Tuple[Finding, ...]:
    places = found.places
    out: List[Finding] = []
    for role, area in places.claimed_twice.items():
        if area > SEEN_M2:
            values: Dict[str, Value] = {"layer": found.layers[role].name, "area": round(area, 2)}
            out.append(Finding("conflict_claimed_twice", WARNING, found.layers[role].name, values))
    beyond = places.of("newbuild_outside_boundary") & ~places.sliver
    unused = np.array([found.plots.newbuild.use[row] is None for row in places.first[beyond].tolist()], dtype=np.bool_)
    if unused.any():
        rows = places.first[beyond][unused]
        mask = np.zeros(len(found.plots.newbuild), dtype=np.bool_)
        mask[rows] = True
        area = float(to_m2(found.amounts.area[beyond][unused]).sum())
        out += feature_finding("conflict_use_missing", WARNING, found.layers["newbuild"], mask, area)
    loose = found.amounts.uncovered[found.judged.place]
    if loose.sum() > SEEN_M2:
        values = {"count": int((loose > SEEN_M2).sum()), "area": round(float(loose.sum()), 2)}
        out.append(Finding("conflict_outside_parcels", WARNING, "", values))
    if found.sliver.any():
        rows = found.judged.place[found.sliver]
        values = {"count": len(rows), "area": round(float(to_m2(found.amounts.area[rows]).sum()), 2)}
        out.append(Finding("conflict_slivers", INFO, "", values))
    return tuple(out)


def conflict_layer(found: Conflicts, words: Words) -> LayerTable:
    """Every conflict as a polygon (OUTPUT), slivers last; ``advice`` in the language of ``words``."""
    places = found.places
    order = found.order
    rows = found.judged.place[order]
    rules = [found.judged.rules[at] for at in order.tolist()]
    plots = [found.plot_id(row) for row in rows.tolist()]
    level = places.level[rows]
    second = places.second[rows]
    columns: Dict[str, Column] = {
        "kind": text([PAIRS[pair].kind for pair in places.pair[rows].tolist()], alias="冲突类型", width=30),
        "level": integer(level, level == 0, alias="管控级别", width=1),
        "plot_id": text(plots, alias="地块编号", width=40),
        "unit_code": text(found.amounts.unit[rows], alias="行政村代码", width=12),
        "first_fid": integer(_fids(found, rows, True), alias="要素一"),
        "second_fid": integer(_fids(found, rows, False), second == NO_FEATURE, alias="要素二"),
        "area_m2": real(to_m2(found.amounts.area[rows]), alias="面积_平方米", **_M2),
        "net_m2": _known(found.amounts.net, rows, "净面积_平方米"),
        "cultiv_m2": _known(found.amounts.cultivated, rows, "其中耕地_平方米", found.amounts.unclassed),
        "built_m2": _known(found.amounts.built, rows, "其中建设用地_平方米", found.amounts.unclassed),
        "sliver": integer(places.sliver[rows].astype(np.int64), alias="狭长碎面", width=1),
        "severity": text(found.judged.severity[order], alias="程度", width=8),
        "basis": text([rule.basis for rule in rules], alias="政策依据", width=200),
        "bas_status": text([rule.status for rule in rules], alias="依据核实状态", width=12),
        "advice": text([_advice(found, at, words) for at in order.tolist()], alias="处理建议", width=254),
    }
    fid = np.arange(1, len(rows) + 1, dtype=np.int64)
    return LayerTable("conflicts", fid, places.geometry[rows], columns, found.spec.crs)


def _fids(found: Conflicts, rows: Ints, first: bool) -> Ints:
    """Feature ids of one side; −1 where there is none."""
    out = np.full(len(rows), NO_FEATURE, dtype=np.int64)
    feature = (found.places.first if first else found.places.second)[rows]
    roles = [pair.first if first else pair.second for pair in PAIRS]
    of = np.array(roles, dtype=np.object_)[found.places.pair[rows]]
    for role, table in found.layers.items():
        mine = (of == role) & (feature != NO_FEATURE)
        out[mine] = table.fid[feature[mine]]
    return out


def _known(amount: Optional[Ints], rows: Ints, alias: str, unknown: Optional[Bools] = None) -> Column:
    values = np.full(len(rows), np.nan) if amount is None else to_m2(amount[rows])
    return real(values if unknown is None else np.where(unknown[rows], np.nan, values), alias=alias, **_M2)


def _advice(found: Conflicts, at: int, words: Words) -> str:
    """What to do: plots are dropped or redrawn; a line is only ever changed by its procedure."""
    row, rule = int(found.judged.place[at]), found.judged.rules[at]
    pair, level = PAIRS[int(found.places.pair[row])], int(found.places.level[row])
    if found.places.sliver[row]:
        return words("conflict.advice.sliver")
    plot = found.plot_id(row)
    if pair.first == "reclaim":
        suits = found.judged.severity[at] == ALLOWED
        return words(f"conflict.advice.reclaim_redline{'_suits' if suits else ''}", plot=plot)
    if plot is not None and level > 1:
        return words("conflict.advice.newbuild_redline_level2", plot=plot)
    if plot is not None:
        return words(f"conflict.advice.{pair.kind}", plot=plot, **_way(found.profile, pair.second, words))
    if level > 1 and rule.yields == NOBODY:
        return words("conflict.advice.lines_level2")
    ways = [pair.first, pair.second] if rule.yields == NOBODY else [rule.yields]
    named = [words("conflict.way", line=words(f"line.{line}"), **_way(found.profile, line, words)) for line in ways]
    told = words("conflict.between_ways").join(named)
    advice = words("conflict.advice.lines" if len(ways) > 1 else "conflict.advice.lines_yield", ways=told)
    return words("conflict.advice.statement") + advice if level > 1 else advice


def _way(profile: Profile, line: str, words: Words) -> Dict[str, str]:
    change = line_change(profile, line)
    path = "→".join(words(f"government.{level}") for level in change.levels)
    return {"procedure": words(f"procedure.{change.procedure}"), "path": path}


def conflict_summary(found: Conflicts) -> LayerTable:
    """Kind × level × village (SUMMARY): areas exactly by village; a place is counted where most of it lies."""
    places, amounts = found.places, found.amounts
    is_conflict = np.zeros(len(places), dtype=np.bool_)
    is_conflict[found.judged.place] = True
    shares = amounts.shares
    lying = np.flatnonzero(is_conflict[shares.place])
    names = sorted({str(unit) for unit in shares.unit[lying] if unit is not None})
    code = {name: number for number, name in enumerate([*names, ""])}

    def keys(place: Ints, unit: Texts) -> Ints:
        number = np.array([code["" if each is None else str(each)] for each in unit], dtype=np.int64)
        return (places.pair[place] * 10 + places.level[place]) * len(code) + number

    at_home = keys(found.judged.place, amounts.unit[found.judged.place])
    spread = keys(shares.place[lying], shares.unit[lying])
    key, index = np.unique(np.concatenate([at_home, spread]), return_inverse=True)
    index = index.reshape(-1)
    home, there = index[: len(at_home)], index[len(at_home) :]
    thin, count = places.sliver[shares.place[lying]], len(key)
    real_net = None if shares.net is None else np.where(thin, 0, shares.net[lying])
    kind, number = np.divmod(key, len(code))
    levels = kind % 10
    columns: Dict[str, Column] = {
        "kind": text([PAIRS[pair].kind for pair in (kind // 10).tolist()], alias="冲突类型", width=30),
        "level": integer(levels, levels == 0, alias="管控级别", width=1),
        "unit_code": text([[*names, None][one] for one in number.tolist()], alias="行政村代码", width=12),
        "count": integer(sum_by(home, (~found.sliver).astype(np.int64), count), alias="个数"),
        "area_m2": _sum(there, np.where(thin, 0, shares.area[lying]), count, "面积_平方米"),
        "net_m2": _sum(there, real_net, count, "净面积_平方米"),
        "slivers": integer(sum_by(home, found.sliver.astype(np.int64), count), alias="狭长碎面个数"),
        "sliver_m2": _sum(there, np.where(thin, shares.area[lying], 0), count, "狭长碎面面积_平方米"),
    }
    return LayerTable("summary", np.arange(1, count + 1, dtype=np.int64), None, columns)


def _sum(index: Ints, values: Optional[Ints], count: int, alias: str) -> Column:
    sums = np.full(count, np.nan) if values is None else to_m2(sum_by(index, values, count))
    return real(sums, alias=alias, **_M2)


def conflict_figures(found: Conflicts) -> Dict[str, Optional[float]]:
    """Output name → number: m² of every kind without slivers (None where a layer is missing), and counts."""
    places, amounts = found.places, found.amounts
    mine = found.judged.place
    real_ones = mine[~found.sliver]
    out: Dict[str, Optional[float]] = {}
    for kind in KINDS:
        rows = real_ones[places.of(kind)[real_ones]]
        out[f"{kind.upper()}_M2"] = float(to_m2(amounts.area[rows].sum())) if places.looked_at(kind) else None
    slivers = mine[found.sliver]
    severity: Sequence[str] = found.judged.severity.tolist()
    return {
        **out,
        "COUNT": len(real_ones),
        "FAILED": severity.count("fail"),
        "WARNED": severity.count("warn"),
        "SLIVERS": len(slivers),
        "SLIVER_M2": float(to_m2(amounts.area[slivers].sum())),
        "OVERLAP_M2": round(sum(places.claimed_twice.values()), 2),
    }

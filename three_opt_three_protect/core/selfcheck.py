"""The yearly self-check (专项自查): two survey years held against the plan, part of a parcel by part of a parcel.

The earlier year's parcels are cut with the later year's, the plots and the lines; the areas of the parts add up to the
earlier parcels' control areas.  Every part becomes a row of facts, and the decision table gives its status.

Sources: R20, R35; 06-balance 6.6; 00-supplement 1.8 (units), 1.10 (further rows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core import measure
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.overlay import Coverage, ZoneLayer
from three_opt_three_protect.core.parcelareas import parcel_areas
from three_opt_three_protect.core.pieces import AreaSpec, MeasuredPieces, split
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.selfcheckclasses import Compared, Meanings, compare
from three_opt_three_protect.core.selfcheckmodel import NEVER, Around, Checked, Judgement, Plan, Year
from three_opt_three_protect.core.selfcheckplaces import adjoining, only_later, sheets
from three_opt_three_protect.core.selfcheckplots import Ground, plot_facts
from three_opt_three_protect.core.selfcheckrules import KINDS, decide
from three_opt_three_protect.core.tables import Geometries

__all__ = ["NEVER", "Around", "Checked", "Judgement", "Plan", "Year", "self_check"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_CONSTRUCTION, _CULTIVATED = KINDS.index("construction"), KINDS.index("cultivated")


def self_check(
    years: Tuple[Year, Year],
    plan: Plan,
    around: Around,
    judged: Judgement,
    spec: AreaSpec,
    renamed: Mapping[str, str],
    snap: float = 0.0,
    coverage: Optional[Coverage] = None,
    progress: Progress = SILENT,
) -> Checked:
    """Hold two years against a plan.

    Parameters
    ----------
    years
        The earlier and the later one; all layers in one CRS.
    renamed
        Old village code → the code in the later year (concordance).
    snap
        Metres within which vertices of the other layers are moved onto the earlier parcels'.
    coverage
        Of the earlier parcels, where there is one already.
    """
    before, after = years
    whole, _ = parcel_areas(before.parcels, spec, progress=progress)
    layers = _layers(after, plan, around)
    zones = [layer for _, layer in layers]
    measured = split(whole, zones, spec, snap, progress, coverage)
    progress.step("self_check", 0.1)
    zone = {name: measured.pieces.zone[:, number] for number, (name, _) in enumerate(layers) if name != "suspects"}
    suspects = [measured.pieces.zone[:, number] for number, (name, _) in enumerate(layers) if name == "suspects"]
    extra = only_later(
        measured.pieces.geometry,
        zone["after"],
        before.parcels.repaired.geometry,
        after.parcels.repaired.geometry,
        snap / spec.crs.metres_per_unit,
        progress,
    )
    square = spec.crs.metres_per_unit**2
    overlaps = {name: float(area) * square for (name, _), area in zip(layers, measured.pieces.overlap)}
    rows = _rows(measured, zone, suspects, extra, spec)
    return _judged(years, plan, around, judged, rows, renamed, overlaps, spec, progress)


def _judged(
    years: Tuple[Year, Year],
    plan: Plan,
    around: Around,
    judged: Judgement,
    rows: _Rows,
    renamed: Mapping[str, str],
    overlaps: Mapping[str, float],
    spec: AreaSpec,
    progress: Progress,
) -> Checked:
    """Facts, status, cultivated land and village of every part."""
    progress.check(0.2)
    compared = _compared(years, rows, judged.meanings)
    progress.check(0.5)
    facts = _facts(years, plan, judged, rows, compared)
    progress.check(0.7)
    facts["beyond"] = _beyond(rows, plan, facts, spec, progress)
    net_before, net_after = _cultivated(years, rows, compared)
    unit, unit_old = _units(years, rows, renamed)
    return Checked(
        years,
        plan,
        around,
        judged,
        rows.geometry,
        rows.before,
        rows.zone["after"],
        rows.zone["reclaim"],
        rows.zone["newbuild"],
        rows.suspects,
        rows.zone["boundary"] >= 0,
        rows.area,
        net_before,
        net_after,
        unit,
        unit_old,
        facts,
        decide(facts, judged.rules),
        overlaps,
    )


_ROLES = ("farmland", "boundary", "redline", "approved", "temporary", "bulldozed")


def _layers(after: Year, plan: Plan, around: Around) -> List[Tuple[str, ZoneLayer]]:
    """What the earlier parcels are cut with, by name; layers that were not given are left out.

    Suspects may overlap (a place is reported month after month) and are cut with sheet by sheet.
    """
    shapes = {
        "after": after.parcels.repaired.geometry,
        "reclaim": plan.reclaim.repaired.geometry,
        "newbuild": plan.newbuild.repaired.geometry,
    }
    found = [(name, ZoneLayer(one, np.arange(len(one), dtype=np.int64))) for name, one in shapes.items()]
    given = [(role, getattr(around, role)) for role in _ROLES]
    found += [(role, areas.zones()) for role, areas in given if areas is not None]
    suspects = np.empty(0, dtype=np.object_) if around.suspects is None else around.suspects.geometry
    return found + [("suspects", ZoneLayer(suspects[rows], rows)) for rows in sheets(suspects)]


@dataclass(frozen=True)
class _Rows:
    """Parts of both years: polygon, row of the earlier parcel, zones, suspects, areas; ``net`` of the earlier year."""

    geometry: Geometries
    before: Ints
    zone: Dict[str, Ints]
    suspects: Tuple[Ints, ...]
    area: Ints
    net: Ints


def _rows(
    measured: MeasuredPieces,
    zone: Mapping[str, Ints],
    suspects: Sequence[Ints],
    extra: Tuple[Ints, Geometries],
    spec: AreaSpec,
) -> _Rows:
    """The pieces of the earlier parcels, then what only the later year has."""
    later, shapes = extra
    outside = np.full(len(later), -1, dtype=np.int64)
    nowhere = np.full(len(measured.area), -1, dtype=np.int64)
    names = ("after", "reclaim", "newbuild", *_ROLES)
    found = {name: np.concatenate([zone.get(name, nowhere), outside]) for name in names}
    found["after"][len(measured.area) :] = later
    own = measure.to_units(spec.measure(shapes)) if len(shapes) else np.empty(0, dtype=np.int64)
    return _Rows(
        np.concatenate([measured.pieces.geometry, shapes]),
        np.concatenate([measured.pieces.parcel, outside]),
        found,
        tuple(np.concatenate([one, outside]) for one in suspects),
        np.concatenate([measured.area, own]),
        np.concatenate([measured.net, np.zeros(len(later), dtype=np.int64)]),
    )


def _compared(years: Tuple[Year, Year], rows: _Rows, meanings: Meanings) -> Compared:
    """Classes of both years; a year without the land has no class."""
    sides = []
    for year, row in zip(years, (rows.before, rows.zone["after"])):
        there = np.maximum(row, 0)
        sides.append((year.parcels.code.take(there), year.system, year.settlement.take(there)))
    found = compare(sides[0], sides[1], meanings)
    both = (rows.before >= 0) & (rows.zone["after"] >= 0)
    return replace(found, same=found.same & both, survey=found.survey & both)


def _facts(years: Tuple[Year, Year], plan: Plan, judged: Judgement, rows: _Rows, compared: Compared) -> Dict[str, Ints]:
    """Everything the table may ask but what needs a look at the neighbours."""
    zone = rows.zone

    def flag(where: Bools) -> Ints:
        return where.astype(np.int64)

    codes = years[0].parcels.code.take(np.maximum(rows.before, 0))
    stays = frozenset(judged.profile.words("classes_kept"))
    facts = {
        "land": np.where(rows.before < 0, 2, np.where(zone["after"] < 0, 1, 0)),
        "before": compared.before,
        "after": compared.after,
        "same": flag(compared.same),
        "survey": flag(compared.survey),
        "kept": flag(codes.where(lambda code: code in stays)),
        "farmland": flag(zone["farmland"] >= 0),
        "redline": np.minimum(np.maximum(zone["redline"], 0), 2),
        **{name: flag(zone[name] >= 0) for name in ("approved", "temporary", "bulldozed")},
    }
    row = np.maximum(zone["after"], 0)
    codes_after = years[1].parcels.code.take(row)
    vacant = (compared.before != _CONSTRUCTION) & (rows.before >= 0)
    ground = Ground(
        (zone["reclaim"], zone["newbuild"]),
        rows.area,
        vacant,
        zone["approved"] >= 0,
        codes.where(lambda code: code in stays),
    )
    return {**facts, **plot_facts(plan, judged, ground, codes_after, years[1].system)}


def _beyond(rows: _Rows, plan: Plan, facts: Mapping[str, Ints], spec: AreaSpec, progress: Progress) -> Ints:
    """Where something new was built beside a new-build plot."""
    outside = (rows.zone["reclaim"] < 0) & (rows.zone["newbuild"] < 0) & (facts["land"] == 0)
    built = np.flatnonzero(outside & (facts["before"] != _CONSTRUCTION) & (facts["after"] == _CONSTRUCTION))
    found = adjoining(
        rows.geometry[built],
        rows.zone["after"][built],
        plan.newbuild.repaired.geometry,
        spec.crs.metres_per_unit,
        progress,
    )
    out = np.zeros(len(rows.area), dtype=np.int64)
    out[built[found]] = 1
    return out


def _cultivated(years: Tuple[Year, Year], rows: _Rows, compared: Compared) -> Tuple[Ints, Ints]:
    """Net cultivated land of both years; the later one's ridges are shared out to the parts of its parcels."""
    rate, row = years[1].parcels.deduct_rate, rows.zone["after"]
    there = np.flatnonzero((row >= 0) & (compared.after == _CULTIVATED) & (rows.before >= 0))
    total = np.zeros(len(rate), dtype=np.int64)
    np.add.at(total, row[there], rows.area[there])
    after = np.zeros(len(rows.area), dtype=np.int64)
    deducted = measure.to_units(measure.to_m2(total) * rate)
    after[there] = measure.deduct(rows.area[there], rate[row[there]], row[there], deducted)
    before = np.where((compared.before == _CULTIVATED) & (rows.before >= 0), rows.net, 0)
    # What only another classification calls cultivated was neither won nor lost; nor what lies in one year only.
    real = ~compared.survey & (row >= 0)
    return np.where(real, before, 0), np.where(real, after, 0)


def _units(years: Tuple[Year, Year], rows: _Rows, renamed: Mapping[str, str]) -> Tuple[Factor, Factor]:
    """Village codes: the later year's where it has the land, else the earlier one's as it is called now; and before."""
    old, new = years[0].parcels.unit, years[1].parcels.unit
    row = rows.zone["after"]
    levels = [*old.levels, None]
    was = np.where(rows.before >= 0, old.code[rows.before], len(levels) - 1)
    called = [None if code is None else renamed.get(code, code) for code in levels]
    now = new.code[np.maximum(row, 0)]
    stated = (row >= 0) & ~new.missing[np.maximum(row, 0)]
    unit = Factor.picked([*new.levels, *called], np.where(stated, now, len(new.levels) + was))
    return unit, Factor.picked(levels, was)

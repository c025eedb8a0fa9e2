"""Plan layers: reclaim and new-build plots (00-supplement 1.4, 1.9, M2, M6, M13, M22)."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import (
    Bools,
    Case,
    Floats,
    Found,
    RuleFunction,
    RuleSpec,
    Subject,
    on_rows,
)
from three_opt_three_protect.core.quality.places import area_m2
from three_opt_three_protect.core.quality.within import Parts, by_feature, inside, parts_of
from three_opt_three_protect.core.repair import polygons_only

_DATES: Mapping[str, Tuple[str, ...]] = {"reclaim": ("acc_date", "cred_date"), "newbuild": ("use_date",)}
"""Role → dates that stand for a phase."""

_PAIRS = 2_000
"""Pairs of plots cut at a time."""

STRICTEST = "1"
"""Redline without a stated level, or with one that is not known, counts as the strictest."""


def reclaim_construction(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Share of construction land below the tolerance; of what has none the next rule speaks (1.4.1)."""
    layer, area = case.layer, _built(case, progress)
    share = np.divide(area, layer.area, out=np.ones(len(layer)), where=layer.area > 0)
    few = (share < rule.least) & (area > 0)
    yield _on_plots(case, few, "", share, area=area, percent=100 * share, least=100 * rule.least)


def reclaim_no_construction(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """No construction land at all: nothing of the plot would be credited (1.4.1)."""
    layer = case.layer
    yield _on_plots(case, (_built(case, progress) <= 0) & (layer.area > 0), "", layer.area)


def _built(case: Case, progress: Progress) -> Floats:
    """``(n,)`` m² of construction land in each plot."""
    layer, parcels = case.layer, case.others["parcels"]
    built = parcels.classes.group == LandGroup.CONSTRUCTION
    parts = parts_of(layer, parcels.shapes[built], None, progress)
    there = parts.key >= 0
    return np.bincount(parts.row[there], parts.area[there], len(layer)).astype(np.float64)


def newbuild_farmland(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """New-build on permanent basic farmland."""
    yield inside(case.layer, case.others["farmland"], rule.least, progress, plot=plot_names(case.layer))


def newbuild_redline(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """New-build in redline of the strictest level (1.9)."""
    yield _in_redline(case, rule, progress)


def newbuild_redline_level2(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """New-build in redline of the second level, outside the first (1.9)."""
    yield _in_redline(case, rule, progress)


def _in_redline(case: Case, rule: RuleSpec, progress: Progress) -> Found:
    redline = case.others["redline"]
    words = case.words.get("redline_level", {})
    level = redline.text("level").map(lambda word: words.get(word or "", STRICTEST))
    number = np.array([int(str(each)) for each in level.levels], dtype=np.int64)[level.code]
    parts = parts_of(case.layer, redline.shapes, number, progress)
    return by_feature(
        parts.take(parts.key == int(rule.option("level"))),
        rule.least,
        other=redline.table.name,
        plot=plot_names(case.layer),
    )


def newbuild_boundary(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Town and industry outside the development boundary (M13)."""
    words = case.words.get("use", {})
    uses = rule.words("uses")
    urban = case.layer.text("use").where(lambda word: words.get(word or "", word) in uses)
    yield _outside(case, case.others["boundary"], rule, urban, progress)


def plot_outside(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """A plot outside the township."""
    yield _outside(case, case.others["township"], rule, None, progress)


def _outside(case: Case, other: Subject, rule: RuleSpec, among: Optional[Bools], progress: Progress) -> Found:
    parts = parts_of(case.layer, other.shapes, None, progress)
    beyond = parts.key < 0
    if among is not None:
        beyond &= among[parts.row]
    return by_feature(parts.take(beyond), rule.least, other=other.table.name, plot=plot_names(case.layer))


def plots_overlap(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Plots on land of plots before them in the layer: the later one is named, with the first it meets."""
    layer = case.layer
    first, second = shapely.STRtree(layer.shapes).query(layer.shapes)
    later = first > second
    first, second = first[later], second[later]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    shapes = layer.shapes
    shared = polygons_only(batched(shapely.intersection, shapes[first], shapes[second], progress=progress, size=_PAIRS))
    parts = Parts(first, second, shared, area_m2(layer, shared, progress), False)
    parts = parts.take(parts.area > 0)
    names = plot_names(layer)
    other = np.full(len(layer), "", dtype=np.object_)
    other[parts.row[::-1]] = names[parts.key[::-1]]
    yield by_feature(parts, rule.least, other=other, plot=names)


def reclaim_newbuild(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """New-build on a reclaim plot (1.4.3)."""
    yield inside(case.layer, case.others["reclaim"], rule.least, progress, plot=plot_names(case.layer))


def past_project(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Reclaim on land of an earlier project (M2)."""
    yield inside(case.layer, case.others["past_projects"], rule.least, progress, plot=plot_names(case.layer))


def phase_period(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """A phase that is no year of the plan (M22)."""
    first, last = case.period or (0, 0)
    written = case.layer.text("phase")
    year = case.layer.number("phase")
    wrong = ~written.missing & ~((year >= first) & (year <= last))
    yield _on_plots(case, wrong, "phase", year, value=written.values, first=first, last=last)


def phase_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Neither phase nor date: the plot stands in no account of time."""
    layer = case.layer
    silent = layer.text("phase").missing
    for name in _DATES.get(layer.role, ()):
        silent = silent & layer.text(name).missing
    yield _on_plots(case, silent, "phase")


def shares_range(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Rates and shares written as per cents, or no share at all."""
    low, high = rule.option("low"), rule.option("high")
    for name in rule.words("fields"):
        if case.layer.has(name):
            share = case.layer.number(name)
            wrong = (share < low) | (share > high)
            yield _on_plots(case, wrong, name, share, low=low, high=high)


def signed_households(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """More households signed than live there (M6)."""
    signed, households = case.layer.number("signed"), case.layer.number("households")
    wrong = signed > households
    yield _on_plots(case, wrong, "signed", signed - households, signed=signed, households=households)


def accepted_area(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Accepted area that exceeds the plot (1.4.9), by more than measuring on the plane makes of it."""
    layer = case.layer
    accepted = layer.number("acc_m2")
    allowed = np.maximum(rule.least, rule.option("share") * layer.area)
    wrong = (accepted - layer.area > allowed) & (layer.area > 0)
    yield _on_plots(case, wrong, "acc_m2", accepted - layer.area, accepted=accepted, area=layer.area)


def _on_plots(case: Case, wrong: Bools, role_field: str, measure: Optional[Floats] = None, **values: Any) -> Found:
    """Findings on plots; measure and values are ``(n,)`` by row of the layer, or one value for all."""
    named = {name: value[wrong] if isinstance(value, np.ndarray) else value for name, value in values.items()}
    size = None if measure is None else measure[wrong]
    return on_rows(wrong, case.layer.field(role_field), size, plot=plot_names(case.layer)[wrong], **named)


def plot_names(layer: Subject) -> Texts:
    """``(n,)`` the numbers of plots, the feature id where there is none."""
    ids = layer.text("plot_id")
    return np.where(ids.missing, layer.table.fid.astype(str).astype(np.object_), ids.values)


RULES: Tuple[RuleFunction, ...] = (
    reclaim_construction,
    reclaim_no_construction,
    newbuild_farmland,
    newbuild_redline,
    newbuild_redline_level2,
    newbuild_boundary,
    plots_overlap,
    reclaim_newbuild,
    plot_outside,
    past_project,
    phase_period,
    phase_missing,
    shares_range,
    signed_households,
    accepted_area,
)

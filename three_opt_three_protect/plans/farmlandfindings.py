"""What a planner should look at in an adjustment of permanent basic farmland."""

from __future__ import annotations

from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.farmland.adjust import Adjustment
from three_opt_three_protect.core.farmland.candidates import OPEN
from three_opt_three_protect.core.farmland.facts import Bools, mean_grade
from three_opt_three_protect.core.farmland.methods import OPTIMAL
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.measure import to_m2, to_mu
from three_opt_three_protect.plans.inputs import SurveyInputs

Words = Callable[..., str]

SEEN_M2 = 1.0
"""Farmland off the parcels below this is noise between two layers' edges."""

MOST_SAID = 5
"""Shortages told one by one."""

_FIELDS = {"slope": "farmland.field.slope", "refine_code": "farmland.field.refine_code"}
"""Role field without which unfit land cannot be told, and what it is called."""


def input_findings(
    held: Adjustment,
    survey: SurveyInputs,
    farmland: str,
    off: Tuple[float, float],
    recorded: Optional[float],
    undated: Tuple[str, int],
    words: Words,
) -> List[Finding]:
    """What the layers lack.

    Parameters
    ----------
    farmland
        Name of the layer.
    off
        m² of it on no parcel, and covered twice.
    recorded
        m² of farmland that the layer itself states, None where it does not.
    undated
        Layer of new-build plots and how many of them have no date.
    """
    name, found = survey.parcels.table.name, []
    for finding, area, least in (("farmland_uncovered", off[0], SEEN_M2), ("farmland_overlap", off[1], 0.005)):
        if area >= least:
            found.append(Finding(finding, WARNING, farmland, {"layer": farmland, "area": round(area, 2)}))
    before = held.township.before / 100
    if recorded is not None and abs(recorded - before) >= SEEN_M2:
        areas = {"recorded": round(recorded, 2), "area": before, "difference": round(before - recorded, 2)}
        found.append(Finding("farmland_recorded", WARNING, farmland, {"layer": farmland, **areas}))
    if undated[1]:
        values: Dict[str, Value] = {"layer": undated[0], "count": undated[1]}
        found.append(Finding("farmland_newbuild_undated", WARNING, undated[0], values))
    for role_field, field in _FIELDS.items():
        if role_field not in survey.mapping:
            found.append(Finding("farmland_field_missing", WARNING, name, {"layer": name, "field": words(field)}))
    unknown = held.added & np.isnan(held.facts.gentle)
    if "slope" in survey.mapping and unknown.any():
        found.append(Finding("farmland_slope_unknown", WARNING, name, {"layer": name, **_count(held, unknown)}))
    if "deduct_rate" not in survey.mapping:
        found.append(Finding("farmland_net_is_gross", WARNING, name, {"layer": name}))
    if np.isnan(held.worst):
        found.append(Finding("farmland_no_grades", WARNING, name, {"layer": name}))
    return found


def task_findings(tasks: Mapping[str, float], units: Sequence[str]) -> List[Finding]:
    """Tasks that are not stated, or stated for villages that are not there."""
    if not tasks:
        return [Finding("farmland_no_task", WARNING, "", {})]
    strange = sorted(unit for unit in tasks if unit and unit not in units)
    found = [] if "" in tasks else [Finding("farmland_no_task", WARNING, "", {})]
    if strange:
        values: Dict[str, Value] = {"count": len(strange), "names": ", ".join(strange[:3])}
        found.append(Finding("farmland_task_elsewhere", WARNING, "", values))
    return found


def result_findings(held: Adjustment, words: Words) -> List[Finding]:
    """What was found in the farmland, and what is short."""
    return [*_land(held, words), *_grades(held), *_shortages(held, words), *_said(held, words)]


def _land(held: Adjustment, words: Words) -> Iterator[Finding]:
    base, facts, out = held.base, held.facts, held.releases
    barred = base.in_farm & facts.barred
    if barred.any():
        codes = sorted({str(code) for code in base.class_base.take(np.flatnonzero(barred)).values if code is not None})
        yield Finding("farmland_not_eligible", WARNING, "", {**_count(held, barred), "classes": ", ".join(codes[:6])})
    for number, reason in enumerate(held.settings.reasons):
        stays = out.wanted == number
        if stays.any():
            said = words(f"farmland.reason.{reason.token}")
            yield Finding("farmland_unlisted", WARNING, "", {**_count(held, stays), "reason": said})
        if not reason.code and (out.reason == number).any():
            yield Finding("farmland_no_code", INFO, "", {"reason": words(f"farmland.reason.{reason.token}")})
    if out.slivers.any():
        area = round(float(to_m2(base.area[out.slivers].sum())), 2)
        values: Dict[str, Value] = {
            "count": int(out.slivers.sum()),
            "area": area,
            "least": held.settings.sliver / 100,
        }
        yield Finding("farmland_slivers", INFO, "", values)
    unknown = base.in_farm & ~facts.eligible & ~facts.barred & ~base.parcels.classes.known[base.parcel]
    if unknown.any():
        yield Finding("farmland_class_unknown", WARNING, "", _count(held, unknown))


def _grades(held: Adjustment) -> Iterator[Finding]:
    base, facts = held.base, held.facts
    counted = (base.in_farm & facts.eligible) | held.added
    inferred = facts.inferred & counted
    if inferred.any():
        values = {**_count(held, inferred), "radius": held.settings.radius_m}
        yield Finding("farmland_grades_inferred", WARNING, "", values)
    reclaimed = held.added & facts.inferred & ~facts.eligible
    if reclaimed.any():
        after = ((base.in_farm & (facts.eligible | facts.accepted)) & ~held.releases.released) | held.added
        worse = mean_grade(facts.net, facts.grade + reclaimed, after)
        grades: Dict[str, Value] = {"grade": round(held.township.grade_after, 4), "worse": round(worse, 4)}
        yield Finding("farmland_grade_sensitivity", INFO, "", {**_count(held, reclaimed), **grades})
    missing = counted & np.isnan(facts.grade)
    if missing.any() and not np.isnan(held.worst):
        yield Finding("farmland_grades_open", WARNING, "", _count(held, missing))


def _shortages(held: Adjustment, words: Words) -> Iterator[Finding]:
    """The township's first; of many villages the first few, the table has them all."""
    short = sorted(held.used.shortages, key=lambda found: (bool(found[0].unit_code), -found[1]))
    for limit, missing in short[:MOST_SAID]:
        check, advice = words(f"rule.pbf_{limit.id}"), words(f"advice.pbf_{limit.id}")
        if limit.unit == "m2":
            unit = limit.unit_code or words("row.township")
            said: Dict[str, Value] = {"area": _mu(missing), "m2": round(missing, 2), "advice": advice}
            yield Finding("farmland_short", WARNING, "", {**said, "check": check, "unit": unit})
        else:
            yield Finding("farmland_short_grade", WARNING, "", {"check": check, "advice": advice})
    if len(short) > MOST_SAID:
        yield Finding("farmland_short_more", WARNING, "", {"count": len(short) - MOST_SAID})


def _said(held: Adjustment, words: Words) -> Iterator[Finding]:
    open_ = held.excluded == OPEN
    yield Finding("farmland_candidates", INFO, "", _count(held, open_))
    if held.used.plain is not None and held.used.added > held.used.plain:
        more = _mu((held.used.added - held.used.plain) / 100)
        yield Finding("farmland_for_contiguity", INFO, "", {"area": round(more, 2)})
    for way in held.methods:
        if way.name == OPTIMAL and way.chosen is not None and way.status in ("gap", "time_limit") and way.gap:
            yield Finding("farmland_optimal_stopped", WARNING, "", {"gap": round(100 * way.gap, 4)})
    if held.added.any() or held.releases.released.any():
        yield Finding("farmland_procedure", INFO, "", {})


def _count(held: Adjustment, where: Bools) -> Dict[str, Value]:
    return {"count": int(where.sum()), "area": _mu(float(to_m2(held.facts.net[where].sum())))}


def _mu(area_m2: float) -> float:
    return float(to_mu(np.array([area_m2]))[0])

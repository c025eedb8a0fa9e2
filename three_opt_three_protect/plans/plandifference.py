"""Two to four plans compared: the comparison, the differences drawn, what is said and the numbers of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.plandiff import Comparison, SizeVerdict, compare
from three_opt_three_protect.core.plandiffclasses import KINDS, NO_PLAN
from three_opt_three_protect.core.plandiffland import compared_land
from three_opt_three_protect.core.plandiffpatches import LAYOUT, Limits, Patches, differences
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import FAIL, UNKNOWN, Profile
from three_opt_three_protect.plans.planlayers import PlanLayers


@dataclass(frozen=True)
class PlanDifference:
    """Everything found; ``patches`` are the differences drawn."""

    layers: PlanLayers
    comparison: Comparison
    patches: Tuple[Patches, ...]
    verdicts: Tuple[SizeVerdict, ...]
    findings: Tuple[Finding, ...]

    def area(self, *kinds: str) -> int:
        """Hundredths of a m² of layout kinds over all pairs."""
        found = self.comparison
        return sum(row.area for pair in found.pairs for row in found.layout(pair) if row.kind in kinds)


def limits_of(profile: Profile, least: Optional[float]) -> Limits:
    """Minimum mapping areas and width of the profile; ``least`` m² stands for both areas, 0 draws everything."""
    width = profile.number("difference_sliver_m")
    if least is not None:
        return Limits(least, least, width if least > 0 else 0.0)
    return Limits(profile.number("difference_construction_m2"), profile.number("difference_other_m2"), width)


def plan_difference(
    layers: PlanLayers, limits: Limits, snap: float = 0.0, progress: Progress = SILENT
) -> PlanDifference:
    """Compare the plans of ``layers``."""
    land = compared_land(layers.shapes, layers.villages, layers.spec, snap, Part(progress, 0.0, 0.8))
    found = compare(layers.plans, land, layers.harmonised, layers.codes, Part(progress, 0.8, 0.02))
    patches = tuple(differences(found, layers.spec, limits, Part(progress, 0.82, 0.18)))
    verdicts = tuple(found.verdicts())
    return PlanDifference(layers, found, patches, verdicts, _findings(layers, found, patches, verdicts))


def _findings(
    layers: PlanLayers, found: Comparison, patches: Sequence[Patches], verdicts: Sequence[SizeVerdict]
) -> Tuple[Finding, ...]:
    """What reading has said and what the comparison adds."""
    out = [
        Finding("plan_overlap", WARNING, table.name, {"layer": table.name, "area": round(float(area), 2)})
        for table, area in zip(layers.tables, found.land.overlap)
        if area > 0
    ]
    for one in verdicts:
        name = layers.tables[one.plan].name
        if one.unit == "" and one.result == FAIL:
            values: Dict[str, Value] = {
                "plan": name,
                "built": float(to_m2(one.built)),
                "over": float(to_m2(one.built - one.limit)),
            }
            out.append(Finding("plan_size_failed", WARNING, name, values))
        elif one.unit == "" and one.result == UNKNOWN:
            out.append(Finding("plan_size_unknown", WARNING, name, {"plan": name}))
    count, merged = sum(int(one.sliver.sum()) for one in patches), sum(one.absorbed for one in patches)
    if count or merged:
        area = float(to_m2(sum(int(one.area[one.sliver].sum()) for one in patches)))
        out.append(Finding("plan_slivers", INFO, "", {"count": count, "area": area, "merged": merged}))
    return (*layers.findings, *out)


def difference_figures(found: PlanDifference) -> Dict[str, Optional[float]]:
    """Numbers of the result."""
    comparison = found.comparison
    layout = [patches for patches in found.patches if patches.facet == LAYOUT]
    slivers = [area for patches in found.patches for area in patches.area[patches.sliver]]
    timing = [row for pair in comparison.pairs for row in comparison.timing(pair)]
    totals = {
        result: sum(one.unit == "" and one.result == result for one in found.verdicts) for result in ("fail", "unknown")
    }
    return {
        "COMPARED_M2": float(to_m2(sum(one.area for pair in comparison.pairs for one in comparison.layout(pair)))),
        "DIFFERENCES": sum(int((~patches.sliver).sum()) for patches in layout),
        "LAYOUT_M2": float(to_m2(found.area(*[kind for kind in KINDS[1:] if kind not in (NO_PLAN, "to_refine")]))),
        "NO_PLAN_M2": float(to_m2(found.area(NO_PLAN))),
        "TO_REFINE_M2": float(to_m2(found.area("to_refine"))),
        "TIMING_M2": float(to_m2(sum(row.area for row in timing if row.kind == "year_differs"))),
        "YEAR_UNKNOWN_M2": float(to_m2(sum(row.area for row in timing if row.kind == "year_unknown"))),
        "SLIVERS": len(slivers),
        "SLIVER_M2": float(to_m2(sum(int(area) for area in slivers))),
        "MERGED": sum(patches.absorbed for patches in found.patches),
        "TO_REFINE": found.layers.doubtful,
        "OVERLAP_M2": round(float(comparison.land.overlap.sum()), 4),
        "CLOSURE_M2": float(to_m2(np.abs(comparison.land.closure()).max())),
        "SIZE_FAILED": totals["fail"],
        "SIZE_UNKNOWN": totals["unknown"],
    }

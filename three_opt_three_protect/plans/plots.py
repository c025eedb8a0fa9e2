"""Plots of a report: how they are called and what to say of them."""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import SEEN_M2, WARNING, Finding, feature_finding
from three_opt_three_protect.core.plotreport import PlotReport
from three_opt_three_protect.core.roles import guess_fields, role_column
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.storage.catalogue import load_role_schemas


def table_ids(plots: LayerTable) -> List[str]:
    """The id of every plot: its ``plot_id`` or another standard name, else the feature id."""
    mapping = guess_fields(plots, load_role_schemas()["reclaim"])
    column = role_column(plots, mapping, "plot_id")
    stated = [None] * len(plots) if column is None else list(as_text(column))
    return [str(fid) if name is None else name for name, fid in zip(stated, plots.fid)]


def report_findings(report: PlotReport, plots: LayerTable) -> Tuple[Finding, ...]:
    """Plots beyond the parcels, plots that overlap."""
    found: List[Finding] = []
    outside = report.uncovered > SEEN_M2
    outside |= (report.area == 0) & ~np.asarray(shapely.is_missing(plots.shapes))
    found += feature_finding("plot_outside_parcels", WARNING, plots, outside, float(report.uncovered.sum()))
    if report.overlap_m2 > SEEN_M2:
        shared: Dict[str, Value] = {"layer": plots.name, "area": round(report.overlap_m2, 2)}
        found.append(Finding("report_plots_overlap", WARNING, plots.name, shared))
    return tuple(found)

"""``zoneoverlay``: parcels × lines, exact, with areas that close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.parameters import DROPPED
from three_opt_three_protect.algorithms.survey import LINES, SurveyAlgorithm, measured_m2

if TYPE_CHECKING:
    from three_opt_three_protect.core.overlay.snapping import Snapped

SUMMARY_SHARE = 0.05
"""Share of the computing that tables and summary have."""


class ZoneOverlay(SurveyAlgorithm):
    """Every part of a parcel with its combination of zones."""

    ID = "zoneoverlay"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Overlay of parcels and lines")

    def summary(self) -> str:
        return self.tr("Cuts parcels along any number of lines and gives areas that add up to the recorded ones.")

    def about(self) -> str:
        return self.tr(
            "Overlays land parcels with permanent basic farmland, development boundary, redline and any further "
            "layers at once. A piece is the part of one parcel with one combination of zones. The areas of its "
            "pieces add up to the parcel's area to 0.01 m²; parcels themselves are never altered. Where zones of "
            "one layer overlap, the land counts once and the overlap is reported. With control areas the areas of "
            "parcels add up to those of villages and township, too."
        )

    def declare(self) -> None:
        self.add_parcels("INPUT")
        self.add_lines_of_control()
        self.add_many_polygons(
            "OTHER_ZONES",
            self.tr("Further layers"),
            self.tr("Any further layers; each gives a field zone1, zone2 … with the id of the covering feature."),
        )
        self.add_area_method()
        self.add_class_system()
        self.add_area_controls()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink("OUTPUT", self.tr("Pieces"), self.tr("Parts of parcels with class, village, lines and areas."))
        self.add_sink(
            "SUMMARY",
            self.tr("Summary"),
            self.tr("Areas by village, land class and combination of lines, in m², hectares and mu."),
            TABLE,
            optional=True,
        )
        self.add_sink(
            "CONTROLS",
            self.tr("Control areas"),
            self.tr("Every village and the township: control area, sum of what lies in it, difference, adjustment."),
            TABLE,
            optional=True,
        )
        self._declare_figures()
        self.add_geometry_report()

    def _declare_figures(self) -> None:
        for name, label, about in (
            (
                "PARCELS",
                self.tr("Parcels"),
                self.tr("Parcels that have a piece; with the parcels left out (DROPPED) as many as were read."),
            ),
            ("PIECES", self.tr("Pieces"), self.tr("Number of pieces.")),
            ("TOTAL_M2", self.tr("Total area (m²)"), self.tr("Sum of the areas of all pieces.")),
            (
                "CLOSURE_M2",
                self.tr("Closure (m²)"),
                self.tr("Largest difference between a parcel and its pieces before rounding."),
            ),
            (
                "ADJUSTED_M2",
                self.tr("Largest adjustment (m²)"),
                self.tr("Largest difference between a recorded area and the parcel's own area."),
            ),
            (
                "CONTROL_M2",
                self.tr("Largest control difference (m²)"),
                self.tr("Largest difference between a control area and the sum of what lies in the unit."),
            ),
            ("UNKNOWN_CODES", self.tr("Unknown codes"), self.tr("Parcels whose land class is not known.")),
            (
                "OVERLAP_M2",
                self.tr("Zone overlap (m²)"),
                self.tr("Area of parcels covered more than once within one layer of lines or zones."),
            ),
            ("PARCEL_OVERLAP_M2", self.tr("Parcel overlap (m²)"), self.tr("Area that parcels share.")),
            (
                "SNAPPED",
                self.tr("Snapped vertices"),
                self.tr("Vertices of lines and zones moved onto a parcel vertex within the tolerance."),
            ),
            (
                "FLATTENED",
                self.tr("Heights not read"),
                self.tr("Geometries of all layers whose heights (Z) or measures (M) were not read."),
            ),
            (
                "SEGMENTED",
                self.tr("Curves straightened"),
                self.tr("Geometries of all layers whose curves were read as short straight segments."),
            ),
        ):
            self.add_figure(name, label, about)

    def _say_snapped(self, run: Run, snapped: Sequence[Snapped], unit: float) -> None:
        """One line a layer: how many vertices were moved and how far, which zones stayed as they were."""
        roles = [name for name in LINES if name in run.tables]
        further = sorted((name for name in run.tables if "." in name), key=lambda name: int(name.split(".")[1]))
        for name, found in zip([*roles, *further], snapped):
            layer = run.tables[name].name
            if found.vertices:
                run.log("log_snapped", layer=layer, count=found.vertices, largest=round(found.largest * unit, 6))
            if found.refused:
                run.warn("log_snap_refused", layer=layer, count=found.refused)

    def compute(self, run: Run) -> Results:
        from dataclasses import replace

        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.measure import to_m2
        from three_opt_three_protect.plans.outputs import control_table, piece_layer, piece_summary

        survey = self.read_survey(run, "INPUT")
        snap = run.number("TOLERANCE") or 0.0
        controls = self.read_controls(run, survey)
        share = run.progress.part(0.85)
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, share, survey.coverage, controls)
        survey = replace(survey, coverage=None)
        self.say(run, base.report.findings)
        others = [name for name in run.tables if name.startswith("OTHER_ZONES.")]
        fids = [run.tables[name].fid for name in sorted(others, key=lambda name: int(name.split(".")[1]))]
        pieces, unit = base.measured.pieces, base.spec.crs.metres_per_unit
        square = unit**2
        self._say_snapped(run, pieces.snapped, unit)
        summing = run.progress.part(SUMMARY_SHARE)
        summing.step("summarising", 1.0)
        layers = {"OUTPUT": piece_layer(base, fids)}
        summing.check(0.5)
        layers["SUMMARY"] = piece_summary(base, fids)
        layers["CONTROLS"] = control_table(base.report)
        return Results(
            layers=layers,
            figures={
                "PARCELS": base.parcel_count,
                "PIECES": len(base.area),
                "TOTAL_M2": float(to_m2(base.area.sum())),
                "CLOSURE_M2": pieces.closure * square,
                "ADJUSTED_M2": base.adjusted_m2,
                "CONTROL_M2": base.report.control_m2,
                DROPPED: base.left_out,
                "SNAPPED": sum(layer.vertices for layer in pieces.snapped),
                "FLATTENED": run.report.flattened(),
                "SEGMENTED": run.report.segmented(),
                "UNKNOWN_CODES": survey.parcels.unknown_codes,
                "OVERLAP_M2": measured_m2(float(pieces.overlap.sum()) * square),
                "PARCEL_OVERLAP_M2": measured_m2(survey.parcel_overlap_m2),
            },
        )

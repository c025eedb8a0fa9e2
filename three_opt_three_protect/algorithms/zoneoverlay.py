"""``zoneoverlay``: parcels × lines, exact, with areas that close."""

from __future__ import annotations

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.parameters import DROPPED
from three_opt_three_protect.algorithms.survey import SurveyAlgorithm, measured_m2


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
            "one layer overlap, the land counts once and the overlap is reported."
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
        self.add_snapping()
        self.add_sink("OUTPUT", self.tr("Pieces"), self.tr("Parts of parcels with class, village, lines and areas."))
        self.add_sink(
            "SUMMARY",
            self.tr("Summary"),
            self.tr("Areas by village, land class and combination of lines, in m², hectares and mu."),
            TABLE,
            optional=True,
        )
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
            ("UNKNOWN_CODES", self.tr("Unknown codes"), self.tr("Parcels whose land class is not known.")),
            (
                "OVERLAP_M2",
                self.tr("Zone overlap (m²)"),
                self.tr("Area of parcels covered more than once within one layer of lines or zones."),
            ),
            ("PARCEL_OVERLAP_M2", self.tr("Parcel overlap (m²)"), self.tr("Area that parcels share.")),
        ):
            self.add_figure(name, label, about)
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        import numpy as np

        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.measure import to_m2
        from three_opt_three_protect.plans.outputs import piece_layer, piece_summary

        survey = self.read_survey(run, "INPUT")
        snap = run.number("TOLERANCE") or 0.0
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, run.progress.part(0.9))
        others = [name for name in run.tables if name.startswith("OTHER_ZONES.")]
        fids = [run.tables[name].fid for name in sorted(others, key=lambda name: int(name.split(".")[1]))]
        square = base.spec.crs.metres_per_unit**2
        pieces = base.measured.pieces
        return Results(
            layers={"OUTPUT": piece_layer(base, fids), "SUMMARY": piece_summary(base, fids)},
            figures={
                "PARCELS": len(np.unique(base.parcel)),
                "PIECES": len(base.area),
                "TOTAL_M2": float(to_m2(base.area.sum())),
                "CLOSURE_M2": pieces.closure * square,
                "ADJUSTED_M2": base.adjusted_m2,
                DROPPED: run.dropped("INPUT"),
                "UNKNOWN_CODES": survey.parcels.unknown_codes,
                "OVERLAP_M2": measured_m2(float(pieces.overlap.sum()) * square),
                "PARCEL_OVERLAP_M2": measured_m2(survey.parcel_overlap_m2),
            },
        )

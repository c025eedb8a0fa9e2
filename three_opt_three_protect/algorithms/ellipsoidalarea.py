"""``ellipsoidalarea``: the official ellipsoidal area of every polygon, as a field and a total."""

from __future__ import annotations

from three_opt_three_protect.algorithms.base import Copy, PlanAlgorithm, Results, Run
from three_opt_three_protect.core.tables import real

FIELD = "ell_m2"


class EllipsoidalArea(PlanAlgorithm):
    """Area of every feature, rounded to 0.01 m² as the survey does."""

    ID = "ellipsoidalarea"
    GROUP = "prepare"

    def title(self) -> str:
        return self.tr("Ellipsoidal area")

    def summary(self) -> str:
        return self.tr("Adds the official ellipsoidal area of every polygon as a field and gives the total.")

    def about(self) -> str:
        return self.tr(
            "Computes areas as the national land survey prescribes (strip formula on the ellipsoid of the "
            "layer's coordinate system), rounded to 0.01 m². Geometry and fields of the input stay as they "
            "are; an invalid polygon is measured as repaired and counted. The total is the sum of the "
            "rounded values."
        )

    def declare(self) -> None:
        self.add_polygons(
            "INPUT",
            self.tr("Polygons"),
            self.tr("Layer to measure. It needs a coordinate system; degrees are fine except with planar areas."),
        )
        self.add_area_method("METHOD")
        self.add_sink(
            "OUTPUT",
            self.tr("With ellipsoidal area"),
            self.tr("The input with the field ell_m2 (m²), NULL where a feature has no geometry."),
        )
        self.add_figure("TOTAL_M2", self.tr("Total area (m²)"), self.tr("Sum of the rounded areas."))
        self.add_figure("COUNT", self.tr("Features measured"), self.tr("Number of features that have an area."))
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        import numpy as np
        import shapely

        from three_opt_three_protect.core.extent import require_fitting
        from three_opt_three_protect.core.measure import measure, to_m2, to_units
        from three_opt_three_protect.storage.crs import zone_families

        table = run.polygons("INPUT", fields=())
        require_fitting(table, zone_families())
        area = measure(table.shapes, table.crs, run.area_method("METHOD"), run.lonlat(table.crs), run.progress)
        units = to_units(area)
        kept = ~shapely.is_missing(table.shapes)
        values = np.where(kept, to_m2(units), np.nan)
        column = real(values, alias="椭球面积", width=18, decimals=2)
        return Results(
            layers={"OUTPUT": Copy(run.source("INPUT"), table.fid, {FIELD: column})},
            figures={"TOTAL_M2": to_m2(units[kept].sum()), "COUNT": int(kept.sum())},
        )

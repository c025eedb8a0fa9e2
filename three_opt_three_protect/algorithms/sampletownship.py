"""``sampletownship``: an invented township to learn and test on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, Mapping

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run

if TYPE_CHECKING:
    from three_opt_three_protect.core.progress import Progress
    from three_opt_three_protect.core.tables import LayerTable


class SampleTownship(PlanAlgorithm):
    """Draws a township from a seed."""

    ID = "sampletownship"
    GROUP = "prepare"
    NEEDS = ("shapely", "scipy", "pyogrio", "fiona")

    def title(self) -> str:
        return self.tr("Sample township")

    def summary(self) -> str:
        return self.tr("Draws an invented Jiangnan township with parcels, lines, plots and targets.")

    def about(self) -> str:
        return self.tr(
            "Everything is drawn from the seed and invented: no real survey is used. The same seed gives the same "
            "township. The result is a plan database that all other tools read. With two years the second survey "
            "holds known changes; with defects a known set of mistakes is planted; both are listed in the table "
            "planted."
        )

    def declare(self) -> None:
        self.add_integer("SEED", self.tr("Seed"), self.tr("Another number draws another township."), 1, 0)
        self.add_integer(
            "PARCELS", self.tr("Parcels"), self.tr("Number of parcels wanted; the result is within 10 %."), 8000, 300
        )
        self.add_integer(
            "YEARS", self.tr("Survey years"), self.tr("2 adds a second survey with known changes."), 2, 1, 2
        )
        self.add_integer(
            "DEFECTS", self.tr("Planted defects"), self.tr("1 plants a known set of mistakes; 0 none."), 0, 0, 1
        )
        self.add_integer(
            "PLANS",
            self.tr("Plans"),
            self.tr("1 adds a land, town, ecological and development plan with known differences; 0 none."),
            0,
            0,
            1,
        )
        self.add_file_output(
            "OUTPUT", self.tr("Plan database"), self.tr("GeoPackage to write."), "GeoPackage (*.gpkg)", optional=False
        )
        for layer, label in self.layers().items():
            self.add_string(f"{layer.upper()}_LAYER", label, self.tr("Address of the layer, for models."))

    def layers(self) -> Dict[str, str]:
        """Layers of the plan database that the sample fills, with what they are called on the screen."""
        return {
            "parcels": self.tr("Land parcels"),
            "parcels_next": self.tr("Land parcels of the second survey year"),
            "villages": self.tr("Villages"),
            "settlements": self.tr("Natural villages"),
            "township": self.tr("Township"),
            "farmland": self.tr("Permanent basic farmland"),
            "boundary": self.tr("Urban development boundary"),
            "redline": self.tr("Ecological redline"),
            "retained": self.tr("Retained settlements"),
            "roads": self.tr("Roads"),
            "reclaim": self.tr("Reclaim plots"),
            "newbuild": self.tr("New-build plots"),
            "temporary": self.tr("Temporary land use"),
            "bulldozed": self.tr("Bulldozed land (TTQ)"),
            "suspects": self.tr("Suspect polygons"),
            "land_plan": self.tr("Land-use plan"),
            "town_plan": self.tr("Town plan"),
            "ecological": self.tr("Ecological plan"),
            "development": self.tr("Development plan"),
            "population": self.tr("Population"),
            "targets": self.tr("Targets"),
            "planted": self.tr("List of planted defects and changes"),
        }

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.aside import aside
        from three_opt_three_protect.bridge.provenance import now
        from three_opt_three_protect.core.sample import draw_township
        from three_opt_three_protect.storage.geopackage import require_target
        from three_opt_three_protect.storage.plandb import write_plan

        path = run.file_output("OUTPUT") or ""
        require_target(path)
        seed, count = run.integer("SEED"), run.integer("PARCELS")
        years, defects, plans = run.integer("YEARS"), run.integer("DEFECTS"), run.integer("PLANS")

        def draw(progress: Progress) -> Mapping[str, LayerTable]:
            return draw_township(seed or 0, count or 0, years or 1, defects or 0, progress, plans or 0)

        layers = aside(draw, run.progress)
        meta = {"created": now(), "source": "sampletownship", "seed": str(seed)}
        addresses = {
            f"{layer.upper()}_LAYER": f"{path}|layername={layer}" if layer in layers else None
            for layer in self.layers()
        }

        def write(draft: Path) -> None:
            write_plan(draft, layers, meta, run.writing.part(0.9))

        return Results(figures=addresses, files={"OUTPUT": write})

"""``dxfexport``: plots and their boundary points → a drawing (DXF)."""

from __future__ import annotations

from typing import List, Optional

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run
from three_opt_three_protect.core.tables import LayerTable, as_text

USE = "use"
"""Field of the plan's new-build plots that says what is built."""


class DxfExport(PlanAlgorithm):
    """Plots as closed polylines by layer, with numbers."""

    ID = "dxfexport"
    GROUP = "prepare"

    def title(self) -> str:
        return self.tr("Export plots to a drawing (DXF)")

    def summary(self) -> str:
        return self.tr("Writes plots as closed polylines by layer, with their numbers and boundary points.")

    def about(self) -> str:
        return self.tr(
            "Every ring becomes a closed polyline on the layer of its plot, every plot gets its number as text; "
            "boundary points are numbered as in the survey coordinate file. The drawing is in the form of AutoCAD "
            "Release 12, with Chinese in GBK."
        )

    def declare(self) -> None:
        self.add_polygons("INPUT", self.tr("Plots"), self.tr("Polygons in a projected coordinate system."))
        self.add_field(
            "LAYER_FIELD",
            self.tr("Field for CAD layers"),
            self.tr("Plots go on layers named after its values; left out: the field use, else the layer's name."),
            "INPUT",
        )
        self.add_field(
            "NO_FIELD", self.tr("Plot number"), self.tr("Left out: the field plot_id, else the row's number."), "INPUT"
        )
        self.add_switch("POINTS", self.tr("Boundary points"), self.tr("Draw boundary points with their numbers."), True)
        self.add_number("HEIGHT", self.tr("Text height (m)"), self.tr("Height of the texts on the ground."), 2.0, 0.01)
        self.add_integer("DECIMALS", self.tr("Decimals"), self.tr("Decimals of the coordinates in metres."), 3, 0, 6)
        self.add_file_output("OUTPUT", self.tr("Drawing"), self.tr("The file to write."), "DXF (*.dxf)", False)
        self.add_figure("PLOTS", self.tr("Number of plots"), self.tr("Plots written."))
        self.add_figure(
            "COUNT", self.tr("Boundary points"), self.tr("Boundary points of the plots, closing points left out.")
        )
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        import numpy as np
        import shapely

        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.core.boundarypoints import boundary_points
        from three_opt_three_protect.core.errors import CrsError, InputError
        from three_opt_three_protect.core.extent import require_fitting
        from three_opt_three_protect.core.numbering import Numbering
        from three_opt_three_protect.storage.dxfwrite import dxf_bytes, layer_names
        from three_opt_three_protect.storage.messages import Messages
        from three_opt_three_protect.storage.surveywrite import write_whole

        table = run.polygons("INPUT")
        if table.crs is None or table.crs.is_geographic:
            raise CrsError("dxf_degrees", layer=table.name)
        require_fitting(table)
        kept = np.flatnonzero(~shapely.is_missing(table.shapes))
        if not len(kept):
            raise InputError("empty_layer", layer=table.name)
        points = boundary_points(table, Numbering(), run.integer("DECIMALS") or 0, run.progress)
        words = Messages(language()).text
        layers, numbers = _layers(table, run.field("LAYER_FIELD")), _numbers(table, run.field("NO_FIELD"))
        names = layer_names([*layers, words("dxf.points"), words("dxf.numbers")])
        middle = shapely.get_coordinates(shapely.point_on_surface(table.shapes[kept]))
        labels = [(numbers[row], float(x), float(y)) for row, (x, y) in zip(kept, middle)]
        content = dxf_bytes(
            points,
            [names[layer] for layer in layers],
            labels,
            run.number("HEIGHT") or 0.0,
            names[words("dxf.points")] if run.switch("POINTS") else "",
            label_layer=names[words("dxf.numbers")],
            progress=run.progress,
        )
        return Results(
            figures={"PLOTS": len(kept), "COUNT": int((~points.closing).sum())},
            files={"OUTPUT": lambda draft: write_whole(draft, content)},
        )


def _layers(table: LayerTable, field: Optional[str]) -> List[str]:
    """The CAD layer of each plot: its value in words, where the value is a use of the plan."""
    from three_opt_three_protect.bridge.words import language
    from three_opt_three_protect.storage.messages import read_sentences

    chosen = field or (USE if USE in table.columns else None)
    if chosen is None:
        return [table.name] * len(table)
    sentences = read_sentences(language())
    return [sentences.get(f"{USE}.{value}", value) if value else table.name for value in as_text(table.column(chosen))]


def _numbers(table: LayerTable, field: Optional[str]) -> List[str]:
    chosen = field or ("plot_id" if "plot_id" in table.columns else None)
    values = [None] * len(table) if chosen is None else list(as_text(table.column(chosen)))
    return [value or str(row) for row, value in enumerate(values, 1)]

"""``dxfimport``: closed polylines of a drawing (DXF) → plots."""

from __future__ import annotations

import os
from pathlib import Path

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.algorithms.parameters import LINE
from three_opt_three_protect.algorithms.surveytxtimport import chosen_crs
from three_opt_three_protect.core.errors import CrsError, InputError


class DxfImport(PlanAlgorithm):
    """Plots of a drawing, by layer."""

    ID = "dxfimport"
    GROUP = "prepare"

    def title(self) -> str:
        return self.tr("Import plots from a drawing (DXF)")

    def summary(self) -> str:
        return self.tr("Turns the closed polylines of a CAD drawing into plots, with the CAD layer as a field.")

    def about(self) -> str:
        return self.tr(
            "Closed polylines become plots; arcs are drawn out to 0.1 degree; a text inside a plot names it when it "
            "is the only one, or the only one that stands at no vertex. Drawings of this program keep their plot "
            "numbers and holes. Open polylines are counted by layer and given as lines. Hatches, blocks, circles and "
            "single lines are counted and not read: explode blocks and join lines in the CAD program first. A DWG "
            "must be saved as DXF. Chinese layer names are read also where the drawing states no code page, or a "
            "wrong one."
        )

    def declare(self) -> None:
        self.add_file(
            "INPUT", self.tr("Drawing"), self.tr("A DXF file in text form."), pattern="DXF (*.dxf *.DXF);;* (*)"
        )
        self.add_crs(
            "CRS",
            self.tr("Coordinate system"),
            self.tr("The one the drawing was made in: a drawing does not state it, and it is not guessed."),
        )
        self.add_text(
            "LAYERS",
            self.tr("CAD layers"),
            self.tr("Names of the layers to read, separated by commas; left out: all."),
            optional=True,
        )
        self.add_text(
            "TEXT_LAYER",
            self.tr("CAD layer of plot numbers"),
            self.tr("Only texts of this layer name plots; left out: texts of all layers but boundary points."),
            optional=True,
        )
        self.add_switch(
            "HOLES",
            self.tr("Inner polylines are holes"),
            self.tr(
                "Yes: a polyline inside another of the same layer is its hole. No: each is a plot of its own, but for "
                "those without a plot number in drawings of this program."
            ),
        )
        self.add_number(
            "CLOSE",
            self.tr("Close gaps up to (m)"),
            self.tr("Polylines whose ends are at most this far apart are closed by a straight edge; 0: none."),
            0.0,
            0.0,
            advanced=True,
        )
        self.add_sink(
            "OUTPUT", self.tr("Plots"), self.tr("One polygon a closed polyline, with its CAD layer and name.")
        )
        self.add_sink(
            "OPEN",
            self.tr("Open polylines"),
            self.tr("Polylines that are not closed, with the gap between their ends."),
            LINE,
            True,
        )
        self.add_sink("FINDINGS", self.tr("Findings"), self.tr("What was noted while reading."), TABLE, True)
        self.add_figure("PLOTS", self.tr("Number of plots"), self.tr("Plots made."))
        self.add_figure("OPEN_COUNT", self.tr("Open polylines"), self.tr("Number of polylines that are not closed."))
        self.add_figure(
            "PASSED_OVER", self.tr("Entities passed over"), self.tr("Hatches, blocks and other entities not read.")
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.outputs import finding_table
        from three_opt_three_protect.storage.dxf import read_dxf
        from three_opt_three_protect.storage.dxfplots import drawn_plots
        from three_opt_three_protect.storage.messages import Messages

        crs = chosen_crs(self, run)
        if crs is None:
            raise CrsError("dxf_needs_crs")
        path = Path(run.text("INPUT"))
        drawing = read_dxf(_content(path), path.name, run.progress)
        layers = [name.strip() for name in run.text("LAYERS").replace("，", ",").split(",") if name.strip()]
        close = run.number("CLOSE") or 0.0
        plots = drawn_plots(
            drawing, path.name, crs, layers, run.text("TEXT_LAYER"), run.switch("HOLES"), close, str(path)
        )
        run.tables["INPUT"] = plots.table
        for finding in plots.findings:
            (run.log if finding.severity == "info" else run.warn)(finding.id, **finding.values)
        return Results(
            layers={
                "OUTPUT": plots.table,
                "OPEN": plots.open_lines,
                "FINDINGS": finding_table(plots.findings, Messages(language()).text),
            },
            figures={
                "PLOTS": len(plots.table),
                "OPEN_COUNT": len(plots.open_lines),
                "PASSED_OVER": sum(drawing.passed_over.values()),
            },
        )


def _content(path: Path) -> bytes:
    if not os.path.isfile(path):
        raise InputError("no_such_file", path=str(path)[-100:])
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError("survey_unreadable", file=path.name, why=error.strerror or str(error)) from error

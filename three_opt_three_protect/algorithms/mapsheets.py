"""``mapsheets``: the map sheets of a plan database as PDF, PNG or JPG."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Tuple

import numpy as np
from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterEnum
from qgis.PyQt.QtCore import QDate, Qt

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.bridge.stylepacks import PACKS
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.tables import LayerTable, integer, text

SIZES = ("a3", "a1", "a0")


class MapSheets(PlanAlgorithm):
    """In this version one sheet: 拆旧建新布局图, which is numbers 9 and 10 of the set."""

    ID = "mapsheets"
    GROUP = "results"

    def title(self) -> str:
        return self.tr("Map sheets")

    def summary(self) -> str:
        return self.tr("Draws the map sheets of a plan database, ready to be handed in.")

    def about(self) -> str:
        return self.tr(
            "Draws finished sheets with title, neat lines, legend, scale, coordinate note and balance table from a "
            "plan database. This version draws the layout of reclaim and new-build plots (numbers 9 and 10 of the "
            "set, on one sheet); what is not drawn is listed with the reason. The internal edition has coordinates "
            "and says where it lies; the public edition does neither."
        )

    def flags(self) -> Any:
        # Print layouts live on the main thread.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def declare(self) -> None:
        self.add_file("PLAN", self.tr("Plan database"), self.tr("GeoPackage written by the township plan."), "gpkg")
        self.add_text(
            "SHEETS",
            self.tr("Sheets"),
            self.tr("Numbers of the sheets in the set, separated by commas, or all."),
            "all",
            optional=True,
        )
        self.add_word("SIZE", self.tr("Paper"), self.tr("Size of the paper, landscape: a3, a1 or a0."), SIZES)
        self._add_formats()
        self._add_looks()
        self._add_imprint()
        self.add_folder_output(
            "FOLDER", self.tr("Folder"), self.tr("Gets the files; a file of the same name is replaced."), optional=False
        )
        self.add_sink(
            "SKIPPED",
            self.tr("Sheets left out"),
            self.tr("Number and reason of every sheet that was asked for and not drawn."),
            TABLE,
            optional=True,
        )
        self.add_figure("COUNT", self.tr("Sheets drawn"), self.tr("Number of sheets, whatever their formats."))

    def _add_formats(self) -> None:
        from three_opt_three_protect.sheets.request import FORMATS

        self._add(
            QgsProcessingParameterEnum(
                "FORMAT", self.tr("Formats"), list(FORMATS), True, ["pdf"], False, usesStaticStrings=True
            ),
            self.tr("One or more of pdf (vector, fonts embedded), png and jpg (300 dpi)."),
        )

    def _add_looks(self) -> None:
        from three_opt_three_protect.sheets.request import EDITIONS

        self.add_word(
            "EDITION",
            self.tr("Edition"),
            self.tr(
                "internal: with coordinates, security grade and number to be filled in, and a world file beside "
                "images; public: without coordinates of any kind."
            ),
            EDITIONS,
        )
        self.add_integer(
            "SCALE",
            self.tr("Scale 1:"),
            self.tr("Denominator; left out: the largest round scale at which the township fits."),
            minimum=100,
            maximum=1_000_000,  # smaller scales would draw a net without end
        )
        self.add_word(
            "STYLE",
            self.tr("Class colours"),
            self.tr("plan: colours of the 2006–2020 plans; survey: of the third survey; territorial: from 2021."),
            PACKS,
        )

    def _add_imprint(self) -> None:
        self.add_text(
            "COMPILED_BY",
            self.tr("Compiled by"),
            self.tr("Printed as the compiling unit; left out: the township's government."),
            optional=True,
        )
        self.add_date("DATE", self.tr("Date"), self.tr("Printed as the date of compilation; left out: today."))
        self.add_date(
            "AS_OF",
            self.tr("Data as of"),
            self.tr("Printed as the day the data speak of; left out: the end of the survey year of the parcels."),
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.sheets.request import SheetRequest, parse_numbers
        from three_opt_three_protect.sheets.series import draw_sheets
        from three_opt_three_protect.sheets.settings import load_settings

        folder = Path(run.file_output("FOLDER") or "")
        request = SheetRequest(
            numbers=parse_numbers(run.text("SHEETS"), load_settings().sheet_count),
            date=_iso(run.date("DATE")) or str(QDate.currentDate().toString(Qt.DateFormat.ISODate)),
            size=run.word("SIZE"),
            formats=self._formats(run),
            edition=run.word("EDITION"),
            scale=run.integer("SCALE"),
            pack=run.word("STYLE"),
            as_of=_iso(run.date("AS_OF")),
            compiled_by=run.text("COMPILED_BY"),
        )
        done = draw_sheets(Path(run.text("PLAN")), folder, request, run.progress)
        for message, values in done.warnings:
            run.warn(message, **values)
        reasons = [(number, sentence(why, {})) for number, why in done.skipped]
        for number, why in reasons:
            run.log("sheet_skipped", sheet=number, why=why)
        return Results(
            layers={"SKIPPED": _skipped_table(reasons)},
            figures={"FOLDER": str(folder), "COUNT": done.count},
        )

    def _formats(self, run: Run) -> Tuple[str, ...]:
        """The words chosen, each once, in the order of the list."""
        from three_opt_three_protect.sheets.request import FORMATS

        chosen = self.parameterAsEnumStrings(run.parameters, "FORMAT", run.context)
        return tuple(word for word in FORMATS if word in chosen)


def _iso(day: Any) -> str:
    return "" if day is None else str(day)


def _skipped_table(reasons: Any) -> LayerTable:
    return LayerTable(
        "skipped",
        np.arange(1, len(reasons) + 1, dtype=np.int64),
        columns={
            "sheet": integer([number for number, _ in reasons], alias="图号"),
            "why": text([why for _, why in reasons], alias="原因", width=200),
        },
    )

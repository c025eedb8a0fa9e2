"""``surveytxtimport``: survey coordinate files (勘测定界 TXT) → plots."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, List, Optional

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.surveyforms import form_ids, form_of

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import CrsInfo

AUTO = "auto"
SUFFIX = ".txt"
_SEEN = 100
"""Characters of a path that a message shows: its end tells one file from another."""


class SurveyTxtImport(PlanAlgorithm):
    """Plots of one or several coordinate files, with all that was noted."""

    ID = "surveytxtimport"
    GROUP = "prepare"

    def title(self) -> str:
        return self.tr("Import survey coordinates (TXT)")

    def summary(self) -> str:
        return self.tr("Turns survey coordinate files (boundary demarcation TXT) into plots.")

    def about(self) -> str:
        return self.tr(
            "Reads coordinate files as land reports use them: a section of attributes, then plots with their "
            "boundary points. Many plots, holes and several parts are read, in GBK or UTF-8. The coordinate system "
            "is what the file states, or what you choose; it is never guessed. A file with a missing point, an "
            "unclosed ring or a line that is no number is refused with the line's number, and nothing is written. "
            "What was passed over or looks wrong is listed in the findings."
        )

    def declare(self) -> None:
        self.add_file(
            "INPUT",
            self.tr("Coordinate files"),
            self.tr("A TXT file, several separated by semicolons, or a folder whose TXT files are all read."),
            pattern="TXT (*.txt *.TXT);;* (*)",
        )
        self.add_word(
            "TEMPLATE",
            self.tr("Template"),
            self.tr(
                "auto: told by the lines of the file. approval: construction land approval (J1,ring,X,Y). "
                "linkage: linkage of urban and rural construction land (J1,X,Y,,ring)."
            ),
            [AUTO, *form_ids()],
        )
        self.add_crs(
            "CRS",
            self.tr("Coordinate system"),
            self.tr("Left out: what the files state (datum, zone width, zone number). Needed where they do not."),
            optional=True,
        )
        self.add_word(
            "AXES",
            self.tr("Axis order"),
            self.tr("xy: north first; yx: east first; auto: told by the size of the coordinates, else the template."),
            [AUTO, "xy", "yx"],
        )
        self.add_sink(
            "OUTPUT", self.tr("Plots"), self.tr("One polygon a plot, with number, name, stated area and use.")
        )
        self.add_sink(
            "FINDINGS", self.tr("Findings"), self.tr("What was noted while reading, by file and line."), TABLE, True
        )
        self.add_figure("PLOTS", self.tr("Number of plots"), self.tr("Plots read from all files."))
        self.add_figure(
            "POINTS", self.tr("Boundary points"), self.tr("Boundary points of all plots, closing points left out.")
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.outputs import finding_table
        from three_opt_three_protect.storage.messages import Messages
        from three_opt_three_protect.storage.surveycrs import Axes
        from three_opt_three_protect.storage.surveytxt import read_survey_files

        template = run.word("TEMPLATE")
        form = None if template == AUTO else form_of(template)
        axes = Axes(run.word("AXES"))
        read = read_survey_files(survey_files(run.text("INPUT")), form, chosen_crs(self, run), axes, run.progress)
        run.tables["INPUT"] = read.table
        for finding in read.findings:
            (run.log if finding.severity == "info" else run.warn)(finding.id, **finding.values)
        columns = read.table.columns
        points = int(columns["points"].values.sum())
        return Results(
            layers={"OUTPUT": read.table, "FINDINGS": finding_table(read.findings, Messages(language()).text)},
            figures={"PLOTS": len(read.table), "POINTS": points},
        )


def chosen_crs(algorithm: PlanAlgorithm, run: Run, name: str = "CRS") -> Optional[CrsInfo]:
    """The coordinate system chosen, None when none was."""
    from three_opt_three_protect.bridge.crs import crs_info

    crs = algorithm.parameterAsCrs(run.parameters, name, run.context)
    return crs_info(crs) if crs.isValid() else None


def survey_files(given: str) -> List[Path]:
    """The files meant by a path, several paths separated by semicolons, or a folder.

    Raises
    ------
    InputError
        ``no_such_file``, ``survey_no_files``.
    """
    entries = [entry.strip().strip('"') for entry in given.split(";") if entry.strip()]
    if os.path.exists(given):
        entries = [given]  # a name with a semicolon in it
    files: List[Path] = []
    for entry in entries:
        path = Path(entry)
        if not os.path.exists(path):
            raise InputError("no_such_file", path=str(path)[-_SEEN:])
        inside = sorted(item for item in path.iterdir() if item.suffix.lower() == SUFFIX) if path.is_dir() else [path]
        if not inside:
            raise InputError("survey_no_files", path=str(path)[-_SEEN:])
        files += inside
    if not files:
        raise InputError("survey_no_files", path=given or "INPUT")
    return files

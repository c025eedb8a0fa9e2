"""What every algorithm of the provider shares: read → core → write, and one way to fail.

A new algorithm names itself, declares its parameters and computes; see ``ellipsoidalarea.py`` for
the shortest example::

    class PlotReport(PlanAlgorithm):
        ID = "plotreport"
        GROUP = "analysis"

        def title(self): return self.tr("…")        # a few words
        def summary(self): return self.tr("…")      # one sentence
        def about(self): return self.tr("…")        # the help
        def declare(self): self.add_polygons("PLOTS", self.tr("…"), self.tr("…"))
        def compute(self, run): return Results(layers={…}, figures={…})
"""

from __future__ import annotations

import os
from html import escape
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np
from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
)

from three_opt_three_protect.algorithms.checks import check_parameters
from three_opt_three_protect.algorithms.parameters import DROPPED, ISSUES, REPAIRED, TABLE, Parameters
from three_opt_three_protect.algorithms.rightlayers import right_layers
from three_opt_three_protect.algorithms.run import Copy, Results, Run
from three_opt_three_protect.algorithms.writing import Writing
from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.resultstyles import style_result
from three_opt_three_protect.bridge.sinks import Outputs
from three_opt_three_protect.bridge.surroundings import Surroundings, surroundings_of
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import Cancelled, PlanningError

__all__ = ["TABLE", "Copy", "PlanAlgorithm", "Results", "Run"]


TRACEBACK = "SYSB_TRACEBACK"
"""Environment variable: show where a fault of the program happened, as on the command line."""


WRITERS: Mapping[str, str] = {"XLSX": "xlsxwriter"}
"""File output → the package that writes it."""


class PlanAlgorithm(Parameters):
    """Base of all algorithms.

    Attributes
    ----------
    ID
        Lower-case letters and digits; never changed.
    GROUP
        One of ``prepare``, ``analysis``, ``potential``, ``balance``, ``results``, ``ledger``.
    NEEDS
        Packages QGIS does not bring and the algorithm cannot do without.
    """

    ID = ""
    GROUP = ""
    NEEDS: Tuple[str, ...] = ("shapely",)

    def __init__(self) -> None:
        super().__init__()
        self._outputs: Optional[Outputs] = None
        self._surroundings = Surroundings()

    # What an algorithm defines

    def title(self) -> str:
        """Name in the Toolbox."""
        raise NotImplementedError

    def summary(self) -> str:
        """One sentence."""
        raise NotImplementedError

    def about(self) -> str:
        """The help: what it does, what it expects, how to read the result."""
        raise NotImplementedError

    def declare(self) -> None:
        """Declare parameters and outputs with ``add_…``."""
        raise NotImplementedError

    def compute(self, run: Run) -> Results:
        """Read from ``run``, let core compute, hand back layers and figures.

        Raises
        ------
        PlanningError
            Shown to the user as one line.
        Cancelled
            Ends the run without a result.
        """
        raise NotImplementedError

    # What Processing asks

    def createInstance(self) -> PlanAlgorithm:
        return type(self)()

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        return self.title()

    def groupId(self) -> str:
        return self.GROUP

    def group(self) -> str:
        return {
            "prepare": self.tr("Data and areas"),
            "analysis": self.tr("Overlay and checks"),
            "potential": self.tr("Potential and allocation"),
            "balance": self.tr("Plan and balance"),
            "results": self.tr("Sheets and documents"),
            "ledger": self.tr("Quota ledger"),
        }[self.GROUP]

    def shortDescription(self) -> str:
        return self.summary()

    def shortHelpString(self) -> str:
        """The help, then every parameter and output with its own."""
        if not self.parameterDefinitions():
            self.initAlgorithm()
        inputs = [_entry(item) for item in self.parameterDefinitions() if not item.isDestination()]
        outputs = [_entry(item) for item in self.destinationParameterDefinitions()]
        outputs += [
            f"<h3>{escape(item.description())}</h3><p>{escape(self.output_help[item.name()])}</p>"
            for item in self.outputDefinitions()
            if item.name() in self.output_help
        ]
        above_inputs, above_outputs = self.tr("Inputs"), self.tr("Outputs")
        parts = [f"<p>{escape(self.about())}</p>", f"<h2>{above_inputs}</h2>", *inputs]
        return "".join([*parts, f"<h2>{above_outputs}</h2>", *outputs])

    def initAlgorithm(self, configuration: Optional[Dict[str, Any]] = None) -> None:
        self.declare()

    def canExecute(self) -> Tuple[bool, str]:
        """Whether the packages needed are there; if not, which and the command that gets it."""
        missing = missing_package(self.NEEDS)
        return (True, "") if missing is None else (False, error_line(missing))

    def validateInputCrs(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> bool:
        """Layers are brought to one CRS here, or refused with a reason: QGIS need not ask."""
        return True

    def checkParameterValues(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Tuple[bool, str]:
        try:
            listed = surroundings_of(context.project()).listed
            check_parameters(self, right_layers(self, parameters, context), context, listed)
        except PlanningError as error:
            return False, error_line(error)
        ok, message = super().checkParameterValues(parameters, context)
        return bool(ok), str(message)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """On the main thread, the last moment to look at the project."""
        self._surroundings = surroundings_of(context.project())
        return bool(super().prepareAlgorithm(parameters, context, feedback))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Compute, then write. A cancelled run gives an empty result, an error one line."""
        try:
            missing = missing_package(self.NEEDS)
            if missing is not None:
                raise missing
            parameters = right_layers(self, parameters, context, lambda *said: feedback.pushInfo(sentence(*said)))
            # A model does not call checkParameterValues of its children.
            check_parameters(self, parameters, context, self._surroundings.listed)
            run = Run(self, parameters, context, feedback, self._surroundings)
            self._require_writers(run)
            # GEOS raises the flag of an invalid operation in correct results; numpy would warn of each.
            with np.errstate(invalid="ignore"):
                return self._write(run, self.compute(run))
        except Cancelled:
            return {}
        except PlanningError as error:
            raise QgsProcessingException(error_line(error)) from error
        except Exception as error:  # QGIS would show the planner a page of code
            if os.environ.get(TRACEBACK):
                raise
            raise QgsProcessingException(_fault(error)) from error

    def _require_writers(self, run: Run) -> None:
        """Ask for the packages that write the files wanted, before anything is computed."""
        declared = {item.name() for item in self.parameterDefinitions()}
        wanted = [package for name, package in WRITERS.items() if name in declared and run.file_output(name)]
        missing = missing_package(wanted)
        if missing is not None:
            raise missing

    # Writing

    def _write(self, run: Run, results: Results) -> Dict[str, Any]:
        """Create and fill the outputs; take them away again when that does not succeed."""
        layers = dict(results.layers)
        if ISSUES in self.sink_types:
            layers.setdefault(ISSUES, run.report.issues())
        figures = self._figures(run, results)
        writing = Writing(self, run)
        written = writing.write(results.files, layers)
        self._outputs = writing.outputs
        return {**figures, **written}

    def _figures(self, run: Run, results: Results) -> Dict[str, Any]:
        """Every figure declared; None where it cannot be known."""
        figures: Dict[str, Any] = dict.fromkeys(self.output_help)
        if ISSUES in self.sink_types:
            figures.update({REPAIRED: run.report.repaired(), DROPPED: run.report.dropped()})
        figures.update(results.figures)
        unknown = set(figures) - {item.name() for item in self.outputDefinitions()}
        if unknown:
            raise KeyError(f"{self.ID} has no outputs {sorted(unknown)}")
        return {name: _plain(value) for name, value in figures.items()}

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Dict[str, Any]:
        """Give the layers that will be shown their Chinese field names, which most formats do not keep, and symbols."""
        # The outputs know the algorithm, the run and its context: held here, all its tables and layers would stay until
        # Python looks for circles, which may be in another thread or after QGIS has ended.
        outputs, self._outputs = self._outputs, None
        if outputs is not None:
            outputs.set_aliases(context)
            self._set_symbols(outputs.shown(context), feedback)
        return {}

    def _set_symbols(self, shown: Mapping[str, Optional[QgsMapLayer]], feedback: QgsProcessingFeedback) -> None:
        """Symbols for what is about to be shown; without them the result is as good, so a fault is only told."""
        try:
            for name, layer in shown.items():
                style_result(layer, self.ID, name)
        except PlanningError as error:
            feedback.pushWarning(sentence("log_no_symbols", {"why": error_line(error)}))


def _fault(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    return sentence("program_fault", {"what": what[:90], "variable": TRACEBACK})


def _entry(item: QgsProcessingParameterDefinition) -> str:
    return f"<h3>{escape(item.description())}</h3><p>{escape(item.help())}</p>"


def _plain(value: Any) -> Any:
    """Numbers of numpy as Python's: a result must survive JSON and a model."""
    return value.item() if hasattr(value, "item") else value

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
from typing import Any, Dict, Optional, Tuple

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
)

from three_opt_three_protect.algorithms.checks import check_parameters
from three_opt_three_protect.algorithms.drafts import Drafts
from three_opt_three_protect.algorithms.parameters import DROPPED, ISSUES, REPAIRED, TABLE, Parameters
from three_opt_three_protect.algorithms.run import Copy, Results, Run
from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.sinks import Outputs, multi_type
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import Cancelled, PlanningError

__all__ = ["TABLE", "Copy", "PlanAlgorithm", "Results", "Run"]


TRACEBACK = "SYSB_TRACEBACK"
"""Environment variable: show where a fault of the program happened, as on the command line."""


class PlanAlgorithm(Parameters):
    """Base of all algorithms.

    Attributes
    ----------
    ID
        Lower-case letters and digits; never changed.
    GROUP
        One of ``prepare``, ``analysis``, ``balance``, ``results``, ``ledger``.
    NEEDS
        Packages QGIS does not bring and the algorithm cannot do without.
    """

    ID = ""
    GROUP = ""
    NEEDS: Tuple[str, ...] = ("shapely",)

    def __init__(self) -> None:
        super().__init__()
        self._outputs: Optional[Outputs] = None

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
            check_parameters(self, parameters, context)
        except PlanningError as error:
            return False, error_line(error)
        ok, message = super().checkParameterValues(parameters, context)
        return bool(ok), str(message)

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Compute, then write. A cancelled run gives an empty result, an error one line."""
        try:
            missing = missing_package(self.NEEDS)
            if missing is not None:
                raise missing
            # A model does not call checkParameterValues of its children.
            check_parameters(self, parameters, context)
            run = Run(self, parameters, context, feedback)
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

    # Writing

    def _write(self, run: Run, results: Results) -> Dict[str, Any]:
        """Create and fill the outputs; take them away again when that does not succeed."""
        layers = dict(results.layers)
        if ISSUES in self.sink_types:
            layers.setdefault(ISSUES, run.issues())
        outputs, drafts = Outputs(self, run.parameters, run.context), Drafts()
        self._outputs = outputs
        try:
            written: Dict[str, Any] = {}
            for name, writer in results.files.items():
                path = run.file_output(name)
                if path is not None:
                    drafts.write(path, writer)
                    written[name] = path
                run.writing.check(0.0)
            for name, layer in layers.items():
                progress = run.writing.part(1.0 / max(1, len(layers)))
                if isinstance(layer, Copy):
                    destination = outputs.copy(name, layer, progress)
                else:
                    destination = outputs.write(name, layer, multi_type(self.sink_types[name]), progress)
                if destination is not None:
                    written[name] = destination
            self._describe(run, outputs)
            run.writing.check(1.0)
            drafts.put_in_place()
        except Exception:
            drafts.remove()
            for left in outputs.remove():
                run.warn("log_output_left", output=left[-80:])
            raise
        return {**self._figures(run, results), **written}

    def _figures(self, run: Run, results: Results) -> Dict[str, Any]:
        """Every figure declared; None where it cannot be known."""
        figures: Dict[str, Any] = dict.fromkeys(self.output_help)
        if ISSUES in self.sink_types:
            figures.update({REPAIRED: run.repaired(), DROPPED: run.dropped()})
        figures.update(results.figures)
        unknown = set(figures) - {item.name() for item in self.outputDefinitions()}
        if unknown:
            raise KeyError(f"{self.ID} has no outputs {sorted(unknown)}")
        return {name: _plain(value) for name, value in figures.items()}

    def _describe(self, run: Run, outputs: Outputs) -> None:
        """Write where they come from into the outputs that are files."""
        if not outputs.files:
            return
        from three_opt_three_protect.bridge.provenance import layer_metadata, save_metadata

        facts = self._facts(run)
        for name, destination in outputs.files.items():
            title = f"{self.title()}: {self.parameterDefinition(name).description()}"
            why = save_metadata(destination, layer_metadata(title, facts))
            if why:
                run.warn("log_no_metadata", output=name, why=why)

    def _facts(self, run: Run) -> Dict[str, str]:
        """Algorithm, time, versions, parameters and inputs with their hashes."""
        from three_opt_three_protect.bridge.provenance import now, versions
        from three_opt_three_protect.storage.digest import digest

        facts = {"algorithm": self.id(), "time": now()}
        facts.update({f"version {name}": version for name, version in versions().items()})
        layers = (QgsProcessingParameterFeatureSource, QgsProcessingParameterMultipleLayers)
        for item in self.parameterDefinitions():
            if not item.isDestination() and not isinstance(item, layers):
                value = run.parameters.get(item.name(), item.defaultValue())
                facts[f"parameter {item.name()}"] = item.valueAsPythonString(value, run.context)
        for name, table in run.tables.items():
            facts[f"input {name}"] = f"{table.name}, {table.source}, {len(table)}, sha256 {digest(table)}"
        return facts

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Dict[str, Any]:
        """Give the layers that will be shown their Chinese field names: most formats do not keep them."""
        if self._outputs is not None:
            self._outputs.set_aliases(context)
        return {}


def _fault(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    return sentence("program_fault", {"what": what[:90], "variable": TRACEBACK})


def _entry(item: QgsProcessingParameterDefinition) -> str:
    return f"<h3>{escape(item.description())}</h3><p>{escape(item.help())}</p>"


def _plain(value: Any) -> Any:
    """Numbers of numpy as Python's: a result must survive JSON and a model."""
    return value.item() if hasattr(value, "item") else value

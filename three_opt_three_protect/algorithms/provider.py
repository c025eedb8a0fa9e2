"""The Processing provider ``sysb``."""

from __future__ import annotations

from importlib import import_module
from typing import Tuple

from qgis.core import QgsProcessingModelAlgorithm, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from three_opt_three_protect import paths
from three_opt_three_protect.bridge.provenance import plugin_version

ALGORITHMS: Tuple[str, ...] = (
    "sampletownship.SampleTownship",
    "surveytxtimport.SurveyTxtImport",
    "dxfimport.DxfImport",
    "ellipsoidalarea.EllipsoidalArea",
    "basestate.BaseStateAlgorithm",
    "tabletemplate.TableTemplate",
    "plandatabase.PlanDatabaseAlgorithm",
    "standardlayer.StandardLayerAlgorithm",
    "checkdata.CheckData",
    "repairdata.RepairData",
    "plotreport.PlotReportAlgorithm",
    "zoneoverlay.ZoneOverlay",
    "redlineconflicts.RedlineConflictsAlgorithm",
    "plandifference.PlanDifferenceAlgorithm",
    "reclamationpotential.ReclamationPotential",
    "allocate.Allocate",
    "planbalance.PlanBalance",
    "farmlandadjust.FarmlandAdjust",
    "topsoilbalance.TopsoilBalance",
    "finance.FinanceAlgorithm",
    "indicators.Indicators",
    "comparescenarios.CompareScenarios",
    "townshipplan.TownshipPlan",
    "selfcheck.SelfCheckAlgorithm",
    "plantables.PlanTables",
    "mapsheets.MapSheets",
    "surveytxtexport.SurveyTxtExport",
    "dxfexport.DxfExport",
)
"""Module below ``algorithms`` and class, in the order of the work."""


class Provider(QgsProcessingProvider):  # type: ignore[misc]
    """All algorithms, and the example models of ``resources/models``."""

    ID = "sysb"

    def id(self) -> str:
        return self.ID

    def name(self) -> str:
        return "三优三保"

    def longName(self) -> str:
        return f"{self.name()} {self.versionInfo()}".strip()

    def versionInfo(self) -> str:
        return plugin_version()

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return str(paths.resource("icons", "sysb.svg"))

    def loadAlgorithms(self) -> None:
        for dotted in ALGORITHMS:
            module, name = dotted.rsplit(".", 1)
            found = import_module(f"three_opt_three_protect.algorithms.{module}")
            self.addAlgorithm(getattr(found, name)())
        for path in sorted(paths.resource("models").glob("*.model3")):
            model = QgsProcessingModelAlgorithm()
            if model.fromFile(str(path)):
                self.addAlgorithm(model)

    @property
    def has_models(self) -> bool:
        """True when the provider must be refreshed once after it is added.

        While a provider loads for the first time its own algorithms are not in the registry yet,
        so a model made of them would have no outputs.
        """
        return any(paths.resource("models").glob("*.model3"))

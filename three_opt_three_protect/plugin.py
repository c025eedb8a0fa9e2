"""What QGIS loads: the Processing provider, the docks, their menu and the translation."""

from __future__ import annotations

from importlib import import_module
from typing import Any, List, Optional, Tuple

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTranslator

from three_opt_three_protect import paths

TRANSLATION = "three_opt_three_protect_zh-Hans.qm"
DOCKS: Tuple[str, ...] = (
    "layers_dock.LayersDock",
    "balance_dock.BalanceDock",
    "scenario_dock.ScenarioDock",
    "findings_dock.FindingsDock",
)
"""Module below ``desk`` and class; each takes ``iface``."""


class Plugin:
    """The plugin; everything ``initGui`` adds, ``unload`` takes away.

    Parameters
    ----------
    interface
        QgisInterface, or None where there is no window (qgis_process).
    """

    def __init__(self, interface: Optional[Any] = None) -> None:
        self.iface = interface
        self._provider: Optional[QgsProcessingProvider] = None
        self._docks: List[Any] = []
        self._menu: Optional[Any] = None
        self._translator = self._install_translator()

    def initProcessing(self) -> None:
        """Add the provider; all that qgis_process needs."""
        from three_opt_three_protect.algorithms.provider import Provider

        provider = Provider()
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider
            if provider.has_models:
                provider.refreshAlgorithms()

    def initGui(self) -> None:
        """Add provider, docks and menu to the window."""
        self.initProcessing()
        if self.iface is None:
            return
        from qgis.PyQt.QtGui import QIcon
        from qgis.PyQt.QtWidgets import QMenu

        self._menu = QMenu("三优三保", self.iface.mainWindow())
        self._menu.setObjectName("sysb_menu")
        self._menu.setIcon(QIcon(str(paths.resource("icons", "sysb.svg"))))
        for dotted in DOCKS:
            self._add_dock(dotted)
        self.iface.pluginMenu().addMenu(self._menu)

    def unload(self) -> None:
        """Take away everything that was added."""
        for dock in self._docks:
            self.iface.removeDockWidget(dock)
            dock.close()
            dock.deleteLater()
        self._docks.clear()
        if self._menu is not None:
            self.iface.pluginMenu().removeAction(self._menu.menuAction())
            self._menu.deleteLater()
            self._menu = None
        if self._provider is not None and QgsApplication.processingRegistry().removeProvider(self._provider):
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def _add_dock(self, dotted: str) -> None:
        module, name = dotted.rsplit(".", 1)
        dock = getattr(import_module(f"three_opt_three_protect.desk.{module}"), name)(self.iface)
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if self._docks:
            # One above the other they would be taller than a small screen.
            self.iface.mainWindow().tabifyDockWidget(self._docks[-1], dock)
        dock.hide()
        self._docks.append(dock)
        self._menu.addAction(dock.toggleViewAction())

    def _install_translator(self) -> Optional[QTranslator]:
        """Chinese on the screen for zh-Hans, zh_CN and zh alike."""
        from three_opt_three_protect.bridge.words import language

        if language() != "zh":
            return None
        translator = QTranslator()
        if not translator.load(str(paths.TRANSLATIONS / TRANSLATION)):
            return None
        QCoreApplication.installTranslator(translator)
        return translator

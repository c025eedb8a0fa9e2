# ruff: noqa: N802  Qt calls these methods by its own names.
from __future__ import annotations

import shutil
import subprocess
import sys
from types import ModuleType
from typing import Any, List

import pytest
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow, QMenu

from three_opt_three_protect import classFactory, paths, plugin
from three_opt_three_protect.bridge import words


class Window:
    """As much of QgisInterface as the plugin asks for."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.menu = QMenu(self.window)
        self.docks: List[Any] = []

    def mainWindow(self) -> QMainWindow:
        return self.window

    def pluginMenu(self) -> QMenu:
        return self.menu

    def addDockWidget(self, area: Any, dock: Any) -> None:
        self.window.addDockWidget(area, dock)
        self.docks.append(dock)

    def removeDockWidget(self, dock: Any) -> None:
        self.window.removeDockWidget(dock)
        self.docks.remove(dock)


class Dock(QDockWidget):
    def __init__(self, interface: Any) -> None:
        super().__init__("指标平衡", interface.mainWindow())


@pytest.fixture
def one_dock(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("three_opt_three_protect.desk.test_dock")
    module.Dock = Dock  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(plugin, "DOCKS", ("test_dock.Dock",))


def registered() -> bool:
    return QgsApplication.processingRegistry().providerById("sysb") is not None


def test_unload_takes_away_what_init_gui_added(qgis_app: Any, one_dock: None) -> None:
    before = registered()
    window = Window()
    made = classFactory(window)
    made.initGui()
    assert registered()
    assert [dock.windowTitle() for dock in window.docks] == ["指标平衡"]
    assert window.docks[0].isHidden()
    (entry,) = window.menu.actions()
    assert entry.text() == "三优三保"
    assert [action.text() for action in entry.menu().actions()] == ["指标平衡"]
    made.unload()
    assert (window.docks, window.menu.actions()) == ([], [])
    assert registered() is before
    made.unload()


def test_without_a_window_there_is_the_provider_and_nothing_else(qgis_app: Any) -> None:
    before = registered()
    made = classFactory(None)
    made.initGui()
    assert registered()
    made.unload()
    assert registered() is before


def test_chinese_screens_get_the_translation(qgis_app: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    lrelease = next(filter(None, map(shutil.which, ("/usr/lib/qt5/bin/lrelease", "lrelease-qt5", "lrelease"))), None)
    if lrelease is None:
        pytest.skip("no lrelease to compile the translation with")
    source = paths.HOME / "i18n" / "three_opt_three_protect_zh-Hans.ts"
    subprocess.run([lrelease, "-silent", str(source), "-qm", str(tmp_path / plugin.TRANSLATION)], check=True)
    monkeypatch.setattr(paths, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(words, "language", lambda: "zh")
    made = classFactory(None)
    assert QCoreApplication.translate("EllipsoidalArea", "Ellipsoidal area") == "椭球面积计算"
    made.unload()
    assert QCoreApplication.translate("EllipsoidalArea", "Ellipsoidal area") == "Ellipsoidal area"


def test_provider(qgis_app: Any) -> None:
    made = classFactory(None)
    made.initProcessing()
    provider = QgsApplication.processingRegistry().providerById("sysb")
    assert (provider.id(), provider.name()) == ("sysb", "三优三保")
    assert not provider.icon().isNull()
    assert provider.algorithm("ellipsoidalarea") is not None
    made.unload()


def test_models_of_the_resources_are_loaded_with_their_outputs(
    qgis_app: Any, qgis_processing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    model = QgsProcessingModelAlgorithm("two steps", "three", "")
    child = QgsProcessingModelChildAlgorithm("sysb:ellipsoidalarea")
    child.setChildId("area")
    loaded = classFactory(None)
    loaded.initProcessing()
    model.addChildAlgorithm(child)
    (tmp_path / "models").mkdir()
    assert model.toFile(str(tmp_path / "models" / "two.model3"))
    loaded.unload()
    monkeypatch.setattr(paths, "RESOURCES", tmp_path)
    made = classFactory(None)
    made.initProcessing()
    found = QgsApplication.processingRegistry().providerById("sysb").algorithm("two steps")
    assert found is not None
    # Its child is known: at the first load it is not, and the model has no outputs.
    assert found.childAlgorithm("area").algorithm() is not None
    made.unload()

"""The list of scenarios with what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.desk.room import Flow, at_least_rows
from three_opt_three_protect.desk.scenario_rows import scenario_table, scenario_tip
from three_opt_three_protect.desk.table import TablePanel

if TYPE_CHECKING:
    from three_opt_three_protect.storage.scenarios import Scenario


class ScenarioPage(QWidget):
    """Scenarios, what is said of the one chosen, and buttons."""

    asked = pyqtSignal(str)
    """What a button is for."""

    def __init__(self, unit: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._scenarios: Sequence[Scenario] = ()
        self._buttons: Dict[str, Any] = {}
        self._working = False
        self.table = TablePanel("sysb_scenarios")
        at_least_rows(self.table.view, 4)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.choose_folder = QPushButton(self.tr("Choose a folder…"))
        self.choose_folder.clicked.connect(lambda: self.asked.emit("folder"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._first())
        layout.addWidget(self.empty)
        layout.addWidget(self.choose_folder)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.about)
        layout.addLayout(self._second())
        self.table.selected.connect(self._on_selected)
        self.table.view.doubleClicked.connect(lambda _: self.asked.emit("load"))
        self.show_scenarios([], False)

    def _first(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.propose = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), self.tr("Propose a plan…"))
        self.propose.setToolTip(self.tr("Let the computer choose plots and years under all rules at once"))
        font = self.propose.font()
        font.setBold(True)
        self.propose.setFont(font)
        self.propose.clicked.connect(lambda: self.asked.emit("propose"))
        self.save = QPushButton(QgsApplication.getThemeIcon("/mActionFileSave.svg"), self.tr("Save current plots…"))
        self.save.setToolTip(self.tr("Keep the reclaim and new-build plots of the project as a scenario"))
        self.save.clicked.connect(lambda: self.asked.emit("save"))
        self.more = QToolButton()
        self.more.setText("…")
        self.more.setToolTip(self.tr("More"))
        self.more.setAccessibleName(self.tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        for what, text in (
            ("weights", self.tr("Weights of the potential indicators (AHP)…")),
            ("open_folder", self.tr("Open the folder of scenarios")),
            ("refresh", self.tr("Refresh the list")),
        ):
            self._buttons[what] = menu.addAction(text)
            self._buttons[what].triggered.connect(lambda _=False, what=what: self.asked.emit(what))
        self.more.setMenu(menu)
        line.addWidget(self.propose, 1)
        line.addWidget(self.save, 1)
        line.addWidget(self.more)
        return line

    def _second(self) -> Flow:
        line = Flow(4)
        for what, theme, text, tip in (
            (
                "load",
                "/mActionRollbackEdits.svg",
                self.tr("Load into layers"),
                self.tr("Put the plots of the scenario into the project's reclaim and new-build layers"),
            ),
            (
                "compare",
                "/mActionOpenTable.svg",
                self.tr("Compare"),
                self.tr("Set two or more scenarios side by side; hold Ctrl to select several"),
            ),
            ("copy", "/mActionEditCopy.svg", self.tr("Copy…"), self.tr("A second scenario like this one")),
            ("rename", "/mActionRename.svg", self.tr("Rename…"), self.tr("Give the scenario another name")),
            ("delete", "/mActionDeleteSelected.svg", self.tr("Delete…"), self.tr("Put the scenario into the trash")),
        ):
            button = QToolButton()
            button.setIcon(QgsApplication.getThemeIcon(theme))
            button.setText(text)
            button.setToolTip(tip)
            button.setToolButtonStyle(self.table.copy_button.toolButtonStyle())
            button.clicked.connect(lambda _=False, what=what: self.asked.emit(what))
            self._buttons[what] = button
            line.addWidget(button)
        return line

    # What it shows

    def show_scenarios(self, scenarios: Sequence[Scenario], has_folder: bool) -> None:
        """List scenarios; without a folder say what to do."""
        self._scenarios = scenarios
        self._has_folder = has_folder
        self.table.show_table(*scenario_table(scenarios, self._unit, self.palette()))
        self.choose_folder.setVisible(not has_folder)
        self.table.setVisible(has_folder)
        self.empty.setVisible(not has_folder or not scenarios)
        self.empty.setText(
            self.tr(
                "No scenario yet. Save the plots of the project as one, or let one be proposed; then they can be "
                "compared."
            )
            if has_folder
            else self.tr("The project is not saved. Save it to keep scenarios beside it, or choose a folder for them.")
        )
        self._on_selected()

    def show_unit(self, unit: str) -> None:
        """Show areas in another unit."""
        self._unit = unit
        self.show_scenarios(self._scenarios, self._has_folder)

    def set_working(self, working: bool) -> None:
        """While something runs no other run is started."""
        self._working = working
        self._on_selected()

    def chosen(self) -> List[str]:
        """Names of the scenarios selected, in the order shown."""
        return [str(self.table.model.content.key(row)) for row in self.table.rows_selected().tolist()]

    def select(self, name: str) -> None:
        """Select one scenario."""
        self.table.select(name)

    def _on_selected(self) -> None:
        by_name = {scenario.name: scenario for scenario in self._scenarios}
        found = [by_name[name] for name in self.chosen() if name in by_name]
        sound = [scenario for scenario in found if scenario.made is not None]
        ready = {
            "load": len(found) == 1 and len(sound) == 1,
            "compare": len(sound) >= 2,
            "copy": len(found) == 1 and len(sound) == 1,
            "rename": len(found) == 1,
            "delete": bool(found),
        }
        for what, enabled in ready.items():
            self._buttons[what].setEnabled(enabled and not self._working)
        self.propose.setEnabled(self._has_folder and not self._working)
        self.save.setEnabled(self._has_folder and not self._working)
        self._buttons["open_folder"].setEnabled(self._has_folder)
        text = ""
        if len(found) == 1:
            error = found[0].error
            text = scenario_tip(found[0], self._unit).partition("\n")[2] if error is None else error_line(error)
        self.about.setText(text)
        self.about.setVisible(bool(text))

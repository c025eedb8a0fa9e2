"""指标平衡: the dock that keeps the balance of a plan while it is drawn."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.rules import overall
from three_opt_three_protect.desk.balance_job import Outcome
from three_opt_three_protect.desk.balance_tabs import BalanceTabs
from three_opt_three_protect.desk.cards import RESULTS, Cards, Headline
from three_opt_three_protect.desk.evidence_map import MapMarks
from three_opt_three_protect.desk.figures import UNITS, unit_word
from three_opt_three_protect.desk.live_balance import LiveBalance
from three_opt_three_protect.desk.memory import Plot, ProjectMemory, area_unit, keep_area_unit, remembered
from three_opt_three_protect.desk.plan_dock import PlanDock
from three_opt_three_protect.desk.plot_tool import PlotTool
from three_opt_three_protect.desk.roles_panel import RolesPanel

WIDTH = 480
"""Width at which everything is readable, so that a 1366 × 768 screen keeps a map."""
NEEDS = ("shapely", "scipy")


class BalanceDock(PlanDock):
    """Layers by role, the balance live, evidence on the map.

    Parameters
    ----------
    interface
        QgisInterface, for its map.
    """

    def __init__(self, interface: Any) -> None:
        super().__init__()
        self.setObjectName("sysb_balance_dock")
        self.setWindowTitle(self.tr("Balance"))
        self._canvas = interface.mapCanvas()
        self._outcome: Optional[Outcome] = None
        self._unit = area_unit()
        self._memory = ProjectMemory()
        self._marks = MapMarks(self._canvas)
        self.live = LiveBalance(self)
        self.roles = RolesPanel(self._memory)
        self.headline, self.cards, self.tabs = Headline(), Cards(), BalanceTabs(self._unit)
        self._tool = PlotTool(self._canvas)
        self._build()
        self._connect()
        self.cards.show_accounts(None, self._unit)
        self.headline.show_counts(None, [])

    # Building

    def _build(self) -> None:
        self._layers_box = QgsCollapsibleGroupBox(self.tr("Layers and policy profile"))
        self._layers_box.setSaveCollapsedState(False)
        box = QVBoxLayout(self._layers_box)
        box.setContentsMargins(6, 4, 6, 4)
        box.addWidget(self.roles)
        self._layers_box.setCollapsed(True)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setObjectName("sysb_message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(6)
        layout.addLayout(self._top())
        layout.addWidget(self._layers_box)
        layout.addWidget(self.message)
        layout.addWidget(self.cards)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(self._bottom())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(inside)
        self.setWidget(area)
        self.setMinimumWidth(WIDTH - 40)
        self.resize(WIDTH, self.height())

    def _top(self) -> QHBoxLayout:
        self.units = QComboBox()
        for unit in UNITS:
            self.units.addItem(unit_word(unit), unit)
        self.units.setCurrentIndex(UNITS.index(self._unit))
        self.units.setToolTip(self.tr("Unit of areas"))
        self.units.setAccessibleName(self.tr("Unit of areas"))
        line = QHBoxLayout()
        line.addWidget(self.headline, 1)
        line.addWidget(self.units)
        return line

    def _bottom(self) -> QHBoxLayout:
        self.status = QLabel()
        self.status.setMinimumWidth(1)
        self._bar = QProgressBar()
        self._bar.setMaximumHeight(14)
        self._bar.setFormat(self.tr("Overlaying parcels %p%"))
        self._cancel = QToolButton()
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.clicked.connect(self.live.cancel)
        self._bar.hide()
        self._cancel.hide()
        line = QHBoxLayout()
        line.addWidget(self.status, 1)
        line.addWidget(self._bar, 2)
        line.addWidget(self._cancel)
        return line

    def _connect(self) -> None:
        self.roles.layers_changed.connect(self._on_layers)
        self.roles.profile_changed.connect(self._on_profile)
        self.roles.said.connect(self._show_message)
        self.live.balanced.connect(self._on_balance)
        self.live.failed.connect(self._on_failed)
        self.live.emptied.connect(self._on_emptied)
        self.live.progressed.connect(self._on_progress)
        self.units.activated.connect(self._on_unit)
        self.tabs.evidence_wanted.connect(self._marks.show_evidence)
        self.tabs.evidence_over.connect(self._marks.clear_evidence)
        self.tabs.zoom_wanted.connect(self._marks.zoom)
        self.tabs.plot_ticked.connect(self._on_ticked)
        self.tabs.pick_toggled.connect(self._on_pick)
        self.tabs.said.connect(self.status.setText)
        remembered.plots.connect(self._on_plots)
        self._tool.clicked.connect(self.toggle_at)
        self._tool.deactivated.connect(self._on_tool_left)

    def _leave(self) -> None:
        self._marks.clear()
        self._tool.deactivated.disconnect(self._on_tool_left)
        if self._canvas.mapTool() is self._tool:
            self._canvas.unsetMapTool(self._tool)
        remembered.plots.disconnect(self._on_plots)
        self.tabs.offers.stop()
        self.roles.stop()
        self.live.stop()

    # What happens

    def activate(self) -> None:
        """Start working; done when the dock is first seen."""
        lacking = missing_package(NEEDS)
        if lacking is not None:
            self._show_message(error_line(lacking))
            return
        self.live.set_excluded(self._memory.excluded())
        self.roles.refresh()
        self.live.set_layers(self.roles.layers())
        self.live.set_profile(self.roles.profile())
        self.live.set_active(True)

    def _rest(self) -> None:
        self.live.set_active(False)
        self._marks.clear()
        self._on_tool_left()

    def _on_layers(self) -> None:
        self.live.set_layers(self.roles.layers())
        if "parcels" not in self.roles.layers():
            self._layers_box.setCollapsed(False)

    def _on_profile(self) -> None:
        self.live.set_excluded(self._memory.excluded())
        self.live.set_profile(self.roles.profile())

    def _on_plots(self) -> None:
        """Another plan was loaded: all of it takes part."""
        self.live.set_excluded(self._memory.excluded())

    def _on_balance(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.message.hide()
        self._show_figures()
        self.tabs.show_outcome(outcome)
        shapes = [plot.shape for plot in outcome.plots if (plot.role, plot.plot_id) in outcome.excluded]
        self._marks.show_left_out([shape for shape in shapes if shape is not None], self._crs())
        self.status.setText(self._counts(outcome))

    def _show_figures(self) -> None:
        balance = None if self._outcome is None else self._outcome.balance
        if balance is None:
            self.headline.show_counts(None, [])
            self.cards.show_accounts(None, self._unit)
            return
        counts = [(result, balance.count(result)) for result in RESULTS]
        self.headline.show_counts(overall(balance.verdicts), counts)
        self.cards.show_accounts(balance.accounts, self._unit)

    def _counts(self, outcome: Outcome) -> str:
        parcels, plots = len(outcome.survey.base.parcels), len(outcome.plots)
        text = self.tr("{parcels} parcels, {plots} plots").format(parcels=parcels, plots=plots)
        if outcome.excluded:
            out = sum((plot.role, plot.plot_id) in outcome.excluded for plot in outcome.plots)
            text += self.tr(", {out} left out").format(out=out)
        return text

    def _on_failed(self, line: str) -> None:
        self._clear()
        self._show_message(line)

    def _on_emptied(self) -> None:
        self._clear()
        if "parcels" not in self.roles.layers():
            self._show_message(self.tr("Choose the layer of land parcels to start."))

    def _clear(self) -> None:
        self._outcome = None
        self._marks.clear()
        self._show_figures()
        self.tabs.clear()
        self.status.setText("")

    def _show_message(self, line: str) -> None:
        self.message.setText(line)
        self.message.setVisible(bool(line))

    def _on_progress(self, percent: int) -> None:
        working = percent < 100
        self._bar.setValue(percent)
        self._bar.setVisible(working)
        self._cancel.setVisible(working)
        self.status.setVisible(not working)

    def _on_unit(self, row: int) -> None:
        self._unit = str(self.units.itemData(row))
        keep_area_unit(self._unit)
        self._show_figures()
        self.tabs.show_unit(self._unit)

    # Plots in and out

    def set_plot(self, plot: Plot, inside: bool) -> None:
        """Take a plot into the balance or leave it out; kept in the project, the layer stays as it is."""
        before = self._memory.excluded()
        excluded = before - {plot} if inside else before | {plot}
        self._memory.keep_excluded(excluded)
        self.live.set_excluded(excluded)

    def toggle_at(self, point: QgsPointXY) -> None:
        """Take in or leave out the plot under a point of the map; the uppermost kind first is new-build."""
        plot = self._plot_at(point)
        if plot is None:
            self.status.setText(self.tr("No plot here"))
            return
        self.set_plot(plot, plot in self._memory.excluded())

    def _plot_at(self, point: QgsPointXY) -> Optional[Plot]:
        import shapely

        if self._outcome is None:
            return None
        map_crs = self._canvas.mapSettings().destinationCrs()
        at = QgsCoordinateTransform(map_crs, self._crs(), QgsProject.instance()).transform(point)
        spot = shapely.Point(at.x(), at.y())
        hit: List[Tuple[float, Plot]] = [
            (plot.shape.area, (plot.role, plot.plot_id))
            for plot in self._outcome.plots
            if plot.shape is not None and plot.shape.intersects(spot)
        ]
        return min(hit)[1] if hit else None

    def _crs(self) -> QgsCoordinateReferenceSystem:
        from three_opt_three_protect.bridge.crs import qgis_crs

        info = None if self._outcome is None else self._outcome.survey.base.parcels.table.crs
        return QgsCoordinateReferenceSystem() if info is None else qgis_crs(info)

    def _on_ticked(self, plot: Plot, inside: bool) -> None:
        self.set_plot(plot, inside)

    def _on_pick(self, wanted: bool) -> None:
        if wanted:
            self._canvas.setMapTool(self._tool)
        elif self._canvas.mapTool() is self._tool:
            self._canvas.unsetMapTool(self._tool)

    def _on_tool_left(self) -> None:
        self.tabs.set_picking(False)

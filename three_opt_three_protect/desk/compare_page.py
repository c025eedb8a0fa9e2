"""Scenarios side by side: accounts, verdicts, plots on the map, a chart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Tuple

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent, QPixmap, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.desk.account_rows import words
from three_opt_three_protect.desk.compare_rows import account_table, plot_table, verdict_table
from three_opt_three_protect.desk.room import at_least_rows
from three_opt_three_protect.desk.table import Table, TablePanel
from three_opt_three_protect.desk.table_work import Background

if TYPE_CHECKING:
    from three_opt_three_protect.plans.scenarios import Comparison


_MARKED = 500
"""Most plots marked on the map together."""
_AT_ONCE = 300
"""Plots listed without the worker thread."""


class Picture(QLabel):
    """A picture as large as its place allows, in proportion; a click asks for it in full size."""

    clicked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(160)

    def show_picture(self, whole: QPixmap) -> None:
        """Show another picture."""
        self._whole = whole
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(400, 280)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def _fit(self) -> None:
        if self._whole.isNull():
            self.clear()
            return
        self.setPixmap(_scaled(self._whole, self.size(), self.devicePixelRatioF()))


def _scaled(whole: QPixmap, room: QSize, ratio: float) -> QPixmap:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    fitted = whole.scaled(room * ratio, keep, smooth)
    fitted.setDevicePixelRatio(ratio)
    return fitted


class LargePicture(QDialog):
    """The chart in a window of its own, as wide as the window."""

    def __init__(self, title: str, whole: QPixmap, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._whole, self._shown = whole, QLabel()
        self._area = QScrollArea()
        self._area.setWidget(self._shown)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        room = self.screen().availableGeometry().size() * 0.85
        self.resize(min(room.width(), 1000), room.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self._area.viewport().width()
        self._shown.setPixmap(_scaled(self._whole, QSize(width, self._whole.height()), self.devicePixelRatioF()))
        self._shown.adjustSize()


class ComparePage(QWidget):
    """What two or more scenarios have in common and what not."""

    back_wanted = pyqtSignal()
    plot_wanted = pyqtSignal(object, object)
    """Shapely geometries and their CRS, to be shown on the map."""
    said = pyqtSignal(str)

    def __init__(self, unit: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._found: Optional[Comparison] = None
        self.work = Background(self)
        self.accounts, self.verdicts = TablePanel("sysb_compare_accounts"), TablePanel("sysb_compare_verdicts")
        self.plots = TablePanel("sysb_compare_plots")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.accounts, self.tr("Accounts"))
        self.tabs.addTab(self.verdicts, self.tr("Verdicts"))
        self.tabs.addTab(self.plots, self.tr("Plots"))
        self.tabs.addTab(self._chart_page(), self.tr("Chart"))
        for panel in (self.accounts, self.verdicts, self.plots):
            at_least_rows(panel.view, 5)
            panel.said.connect(self.said)
        self.plots.selected.connect(self._on_plots)
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addWidget(self.notes)
        layout.addWidget(self.tabs, 1)

    def _head(self) -> QHBoxLayout:
        back = QToolButton()
        back.setArrowType(Qt.ArrowType.LeftArrow)
        back.setText(self.tr("Scenarios"))
        back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        back.setAutoRaise(True)
        back.clicked.connect(self.back_wanted)
        self.title = QLabel()
        self.title.setMinimumWidth(1)
        self.only = QCheckBox(self.tr("Only what differs"))
        self.only.setChecked(True)
        self.only.toggled.connect(lambda _: self._fill())
        line = QHBoxLayout()
        line.addWidget(back)
        line.addWidget(self.title, 1)
        line.addWidget(self.only)
        return line

    def _chart_page(self) -> QWidget:
        self.chart = Picture()
        self.chart.setToolTip(self.tr("Click to see all of it in a window of its own"))
        self.chart.clicked.connect(self.enlarge)
        self._whole = QPixmap()
        self.large = QPushButton(self.tr("Enlarge"))
        self.large.clicked.connect(self.enlarge)
        self.export = QPushButton(self.tr("Save the chart…"))
        self.export.clicked.connect(self._ask_export)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.chart, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.large)
        line.addWidget(self.export)
        layout.addLayout(line)
        return page

    def stop(self) -> None:
        """Finish what is being drawn."""
        self.plots.work.stop()
        self.work.stop()

    # What it shows

    def show_comparison(self, found: Comparison) -> None:
        """Show scenarios side by side."""
        self._found = found
        self.only.setChecked(True)
        self._fill()
        self._draw()

    def clear(self) -> None:
        """Show nothing."""
        self._found = None
        for panel in (self.accounts, self.verdicts, self.plots):
            panel.show_table([], [])
        self._whole = QPixmap()
        self.chart.show_picture(QPixmap())

    def show_unit(self, unit: str) -> None:
        """Show areas in another unit."""
        self._unit = unit
        if self._found is not None:
            self._fill()
            self._draw()

    def _fill(self) -> None:
        found, only = self._found, self.only.isChecked()
        if found is None:
            return
        self.title.setText(self.tr("<b>{count} scenarios compared</b>").format(count=len(found.names)))
        self.title.setToolTip("\n".join(found.names))
        accounts = account_table(found, self._unit, self.palette(), only)
        verdicts = verdict_table(found, self._unit, self.palette(), only)
        self.accounts.show_table(*accounts)
        self.verdicts.show_table(*verdicts)
        alike = only and not accounts[1] and not verdicts[1]
        asked = (found, self._unit, only)

        def shown(plots: Table) -> None:
            if self._found is found and (self._unit, self.only.isChecked()) == asked[1:]:
                self._show_plots(plots, alike)

        if len(found.plots) <= _AT_ONCE:
            shown(plot_table(*asked))
        else:
            self.work.run(lambda: plot_table(*asked), shown)

    def _show_plots(self, plots: Table, alike: bool) -> None:
        self.plots.show_table(*plots)
        same = alike and not plots[1]
        self.notes.setText(self.tr("The scenarios are the same in every figure, verdict and plot.") if same else "")
        self.notes.setVisible(same)
        self.tabs.setTabText(2, self.tr("Plots ({count})").format(count=len(plots[1])))

    def _on_plots(self) -> None:
        """Show the plots that are selected on the map."""
        from three_opt_three_protect.bridge.crs import qgis_crs

        if self._found is None:
            return
        places = [self.plots.model.content.key(row) for row in self.plots.rows_selected()[:_MARKED].tolist()]
        shapes = [self._found.plots[place].geometry for place in places]
        info = self._found.survey.parcels.table.crs
        crs = QgsCoordinateReferenceSystem() if info is None else qgis_crs(info)
        self.plot_wanted.emit([shape for shape in shapes if shape is not None], crs)

    # The chart

    def _draw(self) -> None:
        """Draw in the background; what comes too late is not shown."""
        found, unit = self._found, self._unit
        lacking = missing_package(("matplotlib",))
        if lacking is not None:
            self.chart.setText(error_line(lacking))
            self.chart.setWordWrap(True)
            self.export.setEnabled(False)
            return
        if found is None:
            return

        def shown(drawn: Tuple[bytes, bytes]) -> None:
            if self._found is found and self._unit == unit:
                figures, self._whole = QPixmap(), QPixmap()
                figures.loadFromData(drawn[0])
                self._whole.loadFromData(drawn[1])
                self.chart.show_picture(figures)

        self.work.run(lambda: (chart(found, unit, "png", False), chart(found, unit, "png")), shown, self._not_drawn)

    def enlarge(self) -> None:
        """Show the whole chart, verdicts too, in a window of its own."""
        if not self._whole.isNull():
            self.window_of_chart = LargePicture(self.tr("Chart"), self._whole, self)
            self.window_of_chart.show()

    def _not_drawn(self, error: Any) -> None:
        self.chart.setText(str(error))
        self.export.setEnabled(False)

    def save_chart(self, path: str) -> None:
        """Save the chart as .png or .svg, in the background."""
        found, unit = self._found, self._unit
        if found is None:
            return
        kind = "svg" if path.lower().endswith(".svg") else "png"

        def write() -> None:
            Path(path).write_bytes(chart(found, unit, kind))

        saved = self.tr("Saved: {path}").format(path=path)
        self.work.run(write, lambda _: self.said.emit(saved), lambda error: self.said.emit(str(error)))

    def _ask_export(self) -> None:
        home = QgsProject.instance().homePath()
        name = self.tr("scenarios") + ".png"
        kinds = self.tr("Picture (*.png);;Drawing (*.svg)")
        path, kind = QFileDialog.getSaveFileName(
            self, self.tr("Save the chart"), str(Path(home) / name) if home else name, kinds
        )
        if path:
            ending = ".svg" if "svg" in kind else ".png"
            self.save_chart(path if path.lower().endswith((".png", ".svg")) else path + ending)


def chart(found: Comparison, unit: str, kind: str, verdicts: bool = True) -> bytes:
    """The chart of a comparison as a file of ``kind``, with the verdicts or without; in a worker thread."""
    from three_opt_three_protect.plans.scenariotables import scenario_figures
    from three_opt_three_protect.reports.charts import scenario_chart
    from three_opt_three_protect.reports.rounding import AreaUnit

    figures = scenario_figures(found, words, AreaUnit(unit))
    return scenario_chart(figures if verdicts else replace(figures, rules=()), words, kind)

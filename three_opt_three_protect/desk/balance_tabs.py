"""The tables of the balance dock: verdicts with evidence, accounts, plots, years, findings."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from three_opt_three_protect.core.rules import Verdict
from three_opt_three_protect.desk import account_rows, plot_rows, verdict_rows
from three_opt_three_protect.desk.balance_job import Outcome
from three_opt_three_protect.desk.evidence_map import evidence_shapes
from three_opt_three_protect.desk.gap_offers import GapOffers
from three_opt_three_protect.desk.table import TablePanel
from three_opt_three_protect.reports.table import PLAN_TABLES

VERDICTS, ACCOUNTS, PLOTS, YEARS, FINDINGS = range(5)


class BalanceTabs(QTabWidget):
    """Shows what the newest balance says; a table is filled when it is looked at."""

    evidence_wanted = pyqtSignal(object, object, bool)
    """Shapely geometries, their CRS, and whether the map goes there."""
    evidence_over = pyqtSignal()
    zoom_wanted = pyqtSignal(object, object)
    plot_ticked = pyqtSignal(object, bool)
    """(role, plot id) and whether it takes part."""
    pick_toggled = pyqtSignal(bool)
    said = pyqtSignal(str)

    def __init__(self, unit: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._outcome: Optional[Outcome] = None
        self._stale: Dict[int, bool] = {}
        self._verdict: Optional[Tuple[str, str]] = None
        self.verdicts, self.evidence = TablePanel("sysb_verdicts"), TablePanel("sysb_evidence")
        self.accounts, self.plots = TablePanel("sysb_accounts"), TablePanel("sysb_plots")
        self.offers = GapOffers(unit)
        self.years, self.findings = TablePanel("sysb_years"), TablePanel("sysb_findings", wrap=True)
        self.setDocumentMode(True)
        self.addTab(self._verdict_page(), self.tr("Verdicts"))
        self.addTab(self._account_page(), self.tr("Accounts"))
        self.addTab(self._plot_page(), self.tr("Plots"))
        self.addTab(self.years, self.tr("Years"))
        self.addTab(self.findings, self.tr("Findings"))
        self.setMinimumHeight(260)
        for panel in (self.verdicts, self.evidence, self.accounts, self.plots, self.years, self.findings):
            panel.said.connect(self.said)
        self.offers.said.connect(self.said)
        self.offers.zoom_wanted.connect(lambda shapes, crs: self.evidence_wanted.emit(shapes, crs, True))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(lambda: self.show_evidence(zoom=False))
        self.verdicts.picked.connect(self._on_verdict)
        self.evidence.picked.connect(self._on_evidence)
        self.plots.picked.connect(self._on_plot)
        self.plots.model.ticked.connect(self.plot_ticked)
        self.currentChanged.connect(self._fill)

    # From the dock

    def show_outcome(self, outcome: Outcome) -> None:
        """Show another balance; what was selected stays selected."""
        self._outcome = outcome
        self._refresh()

    def show_unit(self, unit: str) -> None:
        """Show areas in another unit."""
        self._unit = unit
        self.offers.show_unit(unit)
        self._refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._outcome = None
        for panel in (self.verdicts, self.evidence, self.accounts, self.plots, self.years, self.findings):
            panel.show_table([], [])
        self._close_evidence()
        self.setTabText(FINDINGS, self.tr("Findings"))

    def set_picking(self, picking: bool) -> None:
        """Show whether a click on the map toggles a plot."""
        self.pick.setChecked(picking)

    # Pages

    def _verdict_page(self) -> QWidget:
        self._evidence_title = QLabel()
        self._evidence_title.setWordWrap(True)
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        close = QToolButton()
        close.setIcon(QgsApplication.getThemeIcon("/mIconClose.svg"))
        close.setAutoRaise(True)
        close.setToolTip(self.tr("Clear the evidence from table and map"))
        close.clicked.connect(self._close_evidence)
        self.close_evidence = close
        head = QHBoxLayout()
        head.addWidget(self._evidence_title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._evidence_box = QWidget()
        box = QVBoxLayout(self._evidence_box)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(2)
        box.addLayout(head)
        box.addWidget(self._advice)
        box.addWidget(self.offers)
        box.addWidget(self.evidence, 1)
        self._evidence_box.hide()
        page = QSplitter(Qt.Orientation.Vertical)
        page.setChildrenCollapsible(False)
        page.addWidget(self.verdicts)
        page.addWidget(self._evidence_box)
        page.setStretchFactor(0, 3)
        page.setStretchFactor(1, 2)
        return page

    def _account_page(self) -> QWidget:
        self.scope = QComboBox()
        self.scope.setAccessibleName(self.tr("Unit of account"))
        for text in (self.tr("Township"), self.tr("By village"), self.tr("By settlement")):
            self.scope.addItem(text, "")
        for number in PLAN_TABLES:
            self.scope.addItem(f"{number} {account_rows.words(f'table.{number}')}", number)
        self.scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scope.setMinimumContentsLength(10)
        self.scope.activated.connect(lambda _: self._fill_accounts())
        self.accounts.bar.insertWidget(0, self.scope)
        return self.accounts

    def _plot_page(self) -> QWidget:
        self.pick = QToolButton()
        self.pick.setCheckable(True)
        self.pick.setIcon(QgsApplication.getThemeIcon("/mActionSelect.svg"))
        self.pick.setText(self.tr("Pick on the map"))
        self.pick.setToolTip(self.tr("Click plots on the map to leave them out of the balance or take them in again"))
        self.pick.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.pick.toggled.connect(self.pick_toggled)
        self.plots.bar.insertWidget(0, self.pick)
        return self.plots

    # Filling

    def _refresh(self) -> None:
        self._stale = dict.fromkeys(range(self.count()), True)
        if self._outcome is not None and self._outcome.balance is not None:
            count = len(self._outcome.balance.findings) + len(self._outcome.survey.findings)
            self.setTabText(FINDINGS, self.tr("Findings ({count})").format(count=count))
        self._fill(self.currentIndex())

    def _fill(self, page: int) -> None:
        if not self._stale.get(page) or self._outcome is None or self._outcome.balance is None:
            return
        self._stale[page] = False
        balance, unit = self._outcome.balance, self._unit
        if page == VERDICTS:
            names = self._outcome.survey.village_names
            self.verdicts.show_table(*verdict_rows.verdict_table(balance.verdicts, names, unit, self.palette()))
            # The figures are on the screen first, then what they come from.
            self._later.start()
        elif page == ACCOUNTS:
            self._fill_accounts()
        elif page == PLOTS:
            self.plots.show_table(*plot_rows.plot_table(self._outcome, unit))
        elif page == YEARS:
            self.years.show_table(*account_rows.year_table(balance.years, unit, self.palette()))
        else:
            found = [*balance.findings, *self._outcome.survey.findings]
            self.findings.show_table(*verdict_rows.finding_table(found, self.palette()))

    def _fill_accounts(self) -> None:
        if self._outcome is None or self._outcome.balance is None:
            return
        accounts, names = self._outcome.balance.accounts, self._outcome.survey.village_names
        if self.scope.currentData():
            self.accounts.show_table(*account_rows.report_table(self._outcome, self.scope.currentData(), self._unit))
            return
        if self.scope.currentIndex() == 0:
            self.accounts.show_table(*account_rows.account_table(accounts, self._unit))
            return
        units = (
            account_rows.villages_of(accounts)
            if self.scope.currentIndex() == 1
            else account_rows.settlements_of(accounts)
        )
        self.accounts.show_table(*account_rows.pivot_table(accounts, units, names, self._unit))

    # Evidence

    def _on_verdict(self, key: Tuple[str, str]) -> None:
        self._verdict = key
        self.show_evidence(zoom=True)

    def show_evidence(self, zoom: bool) -> None:
        """Fill the evidence of the verdict chosen and have it shown on the map."""
        found = self._evidence_rows()
        if found is None or self._outcome is None:
            return
        line, entries, advice = found
        self.evidence.show_table(*plot_rows.evidence_table(entries, self._outcome.survey, self._unit))
        self._evidence_title.setText(f"<b>{plot_rows.evidence_title(line)}</b>")
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.offers.show_gap(self._outcome, self._chosen())
        self.evidence.setVisible(bool(entries))
        if self._evidence_box.isHidden():
            self._evidence_box.show()
            QTimer.singleShot(0, self._keep_in_view)
        shapes = evidence_shapes(self._outcome, entries)
        self.evidence_wanted.emit(shapes, self._crs(), zoom)

    def _evidence_rows(self) -> Optional[Tuple[str, List[Tuple[str, str, int]], str]]:
        if self._outcome is None or self._outcome.balance is None or self._verdict is None:
            return None
        verdict = self._chosen()
        if verdict is None:
            return None
        entries = list(plot_rows.evidence_rows(self._outcome, verdict.evidence, verdict.unit_code))
        return verdict.evidence, entries, verdict_rows.advice_text(verdict)

    def _chosen(self) -> Optional[Verdict]:
        """The verdict chosen, as the newest balance has it."""
        if self._outcome is None or self._outcome.balance is None or self._verdict is None:
            return None
        verdicts = self._outcome.balance.verdicts
        return next((each for each in verdicts if (each.rule, each.unit_code) == self._verdict), None)

    def _keep_in_view(self) -> None:
        """The table has become shorter: its current row must not hide behind the evidence."""
        self.verdicts.view.scrollTo(self.verdicts.view.currentIndex())

    def _close_evidence(self) -> None:
        self._verdict = None
        self.offers.show_gap(None, None)
        self._evidence_box.hide()
        self.verdicts.view.clearSelection()
        self.verdicts.view.setCurrentIndex(self.verdicts.model.index(-1, -1))
        self.evidence_over.emit()

    def _on_evidence(self, key: Tuple[str, str]) -> None:
        if self._outcome is not None:
            self.zoom_wanted.emit(evidence_shapes(self._outcome, [(*key, 0)]), self._crs())

    def _on_plot(self, key: Tuple[str, str]) -> None:
        if self._outcome is not None:
            shapes = [p.shape for p in self._outcome.plots if (p.role, p.plot_id) == key and p.shape is not None]
            self.zoom_wanted.emit(shapes, self._crs())

    def _crs(self) -> QgsCoordinateReferenceSystem:
        from three_opt_three_protect.bridge.crs import qgis_crs

        info = None if self._outcome is None else self._outcome.survey.base.parcels.table.crs
        return QgsCoordinateReferenceSystem() if info is None else qgis_crs(info)

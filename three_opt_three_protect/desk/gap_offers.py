"""尚缺 12.35 亩: candidates that close the gap of a verdict, each to be added with one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

import numpy as np
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransformContext, QgsProject
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.rules import Verdict
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.balance_job import Outcome
from three_opt_three_protect.desk.figures import figure
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.plot_edits import add_plots, can_edit, target_of
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.scenario_choice import CANDIDATES, choice_layer
from three_opt_three_protect.desk.scenario_plots import features_for, own_names
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.table_work import Background

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.closing import Offer
    from three_opt_three_protect.core.allocation.gaps import Remaining

MOST = 3
_NAMED = 24
"""Letters of plot numbers an offer names; where there are more it names one, and all of them in its tip."""
_WAIT_MS = 200
"""While plots are drawn nothing is offered."""


@dataclass(frozen=True)
class Stock:
    """Candidates the plan of an outcome does not have yet; ``table`` has the field names of the plan database."""

    outcome: Outcome
    layer_id: str
    remaining: Remaining
    table: LayerTable


class _Whole(QLabel):
    """Words in as many lines as they need: a splitter gives no height for them by itself."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setWordWrap(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))


class GapOffers(QWidget):
    """Up to three offers under a verdict that falls short; hidden where there is nothing to offer."""

    said = pyqtSignal(str)
    zoom_wanted = pyqtSignal(object, object)

    def __init__(self, unit: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._memory = ProjectMemory()
        self._unit = unit
        self._outcome: Optional[Outcome] = None
        self._verdict: Optional[Verdict] = None
        self._stock: Optional[Stock] = None
        self._offers: Tuple[Offer, ...] = ()
        self._told = ""
        self.work = Background(self)
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.rows: List[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(2)
        self._layout.addWidget(self.title)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._start)
        remembered.candidates.connect(self._on_candidates)
        self.hide()

    def stop(self) -> None:
        """Listen no longer and finish what is being computed."""
        remembered.candidates.disconnect(self._on_candidates)
        self._wait.stop()
        self.work.stop()

    @property
    def busy(self) -> bool:
        """Offers are being looked for."""
        return self.work.busy or self._wait.isActive()

    # What is offered

    def show_gap(self, outcome: Optional[Outcome], verdict: Optional[Verdict]) -> None:
        """Offer what closes the gap of a verdict; nothing where it has none."""
        same = verdict is not None and self._verdict is not None and _key(verdict) == _key(self._verdict)
        self._outcome, self._verdict = outcome, verdict
        if not same:
            self._told = ""
            self._clear()
        if outcome is None or verdict is None or verdict.margin is None or verdict.margin >= 0:
            self._clear()
            self.title.setText(self._told)
            self.setVisible(bool(self._told))
            return
        if choice_layer(self._memory, CANDIDATES) is None:
            self._clear()
            return
        self._wait.start()

    def show_unit(self, unit: str) -> None:
        """Show areas in another unit."""
        self._unit = unit
        if self._offers:
            self._show()

    def _on_candidates(self) -> None:
        self._stock = None
        self.show_gap(self._outcome, self._verdict)

    def _start(self) -> None:
        outcome, verdict = self._outcome, self._verdict
        layer = choice_layer(self._memory, CANDIDATES)
        if outcome is None or outcome.balance is None or verdict is None or layer is None:
            return
        kept = self._stock
        known = kept if kept is not None and kept.outcome is outcome and kept.layer_id == layer.id() else None
        targets = role_layers(self._memory, ("targets",)).get("targets")
        snapshot = Snapshot(layer, self._memory.mapping(layer.id()))
        goals = None if targets is None else Snapshot(targets, self._memory.mapping(targets.id()))
        context = QgsCoordinateTransformContext(QgsProject.instance().transformContext())
        layer_id = str(layer.id())

        def work() -> Tuple[Stock, Tuple[Offer, ...]]:
            stock = known or stock_of(outcome, layer_id, snapshot, goals, context)
            return stock, stock.remaining.offers(verdict, MOST)

        def done(found: Tuple[Stock, Tuple[Offer, ...]]) -> None:
            self._stock, offers = found
            if outcome is self._outcome and self._verdict is not None and _key(self._verdict) == _key(verdict):
                self._offers = offers
                self._show()

        self.work.run(work, done, self._fail)

    def _fail(self, error: Any) -> None:
        self._clear()
        self.said.emit(error_line(error) if isinstance(error, PlanningError) else str(error))

    def _clear(self) -> None:
        self._wait.stop()
        self._offers = ()
        self._drop_rows()
        self.hide()

    def _drop_rows(self) -> None:
        for row in self.rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self.rows.clear()

    def _show(self) -> None:
        self._drop_rows()
        title = (
            self.tr("<b>Candidates that close the gap</b>")
            if self._offers
            else self.tr("No candidates left that close this gap")
        )
        self.title.setText("<br>".join(line for line in (self._told, title) if line))
        for offer in self._offers:
            row = self._row(offer)
            self.rows.append(row)
            self._layout.addWidget(row)
        self.show()

    def _row(self, offer: Offer) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = _Whole(self._words(offer))
        words.setToolTip(self.tr(", ").join(self._names(offer)))
        look, add = QToolButton(), QToolButton()
        look.setIcon(QgsApplication.getThemeIcon("/mActionZoomToSelected.svg"))
        look.setAutoRaise(True)
        look.setToolTip(self.tr("Show these candidates on the map"))
        look.clicked.connect(lambda: self._zoom(offer))
        add.setText(self.tr("Add"))
        add.setToolTip(self.tr("Put these candidates into the layer of reclaim plots, as one step that can be undone"))
        add.clicked.connect(lambda: self.add(offer))
        line.addWidget(words, 1)
        line.addWidget(look)
        line.addWidget(add)
        return row

    def _names(self, offer: Offer) -> List[str]:
        if self._stock is None:
            return []
        ids = self._stock.remaining.coefficients.reclaim_plots.plot_id
        return [str(ids[row]) for row in offer.rows]

    def _words(self, offer: Offer) -> str:
        """R012, R034　+13.20 亩, 0.85 亩 to spare, 12.30 万元."""
        verdict = self._verdict
        unit = "" if verdict is None else verdict.unit
        names = self._names(offer)
        shown = self.tr(", ").join(names)
        if len(names) > 1 and len(shown) > _NAMED:
            shown = self.tr("{plot} and others, {count} plots").format(plot=names[0], count=len(names))
        adds, rest = (" ".join(figure(value, unit, self._unit)).rstrip() for value in (offer.adds, offer.rest))
        text = self.tr("<b>{plots}</b>: adds {adds}, {rest} to spare").format(plots=shown, adds=adds, rest=rest)
        if offer.cost is not None:
            text += self.tr(", cost {cost}").format(cost=" ".join(figure(offer.cost, "yuan", self._unit)))
        return str(text)

    # What the planner does

    def _zoom(self, offer: Offer) -> None:
        from three_opt_three_protect.bridge.crs import qgis_crs

        if self._stock is None:
            return
        table = self._stock.table
        crs = QgsCoordinateReferenceSystem() if table.crs is None else qgis_crs(table.crs)
        self.zoom_wanted.emit([table.shapes[row] for row in offer.rows if table.shapes[row] is not None], crs)

    def add(self, offer: Offer) -> None:
        """Copy the candidates of an offer into the layer of reclaim plots, as one undo step."""
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        stock = self._stock
        layer = role_layers(self._memory, ("reclaim",)).get("reclaim")
        if stock is None or layer is None or not can_edit(layer):
            self.said.emit(self.tr("There is no layer of reclaim plots that can be edited."))
            return
        rows = stock.table.take(np.array(offer.rows, dtype=np.int64))
        rows, year = dated(rows, stock.outcome)
        context = QgsProject.instance().transformContext()
        ready = features_for(rows, target_of(layer, self._memory), load_role_schemas()["reclaim"], context)
        names = self.tr(", ").join(self._names(offer))
        if not add_plots(ready, self.tr("Add {plots}").format(plots=names)):
            self.said.emit(self.tr("The plots could not be added; nothing was changed."))
            return
        line = self.tr("Added: {plots}. Save the layer to keep them.").format(plots=names)
        if year is not None:
            line += self.tr(" Year set to {year}.").format(year=year)
        self._told = line
        self.said.emit(line)


def _key(verdict: Verdict) -> Tuple[str, str]:
    return verdict.rule, verdict.unit_code


def stock_of(
    outcome: Outcome,
    layer_id: str,
    candidates: Snapshot,
    targets: Optional[Snapshot],
    context: QgsCoordinateTransformContext,
) -> Stock:
    """The candidates a plan does not have yet; in a worker thread."""
    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.core.allocation.gaps import Remaining
    from three_opt_three_protect.core.pieces import SNAP_M
    from three_opt_three_protect.plans.inputs import Source, plot_inputs
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    if outcome.balance is None:
        raise ValueError("candidates are held against a balance")
    schemas = load_role_schemas()
    survey = outcome.survey
    table = bring_to(candidates.read(), survey.base.parcels.table, context)
    source = candidates.source(table, schemas["reclaim"])
    own = own_names("reclaim", source.table, source.mapping(schemas["reclaim"]), schemas["reclaim"])
    goals = None if targets is None else targets.source(targets.read(), schemas["targets"])
    read = plot_inputs(Source(own), None, goals)
    remaining = Remaining(outcome.balance, read.reclaim, survey.profile, survey.system, read.targets, SNAP_M)
    return Stock(outcome, layer_id, remaining, own)


def dated(rows: LayerTable, outcome: Outcome) -> Tuple[LayerTable, Optional[int]]:
    """Rows with a year: without one a plot counts at no date, and nothing over time could be judged.

    Returns
    -------
    LayerTable
        What has no phase has the first year in which the plan reclaims.
    int or None
        That year; None where nothing was set.
    """
    from dataclasses import replace

    from three_opt_three_protect.core.tables import integer

    phase = rows.columns.get("phase")
    known = np.empty(0) if outcome.balance is None else outcome.balance.reclaim.phase
    known = known[~np.isnan(known)]
    if phase is None or not phase.is_missing.any() or not len(known):
        return rows, None
    year = int(known.min())
    years = np.where(phase.is_missing, year, np.nan_to_num(phase.values.astype(np.float64))).astype(np.int64)
    return replace(rows, columns={**rows.columns, "phase": integer(years, alias=phase.alias, width=phase.width)}), year

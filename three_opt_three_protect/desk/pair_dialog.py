"""指标权重: weights of the potential indicators by comparison in pairs (AHP), with their consistency live."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QModelIndex, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.words import error_line, language, sentence
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.rules import FAIL, PASS, Profile
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.pair_model import SCALE, PairModel, written

_LIMIT = "consistency_limit"
_LEAST = 2


class ScaleDelegate(QStyledItemDelegate):
    """A cell is filled in by choosing from the scale."""

    def createEditor(self, parent: QWidget, option: Any, index: QModelIndex) -> QWidget:
        box = QComboBox(parent)
        for value in SCALE:
            box.addItem(written(value))
        box.activated.connect(lambda _: self._take(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        editor.setCurrentIndex(editor.findText(str(index.data(Qt.ItemDataRole.EditRole))))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: Any, index: QModelIndex) -> None:
        if editor.currentIndex() >= 0:
            model.setData(index, editor.currentText())

    def _take(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class PairDialog(QDialog):
    """Compares indicators, shows weights and consistency, saves what is consistent.

    Parameters
    ----------
    profile
        Has the random index and the limit of the consistency ratio.
    """

    def __init__(self, profile: Profile, memory: ProjectMemory, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        from three_opt_three_protect.storage.indicatorlist import load_indicators

        self.setObjectName("sysb_pair_dialog")
        self.setWindowTitle(self.tr("Weights of the indicators (AHP)"))
        self._profile, self._memory = profile, memory
        indicators = load_indicators()
        self._titles = {each.id: each.title.get(language(), each.id) for each in indicators}
        self.model = PairModel(indicators, self._titles, self.palette())
        self._build()
        self.model.restore(memory.scenario().get("pairs", {}))
        for each in indicators:
            self._add(each.id, sentence(f"dimension.{each.dimension}", {}), each.id in self.model.ids)
        self.model.compared.connect(self._judge)
        self.wanted.itemChanged.connect(lambda _: self._on_wanted())
        self._judge()

    def _build(self) -> None:
        self.wanted = QListWidget()
        self.wanted.setMaximumWidth(self.fontMetrics().horizontalAdvance("国") * 13)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(ScaleDelegate(self.view))
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        letter = self.fontMetrics().horizontalAdvance("国")
        across, down = self.view.horizontalHeader(), self.view.verticalHeader()
        across.setDefaultSectionSize(round(2.8 * letter))
        across.setMinimumSectionSize(2 * letter)
        down.setDefaultSectionSize(self.fontMetrics().height() + 6)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        explained = QLabel(
            self.tr(
                "Each cell of the upper half says how many times as important the indicator of its row is as that of "
                "its column: 1 equally, 3 slightly, 5 clearly, 7 strongly, 9 absolutely; 1/3 … 1/9 the other way round."
            )
        )
        explained.setWordWrap(True)
        self.sign, self.verdict = QLabel(), QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.linkActivated.connect(lambda _: self._go_to_odd())
        line = QHBoxLayout()
        line.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.verdict, 1)
        both = QHBoxLayout()
        both.addWidget(self.wanted)
        both.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(explained)
        layout.addLayout(both, 1)
        layout.addLayout(line)
        layout.addLayout(self._buttons())
        self.resize(letter * 78, letter * 40)
        self.model.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """The weights need more room than the comparisons."""
        width = self.view.horizontalHeader().defaultSectionSize()
        for column in range(self.model.columnCount()):
            self.view.setColumnWidth(column, width if column < len(self.model.ids) else round(1.7 * width))

    def _buttons(self) -> QHBoxLayout:
        self.load_button = QPushButton(self.tr("Load…"))
        self.load_button.setToolTip(self.tr("Load comparisons from a CSV table"))
        self.load_button.clicked.connect(self._ask_load)
        self.even_button = QPushButton(self.tr("All equal"))
        self.even_button.setToolTip(self.tr("Take back all comparisons"))
        self.even_button.clicked.connect(lambda: self.model.restore({"ids": self.model.ids}))
        self.save_button = QPushButton(self.tr("Save…"))
        self.save_button.setToolTip(self.tr("Save as a CSV table, to be given as weights to the reclamation potential"))
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._ask_save)
        self.why_not = QLabel()
        self.why_not.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.why_not.setMinimumWidth(1)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        line = QHBoxLayout()
        line.addWidget(self.load_button)
        line.addWidget(self.even_button)
        line.addWidget(self.why_not, 1)
        line.addWidget(self.save_button)
        line.addWidget(close)
        return line

    def _add(self, indicator: str, dimension: str, wanted: bool) -> None:
        item = QListWidgetItem(self._titles[indicator])
        item.setData(Qt.ItemDataRole.UserRole, indicator)
        item.setToolTip(dimension)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
        self.wanted.addItem(item)

    # What happens

    def done(self, result: int) -> None:
        """Closed: what was said so far stays in the project, finished or not."""
        self._memory.keep_scenario(pairs=self.model.state())
        super().done(result)

    def closeEvent(self, event: Any) -> None:
        self._memory.keep_scenario(pairs=self.model.state())
        super().closeEvent(event)

    def want(self, indicator: str, wanted: bool) -> None:
        """Tick an indicator or untick it."""
        for item in self._items():
            if item.data(Qt.ItemDataRole.UserRole) == indicator:
                item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)

    def load(self, path: str) -> None:
        """Take up a table saved before."""
        try:
            self.model.load_table(Path(path))
        except InputError as error:
            self._say(FAIL, error_line(error))
            return
        self.wanted.blockSignals(True)
        for item in self._items():
            chosen = item.data(Qt.ItemDataRole.UserRole) in self.model.ids
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        self.wanted.blockSignals(False)

    def save(self, path: str) -> None:
        """Save a consistent table."""
        try:
            self.model.save_table(Path(path))
        except InputError as error:
            self._say(FAIL, error_line(error))
            return
        self._memory.keep_scenario(weights_table=path)
        self.why_not.setText(self.tr("Saved: {path}").format(path=Path(path).name))

    def _items(self) -> Any:
        return [self.wanted.item(row) for row in range(self.wanted.count())]

    def _on_wanted(self) -> None:
        ticked = [item for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        self.model.want([item.data(Qt.ItemDataRole.UserRole) for item in ticked])

    def _judge(self) -> None:
        """Weights and consistency of what is there now."""
        if len(self.model.ids) < _LEAST:
            self._refuse(self.tr("Tick at least two indicators"), self.tr("Tick at least two indicators."))
            self.model.show_weights({}, None)
            return
        try:
            weights, ratio, odd = judged(self.model, self._profile)
        except InputError as error:
            self._refuse(error_line(error), error_line(error))
            self.model.show_weights({}, None)
            return
        self.model.show_weights(weights, odd[:2] if odd else None)
        limit = self._profile.number(_LIMIT)
        figures = {"ratio": f"{ratio:.3f}", "limit": f"{limit:g}"}
        if odd is None:
            self._say(PASS, self.tr("Consistent: CR = {ratio} < {limit}").format(**figures))
            self.save_button.setEnabled(True)
            self.why_not.setText("")
            return
        first, second, value, fits = odd
        text = self.tr(
            "Not consistent: CR = {ratio} ≥ {limit}. What disagrees most: “{first}” against “{second}” is {value}, the "
            'other comparisons say {fits}. <a href="odd">Go there</a>'
        )
        named = {"first": self._titles[first], "second": self._titles[second], "value": value, "fits": fits}
        self._refuse(text.format(**figures, **named), self.tr("Cannot be saved before it is consistent"))

    def _refuse(self, line: str, why_not: str) -> None:
        self._say(FAIL, line)
        self.save_button.setEnabled(False)
        self.why_not.setText(why_not)

    def _say(self, result: str, line: str) -> None:
        size = self.fontMetrics().height()
        self.sign.setPixmap(icon(f"result_{result}").pixmap(size, size))
        self.verdict.setText(line)
        self.verdict.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}")

    def _go_to_odd(self) -> None:
        odd = self.model._odd
        if odd is not None:
            place = self.model.place(*odd)
            self.view.scrollTo(place)
            self.view.setCurrentIndex(place)
            self.view.setFocus()

    def _ask_load(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Load comparisons"), QgsProject.instance().homePath(), "CSV (*.csv)"
        )
        if path:
            self.load(path)

    def _ask_save(self) -> None:
        home = QgsProject.instance().homePath()
        start = str(Path(home) / self.tr("weights.csv")) if home else self.tr("weights.csv")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save comparisons"), start, "CSV (*.csv)")
        if path:
            self.save(path if path.lower().endswith(".csv") else f"{path}.csv")


Odd = Tuple[str, str, str, str]
"""First and second indicator, what was said, and what the others say."""


def judged(model: PairModel, profile: Profile) -> Tuple[Mapping[str, float], float, Optional[Odd]]:
    """Weights, consistency ratio, and what disagrees most where the ratio is too large.

    Raises
    ------
    InputError
        ``pairwise_too_large``: more indicators than there are random indices.
    """
    from three_opt_three_protect.core.potential.weights import compared_judgement

    endless = replace(profile.settings[_LIMIT], value=float("inf"))
    lenient = replace(profile, settings={**profile.settings, _LIMIT: endless})
    found = compared_judgement(model.ids, model.matrix(), lenient, "")
    ratio = found.ratio or 0.0
    try:
        compared_judgement(model.ids, model.matrix(), profile, "")
    except InputError as error:
        said = error.values
        if error.message_id != "pairwise_inconsistent":
            raise
        return found.weight, ratio, (str(said["first"]), str(said["second"]), str(said["value"]), str(said["fits"]))
    return found.weight, ratio, None

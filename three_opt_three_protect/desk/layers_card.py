"""One layer in full: classification, CRS, encoding and year, each with its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from three_opt_three_protect.core.rules import FAIL, UNKNOWN, WARN
from three_opt_three_protect.desk.layers_crs import candidates, crs_word, reason
from three_opt_three_protect.desk.layers_look import (
    ChoiceBox,
    crs_result,
    matched,
    role_word,
    system_result,
    system_word,
)
from three_opt_three_protect.desk.layers_state import CHOSEN, FIELD, LayerState
from three_opt_three_protect.desk.look import result_colour
from three_opt_three_protect.storage.catalogue import load_class_systems

if TYPE_CHECKING:
    from three_opt_three_protect.core.crsguess import CrsGuess

_FIRST_YEAR, _LAST_YEAR = 1979, 2060
"""The first stands for "not stated"."""


class LayerCard(QWidget):
    """What can be set for the layer selected."""

    system_chosen = pyqtSignal(str, str)
    """Layer and classification; ``""`` = find out."""
    crs_chosen = pyqtSignal(str, str)
    encoding_wanted = pyqtSignal(str)
    year_chosen = pyqtSignal(str, int)
    """Layer and year; 0 = as the layer says."""
    reset_wanted = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._layer_id = ""
        self._quiet = False
        self.title, self.crs, self.encoding, self.year_note = QLabel(), QLabel(), QLabel(), QLabel()
        self.reset = QPushButton(self.tr("Back to the guess"))
        self.reset.setToolTip(self.tr("Drop what you chose for this layer: role, fields, classification, year"))
        self.systems, self.candidates = ChoiceBox(), ChoiceBox()
        self.set_crs = QPushButton(self.tr("Set"))
        tip = self.tr("Give the layer this coordinate system in the project; the data stay as they are")
        self.set_crs.setToolTip(tip)
        self.set_encoding = QPushButton()
        self.year = QSpinBox()
        self._build()
        self._connect()
        self.show_state(None, None)

    def _build(self) -> None:
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.year.setRange(_FIRST_YEAR, _LAST_YEAR)
        self.year.setSpecialValueText(self.tr("not stated"))
        self.year.setKeyboardTracking(False)
        self.year.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for label in (self.title, self.crs, self.encoding, self.year_note):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)
        for label in (self.crs, self.encoding, self.year_note):
            label.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.reset)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(3)
        self._grid.setHorizontalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._row(0, self.tr("Classification"), self.systems)
        self._row(1, self.tr("CRS"), self.crs)
        self._row(2, "", _beside(self.candidates, self.set_crs))
        self._row(3, self.tr("Encoding"), _beside(self.encoding, self.set_encoding))
        self._row(4, self.tr("As of"), _beside(self.year_note, self.year, first=self.year))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(self._grid)

    def _row(self, row: int, title: str, widget: QWidget) -> None:
        label = QLabel(title)
        label.setBuddy(widget)
        of = Qt.AlignmentFlag
        self._grid.addWidget(label, row, 0, of.AlignTop if isinstance(widget, QLabel) else of.AlignVCenter)
        self._grid.addWidget(widget, row, 1)

    def _connect(self) -> None:
        systems, offered = self.systems, self.candidates
        systems.activated.connect(lambda _: self.system_chosen.emit(self._layer_id, str(systems.currentData())))
        self.set_crs.clicked.connect(lambda: self.crs_chosen.emit(self._layer_id, str(offered.currentData())))
        self.set_encoding.clicked.connect(lambda: self.encoding_wanted.emit(self._layer_id))
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(self._layer_id))
        self.year.valueChanged.connect(self._on_year)

    def _on_year(self, year: int) -> None:
        if not self._quiet:
            self.year_chosen.emit(self._layer_id, 0 if year == _FIRST_YEAR else year)

    def show_state(self, state: Optional[LayerState], far: Optional[int]) -> None:
        """Show another layer, or the same with new facts.

        Parameters
        ----------
        far
            The year of the other layers where this one is more than a year away from it.
        """
        self.setVisible(state is not None)
        if state is None:
            self._layer_id = ""
            return
        self._quiet = True
        self._layer_id = state.layer_id
        role = self.tr("no role") if state.role is None else role_word(state.role)
        self.title.setText(f"{state.name} — {role}")
        self._show_systems(state)
        self._show_crs(state)
        self._show_encoding(state)
        self._show_year(state, far)
        chosen = state.chosen or state.system_chosen or CHOSEN in {found.how for found in state.fields.values()}
        self.reset.setVisible(chosen or (state.year is not None and state.year.how == CHOSEN))
        self._quiet = False

    def _show_systems(self, state: LayerState) -> None:
        self._show_line(0, state.is_coded)
        shares = {} if state.coding is None else state.coding.shares
        self.systems.clear()
        self.systems.addItem(self._detected(state), "")
        known = load_class_systems()
        for system in sorted(known, key=lambda each: -shares.get(each, 0.0)):
            self.systems.addItem(matched(system, shares.get(system)), system)
        self.systems.choose(state.system if state.system_chosen else "")
        colour = FAIL if system_result(state) == FAIL else ""
        self.systems.setStyleSheet(f"color: {result_colour(colour, self.palette()).name()}" if colour else "")

    def _detected(self, state: LayerState) -> str:
        coding = state.coding
        if coding is None:
            return self.tr("being detected…")
        if coding.system is not None:
            found = matched(coding.system, coding.shares.get(coding.system))
            return self.tr("Found: {system}").format(system=found)
        if coding.tie:
            best = [system_word(system) for system in list(coding.shares)[:2]]
            return self.tr("{one} and {other} fit alike: please choose").format(one=best[0], other=best[1])
        return self.tr("No classification fits: please choose")

    def _show_crs(self, state: LayerState) -> None:
        spatial = state.geometry != "table"
        self._show_line(1, spatial)
        guess = state.crs_guess
        failed = spatial and crs_result(state) == FAIL
        # With axes swapped the data are wrong, not the CRS alone: another one would not help.
        offered = candidates(guess) if failed and guess is not None and not guess.swapped else ()
        self._show_line(2, bool(offered))
        self.candidates.clear()
        for authid in offered:
            self.candidates.addItem(f"{crs_word(authid)} ({authid})", authid)
        self.crs.setText(self._crs_text(state, guess))
        self._colour(self.crs, FAIL if failed else "")

    def _crs_text(self, state: LayerState, guess: Optional[CrsGuess]) -> str:
        named = f"{crs_word(state.crs)} ({state.crs})" if state.crs else self.tr("missing")
        if guess is None:
            return named
        if guess.verdict == "fits":
            return self.tr("{crs}: fits the coordinates").format(crs=named)
        return reason(guess) or self.tr("{crs}: cannot be held against the coordinates").format(crs=named)

    def _show_encoding(self, state: LayerState) -> None:
        encoded = state.encoded
        self._show_line(3, encoded is not None)
        if encoded is None:
            return
        found = encoded.found
        self.set_encoding.setVisible(not encoded.right)
        self._colour(self.encoding, "" if encoded.right else FAIL)
        if found is None:
            self.encoding.setText(encoded.shown or self.tr("not known"))
        elif encoded.right:
            self.encoding.setText(f"{found.encoding}: {self._why(found.why)}")
        else:
            text = self.tr("Read as {shown}, but it is {encoding} ({why})")
            self.encoding.setText(
                text.format(shown=encoded.shown or "?", encoding=found.encoding, why=self._why(found.why))
            )
            self.set_encoding.setText(self.tr("Read as {encoding}").format(encoding=found.encoding))

    def _why(self, why: str) -> str:
        return {
            "cpg": self.tr("as its .cpg file says"),
            "language_byte": self.tr("as its language byte says"),
            "utf8": self.tr("its text is valid UTF-8"),
            "gb18030": self.tr("its text is valid GB18030 and no UTF-8"),
            "chosen": self.tr("chosen by you"),
        }.get(why, why)

    def _show_year(self, state: LayerState, far: Optional[int]) -> None:
        year = state.year
        self.year.setValue(_FIRST_YEAR if year is None else year.year)
        self._colour(self.year_note, WARN if far is not None else UNKNOWN)
        if far is not None:
            text = self.tr("more than a year from the other layers ({year})").format(year=far)
        elif year is None:
            text = self.tr("survey data stand for 31 December of the year")
        else:
            text = {CHOSEN: self.tr("chosen by you"), FIELD: self.tr("from a field of the layer")}.get(
                year.how, self.tr("from the name of the layer")
            )
        self.year_note.setText(text)

    def _show_line(self, row: int, visible: bool) -> None:
        for column in range(2):
            self._grid.itemAtPosition(row, column).widget().setVisible(visible)

    def _colour(self, label: QLabel, result: str) -> None:
        label.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}" if result else "")


def _beside(wide: QWidget, narrow: QWidget, first: Optional[QWidget] = None) -> QWidget:
    """Two widgets in a line; the wide one takes the room."""
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    for widget in (narrow, wide) if first is narrow else (wide, narrow):
        line.addWidget(widget, 1 if widget is wide else 0)
    return both

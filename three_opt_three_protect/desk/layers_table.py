"""The table of all layers: role, how sure it is, classification, CRS, encoding, year, fields."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import language
from three_opt_three_protect.core.roleguess import fits_geometry
from three_opt_three_protect.core.rules import FAIL, UNKNOWN, WARN
from three_opt_three_protect.desk.layers_crs import crs_word, reason
from three_opt_three_protect.desk.layers_look import (
    ChoiceBox,
    confidence_of,
    crs_result,
    matched,
    percent,
    quiet_table,
    result_of,
    role_word,
    system_result,
    system_word,
)
from three_opt_three_protect.desk.layers_state import LayerState, far_years
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.role_guess import all_roles

_NAME, _ROLE, _SURE, _FIELDS, _SYSTEM, _CRS, _ENCODING, _YEAR = range(8)
_WIDTHS = {_NAME: 8, _ROLE: 8.5, _SURE: 3.4, _FIELDS: 3.4, _SYSTEM: 9.5, _CRS: 6, _ENCODING: 5.5, _YEAR: 3}
"""In Chinese characters."""
_WIDER = {_ROLE: 11.5, _SYSTEM: 14}
"""The same where words are Latin."""


class LayersTable(QWidget):
    """One row a layer; the role can be chosen in the row."""

    picked = pyqtSignal(str)
    """Id of the layer selected."""
    role_chosen = pyqtSignal(str, str)
    """Layer and role; ``""`` = none."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._ids: List[str] = []
        self._boxes: Dict[str, ChoiceBox] = {}
        self._quiet = self._read = False
        self.table = quiet_table(len(_WIDTHS))
        self.table.setObjectName("sysb_layers_table")
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Layer"),
                self.tr("Role"),
                self.tr("Sure"),
                self.tr("Fields"),
                self.tr("Classification"),
                self.tr("CRS"),
                self.tr("Encoding"),
                self.tr("As of"),
            ]
        )
        self._set_widths()
        self.table.currentCellChanged.connect(self._on_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_states(self, states: Sequence[LayerState]) -> None:
        """Show other states; the selection stays with its layer."""
        # Before layers are read their order is another one: the first row then is nobody's choice.
        current = self.current() if self._read else None
        self._read = any(state.read for state in states)
        self._quiet = True
        ids = [state.layer_id for state in states]
        if ids != self._ids:
            self._rebuild(states)
        far = far_years(states)
        for row, state in enumerate(states):
            self._show_row(row, state, far.get(state.layer_id))
        self._quiet = False
        if current in ids:
            self.select(current or "")
        elif ids:
            self.select(ids[0])
        else:
            self.picked.emit("")

    def current(self) -> Optional[str]:
        """Id of the layer selected."""
        row = self.table.currentRow()
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def select(self, layer_id: str) -> None:
        """Select the row of a layer."""
        if layer_id not in self._ids:
            return
        row = self._ids.index(layer_id)
        if self.table.currentRow() != row:
            self.table.setCurrentCell(row, _NAME)
        else:
            self.picked.emit(layer_id)

    def box(self, layer_id: str) -> ChoiceBox:
        """The box in which the role of a layer is chosen."""
        return self._boxes[layer_id]

    def _set_widths(self) -> None:
        header = self.table.horizontalHeader()
        letter = self.table.fontMetrics().horizontalAdvance("国")
        for column, width in {**_WIDTHS, **({} if language() == "zh" else _WIDER)}.items():
            header.resizeSection(column, int(width * letter) + 6)
        header.setSectionResizeMode(_YEAR, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(40)

    def _rebuild(self, states: Sequence[LayerState]) -> None:
        self._ids = [state.layer_id for state in states]
        self._boxes.clear()
        self.table.setRowCount(0)
        self.table.setRowCount(len(states))
        for row, state in enumerate(states):
            for column in _WIDTHS:
                if column != _ROLE:
                    self.table.setItem(row, column, QTableWidgetItem())
            self.table.setCellWidget(row, _ROLE, self._role_box(state))

    def _role_box(self, state: LayerState) -> ChoiceBox:
        box = ChoiceBox()
        box.setFrame(False)
        box.offer(lambda: self._entries(state.geometry))
        layer_id = state.layer_id
        box.activated.connect(lambda _: self._on_role(layer_id, box))
        self._boxes[layer_id] = box
        return box

    def _entries(self, geometry: str) -> List[Tuple[str, str]]:
        fitting = [role for role, schema in all_roles().items() if fits_geometry(geometry, schema)]
        return [(self.tr("(not used)"), ""), *((role_word(role), role) for role in fitting)]

    def _on_role(self, layer_id: str, box: ChoiceBox) -> None:
        self.select(layer_id)
        self.role_chosen.emit(layer_id, str(box.currentData()))

    def _on_current(self, row: int, _column: int, before: int, _before: int) -> None:
        if not self._quiet and row != before and 0 <= row < len(self._ids):
            self.picked.emit(self._ids[row])

    # Cells

    def _show_row(self, row: int, state: LayerState, far: Optional[int]) -> None:
        box = self._boxes[state.layer_id]
        box.show_entry(self.tr("(not used)") if state.role is None else role_word(state.role), state.role or "")
        name = self.table.item(row, _NAME)
        name.setText(state.name)
        name.setToolTip(state.error or state.name)
        name.setIcon(icon(f"result_{result_of(state, far is not None)}"))
        word, result = confidence_of(state)
        box.setToolTip(self._role_tip(state))
        self._cell(row, _SURE, word, result, self._role_tip(state))
        self._fields_cell(row, state)
        self._system_cell(row, state)
        self._crs_cell(row, state)
        self._encoding_cell(row, state)
        self._year_cell(row, state, far)

    def _cell(self, row: int, column: int, text: str, result: str = "", tip: str = "") -> None:
        item = self.table.item(row, column)
        item.setText(text)
        item.setToolTip(tip or text)
        colour = result_colour(result, self.palette()) if result else self.palette().color(self.foregroundRole())
        item.setForeground(colour)

    def _role_tip(self, state: LayerState) -> str:
        if state.chosen:
            return self.tr("Chosen by you")
        if state.role is None:
            return self.tr("Fits no role, or another layer fits its role better")
        text = self.tr("Guessed as {role}, {share} sure; correct it in the list")
        return text.format(role=role_word(state.role), share=percent(state.confidence))

    def _fields_cell(self, row: int, state: LayerState) -> None:
        if state.schema is None or not state.read:
            self._cell(row, _FIELDS, "—", UNKNOWN)
            return
        text = f"{len(state.fields)}/{len(state.schema.fields)}"
        tip = self.tr("{found} of {all} fields of the role are known").format(
            found=len(state.fields), all=len(state.schema.fields)
        )
        self._cell(row, _FIELDS, text, FAIL if state.missing else "", tip)

    def _system_cell(self, row: int, state: LayerState) -> None:
        if not state.is_coded:
            self._cell(row, _SYSTEM, "—", UNKNOWN)
        elif state.system is not None:
            share = None if state.coding is None else state.coding.shares.get(state.system)
            text = system_word(state.system) + ("" if share is None else f" {percent(share)}")
            self._cell(row, _SYSTEM, text, "", matched(state.system, share))
        elif state.coding is None:
            self._cell(row, _SYSTEM, self.tr("being detected…"), UNKNOWN)
        else:
            text = self.tr("two fit: choose") if state.coding.tie else self.tr("unknown")
            self._cell(row, _SYSTEM, text, system_result(state))

    def _crs_cell(self, row: int, state: LayerState) -> None:
        if state.geometry == "table":
            self._cell(row, _CRS, "—", UNKNOWN)
            return
        failed = crs_result(state) == FAIL
        text = state.crs or self.tr("missing")
        if failed and state.crs:
            text = self.tr("{crs} wrong?").format(crs=text)
        why = "" if state.crs_guess is None else reason(state.crs_guess)
        self._cell(row, _CRS, text, FAIL if failed else "", why or crs_word(state.crs))

    def _encoding_cell(self, row: int, state: LayerState) -> None:
        if state.encoded is None:
            self._cell(row, _ENCODING, "—", UNKNOWN)
        elif state.encoded.right:
            self._cell(row, _ENCODING, state.encoded.shown)
        else:
            self._cell(row, _ENCODING, self.tr("garbled"), FAIL)

    def _year_cell(self, row: int, state: LayerState, far: Optional[int]) -> None:
        if state.year is None:
            self._cell(row, _YEAR, "—", UNKNOWN)
        elif far is None:
            self._cell(row, _YEAR, str(state.year.year))
        else:
            tip = self.tr("More than a year from the other layers ({year})").format(year=far)
            self._cell(row, _YEAR, f"{state.year.year} !", WARN, tip)

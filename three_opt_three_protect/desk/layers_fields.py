"""The field mapping of one layer: what the role asks for, which field it is, how that was found, what stands in it."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from three_opt_three_protect.core.fieldguess import CONTENTS
from three_opt_three_protect.core.roles import FieldSchema
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.core.tables import Column
from three_opt_three_protect.desk.layers_look import ChoiceBox, field_word, how_word, quiet_table
from three_opt_three_protect.desk.layers_state import CHOSEN, LayerState, examples
from three_opt_three_protect.desk.look import icon, result_colour

_FIELD, _SOURCE, _HOW, _VALUES = range(4)
_WIDTHS = {_FIELD: 9, _SOURCE: 11, _HOW: 4}
"""In Chinese characters."""


class FieldsTable(QWidget):
    """One row a role field: those that must be there first, then those found, then the rest."""

    chosen = pyqtSignal(str, str)
    """Role field and field of the layer; ``""`` = none."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._state: Optional[LayerState] = None
        self._rows: List[str] = []
        self._boxes: Dict[str, ChoiceBox] = {}
        self.table = quiet_table(4)
        self.table.setObjectName("sysb_fields_table")
        self.table.setHorizontalHeaderLabels(
            [self.tr("Field of the role"), self.tr("Field of the layer"), self.tr("Found by"), self.tr("Sample values")]
        )
        header = self.table.horizontalHeader()
        letter = self.table.fontMetrics().horizontalAdvance("国")
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width * letter + 16)
        header.setSectionResizeMode(_VALUES, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_state(self, state: Optional[LayerState]) -> None:
        """Show the fields of a layer; None or no role = an empty table."""
        rows = [] if state is None or state.schema is None or not state.read else _order(state)
        fresh = rows != self._rows or not _same_layer(self._state, state)
        self._state, self._rows = state, rows
        if fresh:
            self._rebuild()
        for row, name in enumerate(rows):
            self._show_row(row, name)

    def box(self, name: str) -> ChoiceBox:
        """The box in which the field of the layer is chosen."""
        return self._boxes[name]

    def _rebuild(self) -> None:
        self._boxes.clear()
        self.table.setRowCount(0)
        self.table.setRowCount(len(self._rows))
        for row, name in enumerate(self._rows):
            for column in (_FIELD, _HOW, _VALUES):
                self.table.setItem(row, column, QTableWidgetItem())
            self.table.setCellWidget(row, _SOURCE, self._box(name))
        self.table.scrollToTop()

    def _box(self, name: str) -> ChoiceBox:
        box = ChoiceBox()
        box.setFrame(False)
        columns = {} if self._state is None else self._state.columns
        box.offer(lambda: [(self._entry(columns, source), source) for source in ("", *columns)])
        box.activated.connect(lambda _: self.chosen.emit(name, str(box.currentData())))
        self._boxes[name] = box
        return box

    def _entry(self, columns: Mapping[str, Column], source: str) -> str:
        if not source:
            return self.tr("(none)")
        alias = columns[source].alias
        return f"{source} {alias}" if alias not in ("", source) else source

    def _show_row(self, row: int, name: str) -> None:
        state = self._state
        if state is None or state.schema is None:
            return
        entry, found = state.schema.fields[name], state.fields.get(name)
        missing = found is None and entry.required
        self._cell(row, _FIELD, self._title(entry), FAIL if missing else "", self._tip(entry))
        font = QFont(self.table.font())
        font.setBold(entry.required)
        self.table.item(row, _FIELD).setFont(font)
        self.table.item(row, _FIELD).setIcon(icon("result_fail" if missing else _icon_of(found is not None)))
        source = "" if found is None else found.source
        self._boxes[name].show_entry(self._entry(state.columns, source), source)
        if found is None:
            self._cell(row, _HOW, self.tr("missing") if missing else "—", FAIL if missing else UNKNOWN)
            self._cell(row, _VALUES, "")
            return
        result = {CHOSEN: PASS, CONTENTS: WARN}.get(found.how, "")
        self._cell(row, _HOW, how_word(found.how), result)
        self._cell(row, _VALUES, "  ".join(examples(state.columns[found.source])) or self.tr("(empty)"))

    def _title(self, entry: FieldSchema) -> str:
        schema = None if self._state is None else self._state.schema
        word = entry.id if schema is None else field_word(schema, entry.id)
        return f"{word} *" if entry.required else word

    def _tip(self, entry: FieldSchema) -> str:
        text = self.tr("Also called: {names}").format(names="  ".join(entry.names))
        return self.tr("Required.") + " " + text if entry.required else text

    def _cell(self, row: int, column: int, text: str, result: str = "", tip: str = "") -> None:
        item = self.table.item(row, column)
        item.setText(text)
        item.setToolTip(tip or text)
        colour = result_colour(result, self.palette()) if result else self.palette().color(self.foregroundRole())
        item.setForeground(colour)


def _order(state: LayerState) -> List[str]:
    schema = state.schema
    if schema is None:
        return []
    ranked = [(not each.required, each.id not in state.fields, place, each.id)
              for place, each in enumerate(schema.fields.values())]  # fmt: skip
    return [entry[-1] for entry in sorted(ranked)]


def _icon_of(found: bool) -> str:
    return "result_pass" if found else "result_unknown"


def _same_layer(one: Optional[LayerState], other: Optional[LayerState]) -> bool:
    if one is None or other is None:
        return one is other
    same = one.layer_id == other.layer_id and one.role == other.role
    return same and list(one.columns) == list(other.columns)

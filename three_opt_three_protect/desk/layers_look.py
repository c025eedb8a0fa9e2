"""Words, colours and boxes the parts of the page of layers share."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Optional, Tuple

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QFocusEvent, QWheelEvent
from qgis.PyQt.QtWidgets import QComboBox, QTableWidget, QWidget

from three_opt_three_protect.bridge.words import language, sentence
from three_opt_three_protect.core.fieldguess import ALIAS, CONTENTS, NAME
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.roles import FieldSchema, RoleSchema
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.desk.layers_state import CHOSEN, LayerState
from three_opt_three_protect.storage.catalogue import load_class_systems

translate = QCoreApplication.translate
SURE = 0.85
"""Confidence from which a guess is green and not asked to be looked at."""


Entries = Callable[[], Iterable[Tuple[str, Any]]]
"""Text and value of each entry of a list."""


class ChoiceBox(QComboBox):
    """A list to choose from that lets the wheel scroll the page instead of changing the choice."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._entries: Optional[Entries] = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(24)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def offer(self, entries: Entries) -> None:
        """Take the list from ``entries`` when it is first opened: many rows of long lists take long to make."""
        self._entries = entries

    def show_entry(self, text: str, value: Any) -> None:
        """Show the entry that stands for ``value``."""
        if self.findData(value) < 0:
            self.addItem(text, value)
        self.choose(value)

    def choose(self, value: Any) -> None:
        """Show the entry that stands for ``value``."""
        self.setCurrentIndex(self.findData(value))

    def fill(self) -> None:
        """Make the whole list."""
        if self._entries is None:
            return
        value, entries = self.currentData(), self._entries
        self._entries = None
        self.clear()
        for text, entry in entries():
            self.addItem(text, entry)
        self.choose(value)

    def showPopup(self) -> None:
        self.fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.fill()
        super().focusInEvent(event)


def role_word(role: str) -> str:
    """A role in the user's language."""
    return sentence(f"role.{role}", {})


def field_word(schema: RoleSchema, name: str) -> str:
    """A role field in the user's language."""
    entry: FieldSchema = schema.fields[name]
    return entry.alias if language() == "zh" else name.replace("_", " ").capitalize()


def how_word(how: str) -> str:
    """How a field was found."""
    return {
        NAME: translate("Layers", "name"),
        ALIAS: translate("Layers", "alias"),
        CONTENTS: translate("Layers", "contents"),
        CHOSEN: translate("Layers", "chosen"),
    }[how]


def system_word(system: str) -> str:
    """Name of a classification in the user's language."""
    found: Optional[ClassSystem] = load_class_systems().get(system)
    if found is None:
        return system
    return str(found.title.get(language()) or found.name)


def percent(share: float) -> str:
    """99.95 % and more is not all: 100 % stands for all alone."""
    shown = round(100 * share, 1)
    return f"{99.9 if shown >= 100 > 100 * share else shown:g} %"


def matched(system: str, share: Optional[float]) -> str:
    """三调工作分类（匹配 99.8 % 面积）."""
    if share is None:
        return system_word(system)
    text = translate("Layers", "{system} (fits {share} of the area)")
    return text.format(system=system_word(system), share=percent(share))


def confidence_of(state: LayerState) -> Tuple[str, str]:
    """Word for how sure the role is, and the result whose colour it has."""
    if not state.read:
        return ("…", UNKNOWN) if not state.error else (translate("Layers", "unreadable"), FAIL)
    if state.chosen:
        return translate("Layers", "chosen"), PASS
    if state.role is None:
        return "—", UNKNOWN
    result = PASS if state.confidence >= SURE else WARN
    return f"{round(100 * state.confidence)} %", result


def crs_result(state: LayerState) -> str:
    """Result whose colour the CRS has."""
    if state.geometry == "table":
        return UNKNOWN
    if not state.crs:
        return FAIL
    verdict = "" if state.crs_guess is None else state.crs_guess.verdict
    return {"fits": PASS, "contradicts": FAIL}.get(verdict, UNKNOWN)


def system_result(state: LayerState) -> str:
    """Result whose colour the classification has."""
    if not state.is_coded or (state.coding is None and state.system is None):
        return UNKNOWN
    return PASS if state.system is not None else FAIL


def result_of(state: LayerState, far: bool) -> str:
    """The worst there is to say about a layer that has a role."""
    if state.error:
        return FAIL
    wrong_encoding = state.encoded is not None and not state.encoded.right
    if state.role is None:
        return WARN if wrong_encoding else UNKNOWN
    results = [crs_result(state), system_result(state), confidence_of(state)[1]]
    if state.missing or FAIL in results:
        return FAIL
    return WARN if WARN in results or wrong_encoding or far else PASS


def quiet_table(columns: int) -> QTableWidget:
    """A table whose cells are read or chosen in, not typed in."""
    table = QTableWidget(0, columns)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setHorizontalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table

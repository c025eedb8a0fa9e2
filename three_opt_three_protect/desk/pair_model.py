"""Comparisons of indicators in pairs as a grid: the upper half is filled in, the lower half follows."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPalette

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.desk.look import is_dark

if TYPE_CHECKING:
    from three_opt_three_protect.core.potential.weights import Indicator

Floats = NDArray[np.float64]
Pair = Tuple[str, str]

SCALE: Tuple[float, ...] = (*(float(n) for n in range(9, 0, -1)), *(1.0 / n for n in range(2, 10)))
"""Saaty's scale, from 9 (far more important) over 1 (equally) to 1/9."""
KEY_FIELD = "indicator"
_SHADE = {
    False: (QColor(0, 0, 0, 18), QColor(196, 120, 0, 70)),
    True: (QColor(255, 255, 255, 18), QColor(240, 170, 60, 90)),
}
"""Theme is dark → the lower half, and the comparison that fits least."""


def written(value: float) -> str:
    """A comparison as people write it: 3, 1/3."""
    if value >= 1:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return f"1/{1.0 / value:.2f}".rstrip("0").rstrip(".")


def parsed(text: str) -> float:
    """The number of ``3``, ``1/3`` or ``0.3333``; NaN when it is none above zero."""
    try:
        value = float(Fraction(text.strip())) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError):
        return float("nan")
    return value if 0 < value < float("inf") else float("nan")


class PairModel(QAbstractTableModel):
    """The indicators wanted against each other, and their weights in the last column."""

    compared = pyqtSignal()
    """A comparison, or which indicators are wanted, has changed."""

    def __init__(self, indicators: Sequence[Indicator], titles: Mapping[str, str], palette: QPalette) -> None:
        super().__init__()
        self._order = [each.id for each in indicators]
        self._titles, self._palette = dict(titles), palette
        self._values: Dict[Pair, float] = {}
        self._weights: Mapping[str, float] = {}
        self._odd: Optional[Pair] = None
        self.ids: List[str] = list(self._order)

    # What is compared

    def want(self, ids: Sequence[str]) -> None:
        """Compare these indicators only; what was said of others is kept for when they come back."""
        self.beginResetModel()
        self.ids = [each for each in self._order if each in set(ids)]
        self._weights, self._odd = {}, None
        self.endResetModel()
        self.compared.emit()

    def value(self, row: str, column: str) -> float:
        """How many times as important ``row`` is as ``column``."""
        if row == column:
            return 1.0
        if (row, column) in self._values:
            return self._values[row, column]
        return 1.0 / self._values.get((column, row), 1.0)

    def compare(self, row: str, column: str, value: float) -> None:
        """Say how many times as important ``row`` is as ``column``."""
        self._values.pop((column, row), None)
        self._values[row, column] = value
        self._redraw()
        self.compared.emit()

    def matrix(self) -> Floats:
        """``(n, n)`` of the indicators wanted."""
        return np.array([[self.value(row, column) for column in self.ids] for row in self.ids], dtype=np.float64)

    def show_weights(self, weights: Mapping[str, float], odd: Optional[Pair]) -> None:
        """Show weights in the last column and mark the comparison that fits least."""
        self._weights, self._odd = dict(weights), odd
        self._redraw()

    def place(self, row: str, column: str) -> QModelIndex:
        """The cell of a comparison, in the upper half."""
        first, second = sorted((self.ids.index(row), self.ids.index(column)))
        return self.index(first, second)

    # Kept and handed on

    def state(self) -> Dict[str, Any]:
        """All that was said, for the project."""
        return {"ids": self.ids, "pairs": [[row, column, value] for (row, column), value in self._values.items()]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; indicators that are no more are passed over."""
        known = set(self._order)
        pairs = [pair for pair in state.get("pairs", ()) if len(pair) == 3 and {pair[0], pair[1]} <= known]
        self._values = {(row, column): float(value) for row, column, value in pairs if float(value) > 0}
        self.want([each for each in state.get("ids", self._order) if each in known])

    def save_table(self, path: Path) -> None:
        """Save as a table that ``reclamationpotential`` reads as WEIGHTS: a row and a column an indicator.

        Raises
        ------
        InputError
            ``cannot_write``.
        """
        try:
            with open(path, "w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file)
                names = [self._titles[each] for each in self.ids]
                out.writerow([KEY_FIELD, *names])
                # No fractions: a spreadsheet would take 1/3 for a day in January.
                out.writerows([row, *map(repr, line)] for row, line in zip(names, self.matrix().tolist()))
        except OSError as error:
            raise InputError("cannot_write", path=str(path)) from error

    def load_table(self, path: Path) -> None:
        """Take up a table saved before, or made in a spreadsheet with 1/3 for a third.

        Raises
        ------
        InputError
            ``pairwise_file``: not such a table; ``pairwise_file_value``: an entry that is no number.
        """
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                head, *rows = [line for line in csv.reader(file) if any(line)]
        except (OSError, ValueError) as error:
            raise InputError("pairwise_file", path=path.name) from error
        known = {**{title: each for each, title in self._titles.items()}, **{each: each for each in self._order}}
        ids, named = ([known.get(name.strip(), name) for name in side] for side in (head[1:], [row[0] for row in rows]))
        if len(ids) < 2 or sorted(ids) != sorted(named) or not set(ids) <= set(self._order):
            raise InputError("pairwise_file", path=path.name)
        values: Dict[Pair, float] = {}
        place = {each: number for number, each in enumerate(self._order)}
        for name, row in zip(named, rows):
            for column, text in zip(ids, row[1:]):
                if place[name] >= place[column] or not text.strip():
                    continue
                values[name, column] = parsed(text)
                if np.isnan(values[name, column]):
                    raise InputError("pairwise_file_value", path=path.name, row=row[0], column=column, value=text)
        self._values = values
        self.want(ids)

    # For the view

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ids) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if across and section == len(self.ids):
            return self.tr("Weight") if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.ids):
            return None
        title = self._titles[self.ids[section]]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(section + 1) if across else f"{section + 1} {title}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return title
        return int(Qt.AlignmentFlag.AlignCenter) if across and role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: QModelIndex) -> Any:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.row() < index.column() < len(self.ids):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        row = self.ids[index.row()]
        if index.column() == len(self.ids):
            known = row in self._weights and role == Qt.ItemDataRole.DisplayRole
            return f"{100 * self._weights[row]:.1f} %" if known else None
        column = self.ids[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return written(self.value(row, column))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._sentence(row, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            lower, odd = _SHADE[is_dark(self._palette)]
            if self._odd is not None and {row, column} == set(self._odd):
                return odd
            return lower if index.row() >= index.column() else None
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        number = parsed(str(value))
        if role != Qt.ItemDataRole.EditRole or np.isnan(number) or not index.isValid():
            return False
        self.compare(self.ids[index.row()], self.ids[index.column()], number)
        return True

    def _sentence(self, row: str, column: str) -> str:
        one, other = self._titles[row], self._titles[column]
        value = self.value(row, column)
        if value == 1:
            return self.tr("“{one}” and “{other}” are equally important").format(one=one, other=other)
        if value < 1:
            one, other, value = other, one, 1.0 / value
        text = self.tr("“{one}” is {times} times as important as “{other}”")
        return str(text.format(one=one, other=other, times=written(value)))

    def _redraw(self) -> None:
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.ids)))

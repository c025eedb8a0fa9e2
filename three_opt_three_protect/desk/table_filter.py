"""A choice of the values a column has, which filters a table."""

from __future__ import annotations

from typing import Optional

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from three_opt_three_protect.desk.table_model import TableModel


class ValueFilter(QComboBox):
    """All values of a column with how many rows have them; the first entry is all.

    Parameters
    ----------
    column
        Of the content.
    """

    def __init__(self, model: TableModel, column: int, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._model, self._column = model, column
        self._name = f"column {column}"
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.activated.connect(lambda _: self.apply())
        model.content_changed.connect(self.fill)

    def fill(self) -> None:
        """List the values there are; the choice stays while its value is there."""
        if self._column >= len(self._model.columns):
            self.clear()
            return
        chosen = self.currentData()
        words, codes = self._model.content.values(self._column)
        counts = np.bincount(codes, minlength=len(words)) if len(words) else np.empty(0)
        title = self._model.columns[self._column].title
        self.clear()
        self.addItem(self.tr("{column}: all").format(column=title), None)
        for word, count in zip(words, counts.tolist()):
            if count or word == chosen:
                self.addItem(self.tr("{value} ({count})").format(value=word or "–", count=count), word)
                self.setItemData(self.count() - 1, word, Qt.ItemDataRole.ToolTipRole)
        self.setToolTip(title)
        self.setAccessibleName(title)
        self.choose(chosen)

    def choose(self, word: Optional[str]) -> None:
        """Show only rows with this value, None = all."""
        self.setCurrentIndex(max(0, self.findData(word)) if word is not None else 0)
        self.apply()

    def apply(self) -> None:
        """Filter the table by what is chosen."""
        word = self.currentData()
        if word is None:
            self._model.keep_only({self._name: None})
            return
        words, codes = self._model.content.values(self._column)
        self._model.keep_only({self._name: codes == list(words).index(word)})

"""Asks for the name of a scenario and says at once what is wrong with it."""

from __future__ import annotations

from typing import Optional, Sequence

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.rules import FAIL
from three_opt_three_protect.desk.look import result_colour


class NameDialog(QDialog):
    """A name that can be kept, and a note when one is asked for.

    Parameters
    ----------
    taken
        Names that cannot be given.
    note
        None: no note is asked for.
    """

    def __init__(
        self, title: str, name: str, taken: Sequence[str], note: Optional[str] = None, parent: Optional[QWidget] = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._taken = {each.casefold() for each in taken}
        self.name, self.note = QLineEdit(name), QLineEdit(note or "")
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setStyleSheet(f"color: {result_colour(FAIL, self.palette()).name()}")
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        if note is not None:
            self.note.setPlaceholderText(self.tr("What makes this scenario different (optional)"))
            form.addRow(self.tr("Note"), self.note)
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.button(buttons.Ok).setText(self.tr("OK"))
        self._buttons.button(buttons.Cancel).setText(self.tr("Cancel"))
        self._ok = self._buttons.button(buttons.Ok)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.wrong)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * 26)
        self.name.textChanged.connect(lambda _: self._check())
        self.name.selectAll()
        self._check()

    def text(self) -> str:
        """The name as it is kept."""
        from three_opt_three_protect.storage.scenarios import require_name

        return require_name(self.name.text())

    def _check(self) -> None:
        line = ""
        try:
            if self.text().casefold() in self._taken:
                line = error_line(InputError("scenario_exists", name=self.text()))
        except InputError as error:
            line = error_line(error) if self.name.text().strip() else ""
            self._ok.setEnabled(False)
            self.wrong.setText(line)
            return
        self._ok.setEnabled(not line)
        self.wrong.setText(line)

"""The headline: is the plan balanced, and by how much."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, Accounts
from three_opt_three_protect.desk.figures import figure, unit_word
from three_opt_three_protect.desk.look import icon, result_colour

translate = QCoreApplication.translate
_BIG = 1.45
"""Size of the headline figure, times the font of the screen."""


class Card(QFrame):
    """A figure, what it is, and the two figures it comes from."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title, self.big, self.unit = QLabel(), QLabel(), QLabel()
        font = self.big.font()
        font.setPointSizeF(font.pointSizeF() * _BIG)
        font.setBold(True)
        self.big.setFont(font)
        self.big.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._parts = QGridLayout()
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setHorizontalSpacing(4)
        self._parts.setVerticalSpacing(0)
        self._labels: List[Tuple[QLabel, QLabel]] = []
        for row in range(2):
            name, value = QLabel(), QLabel()
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._parts.addWidget(name, row, 0)
            self._parts.addWidget(value, row, 1)
            self._labels.append((name, value))
        for label in (self.title, self.unit, *(name for name, _ in self._labels)):
            # A card gives way, but never at the cost of a figure: half a number is a wrong number.
            label.setMinimumWidth(1)
        self._parts.setColumnStretch(0, 1)
        line = QHBoxLayout()
        line.setSpacing(3)
        line.addWidget(self.big)
        line.addWidget(self.unit, 1, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(7, 4, 7, 4)
        layout.setSpacing(1)
        layout.addWidget(self.title)
        layout.addLayout(line)
        layout.addLayout(self._parts)

    def show_figures(
        self, title: str, big: str, unit: str, result: str, parts: Sequence[Tuple[str, str]], tip: str
    ) -> None:
        """Show other figures; ``result`` colours the headline."""
        self.title.setText(title)
        self.big.setText(big)
        self.unit.setText(unit)
        self.big.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}")
        for (name, value), (word, text) in zip(self._labels, parts):
            name.setText(word)
            value.setText(text)
        self.setToolTip(tip)


class Cards(QWidget):
    """Construction land, cultivated land, reclaim first."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.construction, self.cultivated, self.time = Card(), Card(), Card()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        for card in (self.construction, self.cultivated, self.time):
            layout.addWidget(card, 1)

    def show_accounts(self, accounts: Optional[Accounts], screen: str) -> None:
        """Show the township's headline figures; None = nothing known."""

        def value(line: str) -> Optional[float]:
            return None if accounts is None else accounts.value(line)

        def text(line: str) -> str:
            return figure(value(line), "m2", screen)[0]

        unit = unit_word(screen)
        self.construction.show_figures(
            translate("BalanceCards", "Net reduction"),
            text("net_reduction_m2"),
            unit,
            _sign(value("net_reduction_m2")),
            [
                (translate("BalanceCards", "Reclaim"), text("reclaimed_m2")),
                (translate("BalanceCards", "Build"), text("added_m2")),
            ],
            sentence("line.net_reduction_m2", {}),
        )
        self.cultivated.show_figures(
            translate("BalanceCards", "Cultivated gain"),
            text("cultivated_net_gain_m2"),
            unit,
            _sign(value("cultivated_net_gain_m2")),
            [
                (translate("BalanceCards", "Gained"), text("cultivated_gain_m2")),
                (translate("BalanceCards", "Occupied"), text("cultivated_loss_m2")),
            ],
            sentence("line.cultivated_net_gain_m2", {}),
        )
        self.time.show_figures(
            translate("BalanceCards", "Reclaim first"),
            text("reclaim_first_margin_m2"),
            unit,
            _sign(value("reclaim_first_margin_m2")),
            [
                (translate("BalanceCards", "Credited"), text("credit_m2")),
                (translate("BalanceCards", "Used"), text("added_linked_m2")),
            ],
            sentence("line.reclaim_first_margin_m2", {}),
        )


class Headline(QFrame):
    """Balanced or not, and how many rules say so."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.sign, self.word, self.counts = QLabel(), QLabel(), QLabel()
        font = self.word.font()
        font.setPointSizeF(font.pointSizeF() * _BIG)
        font.setBold(True)
        self.word.setFont(font)
        for label in (self.word, self.counts):
            label.setMinimumWidth(1)
        self.word.setAccessibleName(translate("BalanceCards", "Balance"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.sign)
        layout.addWidget(self.word)
        layout.addWidget(self.counts, 1)

    def show_counts(self, result: Optional[str], counts: Sequence[Tuple[str, int]]) -> None:
        """Say how the plan stands.

        Parameters
        ----------
        result
            ``pass`` no hard rule fails or lacks data, ``fail`` one fails, ``unknown`` none fails and one
            lacks data, None = nothing computed.
        counts
            Result and how many verdicts have it.
        """
        soft_failures = dict(counts).get(FAIL, 0)
        word = {
            None: translate("BalanceCards", "No balance yet"),
            PASS: translate("BalanceCards", "Balanced"),
            FAIL: translate("BalanceCards", "Not balanced"),
            UNKNOWN: translate("BalanceCards", "Cannot be judged yet"),
        }[result]
        if result == PASS and soft_failures:
            word = translate("BalanceCards", "Balanced (hard rules)")
        result = result or UNKNOWN
        size = self.word.fontMetrics().height()
        self.sign.setPixmap(icon(f"result_{result}").pixmap(size, size))
        self.word.setText(word)
        self.word.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}")
        self.counts.setText("  ".join(self._count(*entry) for entry in counts if entry[1]))

    def _count(self, result: str, count: int) -> str:
        colour = result_colour(result, self.palette()).name()
        return f'<span style="color:{colour}">{sentence(f"result.{result}", {})} {count}</span>'


RESULTS = (PASS, FAIL, WARN, UNKNOWN)


def _sign(value: Optional[float]) -> str:
    """Colour of a figure that must not be negative."""
    return UNKNOWN if value is None else PASS if value >= 0 else FAIL

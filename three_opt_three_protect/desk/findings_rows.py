"""The findings of a run as the content of a table: arrays, of which a cell is made when it is looked at."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import language, sentence
from three_opt_three_protect.core.factor import Numbering
from three_opt_three_protect.desk.look import icon, result_colour, severity_result
from three_opt_three_protect.desk.table import Cell, Column
from three_opt_three_protect.storage.findings_store import (
    ACCEPTED,
    AGAIN,
    FIXED,
    OPEN,
    SEVERITIES,
    STATES,
    WHOLE,
    CheckedLayer,
    Findings,
    Key,
)

translate = QCoreApplication.translate
Ints = NDArray[np.int64]

SEVERITY, RULE, FEATURE, MEASURE, STATE, MESSAGE, LAYER, FIELD, NOTE = range(9)
FILTERED = (RULE, LAYER, STATE)
"""Columns with a choice of values; severities are chosen above."""

_STATE_RESULT = {OPEN: "unknown", AGAIN: "fail", FIXED: "pass", ACCEPTED: "pass"}


def columns() -> Tuple[Column, ...]:
    """In the order of the screen: what, where, how much, what was done about it."""
    return (
        Column(translate("FindingsTable", "Severity"), width=5),
        Column(translate("FindingsTable", "Rule"), width=12),
        Column(translate("FindingsTable", "Feature"), numeric=True, width=4, tip=_feature_tip()),
        Column(translate("FindingsTable", "Measure"), numeric=True, width=7),
        Column(translate("FindingsTable", "State"), width=6),
        Column(translate("FindingsTable", "What is wrong"), width=26),
        Column(translate("FindingsTable", "Layer"), width=7),
        Column(translate("FindingsTable", "Field"), width=6),
        Column(translate("FindingsTable", "Note"), width=8),
    )


def _feature_tip() -> str:
    return translate("FindingsTable", "Feature id in the layer; a dash is the layer as a whole")


def _feature_word(fid: int) -> str:
    if fid == WHOLE:
        return "–"
    return str(fid) if fid >= 0 else translate("FindingsTable", "not saved")


class FindingRows:
    """Findings with what the planner marked; row ``i`` is finding ``i`` and its own key.

    Parameters
    ----------
    keys
        Of ``findings``; made in the worker thread.
    state, note
        ``(n,)``; see :func:`~three_opt_three_protect.storage.findings_store.standing`.
    """

    def __init__(
        self, findings: Findings, keys: Sequence[Key], state: Ints, note: NDArray[np.object_], palette: QPalette
    ) -> None:
        self.columns = columns()
        self.findings, self.keys = findings, keys
        self.state, self.note = state, note
        self._palette = palette
        self._words: Dict[int, Sequence[str]] = {
            SEVERITY: [sentence(f"severity.{each}", {}) for each in SEVERITIES],
            RULE: [rule_title(rule) for rule, _ in findings.rules],
            LAYER: layer_words(findings.layers),
            STATE: [sentence(f"findingstate.{each}", {}) for each in STATES],
        }
        self._units = [rule_unit(rule) for rule, _ in findings.rules]
        self._codes: Dict[int, Callable[[], Ints]] = {
            SEVERITY: lambda: self.findings.severity,
            RULE: lambda: self.findings.rule,
            LAYER: lambda: self.findings.layer,
            STATE: lambda: self.state,
        }

    def __len__(self) -> int:
        return len(self.findings)

    # Of single rows

    def key(self, row: int) -> int:
        return row

    def row_of(self, key: Any) -> int:
        return int(key) if isinstance(key, int) and 0 <= key < len(self) else -1

    def cell(self, row: int, column: int) -> Cell:
        text = self._text(row, column)
        if column == SEVERITY:
            result = severity_result(SEVERITIES[self.findings.severity[row]])
            picture = icon(f"result_{result}" if result != "unknown" else "result_info")
            return Cell(text, icon=picture, colour=result_colour(result, self._palette))
        if column == STATE and self.state[row] != OPEN:
            colour = result_colour(_STATE_RESULT[int(self.state[row])], self._palette)
            return Cell(text, tip=self.note[row], colour=colour, bold=bool(self.state[row] == AGAIN))
        return Cell(text)

    def _text(self, row: int, column: int) -> str:
        if column in self._words:
            return self._words[column][int(self._codes[column]()[row])]
        if column == FEATURE:
            return _feature_word(int(self.findings.fid[row]))
        if column == MEASURE:
            unit = self._units[int(self.findings.rule[row])]
            return measured(float(self.findings.measure[row]), unit)
        return str({FIELD: self.findings.field, MESSAGE: self.findings.message, NOTE: self.note}[column][row])

    # Of all rows

    def ranks(self, column: int) -> NDArray[Any]:
        if column in (SEVERITY, STATE):
            return self._codes[column]()
        if column in self._words:
            order = np.argsort(np.argsort(np.array(self._words[column], dtype=np.object_), kind="stable"))
            return np.asarray(order[self._codes[column]()])
        if column == FEATURE:
            return self.findings.fid
        if column == MEASURE:
            return self.findings.measure
        if column == MESSAGE:
            # Sentences of one rule stand together; the next thing they differ in is the feature.
            return self.findings.rule
        distinct, codes = self.values(column)
        return np.argsort(np.argsort(np.array(distinct, dtype=np.object_), kind="stable"))[codes]

    @cached_property
    def _plain(self) -> List[str]:
        """What does not change when something is marked."""
        words = {column: [word.lower() for word in self._words[column]] for column in (RULE, LAYER)}
        rules, layers = words[RULE], words[LAYER]
        found = self.findings
        return [
            f"{rules[rule]}\n{layers[layer]}\n{fid}\n{field}\n{message}".lower()
            for rule, layer, fid, field, message in zip(
                found.rule.tolist(), found.layer.tolist(), found.fid.tolist(), found.field, found.message
            )
        ]

    def prepare(self) -> FindingRows:
        """Do in the worker thread what filter line and marks need."""
        len(self._plain)
        len(self._numbers)
        return self

    def having(self, needle: str) -> NDArray[np.bool_]:
        found = np.fromiter((needle in words for words in self._plain), dtype=np.bool_, count=len(self))
        for note in set(self.note.tolist()):
            if needle in note.lower():
                found |= self.note == note
        return found

    def values(self, column: int) -> Tuple[Sequence[str], Ints]:
        if column in self._words:
            return self._words[column], self._codes[column]()
        texts = {FIELD: self.findings.field, MESSAGE: self.findings.message, NOTE: self.note}
        words = texts[column].tolist() if column in texts else [self._text(row, column) for row in range(len(self))]
        numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
        return list(numbers), np.array([numbers[word] for word in words], dtype=np.int64)

    def copied(self, column: int, rows: Ints) -> List[str]:
        if column in self._words:
            words = self._words[column]
            return [words[code] for code in self._codes[column]()[rows].tolist()]
        if column == MEASURE:
            return ["" if value != value else f"{value:.10g}" for value in self.findings.measure[rows].tolist()]
        return [self._text(row, column) for row in rows.tolist()]

    # For the dock

    @property
    def statutory_note(self) -> NDArray[np.bool_]:
        """``(n,)`` True for what is no error in statutory data: nobody here may change it."""
        statutory = np.array([layer.statutory for layer in self.findings.layers], dtype=np.bool_)
        if not len(statutory):
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(statutory[self.findings.layer] & (self.findings.severity > 0))

    @property
    def done(self) -> NDArray[np.bool_]:
        """``(n,)`` True for what is fixed or accepted."""
        return np.isin(self.state, (FIXED, ACCEPTED))

    def group_of(self) -> Tuple[Sequence[str], Ints]:
        """Groups there are and ``(n,)`` the number of each finding's group."""
        groups = list(dict.fromkeys(group for _, group in self.findings.rules))
        numbers = np.array([groups.index(group) for _, group in self.findings.rules], dtype=np.int64)
        return groups, numbers[self.findings.rule] if len(numbers) else self.findings.rule

    def rows_of_rule(self, row: int) -> Ints:
        """All findings of the rule and layer of ``row``."""
        found = self.findings
        return np.flatnonzero((found.rule == found.rule[row]) & (found.layer == found.layer[row])).astype(np.int64)

    def set_state(self, rows: Ints, state: int, note: str) -> None:
        """Mark rows, and with them the others that are the same finding."""
        same = np.isin(self._numbers, self._numbers[rows])
        self.state[same] = state
        self.note[same] = note

    @cached_property
    def _numbers(self) -> Ints:
        """``(n,)`` the number of each finding's key."""
        return Numbering().of(self.keys)


def rule_title(rule: str) -> str:
    """A rule's one line in the user's language; the id of a rule that is no more."""
    from three_opt_three_protect.storage.rulebook import load_rules

    spec = load_rules().get(rule)
    return rule if spec is None else str(spec.title[language()])


def rule_basis(rule: str) -> str:
    """Where a rule comes from, ``""`` = not stated, or nothing a planner could look up."""
    from three_opt_three_protect.storage.rulebook import load_rules

    spec = load_rules().get(rule)
    return "" if spec is None or re.match(r"\d\d-", spec.basis) else spec.basis


def rule_unit(rule: str) -> str:
    """What a rule's findings are measured in."""
    from three_opt_three_protect.storage.rulebook import load_rules

    spec = load_rules().get(rule)
    return "" if spec is None else spec.unit


_SIGNS = {"m2": " m²", "m": " m", "deg": "°"}


def measured(value: float, unit: str) -> str:
    """A measure on the screen with its unit, a share in per cent; nothing where there is none."""
    if value != value:
        return ""
    number = 100 * value if unit == "share" else value
    digits = f"{number:.2f}" if abs(number) >= 1 else f"{number:.3g}"
    if "e" in digits:
        digits = f"{number:.8f}".rstrip("0")
    return digits + ("%" if unit == "share" else _SIGNS.get(unit, ""))


def layer_words(layers: Sequence[CheckedLayer]) -> List[str]:
    """What each layer is called, with its role where two have the same name."""
    names = [layer.name for layer in layers]
    both = translate("FindingsTable", "{layer} ({role})")
    return [
        both.format(layer=layer.name, role=sentence(f"role.{layer.role}", {}))
        if names.count(layer.name) > 1
        else layer.name
        for layer in layers
    ]


def finding_text(rows: FindingRows, row: int) -> Tuple[str, Optional[str]]:
    """The sentence of a finding and the basis of its rule."""
    found = rows.findings
    basis = rule_basis(found.rules[found.rule[row]][0])
    return str(found.message[row]), basis or None

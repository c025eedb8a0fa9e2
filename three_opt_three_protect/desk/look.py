"""Colours and icons that read on light and dark themes."""

from __future__ import annotations

from functools import cache
from typing import Mapping

from qgis.PyQt.QtGui import QColor, QIcon, QPalette

from three_opt_three_protect import paths
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN

_LIGHT: Mapping[str, str] = {PASS: "#1b7837", FAIL: "#b3261e", WARN: "#8a5a00", UNKNOWN: "#6b7280"}
_DARK: Mapping[str, str] = {PASS: "#6fd08c", FAIL: "#ff8a80", WARN: "#f2c14e", UNKNOWN: "#a7adb8"}
_RESULT_OF_SEVERITY: Mapping[str, str] = {"error": FAIL, "warning": WARN, "info": UNKNOWN}


def is_dark(palette: QPalette) -> bool:
    """The theme writes light on dark."""
    return bool(palette.color(QPalette.ColorRole.Base).lightness() < 128)


def result_colour(result: str, palette: QPalette) -> QColor:
    """Colour of pass, fail, warn, unknown with enough contrast on the theme."""
    return QColor((_DARK if is_dark(palette) else _LIGHT)[result])


def severity_result(severity: str) -> str:
    """The result whose colour and icon a finding's severity shares."""
    return _RESULT_OF_SEVERITY[severity]


@cache
def icon(name: str) -> QIcon:
    """A shipped icon; results differ in shape, not in colour alone."""
    return QIcon(str(paths.resource("icons", f"{name}.svg")))

"""One line in the user's language for what core says by id."""

from __future__ import annotations

from functools import cache
from typing import Mapping

from qgis.core import QgsApplication

from three_opt_three_protect.core.errors import PlanningError, Value
from three_opt_three_protect.storage.messages import Messages


def language() -> str:
    """``"zh"`` for every Chinese locale of QGIS (zh-Hans, zh_CN, zh), else ``"en"``."""
    application = QgsApplication.instance()
    # Without the static locale of QgsApplication (a plain QApplication runs) the screen is English.
    locale = str(application.locale()) if hasattr(application, "locale") else ""
    return "zh" if locale.lower().startswith("zh") else "en"


@cache
def _messages(of: str) -> Messages:
    return Messages(of)


def sentence(message_id: str, values: Mapping[str, Value]) -> str:
    """The sentence of ``message_id`` with ``values`` filled in."""
    return _messages(language()).text(message_id, **values)


def error_line(error: PlanningError) -> str:
    """What ``error`` says, on one line of at most 200 characters."""
    return _messages(language()).text(error)

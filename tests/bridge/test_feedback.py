# ruff: noqa: N802  Qt calls these methods by its own names.
from __future__ import annotations

from typing import List

import pytest
from qgis.core import QgsFeedback, QgsProcessingFeedback

from three_opt_three_protect.bridge.feedback import FeedbackProgress
from three_opt_three_protect.core.errors import Cancelled


class Listening(QgsProcessingFeedback):
    def __init__(self) -> None:
        super().__init__(False)
        self.said: List[str] = []

    def pushInfo(self, info: str) -> None:
        self.said.append(info)


def test_parts_and_steps_share_the_bar() -> None:
    feedback = Listening()
    whole = FeedbackProgress(feedback, lambda step: f"<{step}>")
    reading, computing = whole.part(0.2), whole.part(0.8)
    reading.check(0.5)
    assert feedback.progress() == pytest.approx(10.0)
    computing.step("cut", 0.25)
    computing.check(0.5)
    assert feedback.progress() == pytest.approx(20 + 80 * 0.125)
    computing.step("measure", 0.75)
    assert feedback.progress() == pytest.approx(20 + 80 * 0.25)
    computing.check(1.0)
    assert feedback.progress() == pytest.approx(100.0)
    assert feedback.said == ["<cut>", "<measure>"]


def test_nested_parts() -> None:
    feedback = Listening()
    outer = FeedbackProgress(feedback).part(0.5)
    outer.part(0.5)
    outer.part(0.5).check(0.5)
    assert feedback.progress() == pytest.approx(37.5)


def test_cancel_raises_at_the_next_look() -> None:
    feedback = QgsFeedback()
    progress = FeedbackProgress(feedback)
    progress.check(0.1)
    feedback.cancel()
    with pytest.raises(Cancelled):
        progress.check(0.2)
    with pytest.raises(Cancelled):
        progress.step("cut", 0.5)

"""QGIS's feedback as core's Progress: steps with shares, and cancel."""

from __future__ import annotations

from typing import Callable, Optional

from qgis.core import QgsFeedback, QgsProcessingFeedback

from three_opt_three_protect.core.errors import Cancelled


class FeedbackProgress:
    """Tells a feedback how far a run is; raises when the user has asked to stop.

    A ``part`` is a progress of its own that fills only its share of the bar: a phase of an
    algorithm is written as if it were the whole.

    Parameters
    ----------
    feedback
        QgsProcessingFeedback, or a plain QgsFeedback (without texts).
    wording
        Message id of a step → sentence for the log, ``""`` for none.
    start, share
        Where this progress begins on the bar and how much of it it fills, 0–1.
    """

    def __init__(
        self,
        feedback: QgsFeedback,
        wording: Optional[Callable[[str], str]] = None,
        start: float = 0.0,
        share: float = 1.0,
    ) -> None:
        self._feedback = feedback
        self._wording = wording
        self._start = start
        self._share = share
        self._part_start = 0.0
        self._step_start = 0.0
        self._step_share = 0.0
        self._stepped = False

    def part(self, share: float) -> FeedbackProgress:
        """A progress for the next ``share`` (0–1) of this one."""
        start = self._start + self._part_start * self._share
        self._part_start = min(1.0, self._part_start + share)
        return FeedbackProgress(self._feedback, self._wording, start, share * self._share)

    def step(self, name: str, share: float) -> None:
        """Start the step ``name`` (a message id), which is ``share`` (0–1) of this progress."""
        self._step_start = min(1.0, self._step_start + self._step_share)
        self._step_share = share
        self._stepped = True
        if self._wording is not None and isinstance(self._feedback, QgsProcessingFeedback):
            words = self._wording(name)
            if words:
                self._feedback.pushInfo(words)
        self.check(0.0)

    def check(self, fraction: float) -> None:
        """Show that ``fraction`` (0–1) of the step is done.

        Raises
        ------
        Cancelled
            The user asked to stop.
        """
        within = self._step_start + self._step_share * fraction if self._stepped else fraction
        self._feedback.setProgress(100.0 * (self._start + self._share * min(1.0, within)))
        if self._feedback.isCanceled():
            raise Cancelled

"""How core reports what it is doing and learns that the user wants to stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a caller of core may listen to.

    ``step`` and ``check`` are called only from the thread that entered core.
    """

    def step(self, name: str, share: float) -> None:
        """Start the step ``name`` (a message id), which is ``share`` (0–1) of the whole run."""

    def check(self, fraction: float) -> None:
        """Say that ``fraction`` (0–1) of the step is done.

        Raises
        ------
        Cancelled
            The user asked to stop.
        """


class Part:
    """A part of a progress: what fills this one fills ``share`` (0–1) of that, from ``start`` on.

    Parameters
    ----------
    progress
        The whole.
    """

    def __init__(self, progress: Progress, start: float, share: float) -> None:
        self._progress = progress
        self._start = start
        self._share = self._within = share

    def step(self, name: str, share: float) -> None:
        """Start a step that is ``share`` of this part."""
        self._progress.step(name, share * self._share)
        self._start, self._within = 0.0, 1.0

    def check(self, fraction: float) -> None:
        """Say that ``fraction`` of this part, or of the step started in it, is done."""
        self._progress.check(self._start + self._within * fraction)


class Silent:
    """A listener that hears nothing and never stops."""

    def step(self, name: str, share: float) -> None:
        """Ignore the step."""

    def check(self, fraction: float) -> None:
        """Ignore the fraction."""


SILENT = Silent()

"""Work in a worker thread as a QGIS task: what came of it waits for the main thread."""

from __future__ import annotations

from typing import Any, Callable, Optional

from qgis.core import QgsTask

from three_opt_three_protect.core.errors import Cancelled


class TaskProgress:
    """A task as core's Progress, for a share of its bar."""

    def __init__(self, task: QgsTask, start: float, share: float) -> None:
        self._task, self._start, self._share = task, start, share
        self._step_start, self._step_share, self._stepped = 0.0, 0.0, False

    def step(self, name: str, share: float) -> None:
        """Start a step of the run."""
        self._step_start = min(1.0, self._step_start + self._step_share)
        self._step_share, self._stepped = share, True
        self.check(0.0)

    def check(self, fraction: float) -> None:
        """Show the fraction; raises Cancelled when the user has asked to stop."""
        if self._task.isCanceled():
            raise Cancelled
        within = self._step_start + self._step_share * fraction if self._stepped else fraction
        self._task.setProgress(100.0 * (self._start + self._share * min(1.0, within)))


class WorkTask(QgsTask):
    """A task that can be cancelled; :meth:`work` does it.

    Parameters
    ----------
    title
        As the task manager shows it.
    done
        Called in the main thread with this task when it has ended, whatever came of it.

    Attributes
    ----------
    error
        What went wrong, None where nothing did or it was cancelled.
    """

    def __init__(self, title: str, done: Callable[[Any], None]) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._done = done
        self.error: Optional[Exception] = None

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        raise NotImplementedError

    def run(self) -> bool:
        """As QGIS calls it, in the worker thread."""
        try:
            self.work()
        except Cancelled:
            return False
        except Exception as error:  # Kept for finished(): what flies in a worker thread is lost.
            self.error = error
            return False
        return True

    def finished(self, result: bool) -> None:
        self._done(self)

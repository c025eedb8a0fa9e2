"""Work that would make the window stand still, one piece after the other in a thread of its own."""

from __future__ import annotations

from typing import Any, Callable, List, Optional

from qgis.PyQt.QtCore import QObject, QRunnable, QThreadPool, pyqtSignal

Then = Callable[[Any], None]


class Background(QObject):
    """Runs functions in a worker thread in the order given; what comes of them arrives in the main thread."""

    _ended = pyqtSignal(object)
    rested = pyqtSignal()
    """Nothing is left to do."""

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._jobs: List[_Job] = []
        self._stopped = False
        self._ended.connect(self._on_end)

    @property
    def busy(self) -> bool:
        """Something is being done or waits to be."""
        return bool(self._jobs)

    def run(self, work: Callable[[], Any], then: Optional[Then] = None, failed: Optional[Then] = None) -> None:
        """Do ``work``, then call ``then`` with its result or ``failed`` with its exception."""
        job = _Job(work, then, failed, self._ended)
        self._jobs.append(job)
        self._pool.start(job)

    def stop(self) -> None:
        """Finish what was asked for, tell nobody any more."""
        self._stopped = True
        self._pool.waitForDone()
        self._jobs.clear()

    def _on_end(self, job: _Job) -> None:
        if self._stopped:
            return
        self._jobs.remove(job)
        if job.error is not None:
            if job.failed is None:
                raise job.error
            job.failed(job.error)
        elif job.then is not None:
            job.then(job.result)
        if not self._jobs:
            self.rested.emit()


class _Job(QRunnable):
    def __init__(self, work: Callable[[], Any], then: Optional[Then], failed: Optional[Then], ended: Any) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.then, self.failed = then, failed
        self.result: Any = None
        self.error: Optional[Exception] = None
        self._work, self._ended = work, ended

    def run(self) -> None:
        """In the worker thread."""
        try:
            self.result = self._work()
        except Exception as error:  # Handed to the main thread: what flies here is lost.
            self.error = error
        self._ended.emit(self)

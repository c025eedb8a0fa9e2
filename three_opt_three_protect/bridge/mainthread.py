"""A call on the thread of the window, where layouts live."""

from __future__ import annotations

from typing import Callable, List

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QMetaObject, QObject, Qt, QThread, pyqtSlot


def on_main_thread(work: Callable[[], None]) -> None:
    """Run ``work`` on the main thread and wait for it; what it raises is raised here.

    A model runs its children, to their very end, in a thread of its own.
    """
    home = QgsApplication.instance().thread()
    if QThread.currentThread() == home:
        work()
        return
    call = _Call(work)
    call.moveToThread(home)
    QMetaObject.invokeMethod(call, "run", Qt.ConnectionType.BlockingQueuedConnection)
    for error in call.errors:
        raise error


class _Call(QObject):  # type: ignore[misc]
    """Carries a function to another thread and an exception back."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work
        self.errors: List[Exception] = []

    @pyqtSlot()
    def run(self) -> None:
        """Do the work; an exception that left a slot would end QGIS."""
        try:
            self._work()
        except Exception as error:
            self.errors.append(error)

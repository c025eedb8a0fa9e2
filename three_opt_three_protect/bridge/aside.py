"""Work in a thread of its own, so that one long call cannot keep the cancel button waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Callable, Tuple, TypeVar, Union

import numpy as np

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.progress import Progress

Done = TypeVar("Done")

_LOOK = 0.05
"""Seconds between two looks at the cancel button."""


def aside(work: Callable[[Progress], Done], progress: Progress) -> Done:
    """What ``work`` returns, computed in another thread.

    Only for work that writes no file: cancelled in the middle of a long call it goes on to the
    end of that call while this function has returned already. ``progress`` hears everything from
    the calling thread.

    Raises
    ------
    Cancelled
        The user asked to stop.
    Exception
        What ``work`` raises.
    """
    relay = _Relay()
    pool = ThreadPoolExecutor(1, thread_name_prefix="sysb")
    try:
        future = pool.submit(_quietly, work, relay)
        fraction = 0.0
        while not (future.done() and relay.told.empty()):
            try:
                told = relay.told.get(timeout=_LOOK)
            except Empty:
                progress.check(fraction)
                continue
            if isinstance(told, tuple):
                fraction = 0.0
                progress.step(*told)
            else:
                fraction = told
                progress.check(fraction)
        return future.result()
    finally:
        relay.stopped = True
        pool.shutdown(wait=False)


def _quietly(work: Callable[[Progress], Done], relay: _Relay) -> Done:
    # numpy keeps these settings by thread; see PlanAlgorithm.processAlgorithm.
    with np.errstate(invalid="ignore"):
        return work(relay)


class _Relay:
    """The progress that ``work`` sees: hands on what it is told, and stops the work when asked."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Union[float, Tuple[str, float]]] = SimpleQueue()
        self.stopped = False

    def step(self, name: str, share: float) -> None:
        """Hand on the step."""
        self._look()
        self.told.put((name, share))

    def check(self, fraction: float) -> None:
        """Hand on the fraction."""
        self._look()
        self.told.put(fraction)

    def _look(self) -> None:
        if self.stopped:
            raise Cancelled

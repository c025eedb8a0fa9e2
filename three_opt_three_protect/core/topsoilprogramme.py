"""The transport programme, to which ways are added: HiGHS goes on from where it was.

Where highspy is missing the programme is solved anew each time by the optimiser's solver.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Optional

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import BalanceError
from three_opt_three_protect.core.optimiser.solver import SOLVED, Programme, Stops, run
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.progress import Progress

Floats = NDArray[np.float64]

_OPTIONS = (
    ("output_flag", False), ("threads", 1), ("random_seed", 1), ("solver", "simplex"),
    # Dual simplex (1) with devex prices (1): on 5 000 × 10 000 places half the time of primal or steepest edge.
    ("simplex_strategy", 1), ("simplex_dual_edge_weight_strategy", 1),
)  # fmt: skip


class Growing:
    """Minimise Σ cost·flow; no start gives and no end takes more than it has room for.

    Parameters
    ----------
    most
        ``(n + m,)`` what starts have and ends want, m³.
    starts
        How many of them are starts.
    """

    def __init__(self, most: Floats, starts: int, progress: Progress) -> None:
        self._most, self._starts = most, starts
        self._start: Ints = np.empty(0, dtype=np.int64)
        self._end: Ints = np.empty(0, dtype=np.int64)
        self._cost: Floats = np.empty(0)
        self._highs = _Highs(most, progress) if find_spec("highspy") is not None else None

    def add(self, start: Ints, end: Ints, cost: Floats) -> None:
        """Ways that may be taken from now on."""
        self._start, self._end = np.concatenate([self._start, start]), np.concatenate([self._end, end])
        self._cost = np.concatenate([self._cost, cost])
        if self._highs is not None:
            self._highs.add(start, self._starts + end, cost)

    def solve(self) -> tuple[Floats, Floats]:
        """Flows of the ways in the order in which they were added, and the duals of starts and ends (≤ 0).

        Raises
        ------
        BalanceError
            ``topsoil_not_solved``: the solver gave up.
        Cancelled
        """
        if not len(self._cost):
            return self._cost, np.zeros(len(self._most))
        return self._highs.solve() if self._highs is not None else self._anew()

    def _anew(self) -> tuple[Floats, Floats]:
        ways = len(self._cost)
        rows = np.concatenate([self._start, self._starts + self._end])
        columns = np.concatenate([np.arange(ways), np.arange(ways)])
        matrix = scipy.sparse.csr_matrix((np.ones(2 * ways), (rows, columns)), shape=(len(self._most), ways))
        # No bounds on single ways: their duals would be missing from the prices of the others.
        low, high, none = np.zeros(ways), np.full(ways, np.inf), np.zeros(ways, dtype=np.bool_)
        least = np.full(len(self._most), -np.inf)
        answer = run(Programme(self._cost, low, high, matrix, least, self._most, none), Stops())
        if answer.status != SOLVED or answer.values is None or answer.duals is None:
            raise BalanceError("topsoil_not_solved", status=answer.status)
        return answer.values, answer.duals


class _Highs:
    """One model of highspy that grows; one thread, so that the same ways give the same plan."""

    def __init__(self, most: Floats, progress: Progress) -> None:
        import highspy

        self._kinds = highspy.HighsModelStatus
        self._solver = highspy.Highs()
        for name, value in _OPTIONS:
            self._solver.setOptionValue(name, value)
        count = len(most)
        none = np.empty(0, dtype=np.int32)
        # int32 and float64 as HiGHS holds them.
        self._solver.addRows(
            count, np.full(count, -np.inf), most, 0, np.zeros(count, dtype=np.int32), none, np.empty(0)
        )
        self._progress = progress
        self._raised: Optional[BaseException] = None
        kind = highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt
        self._solver.setCallback(self._hear, None)
        self._solver.startCallback(kind)

    def add(self, start: Ints, end: Ints, cost: Floats) -> None:
        count = len(cost)
        if not count:
            return
        index = np.column_stack([start, end]).reshape(-1).astype(np.int32)
        begin = np.arange(0, 2 * count, 2, dtype=np.int32)
        open_ = np.full(count, np.inf)
        self._solver.addCols(count, cost, np.zeros(count), open_, 2 * count, begin, index, np.ones(2 * count))

    def solve(self) -> tuple[Floats, Floats]:
        self._solver.run()
        if self._raised is not None:
            raise self._raised
        status = self._solver.getModelStatus()
        if status != self._kinds.kOptimal:
            raise BalanceError("topsoil_not_solved", status=str(status))
        found = self._solver.getSolution()
        return np.asarray(found.col_value, dtype=np.float64), np.asarray(found.row_dual, dtype=np.float64)

    def _hear(self, kind: Any, message: str, said: Any, answer: Any, _: Any) -> None:
        """HiGHS's callback.  An exception must not pass through its C++."""
        try:
            self._progress.check(0.5)
        except BaseException as raised:  # raised again by the one who called
            self._raised = raised
            answer.user_interrupt = True

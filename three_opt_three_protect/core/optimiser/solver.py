"""The one place that talks to HiGHS: through highspy, or through scipy where that is missing.

scipy's way has no progress, no stop and no start, and it holds the interpreter: it serves the command line
and tests.  One thread, a fixed seed and no clock (unless seconds are given): the same programme gives the
same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, List, Optional, Protocol

import numpy as np
import scipy.optimize
import scipy.sparse

from three_opt_three_protect.core.optimiser.problem import Bools, Floats

SOLVED, STOPPED, TIMED_OUT, IMPOSSIBLE = "solved", "stopped", "timed_out", "impossible"
"""How a run ended: within the gap asked for; by the listener or the node limit; by time; nothing satisfies the rows."""

INTEGER_TOLERANCE = 1e-9
"""Scaled rows have coefficients near 1, so a plot of 1000 m² may be off by 10⁻⁶ m²."""


@dataclass(frozen=True)
class Programme:
    """Minimise ``cost·z``, ``matrix·z ≥ least``, ``low ≤ z ≤ high``, some z whole.

    Attributes
    ----------
    cost, low, high
        ``(q,)`` float64.
    matrix
        ``(r, q)`` sparse.
    least, most
        ``(r,)`` float64, may be infinite.
    whole
        ``(q,)`` bool; none = a linear programme.
    """

    cost: Floats
    low: Floats
    high: Floats
    matrix: scipy.sparse.csr_matrix
    least: Floats
    most: Floats
    whole: Bools


@dataclass(frozen=True)
class Stops:
    """When a run ends before the optimum is proved: ``gap`` by HiGHS's reckoning, nodes, seconds."""

    gap: float = 0.0
    nodes: Optional[int] = None
    seconds: Optional[float] = None
    seed: int = 1


@dataclass(frozen=True)
class Answer:
    """What came of a run.

    Attributes
    ----------
    status
        :data:`SOLVED`, :data:`STOPPED`, :data:`TIMED_OUT` or :data:`IMPOSSIBLE`.
    values
        ``(q,)`` or None when nothing was found.
    value, bound
        Of ``cost·z``; the bound is -inf when nothing is known.
    duals
        ``(r,)`` of a linear programme: ≥ 0 where ``least`` binds; None for a mixed one.
    nodes, seconds
        Used.
    """

    status: str
    values: Optional[Floats]
    value: float
    bound: float
    duals: Optional[Floats]
    nodes: int
    seconds: float


class Listener(Protocol):
    """Who follows a run.  Called from the thread that started it."""

    def look(self, value: float, bound: float) -> bool:
        """Best value (inf = none yet) and bound so far; True stops the run."""


class Unheard:
    """A listener that lets every run end by itself."""

    def look(self, value: float, bound: float) -> bool:
        """Never stop."""
        return False


UNHEARD = Unheard()


def run(programme: Programme, stops: Stops, listener: Listener = UNHEARD, start: Optional[Floats] = None) -> Answer:
    """Solve ``programme``.

    Parameters
    ----------
    start
        ``(q,)`` values to start from; ignored by scipy.
    """
    if not len(programme.cost):
        return _without_columns(programme)
    if find_spec("highspy") is not None:
        return _with_highspy(programme, stops, listener, start)
    return _with_scipy(programme, stops)


def _without_columns(programme: Programme) -> Answer:
    kept = (programme.least <= 0).all() and (programme.most >= 0).all()
    if not kept:
        return Answer(IMPOSSIBLE, None, np.inf, np.inf, None, 0, 0.0)
    return Answer(SOLVED, np.empty(0), 0.0, 0.0, np.zeros(len(programme.least)), 0, 0.0)


class _Ear:
    """Passes what HiGHS says to the listener, and back whether to stop; keeps what the listener raised."""

    def __init__(self, listener: Listener, interrupts: List[Any]) -> None:
        self._listener = listener
        self._interrupts = interrupts
        self._value, self._bound = np.inf, -np.inf
        self.raised: Optional[BaseException] = None

    def hear(self, kind: Any, message: str, said: Any, answer: Any, _: Any) -> None:
        """HiGHS's callback.  An exception must not pass through its C++."""
        if kind in self._interrupts[:1]:
            self._value = min(self._value, float(said.mip_primal_bound))
            self._bound = max(self._bound, float(said.mip_dual_bound))
        try:
            stop = self.raised is not None or self._listener.look(self._value, self._bound)
        except BaseException as raised:  # raised again by the one who called
            self.raised, stop = raised, True
        if stop and kind in self._interrupts:
            answer.user_interrupt = True


def _with_highspy(programme: Programme, stops: Stops, listener: Listener, start: Optional[Floats]) -> Answer:
    import highspy

    solver = highspy.Highs()
    for name, value in _options(stops, bool(programme.whole.any())).items():
        solver.setOptionValue(name, value)
    solver.passModel(_highs_model(highspy, programme))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    kinds = highspy.cb.HighsCallbackType
    interrupts = [kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt]
    ear = _Ear(listener, interrupts)
    solver.setCallback(ear.hear, None)
    for kind in interrupts:
        solver.startCallback(kind)
    solver.run()
    if ear.raised is not None:
        raise ear.raised
    return _answer(highspy, solver, bool(programme.whole.any()))


def _options(stops: Stops, mixed: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"output_flag": False, "threads": 1, "random_seed": stops.seed}
    if stops.seconds is not None:
        options["time_limit"] = max(stops.seconds, 0.0)
    if mixed:
        options.update(
            mip_rel_gap=stops.gap, mip_abs_gap=0.0, mip_feasibility_tolerance=INTEGER_TOLERANCE,
            primal_feasibility_tolerance=INTEGER_TOLERANCE,
        )  # fmt: skip
        if stops.nodes is not None:
            options["mip_max_nodes"] = stops.nodes
    return options


def _highs_model(highspy: Any, programme: Programme) -> Any:
    rows, columns = programme.matrix.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, programme.low, programme.high
    lp.row_lower_, lp.row_upper_ = programme.least, programme.most
    by_row = programme.matrix.tocsr()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = columns, rows
    lp.a_matrix_.start_ = by_row.indptr.astype(np.int32)
    lp.a_matrix_.index_ = by_row.indices.astype(np.int32)
    lp.a_matrix_.value_ = by_row.data
    if programme.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in programme.whole]
    return lp


def _answer(highspy: Any, solver: Any, mixed: bool) -> Answer:
    model, info = solver.getModelStatus(), solver.getInfo()
    kinds = highspy.HighsModelStatus
    status = {
        kinds.kOptimal: SOLVED,
        kinds.kTimeLimit: TIMED_OUT,
        kinds.kInfeasible: IMPOSSIBLE,
        kinds.kUnboundedOrInfeasible: IMPOSSIBLE,  # every column has bounds
    }.get(model, STOPPED)
    solution = solver.getSolution()
    usable = info.primal_solution_status == 2 if mixed else status == SOLVED
    values = np.asarray(solution.col_value, dtype=np.float64) if usable else None
    value = float(info.objective_function_value) if usable else np.inf
    bound = float(info.mip_dual_bound) if mixed else value if usable else -np.inf
    if status == IMPOSSIBLE:
        return Answer(status, None, np.inf, np.inf, None, 0, float(solver.getRunTime()))
    duals = None if mixed or not usable else np.asarray(solution.row_dual, dtype=np.float64)
    nodes = max(int(info.mip_node_count), 0) if mixed else 0
    return Answer(status, values, value, bound, duals, nodes, float(solver.getRunTime()))


def _with_scipy(programme: Programme, stops: Stops) -> Answer:
    return _scipy_mixed(programme, stops) if programme.whole.any() else _scipy_linear(programme, stops)


def _scipy_mixed(programme: Programme, stops: Stops) -> Answer:
    options: dict[str, Any] = {"mip_rel_gap": stops.gap}
    if stops.nodes is not None:
        options["node_limit"] = stops.nodes
    if stops.seconds is not None:
        options["time_limit"] = max(stops.seconds, 0.0)
    found = scipy.optimize.milp(
        programme.cost,
        integrality=programme.whole.astype(np.int64),
        bounds=scipy.optimize.Bounds(programme.low, programme.high),
        constraints=scipy.optimize.LinearConstraint(programme.matrix, programme.least, programme.most),
        options=options,
    )
    if found.status == 2:
        return Answer(IMPOSSIBLE, None, np.inf, np.inf, None, 0, 0.0)
    status = SOLVED if found.status == 0 else TIMED_OUT if found.status == 1 and stops.seconds is not None else STOPPED
    value = np.inf if found.x is None else float(found.fun)
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return Answer(status, found.x, value, bound, None, int(found.mip_node_count or 0), 0.0)


def _scipy_linear(programme: Programme, stops: Stops) -> Answer:
    has_least, has_most = np.isfinite(programme.least), np.isfinite(programme.most)
    matrix = programme.matrix.tocsr()
    found = scipy.optimize.linprog(
        programme.cost,
        A_ub=scipy.sparse.vstack([-matrix[has_least], matrix[has_most]]).tocsr(),
        b_ub=np.concatenate([-programme.least[has_least], programme.most[has_most]]),
        bounds=np.column_stack([programme.low, programme.high]),
        method="highs",
        options={} if stops.seconds is None else {"time_limit": max(stops.seconds, 0.0)},
    )
    if found.status == 2:
        return Answer(IMPOSSIBLE, None, np.inf, np.inf, None, 0, 0.0)
    if found.status != 0:
        return Answer(TIMED_OUT if found.status == 1 else STOPPED, None, np.inf, -np.inf, None, 0, 0.0)
    duals = np.zeros(len(programme.least))
    cut = int(has_least.sum())
    duals[has_least] -= found.ineqlin.marginals[:cut]
    duals[has_most] += found.ineqlin.marginals[cut:]
    return Answer(SOLVED, np.asarray(found.x), float(found.fun), float(found.fun), duals, 0, 0.0)

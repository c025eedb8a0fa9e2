"""One balance in a worker thread: plots read, plots left out taken away, accounts and verdicts."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

import numpy as np
from qgis.core import QgsCoordinateTransformContext
from qgis.PyQt.QtCore import QObject, QRunnable, pyqtSignal

from three_opt_three_protect.core.roles import RoleSchema, role_column
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.desk.memory import Plot
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.survey_task import Survey

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance
    from three_opt_three_protect.core.tables import Geometries
    from three_opt_three_protect.core.targets import Target

_LAYERS = ("reclaim", "newbuild")
"""Roles with plots; the others are tables."""


@dataclass(frozen=True)
class PlotRow:
    """One plot of a layer, in or out of the balance."""

    role: str
    plot_id: str
    village: str
    kind: str
    phase: str
    shape: Any


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    number
        Which job it was; a later one overtakes it.
    balance, plots
        None and empty when there is an error.
    excluded
        Plots that were left out.
    seconds
        In the worker thread.
    targets
        The assigned figures it was held against.
    """

    number: int
    balance: Optional[Balance]
    plots: Tuple[PlotRow, ...]
    excluded: FrozenSet[Plot]
    survey: Survey
    profile: Profile
    error: Optional[Exception]
    seconds: float
    targets: Tuple[Target, ...] = ()


class JobSignals(QObject):
    """A QRunnable cannot have signals of its own."""

    done = pyqtSignal(object)


class BalanceJob(QRunnable):
    """Holds the plots as they are now against the base state.

    Parameters
    ----------
    snapshots
        reclaim, newbuild, targets, other_changes as far as they are there; taken in the main thread.
    """

    def __init__(
        self,
        number: int,
        survey: Survey,
        snapshots: Mapping[str, Snapshot],
        profile: Profile,
        excluded: FrozenSet[Plot],
        context: QgsCoordinateTransformContext,
    ) -> None:
        super().__init__()
        self.signals = JobSignals()
        self._number, self._survey, self._snapshots = number, survey, snapshots
        self._profile, self._excluded = profile, excluded
        self._context = QgsCoordinateTransformContext(context)
        self._targets: Tuple[Target, ...] = ()

    def run(self) -> None:
        """In the worker thread; touches neither project nor window."""
        started = time.perf_counter()
        balance: Optional[Balance] = None
        plots: Tuple[PlotRow, ...] = ()
        error: Optional[Exception] = None
        try:
            balance, plots = self._balance()
        except Exception as raised:  # Handed to the main thread: what flies here is lost.
            error = raised
        seconds = time.perf_counter() - started
        self.signals.done.emit(
            Outcome(
                self._number,
                balance,
                plots,
                self._excluded,
                self._survey,
                self._survey.profile,
                error,
                seconds,
                self._targets,
            )
        )

    def _balance(self) -> Tuple[Balance, Tuple[PlotRow, ...]]:
        from three_opt_three_protect.bridge.crs import bring_to
        from three_opt_three_protect.core.balance import TOWNSHIP, balance
        from three_opt_three_protect.core.pieces import SNAP_M
        from three_opt_three_protect.plans.inputs import Source, plot_inputs
        from three_opt_three_protect.plans.otherchanges import other_changes
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        schemas = load_role_schemas()
        sources: Dict[str, Source] = {}
        plots: List[PlotRow] = []
        for role, snapshot in self._snapshots.items():
            table = bring_to(snapshot.read(), self._survey.base.parcels.table, self._context)
            source = snapshot.source(table, schemas[role])
            if role in _LAYERS:
                rows = _rows(role, source, schemas[role])
                plots += rows
                kept = np.array([(role, row.plot_id) not in self._excluded for row in rows], dtype=bool)
                source = replace(source, table=table.take(kept))
            sources[role] = source
        read = plot_inputs(sources.get("reclaim"), sources.get("newbuild"), sources.get("targets"))
        self._targets = read.targets
        found = balance(
            self._survey.base,
            read.reclaim,
            read.newbuild,
            self._survey.profile,
            self._survey.system,
            read.targets,
            snap=SNAP_M,
            other=other_changes(sources.get("other_changes"), self._survey.profile),
        )
        # The index of the accounts is built here, not when the screen first asks.
        found.accounts.value("total_m2", TOWNSHIP)
        notes = tuple(note for snapshot in self._snapshots.values() for note in snapshot.notes)
        return replace(found, findings=(*found.findings, *notes)), tuple(plots)


def _rows(role: str, source: Any, schema: RoleSchema) -> List[PlotRow]:
    """The plots of a layer as the screen lists them."""
    table: LayerTable = source.table
    mapping = source.mapping(schema)

    def words(role_field: str) -> List[Optional[str]]:
        column = role_column(table, mapping, role_field)
        return [None] * len(table) if column is None else list(as_text(column))

    shapes: Geometries = table.shapes
    ids = words("plot_id")
    village, phase = words("village"), words("phase")
    kind = words("direction" if role == "reclaim" else "use")
    return [
        PlotRow(
            role,
            ids[row] or str(table.fid[row]),
            village[row] or "",
            kind[row] or "",
            phase[row] or "",
            shapes[row],
        )
        for row in range(len(table))
    ]

"""Parcels cut along the lines, once, as a QGIS task: minutes of nothing happening on the screen are avoided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple

from qgis.core import QgsCoordinateTransformContext, QgsTask

from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.work_task import TaskProgress, WorkTask

if TYPE_CHECKING:
    from three_opt_three_protect.core.base import BaseState
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.landuse import ClassSystem
    from three_opt_three_protect.plans.inputs import SurveyInputs

READING_SHARE = 0.25


@dataclass(frozen=True)
class Survey:
    """The base state and what the screen needs to know of it.

    Attributes
    ----------
    village_names
        Village code → name.
    parcel_rows
        Parcel id → row.
    inputs
        What it was made from, without what only cutting needs.
    """

    base: BaseState
    system: ClassSystem
    profile: Profile
    findings: Tuple[Finding, ...]
    village_names: Mapping[str, str]
    parcel_rows: Mapping[str, int]
    inputs: SurveyInputs

    def class_name(self, parcel_id: str) -> str:
        """Name of a parcel's survey class, its code where that is not known."""
        code = self.base.parcels.class_code[self.parcel_rows[parcel_id]]
        found = self.system.find(code)
        return str(code or "") if found is None else found.name


@dataclass(frozen=True)
class Ground:
    """What a base state is made from; taken in the main thread, so that the project may go meanwhile.

    Attributes
    ----------
    snapshots
        Role → layer, parcels among them.
    system
        Id of the classification the planner chose for the parcels, None = find out.
    """

    snapshots: Mapping[str, Snapshot]
    profile: Profile
    context: QgsCoordinateTransformContext
    system: Optional[str] = None


def survey_of(ground: Ground, task: QgsTask, share: float = 1.0) -> Survey:
    """Reads the layers and cuts the parcels; in a worker thread.

    Parameters
    ----------
    task
        Shows the progress on its first ``share`` and may be cancelled.
    """
    from three_opt_three_protect.core.pieces import SNAP_M
    from three_opt_three_protect.plans.inputs import survey_inputs
    from three_opt_three_protect.plans.names import village_names
    from three_opt_three_protect.storage.catalogue import load_class_systems, load_role_schemas

    schemas = load_role_schemas()
    read = _read(ground, task, share * READING_SHARE)
    lines = {role: ground.snapshots[role].source(table, schemas[role]) for role, table in read.items()}
    parcels = lines.pop("parcels")
    system = None if ground.system is None else load_class_systems().get(ground.system)
    inputs = survey_inputs(parcels, lines, (), ground.profile, system=system, to_lonlat=_lonlat(parcels.table))
    progress = TaskProgress(task, share * READING_SHARE, share * (1.0 - READING_SHARE))
    base = inputs.cut(SNAP_M, progress)
    names = village_names(parcels, lines.get("villages"))
    rows = {str(parcel_id): row for row, parcel_id in enumerate(inputs.parcels.parcel_id)}
    notes = tuple(note for snapshot in ground.snapshots.values() for note in snapshot.notes)
    return Survey(
        base, inputs.system, inputs.profile, (*inputs.findings, *notes), names, rows, replace(inputs, coverage=None)
    )


def _read(ground: Ground, task: QgsTask, share: float) -> Dict[str, LayerTable]:
    from three_opt_three_protect.bridge.crs import bring_to

    each = share / len(ground.snapshots)
    order = sorted(ground.snapshots, key=lambda role: role != "parcels")
    tables: Dict[str, LayerTable] = {}
    for number, role in enumerate(order):
        table = ground.snapshots[role].read(TaskProgress(task, number * each, each))
        tables[role] = bring_to(table, tables.get("parcels", table), ground.context)
    return tables


class SurveyTask(WorkTask):
    """Reads the layers and cuts the parcels in a worker thread.

    Parameters
    ----------
    title
        As the task manager shows it.
    done
        Called in the main thread with this task when it has ended, whatever came of it.
    """

    def __init__(self, title: str, ground: Ground, done: Callable[[SurveyTask], None]) -> None:
        super().__init__(title, done)
        self._ground = ground
        self.survey: Optional[Survey] = None

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        self.survey = survey_of(self._ground, self)


def _lonlat(table: LayerTable) -> Any:
    """QGIS's inverse projection where core has none of its own."""
    from three_opt_three_protect.bridge.crs import to_lonlat
    from three_opt_three_protect.core.measure import lonlat_of

    return None if table.crs is None or lonlat_of(table.crs) is not None else to_lonlat(table.crs, table.name)

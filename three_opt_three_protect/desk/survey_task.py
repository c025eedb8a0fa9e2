"""Parcels cut along the lines, once, as a QGIS task: minutes of nothing happening on the screen are avoided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple

from qgis.core import QgsCoordinateTransformContext

from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.work_task import TaskProgress, WorkTask

if TYPE_CHECKING:
    from three_opt_three_protect.core.base import BaseState
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.landuse import ClassSystem

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
    """

    base: BaseState
    system: ClassSystem
    profile: Profile
    findings: Tuple[Finding, ...]
    village_names: Mapping[str, str]
    parcel_rows: Mapping[str, int]

    def class_name(self, parcel_id: str) -> str:
        """Name of a parcel's survey class, its code where that is not known."""
        code = self.base.parcels.class_code[self.parcel_rows[parcel_id]]
        found = self.system.find(code)
        return str(code or "") if found is None else found.name


class SurveyTask(WorkTask):
    """Reads the layers and cuts the parcels in a worker thread.

    Parameters
    ----------
    title
        As the task manager shows it.
    snapshots
        Role → layer, parcels among them; taken in the main thread.
    system
        Id of the classification the planner chose for the parcels, None = find out.
    done
        Called in the main thread with this task when it has ended, whatever came of it.
    """

    def __init__(
        self,
        title: str,
        snapshots: Mapping[str, Snapshot],
        profile: Profile,
        context: QgsCoordinateTransformContext,
        done: Callable[[SurveyTask], None],
        system: Optional[str] = None,
    ) -> None:
        super().__init__(title, done)
        self._snapshots, self._profile = snapshots, profile
        self._context = QgsCoordinateTransformContext(context)
        self._system = system
        self.survey: Optional[Survey] = None

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        self.survey = self._survey()

    def _survey(self) -> Survey:
        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.pieces import SNAP_M
        from three_opt_three_protect.plans.inputs import survey_inputs
        from three_opt_three_protect.plans.names import village_names
        from three_opt_three_protect.storage.catalogue import load_class_systems, load_role_schemas

        schemas = load_role_schemas()
        lines = {role: self._snapshots[role].source(table, schemas[role]) for role, table in self._read().items()}
        parcels = lines.pop("parcels")
        system = None if self._system is None else load_class_systems().get(self._system)
        inputs = survey_inputs(parcels, lines, (), self._profile, system=system, to_lonlat=_lonlat(parcels.table))
        progress = TaskProgress(self, READING_SHARE, 1.0 - READING_SHARE)
        base = base_state(inputs.parcels, inputs.lines, inputs.spec, SNAP_M, progress, inputs.coverage)
        names = village_names(parcels, lines.get("villages"))
        rows = {str(parcel_id): row for row, parcel_id in enumerate(inputs.parcels.parcel_id)}
        notes = tuple(note for snapshot in self._snapshots.values() for note in snapshot.notes)
        return Survey(base, inputs.system, inputs.profile, (*inputs.findings, *notes), names, rows)

    def _read(self) -> Dict[str, LayerTable]:
        from three_opt_three_protect.bridge.crs import bring_to

        share = READING_SHARE / len(self._snapshots)
        order = sorted(self._snapshots, key=lambda role: role != "parcels")
        tables: Dict[str, LayerTable] = {}
        for number, role in enumerate(order):
            table = self._snapshots[role].read(TaskProgress(self, number * share, share))
            tables[role] = bring_to(table, tables.get("parcels", table), self._context)
        return tables


def _lonlat(table: LayerTable) -> Any:
    """QGIS's inverse projection where core has none of its own."""
    from three_opt_three_protect.bridge.crs import to_lonlat
    from three_opt_three_protect.core.measure import lonlat_of

    return None if table.crs is None or lonlat_of(table.crs) is not None else to_lonlat(table.crs, table.name)

"""A run of the data checks as a QGIS task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Tuple

from qgis.core import QgsCoordinateTransformContext

from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.findings_check import ToCheck, check_layers
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.work_task import TaskProgress, WorkTask
from three_opt_three_protect.storage.findings_store import Findings

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding

READING_SHARE = 0.2


@dataclass(frozen=True)
class Chosen:
    """A layer in a role as it stood when the run was asked for.

    Attributes
    ----------
    fields
        Role field → field of the layer as the project remembers them, ``""`` = none.
    system
        Id of the classification the planner chose, None = find out.
    """

    snapshot: Snapshot
    layer_id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    system: Optional[str] = None


class CheckTask(WorkTask):
    """Reads the layers and runs the rules in a worker thread.

    Parameters
    ----------
    layers
        Role → layer; taken in the main thread, so that the project may go meanwhile.
    wanted
        The roles to check; the others are what they are held against.
    done
        Called in the main thread with this task when it has ended, whatever came of it.
    """

    def __init__(
        self,
        title: str,
        layers: Mapping[str, Chosen],
        wanted: Tuple[str, ...],
        profile: Profile,
        context: QgsCoordinateTransformContext,
        done: Callable[[CheckTask], None],
    ) -> None:
        super().__init__(title, done)
        self._layers, self._wanted, self._profile = dict(layers), wanted, profile
        self._context = QgsCoordinateTransformContext(context)
        self.findings: Optional[Findings] = None
        self.notes: Tuple[Finding, ...] = ()

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        progress = TaskProgress(self, READING_SHARE, 1.0 - READING_SHARE)
        self.findings = check_layers(self._read(), self._wanted, self._profile, self._context, progress)

    def _read(self) -> Dict[str, ToCheck]:
        share = READING_SHARE / len(self._layers)
        found: Dict[str, ToCheck] = {}
        for number, (role, chosen) in enumerate(self._layers.items()):
            table: LayerTable = chosen.snapshot.read(TaskProgress(self, number * share, share))
            # The layer may have got another file since: what it does not have is guessed anew.
            mapping = chosen.snapshot.as_read(chosen.fields)
            fields = {name: own for name, own in mapping.items() if not own or own in table.columns}
            found[role] = ToCheck(role, table, chosen.layer_id, fields, chosen.system)
            self.notes += chosen.snapshot.notes
        return found

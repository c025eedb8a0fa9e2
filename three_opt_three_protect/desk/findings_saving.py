"""Saving the findings shown: where to is asked in the window, what is written is written in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Optional

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.sources import file_of
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk import findings_export as out
from three_opt_three_protect.desk.findings_page import FindingsPage
from three_opt_three_protect.desk.findings_rows import FindingRows
from three_opt_three_protect.desk.findings_runs import now, project_name
from three_opt_three_protect.desk.snapshot import Snapshot

NEEDS = {"xlsx": ("xlsxwriter",), "gpkg": ("shapely", "pyogrio")}


class FindingsSaver(QObject):
    """Saves the rows a page shows as a workbook or a GeoPackage."""

    def __init__(self, page: FindingsPage, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._page = page

    def ask(self, rows: Optional[FindingRows], kind: str) -> None:
        """Ask where to, then save; ``kind`` is ``xlsx`` or ``gpkg``."""
        kinds = {"xlsx": self.tr("Workbook (*.xlsx)"), "gpkg": self.tr("GeoPackage (*.gpkg)")}
        home, name = QgsProject.instance().homePath(), self.tr("findings") + f".{kind}"
        start = str(Path(home) / name) if home else name
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("Export"), start, kinds[kind])
        if path:
            self.save(rows, path if path.lower().endswith(f".{kind}") else f"{path}.{kind}")

    def save(self, rows: Optional[FindingRows], path: str) -> None:
        """Save the rows shown as .xlsx or .gpkg, in the background."""
        kind = "xlsx" if path.lower().endswith(".xlsx") else "gpkg"
        lacking = missing_package(NEEDS[kind])
        if rows is None or lacking is not None:
            self._page.say(self.tr("There is nothing to export.") if lacking is None else error_line(lacking))
            return
        write = self._workbook(rows, path) if kind == "xlsx" else self._geopackage(rows, path)
        self._page.say_status(self.tr("Saving…"))
        self._page.table.work.run(
            write, lambda _: self._page.say_status(self.tr("Saved: {path}").format(path=path)), self._on_not_saved
        )

    def _workbook(self, rows: FindingRows, path: str) -> Callable[[], None]:
        shown, project, day = self._page.table.rows_shown().copy(), project_name(), now()[:10]
        return lambda: out.write_xlsx(Path(path), rows, shown, project, day)

    def _geopackage(self, rows: FindingRows, path: str) -> Callable[[], None]:
        """What the worker thread needs of the project is taken here."""
        shown, project = self._page.table.rows_shown().copy(), QgsProject.instance()
        layers: Dict[int, Snapshot] = {}
        for number, checked in enumerate(rows.findings.layers):
            layer = project.mapLayer(checked.layer_id)
            if isinstance(layer, QgsVectorLayer) and layer.isValid():
                layers[number] = Snapshot(layer)
        files = [file_of(layer) for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
        in_use = frozenset(Path(file) for file in files if file)
        context = project.transformContext()
        return lambda: out.write_gpkg(Path(path), rows, shown, layers, context, in_use)

    def _on_not_saved(self, error: Any) -> None:
        self._page.say_status("")
        self._page.say(error_line(error) if isinstance(error, PlanningError) else str(error))

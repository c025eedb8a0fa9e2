"""Pictures of the real QGIS window with the plugin and the sample township, without a screen.

Run by hand or by ``make desk SCREENSHOT=folder``::

    python scripts/window_shots.py --sample plan.gpkg --out folder --language zh-Hans --size 1400x900

starts Xvfb and QGIS with a profile of its own; QGIS runs this very file as its start-up script (there
it has no ``__file__``), which loads and styles the sample, opens a dock, goes through a tour and takes
a picture of each stop. The tour of the scenarios (``--dock scenario``) measures the reclamation potential first
and lets plans be proposed: a minute or two.
Needs the built plugin (``make build``), xvfb and imagemagick.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import traceback
from pathlib import Path
from typing import Any, Callable, List, Sequence, Tuple

NAME = "three_opt_three_protect"
PLAN = "SYSB_WINDOW_SHOTS"
"""Environment variable through which the driver tells the script inside QGIS what to do (JSON)."""
DOCKS = ("balance", "findings", "scenario")
# From the bottom of the map to the top.
LAYERS = ("parcels", "farmland", "boundary", "redline", "villages", "settlements", "reclaim", "newbuild")
TABLES = ("population", "targets")
HIDDEN = ("settlements",)
POTENTIAL = ("parcels", "boundary", "farmland", "redline", "retained", "roads", "villages", "settlements", "population")
TITLES = {
    "parcels": ("地类图斑", "Land parcels"),
    "farmland": ("永久基本农田", "Permanent basic farmland"),
    "boundary": ("城镇开发边界", "Development boundary"),
    "redline": ("生态保护红线", "Ecological redline"),
    "villages": ("行政村", "Villages"),
    "settlements": ("自然村", "Settlements"),
    "reclaim": ("拆旧地块", "Reclaim plots"),
    "newbuild": ("建新地块", "New-build plots"),
    "population": ("人口户数", "Population"),
    "targets": ("规划指标", "Targets"),
}
COST = 'coalesce("households", 0) * 250000 + "area_m2" * 90'
"""Made up for the pictures: yuan a household moved and a square metre reclaimed."""
INI = """[PythonPlugins]
three_opt_three_protect=true
[locale]
overrideFlag=true
userLocale={language}
[qgis]
checkVersion=false
[fonts]
downloadMissingFonts=false
[UI]
UITheme={theme}
"""

# Outside QGIS


def main() -> int:
    """Start a screen and QGIS on it; 0 when all pictures were taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", required=True, type=Path, help="plan database to show")
    parser.add_argument("--out", required=True, type=Path, help="folder for the pictures")
    parser.add_argument("--language", default="zh-Hans", help="zh-Hans or en")
    parser.add_argument("--size", default="1400x900", help="of the screen")
    parser.add_argument("--theme", default="default", help="QGIS theme, e.g. 'Night Mapping'")
    parser.add_argument("--stops", default="", help="names of stops by commas, left out: all")
    parser.add_argument("--dock", default="balance", choices=DOCKS, help="the dock to go through")
    plugins = Path(__file__).resolve().parent.parent / "build" / "plugins"
    parser.add_argument("--plugins", type=Path, default=plugins, help="folder of the built plugin")
    parser.add_argument("--work", type=Path, default=plugins.parent / "window", help="folder for profile and copies")
    parser.add_argument("--seconds", type=int, default=180, help="give up after so long")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    # QGIS marks layers below the system's temporary folder as temporary.
    chosen.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.work) as folder:
        return _run(chosen, Path(folder))


def _run(chosen: argparse.Namespace, folder: Path) -> int:
    settings = folder / "profiles" / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(INI.format(language=chosen.language, theme=chosen.theme), encoding="utf-8")
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    # The tour may edit: never the file it was given.
    sample = folder / "sample.gpkg"
    shutil.copy(chosen.sample, sample)
    plan = {
        "sample": str(sample),
        "out": str(chosen.out.resolve()),
        "size": [int(side) for side in chosen.size.split("x")],
        "chinese": chosen.language.startswith("zh"),
        "stops": [stop for stop in chosen.stops.split(",") if stop],
        "dock": chosen.dock,
    }
    paths = (sysconfig.get_path("purelib"), os.environ.get("PYTHONPATH", ""))
    environment = {
        **os.environ,
        PLAN: json.dumps(plan),
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_PLUGINPATH": str(chosen.plugins.resolve()),
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    environment.pop("QGIS_CUSTOM_CONFIG_PATH", None)
    script = str(Path(__file__).resolve())
    screen = ["xvfb-run", "-a", "-s", f"-screen 0 {chosen.size}x24"]
    window = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(folder / "profiles"), "--code", script]
    running = subprocess.Popen([*screen, *window], env=environment, start_new_session=True)
    try:
        code = running.wait(chosen.seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGTERM)
        print(f"window_shots: nothing after {chosen.seconds} s", file=sys.stderr)
        return 1
    failed = chosen.out / "failed.txt"
    if failed.exists():
        print(failed.read_text(encoding="utf-8"), file=sys.stderr)
        failed.unlink()
        return 1
    return 0 if code == 0 else 1


# Inside QGIS


class Tour:
    """Loads the sample and walks from stop to stop; Qt's event loop runs between them."""

    def __init__(self, plan: Any) -> None:
        from qgis.PyQt.QtCore import QTimer
        from qgis.utils import iface

        self.plan, self.iface = plan, iface
        balance: List[Tuple[str, Callable[[], None]]] = [
            ("overview", self.nothing),
            ("evidence", self.show_evidence),
            ("accounts", lambda: self.show_tab(1)),
            ("villages", self.show_villages),
            ("plots", self.leave_plots_out),
            ("years", lambda: self.show_tab(3)),
            ("findings", lambda: self.show_tab(4)),
            ("layers", self.show_layers),
        ]
        findings: List[Tuple[str, Callable[[], None]]] = [
            ("", self.check_data),
            ("findings_dock", lambda: self.show_finding("plots_overlap")),
            ("findings_marked", self.mark_findings),
            ("findings_notes", self.show_notes),
        ]
        scenario: List[Tuple[str, Callable[[], None]]] = [
            ("potential", self.measure_potential),
            ("", self.save_scenario),
            ("propose_form", self.fill_in),
            ("propose_result", lambda: self.propose("cost")),
            ("", lambda: self.propose("cultivated")),
            ("scenarios", self.dock_list),
            ("compare_accounts", self.compare),
            ("compare_verdicts", lambda: self.dock.compare_page.tabs.setCurrentIndex(1)),
            ("compare_plots", self.show_difference),
            ("compare_chart", lambda: self.dock.compare_page.tabs.setCurrentIndex(3)),
            ("loaded", self.put_into_layers),
            ("reasons", self.ask_too_much),
            ("weights", self.judge_weights),
            ("", self.offer),
            ("", self.fall_short),
            ("offers", self.show_offers),
        ]
        tours = dict(zip(DOCKS, (balance, findings, scenario)))
        self.steps = [("", self.load), *tours[plan["dock"]]]
        self.timer = QTimer()
        self.timer.setInterval(100)
        self.timer.timeout.connect(self.go_on)
        self.waiting_for, self.quiet = "", 0
        self.timer.start()

    @property
    def dock(self) -> Any:
        """The dock of the tour."""
        from qgis.PyQt.QtWidgets import QDockWidget

        return self.iface.mainWindow().findChild(QDockWidget, f"sysb_{self.plan['dock']}_dock")

    @property
    def busy(self) -> bool:
        """The dock works, or the map is drawn."""
        dock = self.dock
        if dock is not None and self.plan["dock"] == "balance":
            working = dock.live.busy or dock.tabs.offers.busy
        else:
            working = dock is not None and dock.busy
        return bool(self.iface.mapCanvas().isDrawing() or working)

    def go_on(self) -> None:
        """Take the picture of the last stop when everything is still, then go to the next."""
        try:
            self.quiet = 0 if self.busy else self.quiet + 1
            self.iface.messageBar().clearWidgets()
            if self.quiet < 8:
                return
            self.quiet = 0
            if self.waiting_for:
                self.shoot(self.waiting_for)
                self.waiting_for = ""
            if not self.steps:
                self.end()
                return
            self.waiting_for, step = self.steps.pop(0)
            step()
            if self.plan["stops"] and self.waiting_for not in self.plan["stops"]:
                self.waiting_for = ""
        except Exception:
            (Path(self.plan["out"]) / "failed.txt").write_text(traceback.format_exc(), encoding="utf-8")
            self.end()

    def shoot(self, name: str) -> None:
        """A picture of the whole screen."""
        target = Path(self.plan["out"]) / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(target)], check=True)

    def end(self) -> None:
        """Leave QGIS without a question."""
        from qgis.core import QgsProject, QgsVectorLayer

        self.timer.stop()
        for layer in QgsProject.instance().mapLayers().values():
            if isinstance(layer, QgsVectorLayer) and layer.isEditable():
                layer.rollBack()
        QgsProject.instance().setDirty(False)
        QgsProject.instance().clear()
        self.iface.actionExit().trigger()

    # Stops

    def nothing(self) -> None:
        """As it is."""

    def load(self) -> None:
        """Window, layers with their symbols, dock."""
        from qgis.core import QgsProject, QgsVectorLayer
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
        from qgis.utils import plugins

        if NAME not in plugins:
            raise RuntimeError(f"QGIS did not load the plugin {NAME}")
        window = self.iface.mainWindow()
        window.setGeometry(0, 0, *self.plan["size"])
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", self.dock.objectName()):
                dock.hide()
        for bar in window.findChildren(QToolBar):
            if bar.objectName() not in ("mFileToolBar", "mMapNavToolBar", "mDigitizeToolBar", "mAttributesToolBar"):
                bar.hide()
        place = 0 if self.plan["chinese"] else 1
        for name in (*TABLES, *LAYERS):
            layer = QgsVectorLayer(f"{self.plan['sample']}|layername={name}", TITLES[name][place], "ogr")
            if not layer.isValid():
                raise RuntimeError(f"the sample has no layer {name}")
            self.style(layer, name)
            QgsProject.instance().addMapLayer(layer)
            node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
            node.setExpanded(name not in ("parcels",))
            node.setItemVisibilityChecked(name not in HIDDEN)
            if name == "parcels":
                self.iface.mapCanvas().setExtent(layer.extent())
        self.dock.show()
        self.dock.raise_()
        layers = window.findChild(QDockWidget, "Layers")
        width = 430 if self.plan["dock"] == "balance" else 560
        window.resizeDocks([layers, self.dock], [190, width], Qt.Orientation.Horizontal)
        self.iface.mapCanvas().refresh()

    def style(self, layer: Any, role: str) -> None:
        """The plan's own symbols; villages as thin lines."""
        from qgis.core import QgsFillSymbol, QgsSingleSymbolRenderer

        from three_opt_three_protect.bridge.styles import style_layer

        if role in TABLES:
            return
        if role in ("villages", "settlements"):
            line = {
                "color": "0,0,0,0",
                "outline_color": "90,90,90",
                "outline_width": "0.3",
                "outline_style": "dash dot",
            }
            layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(line)))
            return
        if role == "parcels":
            style_layer(layer, role, class_field="DLBM", soft=0.35)
        else:
            style_layer(layer, role, small=True)

    def show_tab(self, page: int) -> None:
        """Turn to a table."""
        self.dock.tabs.setCurrentIndex(page)

    def show_evidence(self) -> None:
        """Select the first rule that is not kept, else one with much evidence."""
        balance = self.dock.tabs._outcome.balance
        wanted = [v for v in balance.verdicts if v.result in ("fail", "warn") and v.evidence] or [
            v for v in balance.verdicts if v.rule == "occupation_compensated"
        ]
        self.dock.tabs.verdicts.select((wanted[0].rule, wanted[0].unit_code))
        self.iface.mapCanvas().zoomToFullExtent()

    def show_villages(self) -> None:
        """The accounts by village."""
        self.dock.tabs.scope.setCurrentIndex(1)
        self.dock.tabs._fill_accounts()

    def leave_plots_out(self) -> None:
        """Take the largest reclaim plots out: the plan loses its balance."""
        self.dock.tabs.close_evidence.click()
        self.show_tab(2)
        for plot in sorted(self.plots("reclaim"), key=lambda plot: -plot.shape.area)[:8]:
            self.dock.set_plot((plot.role, plot.plot_id), False)
        self.iface.mapCanvas().zoomToFullExtent()

    def check_data(self) -> None:
        """Run the data checks on everything."""
        self.dock.check()
        if self.dock._task is None:
            raise RuntimeError(f"no check was started: {self.dock.page.message.text()}")

    def show_finding(self, rule: str) -> None:
        """Select the largest finding of a rule."""
        if self.dock._rows is None:
            raise RuntimeError(f"nothing was checked: {self.dock.page.message.text()}")
        found = self.dock._rows.findings
        of_rule = [row for row in range(len(found)) if found.rules[found.rule[row]][0] == rule]
        errors = [row for row in of_rule if found.severity[row] == 0]
        self.dock.page.table.select(max(errors or [0], key=lambda row: found.measure[row]))

    def mark_findings(self) -> None:
        """Mark the findings above the one selected: two as fixed, two as accepted."""
        import numpy as np

        table = self.dock.page.table
        shown, place = table.rows_shown(), table.model.place_of(table.row_current())
        self.dock.mark(np.array(shown[place - 4 : place - 2]), 2, "")
        note = "权属争议，待县局确认" if self.plan["chinese"] else "disputed, the county decides"
        self.dock.mark(np.array(shown[place - 2 : place]), 3, note)

    def show_notes(self) -> None:
        """Unfold the notes on statutory data."""
        self.dock.page.notes.setCollapsed(False)
        self.dock.page.notes.table.select(self.dock.page.notes.table.keys()[0])

    def plots(self, role: str) -> Sequence[Any]:
        """Plots of a role as the dock knows them."""
        return [plot for plot in self.dock.tabs._outcome.plots if plot.role == role]

    def show_layers(self) -> None:
        """The choice of layers."""
        self.show_tab(0)
        self.dock._layers_box.setCollapsed(False)

    # Stops of the scenarios

    def measure_potential(self) -> None:
        """Save the project, measure the potential, put candidates and sites on the map."""
        import processing
        from qgis.core import QgsProject, QgsVectorLayer

        project, chinese = QgsProject.instance(), self.plan["chinese"]
        folder = Path(self.plan["sample"]).parent
        project.write(str(folder / ("某镇规划.qgz" if chinese else "township.qgz")))
        at = {name: f"{self.plan['sample']}|layername={name}" for name in POTENTIAL}
        given = {"INPUT": at["parcels"], **{name.upper(): at[name] for name in POTENTIAL[1:]}, "GRADES": "breaks"}
        found = processing.run("sysb:reclamationpotential", {**given, "OUTPUT": str(folder / "candidates.gpkg")})
        priced = {"INPUT": found["OUTPUT"], "FIELD_NAME": "cost", "FIELD_TYPE": 0, "FIELD_LENGTH": 0, "FORMULA": COST}
        found = processing.run("native:fieldcalculator", {**priced, "OUTPUT": str(folder / "priced.gpkg")})
        candidates = QgsVectorLayer(found["OUTPUT"], "备选拆旧地块" if chinese else "Candidates", "ogr")
        self.style_grades(candidates)
        layers = {layer.name(): layer for layer in project.mapLayers().values()}
        sites = layers[TITLES["newbuild"][0 if chinese else 1]].clone()
        sites.setName("备选建新地块" if chinese else "Sites")
        project.addMapLayers([sites, candidates])
        for name in ("reclaim", "newbuild"):
            own = layers[TITLES[name][0 if chinese else 1]]
            project.layerTreeRoot().findLayer(own.id()).setItemVisibilityChecked(False)
        project.write()

    def style_grades(self, layer: Any) -> None:
        """Candidates in one colour a grade, the best darkest."""
        from qgis.core import QgsCategorizedSymbolRenderer, QgsFillSymbol, QgsRendererCategory

        colours = ("#a50f15", "#de2d26", "#fb6a4a", "#fcae91")
        grade = "{} 级" if self.plan["chinese"] else "grade {}"
        layer.setRenderer(
            QgsCategorizedSymbolRenderer(
                "grade",
                [
                    QgsRendererCategory(
                        number,
                        QgsFillSymbol.createSimple({"color": colour, "outline_style": "no"}),
                        grade.format(number),
                    )
                    for number, colour in enumerate(colours, 1)
                ],
            )
        )

    def save_scenario(self) -> None:
        """The plan of the sample as a scenario."""
        self.dock.save(self.dock.files.next_name() + (" 现行" if self.plan["chinese"] else " as it is"))

    def fill_in(self) -> None:
        """The form as it is filled in by itself."""
        self.dock.act("propose")

    def propose(self, objective: str) -> None:
        """Let a plan be searched for."""
        page = self.dock.propose_page
        page.show_idle()
        page.form.objective.setCurrentIndex(page.form.objective.findData(objective))
        self.dock.proposer.start()

    def dock_list(self) -> None:
        """Back to the list."""
        self.dock.show_list()

    def compare(self) -> None:
        """All scenarios side by side."""
        self.dock.compare([one.name for one in reversed(self.dock.scenarios)])

    def show_difference(self) -> None:
        """Select some plots that differ: they are marked on the map."""
        page = self.dock.compare_page
        page.tabs.setCurrentIndex(2)
        page.plots.view.selectAll()

    def put_into_layers(self) -> None:
        """Load the cheapest proposal; the layers of the plan show it."""
        from qgis.core import QgsProject

        for name in ("reclaim", "newbuild"):
            for layer in self.dock.ground.layers(name).values():
                QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(True)
        self.dock.show_list()
        self.dock.load(next(one.name for one in self.dock.scenarios if one.made.objective == "cost"))

    def ask_too_much(self) -> None:
        """Ask for more land than there are sites."""
        from qgis.core import QgsFeature, QgsProject, QgsVectorLayer

        fields = "None?field=use:string&field=phase:integer&field=area_m2:double"
        demand = QgsVectorLayer(fields, "用地需求表" if self.plan["chinese"] else "Demand", "memory")
        wanted = QgsFeature(demand.fields())
        wanted.setAttributes(["industry", 2018, 400000.0])
        demand.dataProvider().addFeature(wanted)
        QgsProject.instance().addMapLayer(demand)
        self.dock.show_list()
        self.fill_in()
        self.dock.propose_page.form.demand.setLayer(demand)
        self.propose("cost")

    def offer(self) -> None:
        """Close the comparisons and turn to the balance."""
        self.dock.weights.close()
        self.dock.hide()
        self.plan["dock"] = "balance"
        self.dock.show()
        self.dock.raise_()

    def fall_short(self) -> None:
        """Take the largest reclaim plots out, so that something is lacking."""
        for plot in sorted(self.plots("reclaim"), key=lambda plot: -plot.shape.area)[:8]:
            self.dock.set_plot((plot.role, plot.plot_id), False)

    def show_offers(self) -> None:
        """Select a rule that candidates can mend."""
        short = [verdict for verdict in self.dock.tabs._outcome.balance.verdicts if (verdict.margin or 0.0) < 0]
        self.dock.tabs.verdicts.select((short[-1].rule, short[-1].unit_code))

    def judge_weights(self) -> None:
        """The comparisons of the indicators in pairs."""
        self.dock.open_weights()
        dialog = self.dock.weights
        for row, column, value in ((0, 1, "3"), (2, 3, "3"), (2, 7, "1/3"), (4, 5, "2")):
            dialog.model.setData(dialog.model.index(row, column), value)
        dialog.move(200, 150)


if PLAN in os.environ:
    try:
        _tour = Tour(json.loads(os.environ[PLAN]))
    except Exception:
        (Path(json.loads(os.environ[PLAN])["out"]) / "failed.txt").write_text(traceback.format_exc(), encoding="utf-8")
        raise
elif __name__ == "__main__":
    sys.exit(main())

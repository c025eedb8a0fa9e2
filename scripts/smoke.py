"""Smoke test of the built plugin in whatever QGIS runs this: ``smoke.py OUTPUT_FOLDER``.

Loads the plugin as QGIS does, makes a sample of 500 parcels, overlays it and draws one sheet.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Dict

from qgis.core import Qgis, QgsApplication

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ROOT / "build" / "plugins"
NAME = "three_opt_three_protect"


def main() -> int:
    """Run the steps; an exception ends the script with its traceback and exit code 1."""
    out = Path(sys.argv[1])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    application = QgsApplication([], True)
    application.initQgis()
    print(f"smoke: QGIS {Qgis.QGIS_VERSION}, Python {sys.version.split()[0]}", flush=True)
    try:
        run(out)
    finally:
        application.exitQgis()
    print("smoke: passed")
    return 0


def run(out: Path) -> None:
    """The steps themselves."""
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    plugin = load_plugin()
    sample = timed(processing, "sampletownship", {"SEED": 1, "PARCELS": 500, "OUTPUT": str(out / "sample.gpkg")})
    zones = {
        name: f"{sample['OUTPUT']}|layername={name.lower()}" for name in ("PARCELS", "FARMLAND", "BOUNDARY", "REDLINE")
    }
    overlay = {"INPUT": zones.pop("PARCELS"), **zones, "OUTPUT": str(out / "pieces.gpkg")}
    check_overlay(timed(processing, "zoneoverlay", overlay))
    parcels = f"{sample['OUTPUT']}|layername=parcels"
    checks = {"INPUT": parcels, "ROLE": "parcels", "FINDINGS": str(out / "findings.gpkg")}
    require(timed(processing, "checkdata", checks)["ERRORS"] == 0, "the clean sample has errors")
    plots = {name: f"{sample['OUTPUT']}|layername={name.lower()}" for name in ("RECLAIM", "NEWBUILD", "VILLAGES")}
    plan = timed(processing, "plandatabase", {"PARCELS": parcels, **plots, "PLAN": str(out / "plan.gpkg")})
    require(plan["LAYERS"] == 4, f"{plan['LAYERS']} layers in the plan database")
    propose(processing, sample["OUTPUT"], out)
    check_plan(processing, sample["OUTPUT"], out)
    if QgsApplication.processingRegistry().algorithmById("sysb:mapsheets") is None:
        print("smoke: no map sheet: this version has no sysb:mapsheets")
    else:
        sheet = {"PLAN": sample["OUTPUT"], "SHEETS": "9", "SIZE": "a3", "FORMAT": "pdf", "FOLDER": str(out / "sheets")}
        made = timed(processing, "mapsheets", sheet)
        require(made["COUNT"] >= 1 and list((out / "sheets").glob("*.pdf")), f"no sheet was made: {made}")
    plugin.unload()


def propose(processing: Any, sample: str, out: Path) -> None:
    """Potential and a plan chosen from the sample's own plots."""
    names = ("PARCELS", "FARMLAND", "BOUNDARY", "REDLINE", "RECLAIM", "NEWBUILD", "TARGETS")
    layers = {name: f"{sample}|layername={name.lower()}" for name in names}
    candidates, sites = layers.pop("RECLAIM"), layers.pop("NEWBUILD")
    potential = {"INPUT": layers["PARCELS"], "BOUNDARY": layers["BOUNDARY"], "OUTPUT": str(out / "candidates.gpkg")}
    require(timed(processing, "reclamationpotential", potential)["CANDIDATES"] > 0, "no candidates")
    plan = {**layers, "CANDIDATES": candidates, "SITES": sites, "PHASES": "2015,2016,2017,2018,2019,2020"}
    plan.update(OBJECTIVE="cost", RECLAIM=str(out / "reclaim.gpkg"), NEWBUILD=str(out / "newbuild.gpkg"))
    made = timed(processing, "allocate", plan)
    require(made["STATUS"] in ("optimal", "gap") and made["FAILED"] == 0, f"no plan: {made}")


def check_plan(processing: Any, sample: str, out: Path) -> None:
    """Lines, farmland, topsoil, money, indicators and the second survey year, each with the sample's layers."""
    names = ("PARCELS", "FARMLAND", "BOUNDARY", "REDLINE", "RECLAIM", "NEWBUILD", "TARGETS", "POPULATION")
    layers = {name: f"{sample}|layername={name.lower()}" for name in names}
    parcels, targets, people = layers.pop("PARCELS"), layers.pop("TARGETS"), layers.pop("POPULATION")
    lines = {name: layers[name] for name in ("FARMLAND", "BOUNDARY", "REDLINE")}
    plots = {name: layers[name] for name in ("RECLAIM", "NEWBUILD")}

    def made(name: str, parameters: Dict[str, Any]) -> Dict[str, Any]:
        xlsx = str(out / f"{name}.xlsx")
        results = timed(processing, name, {**parameters, "OUTPUT": str(out / f"{name}.gpkg"), "XLSX": xlsx})
        require(Path(xlsx).stat().st_size > 0, f"{name} wrote no workbook")
        return results

    made("redlineconflicts", {**layers, "PARCELS": parcels})
    adjusted = made("farmlandadjust", {"PARCELS": parcels, **layers, "TARGETS": targets})
    after = adjusted["AREA_BEFORE_M2"] - adjusted["RELEASED_M2"] + adjusted["ADDED_M2"]
    require(abs(after - adjusted["AREA_AFTER_M2"]) < 0.005, f"farmland does not add up: {adjusted}")
    soil = made("topsoilbalance", {"PARCELS": parcels, **plots})
    require(abs(soil["STRIPPED_M3"] - soil["USED_M3"] - soil["LEFT_M3"]) < 0.005, f"topsoil does not add up: {soil}")
    made("finance", {"PARCELS": parcels, **plots, **lines, "TARGETS": targets})
    figures = made("indicators", {"INPUT": parcels, **plots, **lines, "TARGETS": targets, "POPULATION": people})
    require(figures["INTENSITY_PCT"] > 0, f"no intensity: {figures}")
    years = {"BEFORE": parcels, "AFTER": f"{sample}|layername=parcels_next"}
    require(made("selfcheck", {**years, **layers})["ERRORS"] > 0, "the planted changes were not found")


def load_plugin() -> Any:
    """Load from build/plugins the way QGIS does without a window."""
    sys.path.insert(0, str(PLUGINS))
    import three_opt_three_protect

    require(Path(three_opt_three_protect.__file__).is_relative_to(PLUGINS), "not the built plugin was loaded")
    plugin = three_opt_three_protect.classFactory(None)
    plugin.initProcessing()
    algorithms = QgsApplication.processingRegistry().providerById("sysb").algorithms()
    print(f"smoke: plugin loaded, {len(algorithms)} algorithms")
    return plugin


def timed(processing: Any, name: str, parameters: Dict[str, Any]) -> Dict[str, Any]:
    """Run one algorithm of the provider and say how long it took."""
    start = time.perf_counter()
    results: Dict[str, Any] = processing.run(f"sysb:{name}", parameters)
    print(f"smoke: {name} {time.perf_counter() - start:.1f} s", flush=True)
    return results


def check_overlay(results: Dict[str, Any]) -> None:
    """The pieces make up their parcels."""
    require(results["PARCELS"] >= 400, f"only {results['PARCELS']} parcels overlaid")
    require(results["PIECES"] >= results["PARCELS"], f"{results['PIECES']} pieces of {results['PARCELS']} parcels")
    require(results["CLOSURE_M2"] <= 0.01, f"closure {results['CLOSURE_M2']} m2")


def require(holds: Any, complaint: str) -> None:
    """Stop when something is not as it must be."""
    if not holds:
        raise RuntimeError(complaint)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())

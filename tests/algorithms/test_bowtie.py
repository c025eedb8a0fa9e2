"""One invalid polygon used to kill QGIS at the next run: each algorithm runs three times on one, in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

SCRIPT = """
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer
application = QgsApplication([], True)
application.initQgis()
import processing
from processing.core.Processing import Processing
Processing.initialize()
from three_opt_three_protect import classFactory
plugin = classFactory(None)
plugin.initProcessing()
TIE = ("POLYGON((40557000 3453000,40557100 3453100,40557100 3453000,40557000 3453100,40557000 3453000))")


def tie(fields, *values):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4528" + "".join("&field=" + field for field in fields), "tie", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(list(values))
    feature.setGeometry(QgsGeometry.fromWkt(TIE))
    assert layer.dataProvider().addFeatures([feature])[0]
    return layer


parcels = tie(["DLBM:string"], "0702")
plots = tie(["plot_id:string"], "A")
lines = {"FARMLAND": plots, "BOUNDARY": plots, "REDLINE": plots}
PARAMETERS = {
    "ellipsoidalarea": {"INPUT": parcels, "OUTPUT": "memory:"},
    "zoneoverlay": {"INPUT": parcels, "OTHER_ZONES": [plots], **lines, "OUTPUT": "memory:", "SUMMARY": "memory:"},
    "plotreport": {"PLOTS": plots, "PARCELS": parcels, **lines, "CLASSES": "memory:", "LINES": "memory:"},
    "planbalance": {"INPUT": parcels, "RECLAIM": plots, "NEWBUILD": plots, **lines, "ACCOUNTS": "memory:"},
    "townshipplan": {"PARCELS": parcels, "RECLAIM": plots, "NEWBUILD": plots, **lines, "PLAN": PLAN},
}[NAME]
for number in range(3):
    result = processing.run("sysb:" + NAME, {**PARAMETERS, "ISSUES": "memory:"})
    print(result["REPAIRED"], result["ISSUES"].featureCount())
del result, parcels, plots, lines, PARAMETERS
plugin.unload()
application.exitQgis()
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ellipsoidalarea", ["1", "1"]),
        # Parcels, three lines and a further layer.
        ("zoneoverlay", ["5", "5"]),
        ("plotreport", ["5", "5"]),
        ("planbalance", ["6", "6"]),
        ("townshipplan", ["6", "6"]),
    ],
)
def test_three_runs_in_one_process_end_well(name: str, expected: List[str], tmp_path: Path) -> None:
    places, plan = [place for place in sys.path if place], str(tmp_path / "plan.gpkg")
    code = f"import sys; sys.path[:0] = {places!r}; NAME = {name!r}; PLAN = {plan!r}\n{SCRIPT}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.stdout.split(), done.returncode) == (expected * 3, 0), done.stderr

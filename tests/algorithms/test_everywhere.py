"""The same figures and the same rows in the Toolbox, in the background, in a model and from the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "three_opt_three_protect"
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

Result = Tuple[Dict[str, Any], Dict[str, List[Any]]]
"""Figures, and the rows of every output."""

FILES: Dict[str, Dict[str, str]] = {
    "ellipsoidalarea": {"OUTPUT": "a.gpkg", "ISSUES": "b.gpkg"},
    "zoneoverlay": {"OUTPUT": "a.gpkg", "SUMMARY": "b.gpkg", "ISSUES": "c.gpkg"},
    "plotreport": {"CLASSES": "a.gpkg", "LINES": "b.gpkg", "FINDINGS": "c.gpkg", "ISSUES": "d.gpkg"},
    "planbalance": {"ACCOUNTS": "a.gpkg", "VERDICTS": "b.gpkg", "EVIDENCE": "c.gpkg", "ISSUES": "d.gpkg"},
    "townshipplan": {"PLAN": "a.gpkg", "ACCOUNTS": "b.gpkg", "VERDICTS": "c.gpkg"},
    "checkdata": {"FINDINGS": "a.gpkg"},
    "sampletownship": {"OUTPUT": "a.gpkg"},
}


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    """A small township."""
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "sample.gpkg")
    processing.run("sysb:sampletownship", {"PARCELS": 500, "YEARS": 1, "OUTPUT": path})
    return path


@pytest.fixture(scope="module")
def expected(provider: Any, sample: str, tmp_path_factory: Any) -> Callable[[str], Result]:
    """What the Toolbox gives, run once for each algorithm."""
    found: Dict[str, Result] = {}

    def look(name: str) -> Result:
        if name not in found:
            found[name] = in_the_toolbox(name, inputs(name, sample), tmp_path_factory.mktemp("toolbox"), provider)
        return found[name]

    return look


def inputs(name: str, sample: str) -> Dict[str, Any]:
    def layer(role: str) -> str:
        return f"{sample}|layername={role}"

    lines = {role.upper(): layer(role) for role in ("farmland", "boundary", "redline")}
    plan = {role.upper(): layer(role) for role in ("reclaim", "newbuild", "villages", "settlements", "targets")}
    return {
        "ellipsoidalarea": {"INPUT": layer("parcels")},
        "zoneoverlay": {
            "INPUT": layer("parcels"), **lines, "OTHER_ZONES": [layer("villages"), layer("settlements")],
            "AREA_FIELD": "TBMJ", "DEDUCT_FIELD": "KCXS", "ID_FIELD": "BSM",
        },
        "plotreport": {"PARCELS": layer("parcels"), "PLOTS": layer("settlements"), **lines},
        "planbalance": {
            "INPUT": layer("parcels"), **lines, **plan, "AREA_FIELD": "TBMJ", "PROFILE": "territorial-2021",
        },
        "townshipplan": {"PARCELS": layer("parcels"), **lines, **plan},
        "checkdata": {
            "INPUT": layer("farmland"), "ROLE": "farmland", "PARENT": layer("villages"), "PARCELS": layer("parcels"),
            "REDLINE": layer("redline"), "BOUNDARY": layer("boundary"),
        },
        "sampletownship": {"SEED": 3, "PARCELS": 400},
    }[name]  # fmt: skip


def outputs(name: str, folder: Path) -> Dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    return {output: str(folder / file) for output, file in FILES[name].items()}


def rows(address: str) -> List[Any]:
    """All features of a layer in order, exactly."""
    layer = QgsVectorLayer(address, "a", "ogr")
    assert layer.isValid(), address
    return [
        (bytes(feature.geometry().asWkb()).hex() if feature.hasGeometry() else "", list(map(str, feature.attributes())))
        for feature in layer.getFeatures()
    ]


def result(name: str, found: Dict[str, Any], folder: Path) -> Result:
    figures = {key: value for key, value in found.items() if isinstance(value, (int, float))}
    layers = {
        file: rows(str(folder / file))
        for output, file in FILES[name].items()
        if output not in ("PLAN",) and name != "sampletownship"
    }
    if name == "sampletownship":
        layers = {role: rows(f"{folder / 'a.gpkg'}|layername={role}") for role in ("parcels", "reclaim", "targets")}
    return figures, layers


def same_shape(here: str, there: str) -> bool:
    """True for the same WKB, and for the same land with other vertices along straight edges.

    qgis_process is linked with the system's GEOS, which then answers shapely's wheel too; Python alone
    uses the wheel's own.
    """
    if here == there:
        return True
    shapes = QgsGeometry(), QgsGeometry()
    for shape, wkb in zip(shapes, (here, there)):
        shape.fromWkb(bytes.fromhex(wkb))
    return bool(shapes[0].symDifference(shapes[1]).area() < 1e-6)


def in_the_toolbox(name: str, given: Dict[str, Any], folder: Path, provider: Any) -> Result:
    from qgis import processing

    return result(name, processing.run(f"sysb:{name}", {**given, **outputs(name, folder)}), folder)


def in_the_background(name: str, given: Dict[str, Any], folder: Path, provider: Any) -> Result:
    """As the Toolbox and its batch do: one task after the other, each in a thread of its own."""
    for number in range(2):
        context, feedback, loop = QgsProcessingContext(), QgsProcessingFeedback(False), QEventLoop()
        context.setProject(QgsProject.instance())
        parameters = {**given, **outputs(name, folder / str(number))}
        task = QgsProcessingAlgRunnerTask(provider.algorithm(name), parameters, context, feedback)
        done: List[Any] = []

        def finish(ok: bool, found: Dict[str, Any], done: List[Any] = done, loop: QEventLoop = loop) -> None:
            done.append((ok, dict(found)))
            loop.quit()

        task.executed.connect(finish)
        QTimer.singleShot(120_000, loop.quit)
        QgsApplication.taskManager().addTask(task)
        loop.exec()
        assert done, "the task did not end"
        assert done[0][0]
    first, second = (result(name, done[0][1], folder / str(number)) for number in range(2))
    assert first == second
    return second


def static(value: Any) -> List[Any]:
    source = QgsProcessingModelChildParameterSource
    return [source.fromStaticValue(entry) for entry in (value if isinstance(value, list) else [value])]


def in_a_model(name: str, given: Dict[str, Any], folder: Path, provider: Any) -> Result:
    from qgis import processing

    model = QgsProcessingModelAlgorithm("m", "m", "")
    child = QgsProcessingModelChildAlgorithm(f"sysb:{name}")
    child.setChildId("child")
    for key, value in given.items():
        child.addParameterSources(key, static(value))
    finals = {}
    for output in FILES[name]:
        final = QgsProcessingModelOutput(output, output)
        final.setChildId("child")
        final.setChildOutputName(output)
        finals[output] = final
    child.setModelOutputs(finals)
    model.addChildAlgorithm(child)
    made = outputs(name, folder)
    found = processing.run(model, {f"child:{output}": path for output, path in made.items()})
    return result(name, found["CHILD_RESULTS"]["child"], folder)


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: Any) -> Path:
    """The plugin as QGIS loads it, of the code under test."""
    folder = tmp_path_factory.mktemp("plugins")
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / NAME, folder / NAME, ignore=left_out)
    shutil.copytree(ROOT / "resources", folder / NAME / "resources", ignore=left_out)
    for file in ("metadata.txt", "LICENSE"):
        shutil.copy(ROOT / file, folder / NAME / file)
    command(folder, "plugins", "enable", NAME)
    return folder


def command(plugins: Path, *words: str) -> Tuple[int, str, str]:
    """Run qgis_process in a profile of its own."""
    home = {"QGIS_PLUGINPATH": str(plugins), "QGIS_CUSTOM_CONFIG_PATH": str(plugins / "profile")}
    environment = {**os.environ, **home, "PYTHONPATH": sysconfig.get_path("purelib"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [str(PROGRAM), *words], env=environment, capture_output=True, text=True, timeout=300, cwd=plugins
    )
    return done.returncode, done.stdout, done.stderr


def from_the_command_line(name: str, given: Dict[str, Any], folder: Path, plugins: Path) -> Result:
    words = []
    for key, value in {**given, **outputs(name, folder)}.items():
        words += [f"{key}={entry}" for entry in (value if isinstance(value, list) else [value])]
    code, said, errors = command(plugins, "--json", "run", f"sysb:{name}", "--", *words)
    # A library that ends badly shows only here: two copies of PROJ in one process did.
    assert code == 0, errors
    assert "Warning: " not in errors.replace("DeprecationWarning: setapi", "")
    found = json.loads(said[said.index("{") :])["results"]
    return result(name, found, folder)


@pytest.mark.parametrize("way", [in_the_background, in_a_model])
@pytest.mark.parametrize("name", sorted(FILES))
def test_the_same_as_in_the_toolbox(
    provider: Any, sample: str, expected: Any, tmp_path: Path, name: str, way: Callable[..., Result]
) -> None:
    given, first = inputs(name, sample), expected(name)
    assert any(layer for layer in first[1].values())
    assert way(name, given, tmp_path / "other", provider) == first


@pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")
@pytest.mark.parametrize("name", sorted(FILES))
def test_the_same_from_the_command_line(sample: str, expected: Any, tmp_path: Path, plugins: Path, name: str) -> None:
    given, first = inputs(name, sample), expected(name)
    figures, layers = from_the_command_line(name, given, tmp_path / "line", plugins)
    assert figures == pytest.approx(first[0], abs=1e-6)
    for file, rows_there in first[1].items():
        assert [attributes for _, attributes in layers[file]] == [attributes for _, attributes in rows_there]
        assert all(same_shape(here, there) for (here, _), (there, _) in zip(layers[file], rows_there))


def test_one_algorithm_after_the_other_in_a_model(provider: Any, sample: str) -> None:
    """Pieces of zoneoverlay measured again by ellipsoidalarea, the layer and a number handed on."""
    from qgis import processing

    model = QgsProcessingModelAlgorithm("m", "m", "")
    parcels = QgsProcessingParameterFeatureSource("parcels", "parcels")
    model.addModelParameter(parcels, QgsProcessingModelParameter("parcels"))
    overlay = QgsProcessingModelChildAlgorithm("sysb:zoneoverlay")
    overlay.setChildId("overlay")
    source = QgsProcessingModelChildParameterSource
    overlay.addParameterSources("INPUT", [source.fromModelParameter("parcels")])
    overlay.addParameterSources("FARMLAND", static(f"{sample}|layername=farmland"))
    area = QgsProcessingModelChildAlgorithm("sysb:ellipsoidalarea")
    area.setChildId("area")
    area.addParameterSources("INPUT", [source.fromChildOutput("overlay", "OUTPUT")])
    final = QgsProcessingModelOutput("measured", "measured")
    final.setChildId("area")
    final.setChildOutputName("OUTPUT")
    area.setModelOutputs({"measured": final})
    for child in (overlay, area):
        model.addChildAlgorithm(child)
    found = processing.run(model, {"parcels": f"{sample}|layername=parcels", "area:measured": "memory:"})
    pieces, measured = found["CHILD_RESULTS"]["overlay"], found["CHILD_RESULTS"]["area"]
    assert measured["COUNT"] == pieces["PIECES"] > pieces["PARCELS"]
    # Pieces are apportioned, then measured one by one: half a hundredth each at most.
    assert measured["TOTAL_M2"] == pytest.approx(pieces["TOTAL_M2"], abs=0.01 * pieces["PIECES"])
    layer = found["area:measured"]
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "a", "ogr")
    assert layer.featureCount() == pieces["PIECES"]
    del layer


@pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")
def test_a_mistake_on_the_command_line_is_one_line_and_an_exit_code(sample: str, tmp_path: Path, plugins: Path) -> None:
    parcels = f"INPUT={sample}|layername=parcels"
    code, _, errors = command(
        plugins, "run", "sysb:zoneoverlay", "--", parcels, "CLASS_FIELD=NOPE", f"OUTPUT={tmp_path / 'a.gpkg'}"
    )
    assert code != 0
    (line,) = [line for line in errors.splitlines() if "NOPE" in line]
    assert "parcels" in line
    assert "DLBM" in line
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_shapefiles_bytes_are_in_the_encoding_it_states(
    sample: str, tmp_path: Path, plugins: Path, encoding: str
) -> None:
    """In a program linked with GDAL the wheel's calls land there, where QGIS has switched recoding off."""
    path = tmp_path / "图斑.shp"
    words = [f"INPUT={sample}|layername=parcels", "ROLE=parcels", f"ENCODING={encoding}", f"OUTPUT={path}"]
    code, _, errors = command(plugins, "run", "sysb:standardlayer", "--", *words)
    assert code == 0, errors
    content = path.with_suffix(".dbf").read_bytes()
    assert "水田".encode(encoding) in content
    assert "水田".encode("UTF-8" if encoding == "GBK" else "GBK") not in content
    assert path.with_suffix(".cpg").read_text(encoding="ascii") == encoding

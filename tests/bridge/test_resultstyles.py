"""Symbols of result layers: complete, told apart, and set only where QGIS shows the layer."""

from __future__ import annotations

import csv
import gc
import itertools
import weakref
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
import yaml
from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsVectorLayer,
)

from three_opt_three_protect import paths
from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results
from three_opt_three_protect.bridge.resultstyles import load_result_styles, result_renderer, style_result
from three_opt_three_protect.bridge.stylepacks import PACKS, load_pack
from three_opt_three_protect.core.conflicts import KINDS, PAIRS


def rows() -> List[Dict[str, str]]:
    with paths.resource("styles", "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_legend_text_has_its_words(language: str) -> None:
    messages = yaml.safe_load(paths.resource("messages", f"{language}.yaml").read_text(encoding="utf-8"))
    assert [row["message"] for row in rows() if row["message"] not in messages] == []


def test_every_kind_of_conflict_has_its_symbol() -> None:
    tokens = {one.token for one in load_result_styles()["redlineconflicts", "OUTPUT"].categories}
    second = {f"{pair.kind}_2" for pair in PAIRS if pair.conflict and pair.second == "redline"}
    assert tokens == {*KINDS, *second, "sliver"}


def test_tokens_stand_once_a_pack() -> None:
    keys = [(row["algorithm"], row["output"], row["token"], row["pack"]) for row in rows()]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_row_becomes_a_symbol(pack: str) -> None:
    styles = load_result_styles(pack)
    wanted = {(row["algorithm"], row["output"], row["token"]) for row in rows() if row["pack"] in ("", pack)}
    assert wanted == {(*key, one.token) for key, style in styles.items() for one in style.categories}
    for style in styles.values():
        renderer = result_renderer(style)
        assert all(category.symbol() is not None and category.label() for category in renderer.categories())


def appearance(symbol: Any, blind: bool) -> Tuple[Any, ...]:
    """What is seen; the red-green blind see brightness and blue only (Brettel, simplified)."""

    def seen(colour: Any) -> Any:
        if colour is None or not blind:
            return colour
        return round((0.7 * colour[0] + 0.3 * colour[1]) / 40), round(colour[2] / 40)

    hatch = symbol.hatch
    mark = None if hatch is None else (hatch.angle, hatch.spacing, seen(hatch.colour))
    width = None if symbol.alpha else symbol.width
    return seen(symbol.fill), seen(symbol.line), width, symbol.dash, symbol.alpha > 0, mark


STYLED = sorted({(row["algorithm"], row["output"]) for row in rows()})


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("output", STYLED, ids="-".join)
def test_categories_are_told_apart(output: Tuple[str, str], blind: bool) -> None:
    for one, other in itertools.combinations(load_result_styles()[output].categories, 2):
        assert appearance(one.symbol, blind) != appearance(other.symbol, blind), (one.token, other.token)


QUIET = {"keep", "unchanged", "no_plan"}
"""What stays as it was need not stand out."""


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("output", STYLED, ids="-".join)
def test_outlines_stand_out_on_every_land_colour(output: Tuple[str, str], pack: str) -> None:
    ground = [entry.fill for entry in load_pack(pack).entries]
    for category in load_result_styles(pack)[output].categories:
        line = category.symbol.line
        assert line is not None
        nearest = min(sum((a - b) ** 2 for a, b in zip(line, fill)) ** 0.5 for fill in ground)
        assert nearest > 60 or category.token in QUIET, (pack, category.token)


def test_a_pack_of_its_own_wins_over_the_common_row(monkeypatch: Any, tmp_path: Any) -> None:
    head = ",".join(rows()[0])
    plain = "redlineconflicts,OUTPUT,kind,{},{},conflict.sliver,{},50,0/0/0,0.5,solid,,,,own"
    lines = [head, plain.format("a", "survey", "1/2/3"), plain.format("a", "", "9/9/9"), plain.format("b", "", "7/7/7")]
    path = tmp_path / "results.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    load_result_styles.cache_clear()
    monkeypatch.setattr(paths, "resource", lambda *parts: path)
    survey = load_result_styles("survey")["redlineconflicts", "OUTPUT"].categories
    plan = load_result_styles("plan")["redlineconflicts", "OUTPUT"].categories
    load_result_styles.cache_clear()
    assert [(one.token, one.symbol.fill) for one in survey] == [("a", (1, 2, 3)), ("b", (7, 7, 7))]
    assert [(one.token, one.symbol.fill) for one in plan] == [("a", (9, 9, 9)), ("b", (7, 7, 7))]


def test_what_has_no_style_is_left_alone(make_layer: Any) -> None:
    layer = make_layer([("POLYGON((0 0,1 0,1 1,0 0))", "x")], "kind:string")
    before = layer.renderer()
    assert not style_result(layer, "ellipsoidalarea", "OUTPUT")
    assert not style_result(None, "redlineconflicts", "OUTPUT")
    assert layer.renderer() is before or layer.renderer().type() == before.type()


RUNS: List[Any] = []
"""Weak references to the runs of :class:`Shown`."""


class Shown(PlanAlgorithm):
    """Writes one conflict, under the id whose style is looked at."""

    ID = "redlineconflicts"
    GROUP = "analysis"

    def title(self) -> str:
        return "t"

    summary = about = title

    def declare(self) -> None:
        self.add_sink("OUTPUT", "o", "o")

    def compute(self, run: Any) -> Results:
        import numpy as np
        import shapely

        from three_opt_three_protect.core.tables import CrsInfo, LayerTable, integer, text

        RUNS.append(weakref.ref(run))
        columns = {"kind": text(["newbuild_farmland"]), "sliver": integer([0])}
        shape = np.array([shapely.box(0, 0, 1, 1)], dtype=np.object_)
        return Results({"OUTPUT": LayerTable("c", np.array([1]), shape, columns, CrsInfo("EPSG:4528"))})


@pytest.fixture
def loaded(qgis_app: QgsApplication) -> Iterator[QgsProject]:
    project = QgsProject()
    yield project
    project.clear()


Ran = Tuple[Any, QgsProcessingContext, QgsProcessingFeedback]


def ran(path: str, project: Optional[QgsProject]) -> Ran:
    """The layer :class:`Shown` wrote, as QGIS would show it in ``project``."""
    algorithm = Shown().create()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    parameters: Dict[str, Any] = {"OUTPUT": path}
    if project is not None:
        context.setProject(project)
        definition = QgsProcessingOutputLayerDefinition(path, project)
        definition.sink = QgsProperty.fromValue(path)
        parameters["OUTPUT"] = definition
    assert algorithm.prepare(parameters, context, feedback)
    result = algorithm.runPrepared(parameters, context, feedback)
    algorithm.postProcess(context, feedback)
    return context.getMapLayer(result["OUTPUT"]), context, feedback


@pytest.mark.parametrize("shown", [True, False])
def test_only_a_layer_that_is_shown_gets_its_symbols(
    qgis_app: Any, qgis_processing: Any, loaded: QgsProject, tmp_path: Any, shown: bool
) -> None:
    layer, *_held = ran(str(tmp_path / "冲突.gpkg"), loaded if shown else None)
    if not shown:
        assert layer is None or not isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
        return
    assert isinstance(layer, QgsVectorLayer)
    assert isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
    assert layer.renderer().classAttribute().startswith("CASE")


def test_a_result_needs_no_style_file(
    qgis_app: Any, qgis_processing: Any, loaded: QgsProject, tmp_path: Any, monkeypatch: Any
) -> None:
    load_result_styles.cache_clear()
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path / "results.csv")
    layer, _context, feedback = ran(str(tmp_path / "冲突.gpkg"), loaded)
    assert layer.isValid()
    assert not isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
    assert "results.csv" in feedback.textLog()


def test_nothing_of_a_run_is_left_to_the_garbage_collector(
    qgis_app: Any, qgis_processing: Any, loaded: QgsProject, tmp_path: Any
) -> None:
    """Its tables fill the memory, and its layers, freed after QGIS has ended, crash the interpreter."""
    RUNS.clear()
    gc.disable()
    try:
        ran(str(tmp_path / "冲突.gpkg"), loaded)
        assert [run() for run in RUNS] == [None]
    finally:
        gc.enable()


def test_a_hatch_lies_over_its_fill(qgis_app: Any) -> None:
    renderer = result_renderer(load_result_styles()["farmlandadjust", "OUTPUT"])
    category = renderer.categories()[renderer.categoryIndexForValue("release")]
    symbol = category.symbol()
    kinds = [symbol.symbolLayer(place).layerType() for place in range(symbol.symbolLayerCount())]
    assert kinds == ["SimpleFill", "LinePatternFill", "SimpleFill"]

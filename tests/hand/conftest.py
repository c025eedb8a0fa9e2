"""The hand-worked township as QGIS layers, and the provider to run algorithms on them."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
import yaml

from tests.hand.layers import Layer, layers

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """The figures typed in from derivation.md."""
    with (HERE / "expected" / "township.yaml").open(encoding="utf-8") as stream:
        found: dict[str, Any] = yaml.safe_load(stream)
    return found


def memory_layer(layer: Layer) -> Any:
    """A layer of QGIS."""
    import shapely
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    parts = ["crs=EPSG:4528"] if layer.shapes is not None else []
    uri = ("Polygon" if layer.shapes is not None else "None") + "?"
    uri += "&".join(parts + [f"field={item}" for item in layer.fields.split()])
    made = QgsVectorLayer(uri, layer.name, "memory")
    assert made.isValid()
    for number, row in enumerate(layer.rows):
        feature = QgsFeature(made.fields())
        feature.setAttributes(list(row))
        if layer.shapes is not None:
            geometry = QgsGeometry()
            geometry.fromWkb(shapely.to_wkb(layer.shapes[number], output_dimension=2))
            feature.setGeometry(geometry)
        assert made.dataProvider().addFeatures([feature])[0]
    made.updateExtents()
    return made


@pytest.fixture(scope="module")
def provider(qgis_app: Any, qgis_processing: Any) -> Iterator[Any]:
    """The provider ``sysb``."""
    from qgis.core import QgsApplication

    from three_opt_three_protect.plugin import Plugin

    plugin = Plugin(None)
    plugin.initProcessing()
    found = QgsApplication.processingRegistry().providerById("sysb")
    yield found
    plugin.unload()
    gc.collect()


@pytest.fixture(scope="module")
def township(provider: Any) -> Iterator[dict[str, Any]]:
    """Role → memory layer; closed before the interpreter ends."""
    made = {role: memory_layer(layer) for role, layer in layers().items()}
    yield made
    made.clear()
    gc.collect()


Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def run(provider: Any) -> Run:
    """Run an algorithm by its id."""
    from qgis import processing

    def call(name: str, **parameters: Any) -> dict[str, Any]:
        result: dict[str, Any] = processing.run(f"sysb:{name}", parameters)
        return result

    return call


def rows(layer: Any) -> list[dict[str, Any]]:
    """A result as plain rows; NULL is None."""
    from qgis.core import NULL

    names = [field.name() for field in layer.fields()]
    return [{name: None if row[name] == NULL else row[name] for name in names} for row in layer.getFeatures()]

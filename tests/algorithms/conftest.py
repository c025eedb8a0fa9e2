"""The provider, loaded as QGIS does, and small layers."""

from __future__ import annotations

import gc
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

import pytest
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer

from three_opt_three_protect.plugin import Plugin

Run = Callable[..., Dict[str, Any]]


@pytest.fixture(scope="module")
def provider(qgis_app: Any, qgis_processing: Any) -> Iterator[Any]:
    """The provider ``sysb``."""
    plugin = Plugin(None)
    plugin.initProcessing()
    yield QgsApplication.processingRegistry().providerById("sysb")
    plugin.unload()
    # Contexts hold the layers they opened; freed after QGIS has ended, these crash the interpreter.
    gc.collect()


@pytest.fixture
def run(provider: Any) -> Run:
    """Run an algorithm of the provider by its id."""
    from qgis import processing

    def call(name: str, feedback: Any = None, context: Any = None, **parameters: Any) -> Dict[str, Any]:
        result: Dict[str, Any] = processing.run(f"sysb:{name}", parameters, feedback=feedback, context=context)
        return result

    return call


@pytest.fixture
def make_layer(qgis_app: Any) -> Iterator[Callable[..., QgsVectorLayer]]:
    """A memory layer from (WKT or None, *attributes) rows."""
    made: List[QgsVectorLayer] = []

    def make(
        rows: Sequence[Sequence[Any]] = (),
        fields: str = "",
        crs: Optional[str] = "EPSG:4528",
        name: str = "图斑",
        kind: str = "Polygon",
    ) -> QgsVectorLayer:
        parts = ([f"crs={crs}"] if crs else []) + [f"field={item}" for item in fields.split()]
        layer = QgsVectorLayer(f"{kind}?{'&'.join(parts)}", name, "memory")
        for wkt, *values in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(values))
            if wkt is not None:
                feature.setGeometry(QgsGeometry.fromWkt(wkt))
            assert layer.dataProvider().addFeatures([feature])[0]
        made.append(layer)
        return layer

    yield make
    made.clear()

"""The provider, loaded as QGIS does."""

from __future__ import annotations

import gc
from typing import Any, Callable, Dict, Iterator

import pytest
from qgis.core import QgsApplication

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

"""The provider, loaded as QGIS does."""

from __future__ import annotations

import gc
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from qgis.core import QgsApplication, QgsProcessingFeedback

from three_opt_three_protect.plugin import Plugin

Run = Callable[..., Dict[str, Any]]

X, Y = 40557000, 3453000
"""Corner of the test area in EPSG:4528."""


def box(left: float, bottom: float, right: float, top: float) -> str:
    """A rectangle in metres from the corner of the test area."""
    return (
        f"POLYGON(({X + left} {Y + bottom},{X + right} {Y + bottom},{X + right} {Y + top},"
        f"{X + left} {Y + top},{X + left} {Y + bottom}))"
    )


class Listening(QgsProcessingFeedback):
    """Keeps what is said, and the warnings by themselves too."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: List[str] = []
        self.warned: List[str] = []

    def pushInfo(self, info: Optional[str]) -> None:  # noqa: N802
        self.said.append(str(info))

    def pushWarning(self, warning: Optional[str]) -> None:  # noqa: N802
        self.said.append(str(warning))
        self.warned.append(str(warning))


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

"""What every test runs in: a headless QGIS with a profile below ``build/``, or no QGIS at all."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, List, Optional, Sequence, Set

import pytest

if TYPE_CHECKING:
    from qgis.core import QgsVectorLayer

MakeLayer = Callable[..., "QgsVectorLayer"]

ROOT = Path(__file__).resolve().parent.parent
QGIS_ROOMS = ("bridge", "algorithms", "desk", "sheets")


def _prepare_environment() -> None:
    """Before anything imports QGIS: it reads these when it starts."""
    run, profile = ROOT / "build" / "run", ROOT / "build" / "profile"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        # Two QGIS must not write into one profile at the same time.
        profile = profile.with_name(f"profile_{worker}")
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(profile)
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    run.chmod(0o700)
    profile.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(run))
    os.environ.setdefault("QGIS_CUSTOM_CONFIG_PATH", str(profile))


_prepare_environment()
HAS_QGIS = importlib.util.find_spec("qgis") is not None
REASON = "QGIS is not importable here"
_left_out: Set[str] = set()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> Any:
    """Leave out the rooms with QGIS where there is none: their test modules import it."""
    room = collection_path.parent == ROOT / "tests" and collection_path.name in QGIS_ROOMS
    if HAS_QGIS or not room:
        return None
    _left_out.add(collection_path.name)
    return True


def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    """Skip single tests that need QGIS where there is none."""
    if not HAS_QGIS:
        for item in items:
            if item.get_closest_marker("needs_qgis") is not None:
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name what was left out; with several processes it is they who collect, so all rooms with QGIS are named."""
    several = bool(getattr(config.option, "numprocesses", None))
    left_out = set(QGIS_ROOMS) if several and not HAS_QGIS else _left_out
    if left_out:
        terminalreporter.write_line(f"left out, {REASON}: tests of {', '.join(sorted(left_out))}")


@pytest.fixture
def make_layer(qgis_app: Any) -> Iterator[MakeLayer]:
    """A memory layer from (WKT, geometry or None, *attributes) rows; closed before the interpreter ends."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

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
        assert layer.isValid()
        for shape, *values in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(values))
            if shape is not None:
                feature.setGeometry(QgsGeometry.fromWkt(shape) if isinstance(shape, str) else shape)
            assert layer.dataProvider().addFeatures([feature])[0]
        made.append(layer)
        return layer

    yield make
    made.clear()

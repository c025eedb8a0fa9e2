"""What a run has to know of the project, noted on the main thread: a worker must not look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, Optional, Tuple

from qgis.core import QgsProject, QgsVectorLayer

from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.bridge.sources import file_of


@dataclass(frozen=True)
class Surroundings:
    """The project at the start of a run.

    Attributes
    ----------
    listed
        Ids of its layers: these have the name they have there.
    files
        Files its layers lie in.
    profiles
        Folders policy profiles are looked for in.
    """

    listed: FrozenSet[str] = frozenset()
    files: FrozenSet[Path] = frozenset()
    profiles: Tuple[Path, ...] = ()


def surroundings_of(project: Optional[QgsProject]) -> Surroundings:
    """What there is to know of ``project``; call it on the main thread."""
    layers = {} if project is None else project.mapLayers()
    files = (file_of(layer) for layer in layers.values() if isinstance(layer, QgsVectorLayer))
    return Surroundings(
        frozenset(layers), frozenset(Path(file) for file in files if file), tuple(profile_folders(project))
    )

"""The tools that are measured. Imports none of them."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

PIECES, AREAS, NOTHING = "pieces", "areas", "nothing"

PROJECT_AREAS, PROJECT_PIECES, PROJECT_UNSNAPPED = "project_areas", "project_pieces", "project_unsnapped"
PROJECT = (PROJECT_PIECES, PROJECT_UNSNAPPED, PROJECT_AREAS)
"""The command line's three ways. Unsnapped is what other tools are compared with: they do not snap either."""


@dataclass(frozen=True)
class Tool:
    """One script of :mod:`benchmarks.peers`.

    Attributes
    ----------
    name
        Of the script.
    title
        As the tables call it.
    gives
        ``pieces``: every part of a parcel with its combination of zones, as geometry; ``areas``: areas only.
    modules, programs
        What has to be installed.
    """

    name: str
    title: str
    gives: str
    modules: Tuple[str, ...] = ()
    programs: Tuple[str, ...] = ()

    @property
    def rival(self) -> str:
        """The script of this project that gives the same: its CPU time is compared."""
        return PROJECT_PIECES if self.gives == PIECES else PROJECT_AREAS

    @property
    def reference(self) -> str:
        """The script of this project whose areas it is compared with."""
        return PROJECT_PIECES if self.name == PROJECT_AREAS else PROJECT_UNSNAPPED

    def lacks(self) -> Optional[str]:
        """The first thing that is not installed, if any."""
        modules = [name for name in self.modules if importlib.util.find_spec(name) is None]
        return next(iter(modules + [name for name in self.programs if not _has_program(name)]), None)


def _has_program(name: str) -> bool:
    # Debian keeps the server's programs off the path.
    return shutil.which(name) is not None or any(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


# This project first: the others are compared with what it wrote.
TOOLS = (
    Tool(PROJECT_PIECES, "this project, every piece", PIECES),
    Tool(PROJECT_UNSNAPPED, "this project, every piece, snapping off", PIECES),
    Tool(PROJECT_AREAS, "this project, areas of all combinations", AREAS),
    Tool("project_qgis", "this project in QGIS (sysb:zoneoverlay), every piece", PIECES, ("qgis",)),
    Tool("qgis_union", "QGIS union, one layer after another", PIECES, ("qgis",)),
    Tool("geopandas_identity", "GeoPandas identity, one layer after another", PIECES, ("geopandas",)),
    Tool("postgis_identity", "PostGIS identity, subdivided + GiST", PIECES, ("psycopg2",), ("initdb",)),
    Tool("plain_shapely_pieces", "plain shapely, pieces", PIECES),
    Tool("qgis_overlap", "QGIS overlap analysis, areas a layer", AREAS, ("qgis",)),
    Tool("geopandas_intersection", "GeoPandas intersection, areas a layer", AREAS, ("geopandas",)),
    Tool("plain_shapely", "plain shapely, areas a layer", AREAS),
    Tool("limit", "limit: read parcels, decode, one area pass", NOTHING),
)


def tool(name: str) -> Tool:
    """The tool of that name.

    Raises
    ------
    KeyError
        There is none.
    """
    return {each.name: each for each in TOOLS}[name]

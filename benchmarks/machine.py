"""What was measured with: versions and machine as JSON, without names of hosts, users or folders."""

from __future__ import annotations

import configparser
import json
import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Dict, Optional

from benchmarks.cases import ROOT
from benchmarks.tools import tool


def machine() -> Dict[str, str]:
    """Processor, cores, memory, system."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    return {
        "processor": _line("/proc/cpuinfo", r"model name\s*:\s*(.+)") or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": _line("/etc/os-release", r'PRETTY_NAME="(.+)"') or platform.system(),
    }


def versions() -> Dict[str, str]:
    """Name → version of everything installed that takes part."""
    import shapely
    from pyogrio import __gdal_version_string__ as gdal

    found: Dict[str, Optional[str]] = {
        "this project": _project(),
        "Python": platform.python_version(),
        **{name: _package(name) for name in ("numpy", "shapely", "pyogrio")},
        "GEOS": shapely.geos_version_string,
        "GDAL": gdal,
        "GeoPandas": _package("geopandas"),
        "QGIS": _qgis(),
        **_postgis(),
    }
    return {name: number for name, number in found.items() if number}


def _project() -> str:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(ROOT / "metadata.txt", encoding="utf-8")
    return metadata.get("general", "version")


def _package(name: str) -> Optional[str]:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _qgis() -> Optional[str]:
    if tool("qgis_union").lacks():
        return None
    from qgis.core import Qgis

    return str(Qgis.QGIS_VERSION).split("-")[0]


def _postgis() -> Dict[str, Optional[str]]:
    if tool("postgis_identity").lacks():
        return {}
    from benchmarks.peers.postgis_cluster import programs

    said = subprocess.run([programs() / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    control = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    postgis = _line(str(control[-1]), r"default_version = '(.+)'") if control else None
    return {"PostgreSQL": said.split()[2], "PostGIS": postgis}


def _line(path: str, pattern: str) -> Optional[str]:
    if not Path(path).exists():
        return None
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    return found.group(1) if found else None


if __name__ == "__main__":
    print(json.dumps({"machine": machine(), "versions": versions()}))

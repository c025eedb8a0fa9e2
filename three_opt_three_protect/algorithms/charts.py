"""A chart among the outputs of an algorithm."""

from __future__ import annotations

from pathlib import Path

from three_opt_three_protect.algorithms.base import Run
from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.core.errors import InputError

SUFFIXES = (".png", ".svg")

PATTERN = "PNG (*.png);;SVG (*.svg)"
"""File filter of a chart."""


def chart_kind(run: Run, name: str) -> str:
    """What the chart of the parameter ``name`` is drawn as: png, svg, or nothing.

    Raises
    ------
    InputError
        ``chart_suffix``.
    MissingPackageError
        matplotlib is not there, and a chart is wanted.
    """
    path = run.file_output(name)
    if path is None:
        return ""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError("chart_suffix", path=Path(path).name)
    missing = missing_package(("matplotlib",))
    if missing is not None:
        raise missing
    return suffix[1:]

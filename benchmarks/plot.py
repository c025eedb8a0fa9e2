"""CPU seconds over parcels, both axes logarithmic."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

from benchmarks.cases import CASES
from benchmarks.results import Record, Results, by_key, sizes_of
from benchmarks.tools import TOOLS

# Okabe and Ito's colours, distinct for every kind of colour vision; markers and dashes tell the lines apart in grey.
# Solid: this project; dashed: tools that give pieces; dotted: areas only.
STYLES = {
    "project_pieces": ("#000000", "o", "-"),
    "project_areas": ("#0072B2", "s", "-"),
    "project_qgis": ("#56B4E9", "D", "-"),
    "qgis_union": ("#D55E00", "^", "--"),
    "geopandas_identity": ("#E69F00", "v", "--"),
    "postgis_identity": ("#009E73", "<", "--"),
    "plain_shapely_pieces": ("#CC79A7", ">", "--"),
    "qgis_overlap": ("#D55E00", "^", ":"),
    "geopandas_intersection": ("#E69F00", "v", ":"),
    "plain_shapely": ("#CC79A7", ">", ":"),
    "limit": ("#7F7F7F", "x", ":"),
}


def plot(record: Record, path: Path) -> None:
    """Draw the aligned case; the legend is in the order of the lines' ends."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "three_opt_three_protect"  # the same drawing gives the same file
    results = by_key(record)
    sizes = sizes_of(results, CASES[0])
    figure = Figure(figsize=(10, 5.2))
    figure.subplots_adjust(left=0.07, right=0.56, bottom=0.1, top=0.97)
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="parcels", ylabel="CPU seconds")
    lines = _lines(axes, results, sizes)
    lines.sort(key=lambda line: -float(line.get_ydata()[-1]) / float(line.get_xdata()[-1]))
    axes.legend(handles=lines, loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False)
    axes.set_xticks(sizes, [f"{size:,}".replace(",", " ") for size in sizes])
    axes.xaxis.set_minor_formatter("")
    axes.yaxis.set_major_formatter(lambda seconds, _: f"{seconds:g}")
    axes.grid(which="major", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=110)


def _lines(axes: Any, results: Results, sizes: List[int]) -> List[Any]:
    lines: List[Any] = []
    for tool in (each for each in TOOLS if each.name in STYLES):
        found = [results.get((CASES[0], size, tool.name), {}) for size in sizes]
        done = [(each["parcels"], each["cpu"]) for each in found if each.get("cpu") is not None]
        colour, marker, dash = STYLES[tool.name]
        if done:
            lines += axes.plot(*zip(*done), color=colour, marker=marker, linestyle=dash, label=tool.title, markersize=6)
    return lines

"""This project inside QGIS: ``sysb:zoneoverlay``, every piece as geometry, and the summary."""

from __future__ import annotations

from benchmarks.cases import PARCEL_ID, files_of_command_line
from benchmarks.peers.qgis_session import session
from three_opt_three_protect.plugin import Plugin


def main() -> None:
    """Run the algorithm on the paths that the command line gets."""
    files = files_of_command_line()
    with session() as processing:
        plugin = Plugin(None)
        plugin.initProcessing()
        inputs = {
            "INPUT": files.source("parcels"),
            "ID_FIELD": PARCEL_ID,
            **{role.upper(): files.source(role) for role in ("farmland", "boundary", "redline")},
            "OTHER_ZONES": [files.source("villages")],
            "OUTPUT": str(files.output),
            "SUMMARY": str(files.output.with_name(f"{files.output.stem}_summary.gpkg")),
        }
        found = processing.run("sysb:zoneoverlay", inputs)
        print("\n".join(f"{name}\t{value}" for name, value in found.items()))
        plugin.unload()


if __name__ == "__main__":
    main()

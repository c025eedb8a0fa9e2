"""This project through its command line: every piece as geometry, and the summary."""

from __future__ import annotations

import gc
import sys

from benchmarks.cases import PARCEL_ID, Files, files_of_command_line
from three_opt_three_protect.__main__ import main as command_line


def overlay(files: Files, *options: str) -> int:
    """The command ``overlay`` with its default, official ellipsoidal areas."""
    zones = [word for role in ("farmland", "boundary", "redline") for word in (f"--{role}", files.source(role))]
    command = ["overlay", files.source("parcels"), str(files.output), *zones, "--zones", files.source("villages")]
    gc.disable()  # as the program does when it is run by itself
    return command_line([*command, "--id-field", PARCEL_ID, *options])


def main() -> int:
    """Write pieces and summary."""
    return overlay(files_of_command_line())


if __name__ == "__main__":
    sys.exit(main())

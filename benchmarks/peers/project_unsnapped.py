"""This project through its command line, zone vertices left where they are (``--tolerance 0``)."""

from __future__ import annotations

import sys

from benchmarks.cases import files_of_command_line
from benchmarks.peers.project_pieces import overlay


def main() -> int:
    """Write pieces and summary."""
    return overlay(files_of_command_line(), "--tolerance", "0")


if __name__ == "__main__":
    sys.exit(main())

"""This project through its command line: the areas of every combination, no geometry written."""

from __future__ import annotations

import sys

from benchmarks.cases import files_of_command_line
from benchmarks.peers.project_pieces import overlay


def main() -> int:
    """Write the summary only."""
    return overlay(files_of_command_line(), "--no-pieces")


if __name__ == "__main__":
    sys.exit(main())

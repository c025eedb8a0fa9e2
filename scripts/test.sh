#!/usr/bin/env bash
# Run the tests: scripts/test.sh [pytest options].  Without QGIS what needs it is left out, by name.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
options=()
# pytest-qgis imports QGIS when pytest starts.
has_qgis || options+=(-p no:pytest_qgis)
exec "$PYTHON" -m pytest "${options[@]}" --durations=10 "$@"

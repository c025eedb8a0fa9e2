# Source this: a headless QGIS with a profile, a run-time folder and the built plugin of this project.
# shellcheck shell=bash
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PYTHON="$PROJECT/.venv/bin/python"
export XDG_RUNTIME_DIR="$PROJECT/build/run"
export QGIS_CUSTOM_CONFIG_PATH="$PROJECT/build/profile"
export QGIS_PLUGINPATH="$PROJECT/build/plugins"
export QT_QPA_PLATFORM=offscreen
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$XDG_RUNTIME_DIR" "$QGIS_CUSTOM_CONFIG_PATH"
chmod 700 "$XDG_RUNTIME_DIR"

# True when the environment's Python has QGIS.
has_qgis() { "$PYTHON" -c 'import qgis.core' 2>/dev/null; }

# Debian's wrapper /usr/bin/qgis_process of 3.22 refuses every command; the program beside it works.
qgis_process() {
    local program
    program=$(command -v qgis_process.bin || command -v qgis_process) || { echo "qgis_process is not installed" >&2; return 127; }
    PYTHONPATH="$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')${PYTHONPATH:+:$PYTHONPATH}" command "$program" "$@"
}

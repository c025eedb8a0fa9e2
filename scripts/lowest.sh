#!/usr/bin/env bash
# The rooms without QGIS on the lowest versions promised (constraints-min.txt), with the oldest
# Python >= 3.9 that is there: Windows installs of QGIS 3.22 to 3.34 run Python 3.9.
set -euo pipefail
cd "$(dirname "$0")/.."

candidates() {
    local minor
    for minor in 9 10 11; do
        ls -1 "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor".*/bin/python 2>/dev/null || true
        command -v "python3.$minor" || true
    done
}

oldest_python() {
    local python
    for python in $(candidates); do
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            printf '%s' "$python"
            return
        fi
    done
    return 1
}

if ! python=$(oldest_python); then
    echo "lowest versions: skipped: no Python 3.9, 3.10 or 3.11 here, and the lowest versions have no wheels for newer ones"
    exit 0
fi
echo "lowest versions: on $("$python" -V) (the promise is Python 3.9)"
environment=build/lowest
stamp="$python $(cat requirements.txt constraints-min.txt | sha256sum)"
if [ "$(cat "$environment/stamp" 2>/dev/null || true)" != "$stamp" ]; then
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install -q --disable-pip-version-check --only-binary=:all: \
        -r requirements.txt -c constraints-min.txt pytest pytest-timeout hypothesis openpyxl
    printf '%s\n' "$stamp" > "$environment/stamp"
fi
rooms=()
for room in core storage reports plans; do
    [ ! -d "tests/$room" ] || rooms+=("tests/$room")
done
"$environment/bin/python" -m pytest -m "not slow" "${rooms[@]}"

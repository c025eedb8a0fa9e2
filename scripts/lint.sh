#!/usr/bin/env bash
# All checks run, also when one before them fails; the exit code says whether any failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
failed=0
check() {
    printf '== %s\n' "$*"
    "$@" || failed=1
}
package=three_opt_three_protect
check .venv/bin/ruff check .
check .venv/bin/ruff format --check .
check .venv/bin/mypy "$package/paths.py" "$package"/{core,storage,reports,plans,batch}
check .venv/bin/flake8 "$package" tests
exit "$failed"

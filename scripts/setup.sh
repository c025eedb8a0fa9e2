#!/usr/bin/env bash
# Install what is missing and nothing else: Debian or Ubuntu packages by group, and .venv.
#
#   scripts/setup.sh [run] [build] [check] [bench]
#
# Where packages cannot be installed (another system, no root) it says so and makes the
# environment with the Python there is: everything without QGIS then still works.
set -euo pipefail
cd "$(dirname "$0")/.."

# proj-bin: the distribution's pyproj finds its data by the program proj when run from an environment.
RUN="qgis python3-qgis qgis-providers python3-venv python3-gdal proj-bin fonts-noto-cjk xvfb xauth"
BUILD="qttools5-dev-tools pyqt5-dev-tools"
CHECK="poppler-utils libreoffice-writer-nogui libreoffice-calc-nogui postgresql postgresql-postgis chromium
       xdotool imagemagick"
BENCH="postgresql postgresql-postgis python3-psycopg2"

say() { printf 'setup: %s\n' "$*"; }

# The packages of the list that are not installed.
missing() {
    local package status
    for package in "$@"; do
        status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
        [ "$status" = "install ok installed" ] || printf '%s ' "$package"
    done
}

# Runs a command as root; fails when root cannot be had.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        return 1
    fi
}

# Quiet unless it fails: a fresh machine gets hundreds of packages.
apt_get() {
    mkdir -p build
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 "$@" >build/apt.log 2>&1 </dev/null; then
        tail -n 20 build/apt.log
        return 1
    fi
}

# Check-group packages have other names on some releases: take those that exist, name the rest.
obtainable() {
    local package
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then printf '%s ' "$package"; else say "no package $package here" >&2; fi
    done
}

install_packages() {
    local wanted
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "this is no Debian or Ubuntu: install QGIS >= 3.22 with its Python bindings, and Qt's lrelease and pylupdate5, yourself; going on with what is there"
        return
    fi
    # shellcheck disable=SC2046,SC2086
    wanted=$(missing $1)
    [ -n "$wanted" ] || return 0
    if ! as_root true; then
        say "not installed, and no root or sudo to install them: $wanted; going on with what is there"
        return
    fi
    say "installing $wanted"
    apt_get update || say "apt-get update failed; trying with the lists there are"
    # shellcheck disable=SC2086
    wanted=$(obtainable $wanted)
    # shellcheck disable=SC2086
    if [ -n "$wanted" ] && ! apt_get install --no-install-recommends $wanted; then
        say "apt-get could not install $wanted; going on with what is there"
    fi
}

# QGIS's bindings belong to /usr/bin/python3; another python3 may come first on PATH.
choose_python() {
    local python
    for python in /usr/bin/python3 "$(command -v python3 || true)"; do
        if [ -x "$python" ] && "$python" -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
            printf '%s' "$python"
            return
        fi
    done
    say "no Python >= 3.9 with the module venv (Debian: python3-venv)" >&2
    return 1
}

make_environment() {
    local python stamp
    python=$(choose_python)
    stamp="$python $("$python" -V) $(cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-64)"
    [ "$(cat .venv/stamp 2>/dev/null || true)" != "$stamp" ] || return 0
    # An environment of another Python, or one without the system's packages, cannot see QGIS.
    if [ -e .venv ] && ! grep -qs "^command = $python -m venv --system-site-packages" .venv/pyvenv.cfg; then
        rm -rf .venv
    fi
    [ -x .venv/bin/python ] || { say "making .venv with $python"; "$python" -m venv --system-site-packages .venv; }
    say "installing Python packages into .venv"
    .venv/bin/python -m pip install -q --disable-pip-version-check --prefer-binary -r requirements-dev.txt
    printf '%s\n' "$stamp" > .venv/stamp
}

packages=""
for group in "${@:-run}"; do
    case "$group" in
        run) packages="$packages $RUN" ;;
        build) packages="$packages $BUILD" ;;
        check) packages="$packages $CHECK" ;;
        bench) packages="$packages $BENCH" ;;
        *) say "no such group: $group (run, build, check, bench)"; exit 2 ;;
    esac
done
install_packages "$packages"
make_environment
if ! .venv/bin/python -c 'import qgis.core' 2>/dev/null; then
    say "QGIS is not importable by .venv/bin/python: what needs QGIS is left out"
fi

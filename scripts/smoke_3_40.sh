#!/usr/bin/env bash
# Smoke test on QGIS 3.40 beside the system's QGIS: load the plugin, a sample of 500 parcels,
# zoneoverlay, one map sheet.
#
# The packages come from Debian's backports into build/qgis340 by a private apt state; nothing of the
# system is touched and no root is needed.  Where that QGIS cannot be had (another distribution, no
# network) the script says "skipped: why" and succeeds: only a smoke test that ran and broke fails.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
home=$PROJECT/build/qgis340
root=$home/root

skip() { echo "smoke on QGIS 3.40: skipped: $*"; exit 0; }

fetch() {
    local state=$home/apt mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options
    mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null \
        | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
    mirror=${mirror:-http://deb.debian.org/debian}
    rm -rf "$home"
    mkdir -p "$state"/{state/lists/partial,cache/archives/partial}
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" bookworm "$keyring" "$mirror" bookworm-backports \
        > "$state/sources.list"
    options=(-o "Dir::State=$state/state" -o "Dir::State::status=/var/lib/dpkg/status" -o "Dir::Cache=$state/cache"
        -o "Dir::Etc::sourcelist=$state/sources.list" -o "Dir::Etc::sourceparts=-" -o "Debug::NoLocking=1"
        -o "APT::Sandbox::User=$(id -un)" -q)
    apt-get "${options[@]}" update || return 1
    apt-get "${options[@]}" -y -d --no-install-recommends -t bookworm-backports install \
        qgis python3-qgis qgis-providers || return 1
    mkdir -p "$root"
    for package in "$state"/cache/archives/*.deb; do
        dpkg -x "$package" "$root"
    done
    rm -rf "$state"
    touch "$home/complete"
}

if [ ! -e "$home/complete" ]; then
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ] || skip "the packages used are Debian bookworm-backports'"
    has_qgis || skip "the system's QGIS, whose libraries it shares, is not installed"
    echo "smoke on QGIS 3.40: fetching"
    fetch >"$PROJECT/build/qgis340.log" 2>&1 || { tail -n 5 "$PROJECT/build/qgis340.log"; skip "bookworm-backports cannot be had, see build/qgis340.log"; }
fi

libraries=$root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
export LD_LIBRARY_PATH=$root/usr/lib:$libraries:$libraries/pulseaudio
export PYTHONPATH=$root/usr/lib/python3/dist-packages:$root/usr/share/qgis/python:$root/usr/share/qgis/python/plugins
export QGIS_PREFIX_PATH=$root/usr
export QGIS_CUSTOM_CONFIG_PATH=$home/profile
mkdir -p "$QGIS_CUSTOM_CONFIG_PATH"
"$PYTHON" scripts/smoke.py "$home/out"

#!/usr/bin/env bash
# QGIS with the plugin and the sample township loaded, in a profile of its own.
# On a screen it stays open; with SCREENSHOT=folder it runs without one, leaves pictures there and ends.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
has_qgis || { echo "desk: QGIS is not installed" >&2; exit 1; }
export SYSB_SAMPLE=$PROJECT/build/desk/sample.gpkg
profile=$PROJECT/build/desk/profiles
rm -rf "$profile"
mkdir -p "$(dirname "$SYSB_SAMPLE")" "$profile/profiles/default/QGIS"
if [ ! -e "$SYSB_SAMPLE" ]; then
    qgis_process plugins enable three_opt_three_protect >/dev/null 2>&1 || true # fails when it is enabled already
    qgis_process run sysb:sampletownship -- SEED=1 PARCELS=8000 "OUTPUT=$SYSB_SAMPLE" >build/desk/log.txt 2>&1 \
        || { tail -n 20 build/desk/log.txt >&2; exit 1; }
fi
# Afresh each time: QGIS drops a plugin that failed once from its settings.
# QGIS's Chinese is zh-Hans; zh_CN would leave its menus English.
cat > "$profile/profiles/default/QGIS/QGIS3.ini" <<'INI'
[PythonPlugins]
three_opt_three_protect=true
[locale]
overrideFlag=true
userLocale=zh-Hans
[qgis]
checkVersion=false
[fonts]
downloadMissingFonts=false
INI
unset QGIS_CUSTOM_CONFIG_PATH
export PYTHONPATH
PYTHONPATH=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
export QT_QPA_PLATFORM=xcb
if [ -n "${SCREENSHOT:-}" ]; then
    "$PYTHON" scripts/window_shots.py --sample "$SYSB_SAMPLE" --out "$SCREENSHOT"
    ls "$SCREENSHOT"/*.png
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    unset XDG_RUNTIME_DIR QT_QPA_PLATFORM
    qgis --nologo --noversioncheck --profiles-path "$profile" --code scripts/desk_open.py
else
    echo "desk: no screen here; make desk SCREENSHOT=folder leaves pictures instead" >&2
    exit 1
fi

#!/usr/bin/env bash
# The whole plan of the sample township, headless: build/demo/{sample.gpkg,plan.gpkg,accounts.xlsx,sheets/*.pdf}.
# Without QGIS the command line makes everything but the sheets, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
out=$PROJECT/build/demo
# The plan is a Chinese township's: its workbook and verdicts are in Chinese unless SYSB_LANGUAGE=en says otherwise.
language=${SYSB_LANGUAGE:-zh}
# By a QGIS profile of its own: a bare system has no Chinese locale to set.
export QGIS_CUSTOM_CONFIG_PATH=$PROJECT/build/demo_profile
mkdir -p "$QGIS_CUSTOM_CONFIG_PATH/profiles/default/QGIS"
printf '[locale]\noverrideFlag=true\nuserLocale=%s\n' "${language/zh/zh-Hans}" \
    > "$QGIS_CUSTOM_CONFIG_PATH/profiles/default/QGIS/QGIS3.ini"
rm -rf "$out"
mkdir -p "$out"

with_qgis() {
    local roles=() role
    for role in parcels villages settlements township farmland boundary redline retained roads reclaim newbuild \
        population targets; do
        roles+=("${role^^}=$out/sample.gpkg|layername=$role")
    done
    # It fails when the plugin is enabled already; where it is not, the runs fail.
    qgis_process plugins enable three_opt_three_protect || true
    # Chained: errexit is off inside a function whose result is asked for.
    qgis_process run sysb:sampletownship -- SEED=1 PARCELS=8000 "OUTPUT=$out/sample.gpkg" &&
        qgis_process run sysb:townshipplan -- "${roles[@]}" \
            "PLAN=$out/plan.gpkg" "XLSX=$out/accounts.xlsx" "FOLDER=$out/sheets"
}

without_qgis() {
    "$PYTHON" -m three_opt_three_protect --language "$language" sample "$out/sample.gpkg" --seed 1 --parcels 8000
    # Exit code 1 says that a rule failed: a finding about the plan, not a fault of the run.
    "$PYTHON" -m three_opt_three_protect --language "$language" plan "$out/sample.gpkg" --output "$out" || [ $? = 1 ]
}

need() {
    local name
    for name in "$@"; do
        [ -n "$(compgen -G "$out/$name")" ] || { echo "demo: $name was not made; see build/demo/log.txt" >&2; exit 1; }
    done
}

if has_qgis && { command -v qgis_process.bin || command -v qgis_process; } >/dev/null; then
    with_qgis >"$out/log.txt" 2>&1 || { tail -n 20 "$out/log.txt" >&2; echo "demo: the run failed; see build/demo/log.txt" >&2; exit 1; }
    need plan.gpkg accounts.xlsx 'sheets/*.pdf'
else
    echo "demo: no QGIS here: made by the command line, without the map sheets"
    without_qgis
    need plan.gpkg accounts.xlsx
fi
PYTHONPATH=$PROJECT "$PYTHON" scripts/show_plan.py "$out/plan.gpkg" "$language"
(cd "$out" && find . -type f | sort | sed 's,^\./,  build/demo/,')

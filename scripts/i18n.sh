#!/usr/bin/env bash
# Bring the translation sources up to date with the words in the code: new ones come in unfinished,
# those no longer used go.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
mapfile -t sources < <(git ls-files --cached --others --exclude-standard -- 'three_opt_three_protect/*.py' 'three_opt_three_protect/*.ui' | sort)
pylupdate5 -noobsolete "${sources[@]}" -ts i18n/three_opt_three_protect_zh-Hans.ts 2>build/i18n.log || { cat build/i18n.log >&2; exit 1; }
# Line numbers would make every change of the code a change of this file.
sed -i '/<location filename=/d' i18n/three_opt_three_protect_zh-Hans.ts
unfinished=$(grep -c 'type="unfinished"' i18n/three_opt_three_protect_zh-Hans.ts || true)
echo "i18n: $unfinished unfinished in zh-Hans"

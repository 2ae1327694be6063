#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh OUTPUT: builds the component out of app.py, shop.py and wit/ with componentize-py (see Scripts/fetch-componentize-py).
set -euo pipefail
output="${1:?build.sh: expected the file to write}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PYTHONPATH="$("$here/../../Scripts/fetch-componentize-py")"
# Nothing but the app's own modules, and those in a folder of their own: Python leaves byte code beside what it imports.
unset VIRTUAL_ENV
export PYTHONPATH PYTHONNOUSERSITE=1
modules="$(mktemp -d)"
trap 'rm -rf "$modules"' EXIT
cp "$here"/*.py "$modules"
python3 -c 'import sys; import componentize_py; sys.exit(componentize_py.script())' \
    --quiet -d "$here/wit" -w app componentize app -p "$modules" -o "$output"

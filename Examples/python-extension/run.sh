#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh SCRATCH: makes the component in the folder SCRATCH, and calls it; `dovetail` is found in PATH. Ends with code 77, saying why, where
# the package cannot be built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if ! python3 -m pip download --quiet --no-deps --disable-pip-version-check -d "$1/reach" setuptools 2> "$1/pip.log"; then
    echo "PyPI, where the build backend comes from, is out of reach"
    exit 77
fi
# A build backend writes beside what it builds.
cp -r . "$1/source"
cd "$1/source"
dovetail componentize --python app -r requirements.txt -d wit -o "$1/names.wasm"
dovetail run --invoke 'closest("modul", ["nodule", "model", "import", "module", "moodle"], 2)' "$1/names.wasm"

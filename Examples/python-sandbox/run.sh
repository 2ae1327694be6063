#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh SCRATCH: makes the component in the folder SCRATCH, and calls it; `dovetail` is found in PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
dovetail componentize --python app -d wit -o "$1/sandbox.wasm"
dovetail run --invoke 'evaluate("statistics.mean([1, 2, 6])")' "$1/sandbox.wasm"
dovetail run --invoke 'evaluate("open(\"/etc/passwd\")")' "$1/sandbox.wasm"
dovetail run --max-memory 64M --invoke 'run("kept = bytearray(1 << 28)")' "$1/sandbox.wasm"
echo "code $(dovetail run --timeout 500ms --invoke 'run("while True: pass")' "$1/sandbox.wasm" 2> "$1/errors" && echo 0 || echo $?)"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh SCRATCH: makes the component in the folder SCRATCH, and runs it; `dovetail` is found in PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
dovetail componentize --python app -d ../swift-command/wit -o "$1/hello.wasm"
dovetail run "$1/hello.wasm"
dovetail run "$1/hello.wasm" Ada Grace

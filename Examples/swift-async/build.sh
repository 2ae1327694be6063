#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds searching.wasm, by this checkout's `dovetail` or the one that DOVETAIL names, and the Swift toolchain: 6.3.1 for the committed one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [[ -z ${DOVETAIL:-} ]]; then
    swift build --quiet --package-path ../.. --product dovetail
    DOVETAIL="$(swift build --package-path ../.. --show-bin-path)/dovetail"
fi
"$DOVETAIL" componentize --swift -d wit Searching.swift --lto -o searching.wasm

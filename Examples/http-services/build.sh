#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the components from their sources and wit/ with the Swift toolchain alone; DOVETAIL names the tool if it is not on the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for name in hello-http http-echo http-proxy; do
    "${DOVETAIL:-dovetail}" componentize --swift "$name.swift" -d wit -w proxy -o "$name.wasm"
done

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds shop.wasm from Shop.swift with the Swift toolchain alone; DOVETAIL names the tool if it is not on the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
"${DOVETAIL:-dovetail}" componentize --swift Shop.swift --lto -d ../swift-http/wit -o shop.wasm

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Assembles the components from their text, with wasm-tools 1.263.0 and dovetail on the PATH.
set -eu
cd "$(dirname "$0")"
for name in small calls variants wasi waiting; do
    wasm-tools parse "$name.wat" -o "$name.wasm"
done
wasm-tools component embed benchmarks.wit --world interfaces interfaces.wat |
    wasm-tools component new - -o interfaces.wasm
dovetail componentize --swift --speed -d benchmarks.wit -w echoes Echoes.swift -o echoes.wasm

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds program.wasm, and allocating.wasm that has an allocator to hand out, with clang of the Swift toolchain.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
clang="${CLANG:-$(dirname "$(readlink -f "$(command -v swiftc)")")/clang}"
build() {
    "$clang" --target=wasm32-unknown-unknown -std=gnu17 -Os -Wall -Wextra -nostdlib -ffreestanding -mbulk-memory \
        -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 -Wl,--stack-first "$@" program.c
}
build -o program.wasm
build -DALLOCATES -o allocating.wasm

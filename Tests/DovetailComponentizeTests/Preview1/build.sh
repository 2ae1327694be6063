#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds program.wasm, allocating.wasm that has an allocator to hand out, and library.wasm, with clang of the Swift toolchain.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
clang="${CLANG:-$(dirname "$(readlink -f "$(command -v swiftc)")")/clang}"
build() {
    "$clang" --target=wasm32-unknown-unknown -std=gnu17 -Os -Wall -Wextra -nostdlib -ffreestanding -mbulk-memory \
        -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 -Wl,--stack-first "$@"
}
build -o program.wasm program.c
build -DALLOCATES -o allocating.wasm program.c
build -o library.wasm library.c

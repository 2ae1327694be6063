#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the guests of these tests; the tools and their versions are named in Examples/guest-support/build-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for guest in types resources app; do ../../../Examples/guest-support/build-guest "$guest" "$guest"; done
for guest in names structures sinks; do
    ./mirror "../Corpus/$guest.wit" "mirrors/$guest.wat" "mirrors/$guest.wasm"
done
./mirror ../Corpus/versions mirrors/versions.wat mirrors/versions.wasm

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds word-counter.wasm; the tools and their versions are named in ../guest-support/build-plain-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
../guest-support/build-plain-guest . word-counter

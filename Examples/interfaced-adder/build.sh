#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds interfaced-adder.wasm; the tools and their versions are named in ../guest-support/build-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
../guest-support/build-guest . interfaced-adder

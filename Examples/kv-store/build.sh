#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds kv-store.wasm from kv-store.c and wit/; the tools and their versions are named in ../guest-support/build-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
../guest-support/build-guest . kv-store

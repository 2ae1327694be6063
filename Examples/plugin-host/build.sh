#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the plugins; the tools and their versions are named in ../guest-support/build-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for plugin in shout shorten; do ../guest-support/build-guest . "$plugin"; done

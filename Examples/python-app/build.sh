#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh OUTPUT: builds the component out of app.py, shop.py and wit/ with componentize-py (see Scripts/fetch-componentize-py).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec "$here/../guest-support/build-python-guest" "$here" app "${1:?build.sh: expected the file to write}"

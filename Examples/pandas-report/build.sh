#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the component; NumPy and pandas are compiled for WASI the first time.
set -eu
output="${1:-$PWD/report.wasm}"
case $output in /*) ;; *) output="$PWD/$output" ;; esac
cd "$(dirname "$0")"
dovetail componentize --python app -r requirements.txt -d wit -o "$output"

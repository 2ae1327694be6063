# SPDX-License-Identifier: Apache-2.0
"""Greets everybody on the command line, or the world."""

import sys

from wit_world import exports


class Run(exports.Run):
    def run(self) -> None:
        for name in sys.argv[1:] or ["world"]:
            print(f"Hello, {name}!")

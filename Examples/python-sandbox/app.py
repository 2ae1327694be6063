# SPDX-License-Identifier: Apache-2.0
"""Runs code that others have written: what keeps it in bounds is the sandbox around the component, not Python."""

import math
import statistics

import wit_world
from componentize_py_types import Err

names = {"math": math, "statistics": statistics}


class WitWorld(wit_world.WitWorld):
    def run(self, code: str) -> None:
        try:
            exec(code, names)
        except Exception as error:
            raise Err(f"{type(error).__name__}: {error}") from error

    def evaluate(self, expression: str) -> str:
        try:
            return repr(eval(expression, names))
        except Exception as error:
            raise Err(f"{type(error).__name__}: {error}") from error

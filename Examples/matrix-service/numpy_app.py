# SPDX-License-Identifier: Apache-2.0
"""The same service, whose products NumPy computes."""

import app
import numpy as np
from app import IncomingHandler

__all__ = ["IncomingHandler"]


def multiply(left, right):
    return (np.array(left, dtype=float) @ np.array(right, dtype=float)).tolist()


app.multiply = multiply
# What a first product brings into memory is there, then, when the first request comes.
multiply([[1]], [[1]])

# SPDX-License-Identifier: Apache-2.0
"""How many letters two words differ by."""

from edits._edits import distance

__all__ = ["distance"]

# SPDX-License-Identifier: Apache-2.0
"""Finds names that somebody may have meant: the loop over all letters is in C."""

from edits import distance
from wit_world import exports
from wit_world.exports.names import Match


class Names(exports.Names):
    def closest(self, word: str, names: list[str], at_most: int) -> list[Match]:
        matches = [Match(name, distance(word, name, at_most)) for name in names]
        return sorted((match for match in matches if match.edits <= at_most), key=lambda match: match.edits)

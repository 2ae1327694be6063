# SPDX-License-Identifier: Apache-2.0
"""The resources of the interface `guest`: bags of words."""

from componentize_py_types import Err
from wit_world.exports import guest


class Bag(guest.Bag):
    alive = 0

    def __init__(self, name: str) -> None:
        self.title = name
        self.words: list[str] = []
        Bag.alive += 1

    def __del__(self) -> None:
        Bag.alive -= 1

    def put(self, word: str) -> int:
        if not word:
            raise Err("a word has letters")
        self.words.append(word)
        return len(self.words)

    def name(self) -> str:
        return self.title

    @classmethod
    def merge(cls, a: "Bag", b: "Bag") -> "Bag":
        merged = cls(a.title)
        merged.words = a.words + b.words
        return merged

    @classmethod
    def total(cls, bags: list["Bag"]) -> int:
        return sum(len(bag.words) for bag in bags)

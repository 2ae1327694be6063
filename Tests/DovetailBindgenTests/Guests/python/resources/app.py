# SPDX-License-Identifier: Apache-2.0
"""Bags of words, and counters of the host."""

from guest import Bag
from wit_world import exports
from wit_world.exports.guest import Pair
from wit_world.imports import host


class Guest(exports.Guest):
    def make_pair(self, name: str) -> Pair:
        return Pair(Bag(name), Bag(name))

    def unpack(self, pair: Pair) -> list[Bag]:
        return [pair.first, pair.second]

    def maybe(self, yes: bool) -> Bag | None:
        return Bag("maybe") if yes else None

    def use_counter(self, counter: host.Counter, n: int) -> int:
        return counter.add(n)

    def pass_(self, counter: host.Counter) -> host.Counter:
        return counter

    def alive(self) -> int:
        return Bag.alive

    def play(self) -> int:
        a, b = host.find("a"), host.find("b")
        total, largest = host.sum([a, b]), host.Counter.max(a, b)
        # At the end of the block the counter is dropped, and what is given away is no longer there either.
        with host.Counter(3) as counter:
            assert counter.add(1) == 4
        count = host.return_all([host.Labeled("a", a), host.Labeled("b", b)])
        for gone in (counter, a, b):
            try:
                gone.add(1)
            except ValueError:
                continue
            return 0
        # What is of the wrong type is refused, and nothing is given away then.
        c = host.find("c")
        try:
            host.return_all([host.Labeled("c", c), host.Labeled("d", "e")])
        except TypeError as error:
            assert error.__notes__ == ["in `counters[1].counter` of `return-all`"], error.__notes__
        assert c.add(0) == ord("c")
        return total + largest + count

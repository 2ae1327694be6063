# SPDX-License-Identifier: Apache-2.0
"""The resources of the interface `shop`; componentize-py looks for them in a module of that name."""

from typing import List, Tuple

from componentize_py_types import Err
from wit_world.exports import shop
from wit_world.exports.shop import (
    Change, Change_Add, Change_Clear, Change_Remove, Item, Problem_EmptyBasket, Problem_NoPrice, Problem_UnknownItem)

made = 0


class Basket(shop.Basket):
    def __init__(self, owner: str) -> None:
        global made
        made += 1
        self.name = owner
        self.items: List[Item] = []

    def apply(self, changes: List[Change]) -> List[Item]:
        for change in changes:
            match change:
                case Change_Add(value=item):
                    self.items.append(item)
                case Change_Remove(value=name):
                    kept = [item for item in self.items if item.name != name]
                    if len(kept) == len(self.items):
                        raise Err(Problem_UnknownItem(name))
                    self.items = kept
                case Change_Clear():
                    self.items = []
        return self.items

    def total(self) -> List[Tuple[str, int]]:
        if not self.items:
            raise Err(Problem_EmptyBasket())
        sums: dict[str, float] = {}
        for item in self.items:
            if item.price is None:
                raise Err(Problem_NoPrice(item))
            cents, currency = item.price
            sums[currency] = sums.get(currency, 0.0) + cents * item.amount
        return [(currency, round(sum)) for currency, sum in sorted(sums.items())]

    def owner(self) -> str:
        return self.name

    @classmethod
    def merge(cls, first: "Basket", second: "Basket") -> "Basket":
        both = cls(first.name)
        both.items = first.items + second.items
        return both

# SPDX-License-Identifier: Apache-2.0
"""Passes every value on to the host, and what the host says back."""

from componentize_py_types import Result, Some
from wit_world import exports
from wit_world.imports import values
from wit_world.imports.values import Color, Item, Many, Numbers, Order, Permissions, Shape


class Values(exports.Values):
    def echo_numbers(self, v: Numbers) -> Numbers:
        return values.echo_numbers(v)

    def echo_order(self, v: Order) -> Order:
        copy = Order(v.id, [Item(item.name, item.price, item.tags, item.note) for item in v.items], v.paid)
        assert copy == v
        return values.echo_order(copy)

    def echo_orders(self, v: list[Order]) -> list[Order]:
        return values.echo_orders(v)

    def echo_color(self, v: Color) -> Color:
        assert Color(v.value) is v and Color[v.name] is v and v in list(Color) and len(Color) == 3
        return values.echo_color(v)

    def echo_permissions(self, v: Permissions) -> Permissions:
        assert ~~v is v and v | v is v and all(flag in v for flag in v)
        assert len(list(Permissions)) == 3 and (~v).value == 7 - v.value
        return values.echo_permissions(v)

    def echo_many(self, v: Many) -> Many:
        return values.echo_many(v)

    def echo_shape(self, v: Shape) -> Shape:
        match v:
            case values.Shape_Circle(radius):
                v = values.Shape_Circle(value=radius)
        return values.echo_shape(v)

    def echo_shapes(self, v: list[Shape]) -> list[Shape]:
        return values.echo_shapes(v)

    def echo_text(self, v: str) -> str:
        return values.echo_text(v)

    def echo_letter(self, v: str) -> str:
        return values.echo_letter(v)

    def echo_maybe(self, v: Some[int | None] | None) -> Some[int | None] | None:
        return values.echo_maybe(v)

    def echo_outcome(self, v: Result[int, str]) -> int:
        return values.echo_outcome(v)

    def echo_outcomes(self, v: list[Result[int, str]]) -> list[Result[int, str]]:
        return values.echo_outcomes(v)

    def echo_swap(self, v: tuple[int, int]) -> tuple[int, int]:
        return values.echo_swap(v)

    def echo_bytes(self, v: bytes) -> bytes:
        return values.echo_bytes(bytearray(v))

    def echo_words(self, v: list[int]) -> list[int]:
        return values.echo_words(tuple(v))

    def echo_reals(self, v: list[float]) -> list[float]:
        return values.echo_reals(v)

    def echo_flag(self, v: bool) -> bool:
        return values.echo_flag(v)

    def find(self, key: str) -> Order:
        return values.find(key)

    def check(self, key: str) -> None:
        values.check(key)

    def status(self, code: int) -> None:
        values.status(code)

    def many_parameters(
        self, a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: float, j: str
    ) -> str:
        return values.many_parameters(a, b, c, d, e, f, g, h, i, j)

    def seventeen(
        self, a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int, j: int, k: int, l: int, m: int,
        n: int, o: int, p: int, q: int
    ) -> int:
        return values.seventeen(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)

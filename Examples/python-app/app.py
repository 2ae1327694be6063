# SPDX-License-Identifier: Apache-2.0
"""A shop: what a Python component can exchange with its host, and nothing that a shop would not need."""

import os
import sys
from typing import List, Optional, Tuple

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.shop import Problem_Refused
from wit_world.imports import host

import shop


class Shop(exports.Shop):
    def reverse(self, text: str) -> str:
        return text[::-1]

    def sums(self, lists: List[List[int]]) -> List[int]:
        return [sum(numbers) for numbers in lists]

    def sorted(self, bytes: bytes) -> bytes:
        return b"".join(byte.to_bytes() for byte in sorted(bytes))

    def doubled(self, numbers: bytes) -> List[Optional[int]]:
        return [2 * number if number < 128 else None for number in numbers]

    def translate(self, words: List[str]) -> List[str]:
        try:
            return [host.translate(word) for word in words]
        except Err as error:
            raise Err(Problem_Refused(error.value)) from error

    def note(self, notebook: str, lines: List[str]) -> Optional[str]:
        with host.Notebook(notebook) as book:
            count = 0
            for line in lines:
                count = book.add(line)
            return book.line(count - 1) if count else None

    def finish(self, notebook: host.Notebook) -> int:
        with notebook:
            return notebook.add("finished")

    def greet(self, name: str) -> None:
        print(f"Hello, {name}!", flush=True)
        print(f"greeted {name!r}", file=sys.stderr, flush=True)

    def fail(self, message: str) -> None:
        raise RuntimeError(message)

    def surroundings(self) -> Tuple[List[str], Optional[str], bool]:
        try:
            with open("/data/note.txt", encoding="utf-8") as file:
                readable = file.read() == "readable\n"
        except OSError:
            readable = False
        return sys.argv, os.environ.get("SHOP"), readable

    def baskets(self) -> int:
        return shop.made

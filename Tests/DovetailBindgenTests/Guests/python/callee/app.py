# SPDX-License-Identifier: Apache-2.0
"""What callers wait for."""

import asyncio

import service
import wit_world
from componentize_py_async_support import spawn
from componentize_py_types import Err
from dovetail_async import ByteStreamReader, FutureReader, StreamReader
from wit_world import exports
from wit_world.exports.service import Item

cancellations = 0


async def pause(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


class Service(exports.Service):
    async def wait(self, turns: int) -> int:
        await pause(turns)
        return turns

    async def repeat(self, text: str, times: int) -> str:
        parts = []
        for _ in range(times):
            parts.append(text)
            await pause(1)
        return "".join(parts)

    async def check(self, name: str) -> int:
        if len(name) >= 4:
            await pause(1)
            raise Err(f"{name} is too long")
        return len(name)

    async def mix(self, a: int, b: str, c: bytes, d: str | None) -> tuple[int, str]:
        return a + len(c), b + (d or "nothing")

    async def never(self) -> int:
        global cancellations
        try:
            while True:
                await pause(1)
        finally:
            cancellations += 1

    def cancelled(self) -> int:
        return cancellations

    async def pass_(self, item: Item, turns: int) -> Item:
        await pause(turns)
        return item

    async def upper(self, input: ByteStreamReader) -> ByteStreamReader:
        writer, reader = wit_world.byte_stream()

        async def copy() -> None:
            with writer, input:
                while some := await input.read(1000):
                    await writer.write_all(some.upper())

        spawn(copy())
        return reader

    async def words(self, count: int) -> StreamReader[str]:
        writer, reader = wit_world.string_stream()

        async def write() -> None:
            with writer:
                await writer.write_all([f"word {number}, which is longer than a small string" for number in range(count)])
                await writer.write_all(["end"])

        spawn(write())
        return reader

    async def items(self, count: int) -> StreamReader[Item]:
        writer, reader = wit_world.test_tasks_service_item_stream()

        async def write() -> None:
            with writer:
                await writer.write_all([service.Item(f"item {number}") for number in range(count)])

        spawn(write())
        return reader

    async def promise(self, text: str, turns: int) -> FutureReader[str]:
        writer, reader = wit_world.string_future(lambda: "nothing was written")

        async def write() -> None:
            with writer:
                await pause(turns)
                await writer.write(text)

        if text:
            spawn(write())
        return reader

    async def pauses(self, count: int) -> StreamReader[None]:
        writer, reader = wit_world.unit_stream()

        async def write() -> None:
            with writer:
                for _ in range(count):
                    await writer.write([None])

        spawn(write())
        return reader

# SPDX-License-Identifier: Apache-2.0
"""Calls that wait for others, several at once."""

import asyncio
from collections import deque

import wit_world
from componentize_py_async_support import spawn
from wit_world import exports
from wit_world.imports import service
from wit_world.imports.service import Item

messages: deque[str] = deque()
receivers: deque[asyncio.Future[str]] = deque()
beginnings = 0


def deliver(text: str) -> None:
    if receivers:
        receivers.popleft().set_result(text)
    else:
        messages.append(text)


class Work(exports.Work):
    async def sum(self, count: int, turns: int) -> int:
        return sum([number + await service.wait(turns) for number in range(count)])

    async def together(self, names: list[str]) -> list[str]:
        first = asyncio.create_task(service.repeat("first, at the same time; ", 3))
        mixed = asyncio.create_task(service.mix(1, "b", b"123", "d, at the same time"))
        texts: list[str] = []
        async with asyncio.TaskGroup() as group:
            for number, name in enumerate(names):
                group.create_task(service.repeat(name, len(names) - number)).add_done_callback(
                    lambda task: texts.append(task.result()))
        number, text = await mixed
        return texts + [await first, f"{number} {text}"]

    async def fail(self, name: str) -> str:
        length = await service.check(name)
        return f"{length} {await asyncio.create_task(service.check(name + "!"))}"

    async def race(self) -> str:
        before = service.cancelled()
        never = asyncio.create_task(service.never())
        await asyncio.sleep(0)
        first = await service.wait(7)
        never.cancel()
        second = (await asyncio.gather(never, return_exceptions=True))[0]
        return f"{first} {99 if isinstance(second, asyncio.CancelledError) else second} {service.cancelled() - before}"

    async def receive(self) -> str:
        if messages:
            return messages.popleft()
        receivers.append(asyncio.get_running_loop().create_future())
        return await receivers[-1]

    def send(self, text: str) -> None:
        deliver(text)

    async def send_later(self, text: str) -> None:
        await service.wait(2)
        deliver(text)

    async def hand_over(self, name: str) -> str:
        same = await service.pass_(Item(name), 2)
        named = await same.name()
        # One that is cancelled while it has the item takes it along.
        task = asyncio.create_task(service.pass_(same, 1_000_000))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return f"{named} {str(task.cancelled()).lower()} {Item.live()}"

    async def shout(self, text: str) -> str:
        writer, reader = wit_world.byte_stream()

        async def send() -> int:
            with writer:
                return await writer.write_all(text.encode())

        sent = asyncio.create_task(send())
        parts = [part async for part in await service.upper(reader)]
        return f"{b"".join(parts).decode()} {await sent}"

    async def collect(self, count: int) -> tuple[list[str], int]:
        words = [word async for word in await service.words(count)]
        items = await service.items(count)
        first = await items.read(3)
        return words, len(first) + len([item async for item in items])

    async def some_items(self, count: int) -> list[str]:
        names = []
        with await service.items(count) as items:
            # They are written one by one.
            for item in await items.read(1) + await items.read(1):
                with item:
                    names.append(await item.name())
        # The other end learns of it, and drops those that nobody took.
        await service.wait(300)
        return names + [str(Item.live())]

    async def promised(self, text: str, turns: int) -> str | None:
        return await (await service.promise(text, turns))

    async def count_pauses(self, count: int) -> int:
        return len([None async for _ in await service.pauses(count)])

    async def begin(self, turns: int) -> None:
        async def go_on() -> None:
            global beginnings
            await service.wait(turns)
            beginnings += 1

        spawn(go_on())

    def begun(self) -> int:
        return beginnings

    async def count_actor(self, tasks: int) -> int:
        count = 0

        async def increment() -> None:
            nonlocal count
            count += 1
            await asyncio.sleep(0)
            count += 1

        await asyncio.gather(*[increment() for _ in range(tasks)])
        return count

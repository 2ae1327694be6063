# SPDX-License-Identifier: Apache-2.0
"""The resource that the interface `service` exports."""

import asyncio

from wit_world.exports import service


class Item(service.Item):
    count = 0

    def __init__(self, name: str) -> None:
        self.text = name
        Item.count += 1

    def __del__(self) -> None:
        Item.count -= 1

    async def name(self) -> str:
        await asyncio.sleep(0)
        return self.text

    @classmethod
    def live(cls) -> int:
        return cls.count

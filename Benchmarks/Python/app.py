# SPDX-License-Identifier: Apache-2.0
"""The guest of `python-second-start`: what it does hardly counts, what it takes to get there is measured."""

import wit_world


class WitWorld(wit_world.WitWorld):
    def greet(self, name: str) -> str:
        return f"Hello, {name}!"

# SPDX-License-Identifier: Apache-2.0
"""Keeps a value for a key in the host's store."""

from typing import Optional

import wit_world
from wit_world.imports import store

# Opened at the first call and kept: what one call sets, the next one finds. The host is not there yet when this module is imported.
connection: Optional[store.Connection] = None


class WitWorld(wit_world.WitWorld):
    def replace_value(self, key: str, value: str) -> Optional[str]:
        global connection
        if connection is None:
            connection = store.Connection()
            wit_world.log("opened a connection")
        old = connection.get(key)
        connection.set(key, value)
        wit_world.log("set a new value" if old is None else "replaced a value")
        return old

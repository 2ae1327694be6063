# SPDX-License-Identifier: Apache-2.0
"""A plugin: it is given a text and the number of the call, and gives its result back by a function of its host."""

import collections

import sdk


def run_e(payload, ident):
    print(f"called with {len(payload)} characters")
    words = payload.split()
    if not words:
        sdk.return_error(400, "there are no words", ident)
        return
    word, count = collections.Counter(words).most_common(1)[0]
    sdk.return_result(f"`{word}` occurs {count} times", ident)

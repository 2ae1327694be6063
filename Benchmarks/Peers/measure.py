# SPDX-License-Identifier: Apache-2.0
"""Times work: batches of a calibrated size, the quickest of them, as `wasmtime-bench` has it."""

import json
import time

BATCH = 2_000_000  # nanoseconds that a batch should take
BATCHES = 21
LIMIT = 3_000_000_000  # after which no new batch begins, once there are some


def batch(work, operations):
    """Nanoseconds for one operation."""
    start = time.perf_counter_ns()
    work(operations)
    return (time.perf_counter_ns() - start) / operations


def repeated(operation):
    """Work that does the operation again and again."""

    def work(operations):
        for _ in range(operations):
            operation()

    return work


def measure(work):
    operations = 1
    while (each := batch(work, operations)) * operations < BATCH:
        operations = max(operations + 1, min(operations * 10, int(1.2 * BATCH / max(each, 1))))
    times = []
    start = time.perf_counter_ns()
    while len(times) < BATCHES:
        if len(times) >= 3 and time.perf_counter_ns() - start > LIMIT:
            break
        times.append(batch(work, operations))
    return min(times)


def report(cases):
    """Prints a JSON object of names and nanoseconds; `cases` are names and work."""
    print(json.dumps({name: measure(work) for name, work in cases}))

# SPDX-License-Identifier: Apache-2.0
"""The benchmarks' work through wasmtime-py 50: its component API, which is dynamic.

usage: py50.py FOLDER-OF-COMPONENTS
"""

import pathlib
import sys

from measure import repeated, report
from wasmtime import Engine, Store
from wasmtime.component import Component, Linker, Record, ResourceHost, ResourceType, Variant

folder = pathlib.Path(sys.argv[1])
engine = Engine()
store = Store(engine)


def small():
    component = Component(engine, (folder / "small.wasm").read_bytes())
    linker = Linker(engine)
    instance = linker.instantiate(store, component)
    add = instance.get_func(store, "add")
    echo_bytes = instance.get_func(store, "echo-bytes")
    echo_string = instance.get_func(store, "echo-string")
    sum_records = instance.get_func(store, "sum-records")
    data = b"x" * 65536
    text = "x" * 1024
    records = []
    for number in range(1000):
        record = Record()
        record.id = number
        record.x = 1.0
        records.append(record)

    yield "add", repeated(lambda: add(store, 1, 2))
    yield "bytes-64k", repeated(lambda: echo_bytes(store, data))
    yield "string-1k", repeated(lambda: echo_string(store, text))
    yield "records-1000", repeated(lambda: sum_records(store, records))
    yield "instantiate-pooled", repeated(lambda: linker.instantiate(Store(engine), component))


def variants():
    instance = Linker(engine).instantiate(store, Component(engine, (folder / "variants.wasm").read_bytes()))
    sum_variants = instance.get_func(store, "sum-variants")
    # A shape is told by its Python type; an option of one is not, nor is an item.
    makers = (
        lambda number: Variant("number", number),
        lambda number: Variant("drawing", float(number)),
        lambda number: Variant("drawing", number),
        lambda number: Variant("maybe", Variant("some", None)),
        lambda number: Variant("maybe", Variant("none")),
    )
    items = [makers[number % 5](number) for number in range(1000)]

    yield "variants-1000", repeated(lambda: sum_variants(store, items))


def calls():
    kind = ResourceType.host(1)
    counters = {1: 0}

    def increment(store, counter, step):
        rep = counter.to_host(store).rep
        counters[rep] += step
        return counters[rep]

    linker = Linker(engine)
    with linker.root() as root:
        root.add_func("tick", lambda _, number: number + 1)
        root.add_func("name", lambda _, name: None)
        root.add_resource("counter", kind, lambda _, rep: counters.pop(rep, None))
        root.add_func("[method]counter.inc", increment)
    instance = linker.instantiate(store, Component(engine, (folder / "calls.wasm").read_bytes()))
    ticks = instance.get_func(store, "ticks")
    names = instance.get_func(store, "names")
    bumps = instance.get_func(store, "bumps")

    def bump(operations):
        counters[1] = 0
        bumps(store, ResourceHost.own(1, 1), operations)

    yield "host-u32", lambda operations: ticks(store, operations)
    yield "host-string-16", lambda operations: names(store, operations)
    yield "host-method", bump


report([*small(), *variants(), *calls()])

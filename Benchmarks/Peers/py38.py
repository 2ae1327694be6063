# SPDX-License-Identifier: Apache-2.0
"""The benchmarks' work through the bindings that wasmtime-py 38 generates, the last release that generates any.

Its generator refuses a type exported by itself, so `small.wat` goes without its record; records and variants are those of
`interfaces.wat`. It refuses imported resources too: nothing of `calls.wat`.

usage: py38.py FOLDER-OF-COMPONENTS SCRATCH-FOLDER
"""

import importlib
import pathlib
import subprocess
import sys

from measure import repeated, report
from wasmtime import Engine, Store, wat2wasm

components, scratch = map(pathlib.Path, sys.argv[1:])
sys.path.insert(0, str(scratch))


def bindings(component, name):
    """Generates a package as a user would, and imports it."""
    command = [sys.executable, "-B", "-m", "wasmtime.bindgen", component, "--out-dir", scratch / name]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return importlib.import_module(name)


def small():
    text = (components / "small.wat").read_text()
    component = scratch / "small.wasm"
    component.write_bytes(wat2wasm("\n".join(line for line in text.splitlines() if "$rec" not in line)))
    package = bindings(component, "small_bindings")
    engine = Engine()
    store = Store(engine)
    root = package.Root(store)
    data = b"x" * 65536
    text = "x" * 1024

    yield "add", repeated(lambda: root.add(store, 1, 2))
    yield "bytes-64k", repeated(lambda: root.echo_bytes(store, data))
    yield "string-1k", repeated(lambda: root.echo_string(store, text))
    yield "instantiate-pooled", repeated(lambda: package.Root(Store(engine)))


def lists():
    package = bindings(components / "interfaces.wasm", "interface_bindings")
    types = importlib.import_module("interface_bindings.exports.lists")
    store = Store(Engine())
    lists = package.Root(store).lists()
    records = [types.Rec(number, 1.0) for number in range(1000)]
    makers = (
        lambda number: types.ItemNumber(number),
        lambda number: types.ItemDrawing(types.ShapeCircle(float(number))),
        lambda number: types.ItemDrawing(types.ShapeSquare(number)),
        lambda number: types.ItemMaybe(types.ShapePoint()),
        lambda number: types.ItemMaybe(None),
    )
    items = [makers[number % 5](number) for number in range(1000)]

    yield "records-1000", repeated(lambda: lists.sum_records(store, records))
    yield "variants-1000", repeated(lambda: lists.sum_variants(store, items))


report([*small(), *lists()])

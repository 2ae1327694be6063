// SPDX-License-Identifier: Apache-2.0

import Dovetail

// The component lies beside the package; a program of yours would get its path from elsewhere.
let path = CommandLine.arguments.dropFirst().first ?? "adder.wasm"

let engine = try Engine()
let component = try Component(engine: engine, path: path)
let store = Store(engine: engine)
let instance = try Linker(engine: engine).instantiate(component, in: store)
print("exports: \(instance.functionNames.joined(separator: ", "))")

// With dynamic values: for tools, which learn the types at run time.
let add = try instance.function("add")
if case .s32(let sum)? = try add.call(.s32(1), .s32(2)) { print("1 + 2 = \(sum)") }

// With Swift's own types: compared with the component's once, then as quick as it gets.
let typed = try add.typed(as: ((Int32, Int32) -> Int32).self)
print("40 + 2 = \(try typed(40, 2))")
print("the largest + 1 = \(try typed(.max, 1))")

// What does not fit is refused before anything runs.
do {
    try add.call(.s32(1), .string("two"))
} catch {
    print("error: \(error)")
}

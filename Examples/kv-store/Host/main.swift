// SPDX-License-Identifier: Apache-2.0

import Dovetail

let path = CommandLine.arguments.dropFirst().first ?? "kv-store.wasm"
let engine = try Engine()
let component = try Component(engine: engine, path: path)

// What is missing is listed all at once, with the types.
do {
    _ = try Linker(engine: engine).prepare(component)
} catch let error as LinkError {
    print("the component imports \(error.problems.count) things, among them `\(error.problems[0].name)`")
}

// The interface the component imports: a resource, whose objects are instances of a Swift class, and its methods.
var linker = Linker(engine: engine)
let interface = "example:kv-store/store@0.1.0"
linker.defineResource("connection", in: interface, Connection.self)
linker.define("[constructor]connection", in: interface) { (_: Caller) in Own(Connection()) }
linker.define(
    "[method]connection.get", in: interface
) { (_: Caller, self: Borrow<Connection>, key: String) in self.object.get(key) }
linker.define(
    "[method]connection.set", in: interface
) { (_: Caller, self: Borrow<Connection>, key: String, value: String) in self.object.set(key, value) }
linker.define(
    "[method]connection.remove", in: interface
) { (_: Caller, self: Borrow<Connection>, key: String) in self.object.remove(key) }
linker.define(
    "[method]connection.clear", in: interface
) { (_: Caller, self: Borrow<Connection>) in self.object.clear() }

// A function that is imported by itself, with dynamic values.
linker.define("log") { _, arguments in
    if case .string(let message) = arguments[0] { print("guest: \(message)") }
    return nil
}

// Matched once, for as many instances as you like.
let prepared = try linker.prepare(component)

func replace(_ key: String, _ value: String, in instance: Instance) throws {
    let replaceValue = try instance.function("replace-value").typed(as: ((String, String) -> String?).self)
    let old = try replaceValue(key, value)
    print("\(key): \(old.map { "\"\($0)\"" } ?? "nothing") is now \"\(value)\"")
}

// Everything that an instance holds goes with its store, connections too.
for name in ["first", "second"] {
    print("the \(name) instance:")
    let instance = try prepared.instantiate(in: Store(engine: engine))
    try replace("color", "blue", in: instance)
    try replace("color", "grün", in: instance)
    try replace("size", name, in: instance)
}

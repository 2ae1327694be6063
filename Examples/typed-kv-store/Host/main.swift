// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// What the component may call: a log, and connections to a store.
final class Host: KvStore.Imports {
    /// A connection: its own dictionary.
    final class Connection: KvStore.Store.Connection {
        var values: [String: String] = [:]

        deinit { print("closed a connection with \(values.count) value(s)") }

        func get(key: String) -> String? { values[key] }
        func set(key: String, value: String) { values[key] = value }
        func remove(key: String) -> String? { values.removeValue(forKey: key) }
        func clear() { values = [:] }
    }

    func log(msg: String) { print("log: \(msg)") }
    func makeConnection() -> any KvStore.Store.Connection { Connection() }
}

let engine = try Engine()
let component = try Component(engine: engine, path: "../kv-store/kv-store.wasm")
do {
    let world = try KvStore(component, in: Store(engine: engine), imports: Host())
    print(try world.replaceValue(key: "greeting", value: "hello") ?? "no value before")
    print(try world.replaceValue(key: "greeting", value: "good morning") ?? "no value before")
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// A host whose functions wait.
private final class Host: AsyncKvStore.Imports {
    final class Connection: AsyncKvStore.Store.Connection {
        var values: [String: String] = [:]

        func get(key: String) async -> String? {
            await Task.yield()
            return values[key]
        }
        func set(key: String, value: String) async throws {
            try await Task.sleep(for: .milliseconds(1))
            values[key] = value
        }
        func remove(key: String) async -> String? { values.removeValue(forKey: key) }
        func clear() async { values = [:] }
    }

    var messages: [String] = []

    func log(msg: String) async {
        await Task.yield()
        messages.append(msg)
    }

    func makeConnection() async -> any AsyncKvStore.Store.Connection { Connection() }
}

@Suite("Bindings whose functions are async")
struct AsyncTests {
    @Test("suspend the guest while the host waits")
    func replaceValue() async throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.example("kv-store/kv-store.wasm"))
        let host = Host()
        let world = try AsyncKvStore(component, in: Store(engine: engine), imports: host)
        #expect(try await world.replaceValue(key: "a", value: "1") == nil)
        #expect(try await world.replaceValue(key: "a", value: "2") == "1")
        #expect(host.messages == ["opened a connection", "set a new value", "replaced a value"])
    }
}

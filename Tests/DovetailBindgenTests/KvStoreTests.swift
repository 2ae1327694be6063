// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// The host's side of the kv-store world, as a user writes it.
private final class Host: KvStore.Imports {
    final class Connection: KvStore.Store.Connection {
        var values: [String: String] = [:]

        func get(key: String) -> String? { values[key] }
        func set(key: String, value: String) { values[key] = value }
        func remove(key: String) -> String? { values.removeValue(forKey: key) }
        func clear() { values = [:] }
    }

    struct Closed: Error {}

    var messages: [String] = []
    var connections: [Connection] = []
    var isClosed = false

    func log(msg: String) { messages.append(msg) }

    func makeConnection() throws -> any KvStore.Store.Connection {
        if isClosed { throw Closed() }
        let connection = Connection()
        connections.append(connection)
        return connection
    }
}

@Suite("Bindings of the kv-store example")
struct KvStoreTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.example("kv-store/kv-store.wasm"))
    }

    @Test("calls a component that uses a resource and a function of the host")
    func replaceValue() throws {
        let host = Host()
        let world = try KvStore(component, in: Store(engine: engine), imports: host)
        #expect(try world.replaceValue(key: "a", value: "1") == nil)
        #expect(try world.replaceValue(key: "a", value: "2") == "1")
        #expect(host.messages == ["opened a connection", "set a new value", "replaced a value"])
        #expect(host.connections.map(\.values) == [["a": "2"]])
    }

    @Test("gives an error of the host's to whoever called")
    func hostError() throws {
        let host = Host()
        host.isClosed = true
        let world = try KvStore(component, in: Store(engine: engine), imports: host)
        #expect(throws: Host.Closed.self) { try world.replaceValue(key: "a", value: "1") }
    }

    @Test("links once and gives each store a host of its own")
    func manyStores() throws {
        var linker = Linker(engine: engine)
        KvStore.defineImports(in: &linker) { caller in
            try #require(caller.store.data[Host.self])
        }
        let prepared = try linker.prepare(component)
        for number in 1...2 {
            let store = Store(engine: engine)
            let host = Host()
            store.data[Host.self] = host
            let world = try KvStore(prepared.instantiate(in: store))
            #expect(try world.replaceValue(key: "n", value: "\(number)") == nil)
            #expect(host.connections.map(\.values) == [["n": "\(number)"]])
        }
    }

    @Test("calls with scalars")
    func adder() throws {
        let component = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
        let adder = try Adder(component, in: Store(engine: engine))
        #expect(try adder.add(a: 1, b: 2) == 3)
        #expect(try adder.add(a: .max, b: 1) == .min)
    }

    @Test("says what does not fit, and how to make bindings that do")
    func mismatch() throws {
        let error = #expect(throws: BindingError.self) { try Adder(component, in: Store(engine: engine), linker: nil) }
        let text = "\(try #require(error))"
        #expect(text.contains("component imports"))
        #expect(text.contains("regenerate with `BLESS=1"))
        let other = #expect(throws: BindingError.self) {
            let adder = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
            return try KvStore(adder, in: Store(engine: engine), imports: Host())
        }
        #expect("\(try #require(other))".contains("exports no function `replace-value`"))
    }
}

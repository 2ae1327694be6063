// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Synchronization
import Testing

/// The resource of the host in the kv-store example.
private final class Connection: Sendable {
    let entries = Mutex<[String: String]>([:])
}

@Suite("A component that imports a resource and a function")
struct KeyValueTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.example("kv-store/kv-store.wasm"))
    }

    @Test("lists everything that is missing at once")
    func missingImports() throws {
        let error = #expect(throws: LinkError.self) { try Linker(engine: engine).prepare(component) }
        #expect((error?.problems.count ?? 0) > 3)
        #expect(error?.problems.contains { $0.name.hasSuffix("[constructor]connection") } == true)
    }

    private func linker(_ log: Mutex<[String]>.Box) -> Linker {
        var linker = Linker(engine: engine)
        let store = "example:kv-store/store@0.1.0"
        linker.defineResource("connection", in: store, Connection.self)
        linker.define("[constructor]connection", in: store) { (_: Caller) in Own(Connection()) }
        linker.define(
            "[method]connection.get", in: store
        ) { (_: Caller, self: Borrow<Connection>, key: String) -> String? in
            self.object.entries.withLock { $0[key] }
        }
        linker.define(
            "[method]connection.set", in: store
        ) { (_: Caller, self: Borrow<Connection>, key: String, value: String) in
            self.object.entries.withLock { $0[key] = value }
        }
        linker.define(
            "[method]connection.remove", in: store
        ) { (_: Caller, self: Borrow<Connection>, key: String) -> String? in
            self.object.entries.withLock { $0.removeValue(forKey: key) }
        }
        linker.define(
            "[method]connection.clear", in: store
        ) { (_: Caller, self: Borrow<Connection>) in self.object.entries.withLock { $0 = [:] } }
        linker.define("log") { (_: Caller, message: String) in log.value.withLock { $0.append(message) } }
        return linker
    }

    @Test("calls methods of a host class")
    func replaceValue() throws {
        let log = Mutex<[String]>.Box()
        let store = Store(engine: engine)
        let instance = try linker(log).instantiate(component, in: store)
        let replace = try instance.function("replace-value")
        #expect(try replace.call(.string("a"), .string("1")) == .option(nil))
        #expect(try replace.call(.string("a"), .string("2")) == .option(.string("1")))
        #expect(try replace.call(.string("ä€😀"), .string("")) == .option(nil))
        #expect(!log.value.withLock { $0 }.isEmpty)
    }

    @Test("an error of a host function comes out as itself, and the instance says that it is gone")
    func hostError() throws {
        struct Refused: Error, Equatable {}
        let log = Mutex<[String]>.Box()
        var linker = linker(log)
        linker.define("log") { (_: Caller, _: String) in throw Refused() }
        let store = Store(engine: engine)
        let replace = try linker.instantiate(component, in: store).function("replace-value")
        #expect(throws: Refused()) { try replace.call(.string("a"), .string("1")) }
        let trap = #expect(throws: Trap.self) { try replace.call(.string("a"), .string("1")) }
        #expect(trap?.code == .cannotEnter)
    }
}

extension Mutex where Value == [String] {
    /// A mutex that closures can share.
    fileprivate final class Box: Sendable {
        let value = Mutex<[String]>([])
    }
}

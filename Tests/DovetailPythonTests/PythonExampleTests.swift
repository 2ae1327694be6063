// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// The examples in Python that a host of their own runs; `Scripts/run-examples` runs the others.
@Suite(.enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonExampleTests {
    private final class Connection: Sendable {
        let entries = Mutex<[String: String]>([:])
    }

    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    @Test func `a plugin keeps a value for a key in the host's store`() throws {
        func text(_ name: String) throws -> String {
            String(decoding: try TestFiles.bytes(TestFiles.example(name)), as: UTF8.self)
        }
        let build = AppBuild(
            files: ["app.py": try text("python-kv-store/app.py")], wit: try text("kv-store/wit/kv-store.wit"))
        let log = Log()
        let store = "example:kv-store/store@0.1.0"
        let instance = try AppBuild.instance(of: try build.build().component) { linker, _ in
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
            linker.define("[method]connection.remove", in: store) {
                (_: Caller, _: Borrow<Connection>, _: String) -> String? in nil
            }
            linker.define("[method]connection.clear", in: store) { (_: Caller, _: Borrow<Connection>) in }
            linker.define("log") { (_: Caller, message: String) in log.lines.withLock { $0.append(message) } }
        }
        let replace = try instance.function("replace-value")
        #expect(try replace.call(.string("a"), .string("1")) == .option(nil))
        #expect(try replace.call(.string("a"), .string("2")) == .option(.string("1")))
        #expect(log.lines.withLock { $0 } == ["opened a connection", "set a new value", "replaced a value"])
    }
}

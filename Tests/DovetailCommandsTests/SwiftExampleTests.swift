// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Synchronization
import Testing

/// An example in Swift, built as its README says.
enum SwiftExample: String, CaseIterable {
    case adder, kvStore, hello, tour, httpHello, httpRoutes, counters, searching

    private var place: (wit: String, source: String) {
        switch self {
        case .adder: ("adder/wit", "swift-adder/Adder.swift")
        case .kvStore: ("kv-store/wit", "swift-kv-store/KvStore.swift")
        case .hello: ("swift-command/wit", "swift-command/Hello.swift")
        case .tour: ("swift-command/wit", "swift-command/Tour.swift")
        case .httpHello: ("swift-http/wit", "swift-http/Hello.swift")
        case .httpRoutes: ("swift-http/wit", "swift-http/Routes.swift")
        case .counters: ("swift-counters/wit", "swift-counters/Counters.swift")
        case .searching: ("swift-async/wit", "swift-async/Searching.swift")
        }
    }

    /// The world's folder.
    var wit: String { TestFiles.example(place.wit) }

    /// What is built already, or being built: each takes seconds.
    private static let built = Mutex<[String: BlockingWork.Once<[UInt8]>]>([:])

    /// The component.
    func bytes(_ options: [String] = []) async throws -> [UInt8] {
        let once = Self.built.withLock { built in
            let key = ([rawValue] + options).joined(separator: " ")
            let once = built[key] ?? BlockingWork.Once { () async throws in try await build(options) }
            built[key] = once
            return once
        }
        return try await once.get()
    }

    private func build(_ options: [String]) async throws -> [UInt8] {
        try await ScratchFolder.with { folder in
            let component = folder.file("\(rawValue).wasm")
            let made = try await Tool.run(
                ["componentize", "--swift", "-d", wit, TestFiles.example(place.source), "-o", component] + options)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            return try TestFiles.bytes(component)
        }
    }

    /// Runs `body` with the path of the component.
    func with(_ body: (String) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            try await body(try folder.write(try await bytes(), to: "\(rawValue).wasm"))
        }
    }
}

@Suite(
    .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: GuestCompiler.shared != nil, "needs a toolchain with Embedded Swift for wasm32"))
struct SwiftExampleTests {
    private static let limits: [(SwiftExample, [String], Int)] = [
        (.adder, [], 1 << 10), (.hello, [], 6 << 10), (.httpHello, [], 16 << 10), (.httpRoutes, ["--lto"], 80 << 10),
        (.httpRoutes, ["--lto", "--no-unicode"], 40 << 10), (.kvStore, [], 16 << 10), (.counters, [], 32 << 10),
        (.searching, ["--lto"], 40 << 10),
    ]

    @Test(
        "are small",
        arguments: limits)
    func sizes(_ example: SwiftExample, _ options: [String], _ limit: Int) async throws {
        let count = try await example.bytes(options).count
        #expect(count <= limit, "\(example) \(options) has \(count) bytes")
    }

    @Test("have the worlds that they were made for", arguments: SwiftExample.allCases)
    func worlds(_ example: SwiftExample) async throws {
        try await example.with { (component: String) async throws -> Void in
            let fits = try await Tool.run(["targets", example.wit, component])
            #expect(fits.code == 0, "\(fits.output)\(fits.errors)")
        }
    }

    @Test("adds")
    func adder() async throws {
        try await SwiftExample.adder.with { (component: String) async throws -> Void in
            #expect(try await Tool.run(["run", "--invoke", "add(2147483647, 1)", component]).output == "-2147483648\n")
            guard let peer = Peer.wasmtime else { return }
            #expect(try await BuiltProduct.run(peer, ["run", "--invoke", "add(1, 2)", component]).firstLine == "3")
        }
    }

    @Test("prints")
    func hello() async throws {
        try await SwiftExample.hello.with { (component: String) async throws -> Void in
            #expect(try await Tool.run(["run", component]).output == "Hello from Swift\n")
            guard let peer = Peer.wasmtime else { return }
            #expect(try await BuiltProduct.run(peer, ["run", component]).output == "Hello from Swift\n")
        }
    }

    private static let tour = """
        argument: one
        argument: two
        greeting: hello
        line: first
        line: last
        file: 8 bytes
        name: list.txt
        there: false
        error: no-entry
        slept: true
        after 2020: true
        dice: true, 4 bytes

        """

    @Test("reaches arguments, environment, standard input, files, clocks and random numbers")
    func tour() async throws {
        try await SwiftExample.tour.with { (component: String) async throws -> Void in
            try await ScratchFolder.with { folder in
                let arguments = [
                    "run", "--env", "GREETING=hello", "--dir", "\(folder.path)::/data", component, "one", "two",
                ]
                let ours = try await Tool.run(arguments, input: "first\r\nlast")
                #expect(ours.output == Self.tour)
                #expect(ours.errors == "done\n")
                guard let peer = Peer.wasmtime else { return }
                #expect(try await BuiltProduct.run(peer, arguments, input: "first\r\nlast").output == Self.tour)
            }
        }
    }

    @Test("cannot reach files that it was not given")
    func denied() async throws {
        try await SwiftExample.tour.with { (component: String) async throws -> Void in
            #expect(try await Tool.run(["run", component]).output.contains("error: access\n"))
        }
    }

    @Test("uses a resource and a function of the host")
    func kvStore() async throws {
        final class Connection { var values: [String: String] = [:] }
        try await SwiftExample.kvStore.with { (path: String) async throws -> Void in
            let engine = try Engine()
            var linker = Linker(engine: engine)
            let interface = "example:kv-store/store@0.1.0"
            linker.defineResource("connection", in: interface, Connection.self)
            linker.define("[constructor]connection", in: interface) { (_: Caller) in Own(Connection()) }
            linker.define(
                "[method]connection.get", in: interface
            ) { (_: Caller, self: Borrow<Connection>, key: String) in self.object.values[key] }
            linker.define(
                "[method]connection.set", in: interface
            ) { (_: Caller, self: Borrow<Connection>, key: String, value: String) in self.object.values[key] = value }
            let said = Messages()
            linker.define("log") { (_: Caller, message: String) in said.texts.append(message) }
            let instance = try linker.instantiate(Component(engine: engine, path: path), in: Store(engine: engine))
            let replace = try instance.function("replace-value").typed(as: ((String, String) -> String?).self)
            #expect(try replace("color", "blue") == nil)
            #expect(try replace("color", "grün") == "blue")
            #expect(try replace("color", "red") == "grün")
            #expect(said.texts == ["opened a connection", "set a new value", "replaced a value", "replaced a value"])
        }
    }

    /// What a component says. One store is used by one thread.
    private final class Messages: @unchecked Sendable {
        // @unchecked because the test calls the component from one thread.
        var texts: [String] = []
    }

    @Test("gives out resources, and leaves none behind")
    func counters() async throws {
        try await SwiftExample.counters.with { (path: String) async throws -> Void in
            let engine = try Engine()
            let component = try Component(engine: engine, path: path)
            var configuration = Store.Configuration()
            configuration.maximumMemory = 1 << 20
            configuration.maximumHandles = 64
            let instance = try Linker(engine: engine).instantiate(
                component, in: Store(engine: engine, configuration: configuration))
            let interface = "example:counters/counters@0.1.0"
            func call(_ name: String, _ arguments: Value...) throws -> Value? {
                try instance.function(name, in: interface).call(arguments)
            }
            let stress = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] != nil
            for _ in 0..<(stress ? 1_000_000 : 2_000) {
                let a = try #require(try call("[constructor]counter", .string("a counter with a long name")))
                let b = try #require(try call("[constructor]counter", .string("b")))
                #expect(try call("[method]counter.add", a, .u32(40)) == .ok(.u32(40)))
                #expect(try call("[method]counter.add", b, .u32(2)) == .ok(.u32(2)))
                let both = try #require(try call("[static]counter.merge", a, b))
                #expect(try call("[method]counter.name", both) == .string("a counter with a long name+b"))
                #expect(
                    try call("[method]counter.add", both, .u32(.max))
                        == .error(.string("a counter with a long name+b is full")))
                #expect(try call("total", .list([both])) == .u64(42))
                guard case .resource(let handle) = both else { return }
                try handle.drop()
            }
            #expect(try call("alive") == .u32(0))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailTypes
import DovetailWASI
import DovetailWIT
import Testing

/// Programs for preview 1 that became components: `Preview1/program.c` checks what it sees.
@Suite struct Preview1ProgramTests {
    private static let engine = Result { try Engine() }

    /// How a program ended and what it wrote.
    private struct End {
        var code: Int
        var output: String
        var errors: String
    }

    private static func module(_ file: String) throws -> [UInt8] {
        try TestFiles.bytes("\(TestFiles.root)/Tests/DovetailComponentizeTests/Preview1/\(file)")
    }

    private func component(_ file: String, _ adapter: Preview1Adapter = .command) throws -> Component {
        let bytes = try Componentizer.component(
            of: try Self.module(file), adapters: [.init(name: Preview1Adapter.moduleName, bytes: adapter.bytes)])
        return try Component(engine: try Self.engine.get(), bytes: bytes)
    }

    /// Runs what `name` calls for, with few handles: what is not given back is missed.
    private func run(
        _ component: Component, _ name: String, environment: [(name: String, value: String)] = [], handles: Int = 64
    ) throws -> End {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try folder.write("hello".utf8, to: "file")
        for index in 1...300 {
            try folder.write([], to: "many/" + String(repeating: "0", count: index % 200) + "-\(index)")
        }
        let (output, errors) = (OutputCollector(), OutputCollector())
        let wasi = WASIConfiguration(
            arguments: ["program", name], environment: environment, preopens: [Preopen(folder.path, as: "/")],
            standardInput: .text("input"), standardOutput: .collected(output), standardError: .collected(errors))
        var limits = Store.Configuration()
        limits.maximumHandles = handles
        let store = try Store(engine: component.engine, configuration: limits, wasi: wasi)
        let instance = try Linker.wasi(engine: component.engine).instantiate(component, in: store)
        let interface = try #require(component.plan.exports.names.first { $0.hasPrefix("wasi:cli/run@") })
        do {
            let result = try instance.function("run", in: interface).call()
            return End(code: result == .ok(nil) ? 0 : 1, output: output.text, errors: errors.text)
        } catch let exit as WASIExit {
            return End(code: Int(exit.code), output: output.text, errors: errors.text)
        }
    }

    @Test(
        "files, directories, paths and descriptors are what preview 1 says",
        arguments: ["files", "directories", "paths"], ["program.wasm", "allocating.wasm"])
    func filesAndDirectories(_ name: String, _ file: String) throws {
        let end = try run(try component(file), name)
        #expect(end.code == 0, "\(end.errors)")
    }

    @Test("there is room for thousands of descriptors", arguments: ["program.wasm", "allocating.wasm"])
    func manyDescriptors(_ file: String) throws {
        let end = try run(try component(file), "descriptors", handles: 4000)
        #expect(end.code == 0, "\(end.errors)")
    }

    @Test("clocks and descriptors are waited for, and output that does not block is written")
    func polling() throws {
        let end = try run(try component("program.wasm"), "polling")
        #expect(end.code == 0, "\(end.errors)")
        #expect(end.output == String(repeating: "0123456789", count: 1000))
    }

    @Test("every handle is given back", arguments: ["program.wasm", "allocating.wasm"])
    func handles(_ file: String) throws {
        let end = try run(try component(file), "handles")
        #expect(end.code == 0, "\(end.errors)")
    }

    @Test(
        "an environment of any size is told, and told again in the same memory",
        arguments: [0, 100, 30_000, 200_000], ["program.wasm", "allocating.wasm"])
    func environment(_ size: Int, _ file: String) throws {
        let variables = [
            (name: "A", value: "b"), (name: "LONG", value: String(repeating: "x", count: size)),
            (name: "Ü", value: String(repeating: "ß", count: size / 8)), (name: "EMPTY", value: ""),
        ]
        let end = try run(try component(file), "environment", environment: variables)
        #expect(end.code == 0, "\(end.errors)")
    }

    @Test(
        "pointers that are wrong trap", arguments: ["unaligned", "outside", "beyond"],
        ["program.wasm", "allocating.wasm"])
    func wrongPointersTrap(_ name: String, _ file: String) throws {
        let component = try component(file)
        #expect(throws: Trap.self) { try run(component, name) }
    }

    @Test("hosts before 0.2.12 are told success and failure")
    func olderHosts() throws {
        let older = try component("program.wasm", .command020)
        #expect(try run(older, "files").code == 0)
        #expect(older.plan.imports.roots.allSatisfy { $0.name.hasSuffix("@0.2.0") })
    }

    @Test(
        "a library writes, reads the time and exits by preview 1",
        arguments: [Preview1Adapter.reactor, .reactor020])
    func libraries(_ adapter: Preview1Adapter) throws {
        let wit = try WIT.resolve(WITSource(text: Self.libraryWorld))
        let world = try wit.graph.world("library", in: wit.root)
        let module = try ComponentTypeSection.embed(world, of: wit.graph, in: try Self.module("library.wasm"))
        let bytes = try Componentizer.component(
            of: module, adapters: [.init(name: Preview1Adapter.moduleName, bytes: adapter.bytes)])
        let component = try Component(engine: try Self.engine.get(), bytes: bytes)
        let output = OutputCollector()
        let wasi = WASIConfiguration(standardOutput: .collected(output))
        let store = try Store(engine: component.engine, wasi: wasi)
        let instance = try Linker.wasi(engine: component.engine).instantiate(component, in: store)
        #expect(try instance.function("say").call(.u32(2)) == .u32(42))
        #expect(output.text == "hi\nhi\n")
        let exit = #expect(throws: WASIExit.self) { try instance.function("quit").call(.u32(7)) }
        #expect(exit?.code == (adapter == .reactor ? 7 : 1))
    }

    private static let libraryWorld = """
        package a:b;
        world library {
            export say: func(times: u32) -> u32;
            export quit: func(code: u32);
        }
        """
}

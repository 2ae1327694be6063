// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Foundation
import Testing

/// A checkout of componentize-py.
enum Upstream {
    /// Its folder; `nil` where there is none.
    static let checkout: String? = {
        if let named = ProcessInfo.processInfo.environment["DOVETAIL_COMPONENTIZE_PY"] { return named }
        guard let cache = PythonCarrier.installed()?.folder.components(separatedBy: "/python/").first else {
            return nil
        }
        let folder = cache + "/componentize-py/source"
        return FileManager.default.fileExists(atPath: folder + "/examples") ? folder : nil
    }()
}

/// componentize-py's own examples and the app of its tests, unchanged, from a checkout that is not part of this repository: the
/// folder that `DOVETAIL_COMPONENTIZE_PY` names, else `componentize-py/source` in the cache.
@Suite(
    .serialized, .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: PythonCarrier.installed() != nil, "CPython is not in the cache (`Scripts/setup python`)"),
    .enabled(if: Upstream.checkout != nil, "there is no checkout of componentize-py"))
struct PythonUpstreamTests {
    private func build(_ folder: String, _ arguments: [String], to file: String) async throws {
        let made = try await Tool.shell(
            #"cd "$1" && shift && "$tool" componentize --python "$@""#,
            [try #require(Upstream.checkout) + "/" + folder] + arguments + ["-o", file],
            environment: ["VIRTUAL_ENV": "/nonexistent"])
        #expect(made.code == 0 && made.errors.isEmpty, "\(folder): \(made.errors)")
    }

    @Test(
        "an example becomes a component",
        arguments: [
            ("cli", "wasi:cli/command@0.2.0"), ("http", "wasi:http/proxy@0.2.0"), ("tcp", "wasi:cli/command@0.2.0"),
            ("cli-p3", "wasi:cli/command@0.3.0"), ("http-p3", "wasi:http/service@0.3.0"),
            ("tcp-p3", "wasi:cli/command@0.3.0"),
        ])
    func examples(_ name: String, _ world: String) async throws {
        try await ScratchFolder.with { folder in
            let file = folder.file("c.wasm")
            try await build("examples/\(name)", ["-d", "../../wit", "-w", world, "app"], to: file)
            switch name {
            case "cli": #expect(try await Tool.run(["run", file]).output == "Hello, world!\n")
            case "cli-p3":
                guard let peer = Peer.wasmtime else { return }
                let features = "-Wcomponent-model-async,component-model-more-async-builtins"
                let run = try await BuiltProduct.run(peer, ["run", "-Sp3", features, file])
                #expect(run.output == "Hello, world!\n", "\(run.errors)")
            case "tcp":
                let refused = try await Tool.run(["run", "--inherit-network", file, "127.0.0.1:1"])
                #expect(refused.code != 0 && refused.errors.contains("ConnectionRefusedError"), "\(refused.errors)")
            default: #expect(try await Tool.run(["validate", file]).code == 0)
            }
        }
    }

    @Test("the sandbox evaluates, and says what went wrong") func sandbox() async throws {
        try await ScratchFolder.with { folder in
            let file = folder.file("c.wasm")
            try await build("examples/sandbox", ["-d", "sandbox.wit", "--stub-wasi", "guest"], to: file)
            for (call, result) in [
                (#"eval("2 + 2")"#, #"ok("4")"#), (#"exec("1 / 0")"#, #"err("ZeroDivisionError: division by zero")"#),
            ] {
                #expect(try await Tool.run(["run", "--invoke", call, file]).output == result + "\n")
            }
        }
    }

    private func instance(
        _ file: String, _ wasi: WASIConfiguration = WASIConfiguration(), _ define: (inout Linker) -> Void
    ) throws -> Instance {
        let engine = try Engine()
        let component = try Component(engine: engine, bytes: Array(Data(contentsOf: URL(fileURLWithPath: file))))
        var linker = Linker.wasi(engine: engine)
        define(&linker)
        linker.defineUnknownImportsAsTraps(component)
        return try linker.instantiate(component, in: Store(engine: engine, wasi: wasi))
    }

    private func answer(_ suffix: String) -> @Sendable ([Value]) -> Value? {
        { arguments in
            guard case .string(let text)? = arguments.first else { return nil }
            return .string(text + suffix)
        }
    }

    @Test("the app of the tests, which stands on two packages with WIT of their own") func app() async throws {
        try await ScratchFolder.with { folder in
            let file = folder.file("c.wasm")
            try await build(
                "src/test",
                ["-p", ".", "-p", "python_source", "-d", "wit/tests.wit", "-w", "tests", "--world-module", "tests"]
                    + ["-m", "foo_sdk=foo:sdk/foo-world", "-m", "bar_sdk=bar:sdk/bar-world", "app"], to: file)
            try folder.write("The Jabberwock, with eyes of flame".utf8, to: "files/foo.txt")
            let wasi = WASIConfiguration(preopens: [Preopen(folder.file("files"), as: "/")])
            let answer = answer(" HostFoo::test")
            let instance = try instance(file, wasi) { linker in
                linker.define("test", in: "foo:sdk/foo-interface") { _, arguments in answer(arguments) }
                linker.define("foo", in: "componentize-py:test/simple-import-and-export") { _, arguments in
                    guard case .u32(let number)? = arguments.first else { return nil }
                    return .u32(number + 2)
                }
                linker.define("get-bytes", in: nil) { _, arguments in
                    guard case .u32(let count)? = arguments.first else { return nil }
                    return .list([UInt8](repeating: 42, count: Int(count)).map { .u8($0) })
                }
            }
            let package = "componentize-py:test/"
            #expect(try instance.function("foo", in: package + "simple-export").call([.u32(42)]) == .u32(45))
            #expect(
                try instance.function("foo", in: package + "simple-import-and-export").call([.u32(42)]) == .u32(47))
            #expect(
                try instance.function("test", in: "foo:sdk/foo-interface").call([.string("Howdy")])
                    == .string("Howdy FooInterface.test HostFoo::test"))
            #expect(
                try instance.function("test", in: "bar:sdk/bar-interface").call([.string("Howdy")])
                    == .string("Howdy BarInterface.test HostFoo::test"))
            let content = Array("The Jabberwock, with eyes of flame".utf8).map { Value.u8($0) }
            #expect(try instance.function("read-file").call([.string("foo.txt")]) == .ok(.list(content)))
        }
    }

    @Test("what packages have is left out where the world that is asked for has it not") func intersection()
        async throws
    {
        try await ScratchFolder.with { folder in
            let file = folder.file("c.wasm")
            try folder.write("package dummy:dummy;".utf8, to: "dummy.wit")
            try folder.write(
                """
                from foo_sdk.wit import exports as foo_exports
                from foo_sdk.wit.imports.foo_interface2 import test
                missing = []
                for name in ("foo_sdk.wit.imports.foo_interface", "bar_sdk.wit.imports.bar_interface"):
                    try: __import__(name)
                    except ModuleNotFoundError: missing.append(name)
                assert len(missing) == 2
                class FooInterface(foo_exports.FooInterface):
                    def test(self, s): return test(s + " FooInterface.test")
                """.utf8, to: "app.py")
            try await build(
                "src/test",
                ["-p", ".", "-p", folder.path, "-d", folder.file("dummy.wit"), "-m", "foo_sdk=foo:sdk/foo-world-union"]
                    + ["-m", "bar_sdk=bar:sdk/bar-world", "-i", "foo:sdk/foo-world2", "app"], to: file)
            let answer = answer(" HostFoo2::test")
            let instance = try instance(file) { linker in
                linker.define("test", in: "foo:sdk/foo-interface2") { _, arguments in answer(arguments) }
            }
            #expect(
                try instance.function("test", in: "foo:sdk/foo-interface").call([.string("Howdy")])
                    == .string("Howdy FooInterface.test HostFoo2::test"))
            #expect(throws: (any Error).self) { try instance.function("test", in: "bar:sdk/bar-interface") }
        }
    }
}

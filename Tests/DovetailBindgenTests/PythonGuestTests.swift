// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailBindgen
import DovetailPythonBindgen
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Foundation
import Testing

@Suite("Bindings for components in Python")
struct PythonGuestTests {
    /// Worlds whose bindings are committed in `Guests/python`.
    static let references: [GuestReference] = [.names, .resources, .structures, .types, .caller, .callee]

    private func options(_ change: (inout BindgenOptions) -> Void = { _ in }) -> BindgenOptions {
        var options = BindgenOptions()
        options.takesWASI = false
        options.command = "BLESS=1 swift test --filter DovetailBindgenTests"
        change(&options)
        return options
    }

    private func files(
        _ reference: Reference, _ change: (inout BindgenOptions) -> Void = { _ in }
    ) throws -> [(name: String, text: String)] {
        let resolution = try WIT.resolve(try WITLoader.load(reference.path))
        let world = try Bindgen.world(reference.worldName, in: resolution.graph, root: resolution.root)
        return try PythonBindgen.files(world, of: resolution.graph, options: options(change))
    }

    private func files(_ reference: GuestReference) throws -> [(name: String, text: String)] {
        let (graph, world) = try reference.world()
        return try PythonBindgen.files(world, of: graph, options: options())
    }

    /// Whether a file is the same for all worlds, and committed with another.
    private func isCommitted(_ name: String, with reference: GuestReference) -> Bool {
        if name.hasPrefix("wit_world/") { return true }
        return reference == (name.contains("async") ? .caller : .resources)
    }

    private func files(
        _ text: String, _ change: (inout BindgenOptions) -> Void = { _ in }
    ) throws -> [String: String] {
        let resolution = try WIT.resolve(WITSource(text: text))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        let files = try PythonBindgen.files(world, of: resolution.graph, options: options(change))
        return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.text) })
    }

    @Test("are what the generator writes", arguments: references)
    func same(_ reference: GuestReference) throws {
        let folder = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/python/\(reference.rawValue)"
        for (name, text) in try files(reference) {
            guard isCommitted(name, with: reference) else { continue }
            let url = URL(fileURLWithPath: "\(folder)/bindings/\(name)")
            if ProcessInfo.processInfo.environment["BLESS"] != nil {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            let found = try String(decoding: Data(contentsOf: url), as: UTF8.self)
            #expect(found == text, "\(name): run the tests with BLESS=1 and look at the difference")
        }
    }

    @Test("do not change from run to run, nor have long lines", arguments: Reference.allCases)
    func stable(_ reference: Reference) throws {
        let (first, second) = (try files(reference), try files(reference))
        #expect(first.map(\.name) == second.map(\.name) && first.map(\.text) == second.map(\.text))
        for line in first.flatMap({ $0.text.split(separator: "\n") }) where line.count > 120 {
            // A type is not broken.
            #expect(line.hasPrefix("#") || line.contains("_dovetail.function(") || line.contains("["), "\(line)")
        }
    }

    @Test("call interfaces of one name by their packages, and packages of several versions by these, too")
    func moduleNames() throws {
        let versions = try files(.versions).map(\.name)
        for name in [
            "imports/test_dependency_log_1_0_0", "imports/other_dependency_log", "exports/test_dependency_log_2_1_0",
        ] {
            #expect(versions.contains("wit_world/\(name).py"))
        }
        let text = """
            package a:b; package c:d { interface i {} } package e:f { interface i {} interface j {} }
            world w { import c:d/i; import e:f/i; import e:f/j; }
            """
        let names = try files(text).keys
        #expect(Set(names).isSuperset(of: ["c_d_i", "e_f_i", "j"].map { "wit_world/imports/\($0).py" }))
    }

    @Test("call package and interfaces as they are told")
    func rename() throws {
        let text = "package a:b; interface i { f: func(); } world w { import i; export g: func(); }"
        let files = try files(text) {
            $0.typeName = "sdk.world_of_mine"
            $0.interfaceNames = ["a:b/i": "shelf"]
        }
        #expect(files["sdk/world_of_mine/__init__.py"]?.contains("class WorldOfMine(Protocol):") == true)
        #expect(files["sdk/world_of_mine/imports/shelf.py"]?.contains("def f() -> None:") == true)
    }

    @Test("name Python's own types by their module where the world has those names")
    func shadows() throws {
        let text = """
            package a:b;
            interface i { str: func(%list: list<u32>) -> string; %list: func() -> list<string>; int: func() -> u8; }
            world w { import i; }
            """
        let module = try files(text)["wit_world/imports/i.py"] ?? ""
        #expect(module.contains("import builtins\n"))
        #expect(module.contains("def str(list: builtins.list[builtins.int]) -> builtins.str:"))
    }

    @Test("quote documentation that Python would misread")
    func documentation() throws {
        let text = #"package a:b; interface i { /// A \d and """quotes"""\#n f: func(); } world w { import i; }"#
        let module = try files(text)["wit_world/imports/i.py"] ?? ""
        #expect(module.contains(#"A \\d and \"\"\"quotes\"\"\""#))
    }

    @Test("name what makes streams and futures after what these carry")
    func makers() throws {
        let text = """
            package a:b;
            interface i {
                resource r; enum code { x }
                f: async func(a: stream<u8>, b: stream<own<r>>, c: future<result<option<r>, code>>, d: stream);
            }
            world w { import i; export g: func(x: stream<stream<u8>>); }
            """
        let module = try files(text)["wit_world/__init__.py"] ?? ""
        for name in [
            "def byte_stream() -> tuple[ByteStreamWriter, ByteStreamReader]:",
            "def a_b_i_r_stream() -> tuple[StreamWriter[i.R], StreamReader[i.R]]:",
            "def result_option_a_b_i_r_a_b_i_code_future(",
            "def unit_stream() -> tuple[StreamWriter[None], StreamReader[None]]:",
            "def stream_u8_stream() -> tuple[StreamWriter[ByteStreamReader], StreamReader[ByteStreamReader]]:",
        ] {
            #expect(module.contains(name), "\(module)")
        }
    }

    @Test("have a class for error contexts")
    func errorContexts() throws {
        let text = "package a:b; world w { export f: async func(x: error-context) -> stream<option<error-context>>; }"
        let module = try files(text)["wit_world/__init__.py"] ?? ""
        #expect(module.contains("from componentize_py_types import ErrorContext\n"))
        #expect(
            module.contains("async def f(self, x: ErrorContext) -> StreamReader[ErrorContext | None]:"), "\(module)")
    }

    @Test("refuse names that nothing can have")
    func refusals() throws {
        let named = #expect(throws: BindgenError.self) { try files("package a:b; world w {}") { $0.typeName = "a-b" } }
        #expect(named?.message == "expected a name in Python for `--name`, found `a-b`")
        let keyword = #expect(throws: BindgenError.self) {
            try files("package a:b; interface i {} world w { import i; }") { $0.interfaceNames = ["a:b/i": "class"] }
        }
        #expect(keyword?.message == "expected a name in Python for `--rename`, found `class`")
    }

    @Test("have a library with the core functions of the world", arguments: references)
    func library(_ reference: GuestReference) throws {
        let (graph, world) = try reference.world()
        let bytes = try PythonBindgen.library(world, of: graph, app: "app", options: options())
        let module = try CoreModuleBinary.decode(bytes)
        let exports = Set(module.exports.map(\.name))
        #expect(exports.isSuperset(of: ["dovetail_world_table", "dovetail_world_import", "dovetail_world_resource"]))
        #expect(module.customSections.map(\.name) == ["dylink.0", "component-type"])
        // Without anything that waits, a component runs on hosts that know nothing of it.
        #expect(
            module.imports.contains { $0.name == "[waitable-set-new]" }
                == (reference == .caller || reference == .callee))
        if reference == .callee {
            #expect(exports.contains("[callback][async-lift]test:tasks/service#wait"))
            #expect(exports.contains("test:tasks/service#cancelled"))
            #expect(module.imports.contains { $0.name == "[async-lower][stream-write-0]items" })
        }
        if reference == .resources {
            #expect(exports.contains("test:resources/guest#[dtor]bag"))
            #expect(exports.contains("cabi_post_test:resources/guest#make-pair"))
            #expect(
                module.imports.contains {
                    $0.module == "[export]test:resources/guest" && $0.name == "[resource-rep]bag"
                })
        }
    }
}

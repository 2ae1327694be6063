// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailTypes
import DovetailWITReader
import Testing

/// The adapters for WASI preview 1, as modules.
@Suite struct Preview1AdapterTests {
    /// The functions of preview 1, with the parameters and results they have in a core module.
    private static let functions = [
        "args_get": "i32 i32", "args_sizes_get": "i32 i32", "clock_res_get": "i32 i32",
        "clock_time_get": "i32 i64 i32", "environ_get": "i32 i32", "environ_sizes_get": "i32 i32",
        "fd_advise": "i32 i64 i64 i32", "fd_allocate": "i32 i64 i64", "fd_close": "i32", "fd_datasync": "i32",
        "fd_fdstat_get": "i32 i32", "fd_fdstat_set_flags": "i32 i32", "fd_fdstat_set_rights": "i32 i64 i64",
        "fd_filestat_get": "i32 i32", "fd_filestat_set_size": "i32 i64", "fd_filestat_set_times": "i32 i64 i64 i32",
        "fd_pread": "i32 i32 i32 i64 i32", "fd_prestat_dir_name": "i32 i32 i32", "fd_prestat_get": "i32 i32",
        "fd_pwrite": "i32 i32 i32 i64 i32", "fd_read": "i32 i32 i32 i32", "fd_readdir": "i32 i32 i32 i64 i32",
        "fd_renumber": "i32 i32", "fd_seek": "i32 i64 i32 i32", "fd_sync": "i32", "fd_tell": "i32 i32",
        "fd_write": "i32 i32 i32 i32", "path_create_directory": "i32 i32 i32",
        "path_filestat_get": "i32 i32 i32 i32 i32",
        "path_filestat_set_times": "i32 i32 i32 i32 i64 i64 i32", "path_link": "i32 i32 i32 i32 i32 i32 i32",
        "path_open": "i32 i32 i32 i32 i32 i64 i64 i32 i32", "path_readlink": "i32 i32 i32 i32 i32 i32",
        "path_remove_directory": "i32 i32 i32", "path_rename": "i32 i32 i32 i32 i32 i32",
        "path_symlink": "i32 i32 i32 i32 i32", "path_unlink_file": "i32 i32 i32", "poll_oneoff": "i32 i32 i32 i32",
        "proc_exit": "", "proc_raise": "i32", "random_get": "i32 i32", "sched_yield": "", "sock_accept": "i32 i32 i32",
        "sock_recv": "i32 i32 i32 i32 i32 i32", "sock_send": "i32 i32 i32 i32 i32", "sock_shutdown": "i32 i32",
    ]

    private func type(of name: String, _ parameters: String) -> String {
        // Every function returns an `errno`, but for the one that does not return.
        if name == "proc_exit" { return "(func (param i32))" }
        return parameters.isEmpty ? "(func (result i32))" : "(func (param \(parameters)) (result i32))"
    }

    @Test("an adapter has all 46 functions of preview 1, with their types", arguments: Preview1Adapter.allCases)
    func hasAllFunctions(_ adapter: Preview1Adapter) throws {
        let interface = try adapter.bytes.withUnsafeBytes { bytes in try CoreModuleInterface(bytes) }
        let exports = Dictionary(uniqueKeysWithValues: interface.exports.map { ($0.name, $0.type) })
        #expect(Self.functions.count == 46)
        for (name, parameters) in Self.functions {
            #expect(exports[name] == type(of: name, parameters), "\(name)")
        }
    }

    @Test("an adapter needs only WASI, the program's memory and allocator", arguments: Preview1Adapter.allCases)
    func needsOnlyWASI(_ adapter: Preview1Adapter) throws {
        let interface = try adapter.bytes.withUnsafeBytes { bytes in try CoreModuleInterface(bytes) }
        var others = interface.imports.filter { !$0.module.hasPrefix("wasi:") }.map {
            "\($0.module) \($0.name) \($0.type)"
        }
        let isCommand = adapter == .command || adapter == .command020
        if isCommand { others.removeAll { $0 == "__main_module__ _start (func)" } }
        #expect(
            Set(others) == [
                "env memory (memory 0)",
                "__main_module__ cabi_realloc (func (param i32 i32 i32 i32) (result i32))",
            ])
        let version = adapter == .command || adapter == .reactor ? "@0.2.12" : "@0.2.0"
        #expect(interface.imports.allSatisfy { !$0.module.hasPrefix("wasi:") || $0.module.hasSuffix(version) })
        #expect(interface.exports.contains { $0.name == "wasi:cli/run\(version)#run" } == isCommand)
        // Newer hosts are told the exit code, older ones cannot be.
        let exit = interface.imports.filter { $0.module.hasPrefix("wasi:cli/exit") }.map(\.name)
        #expect(exit == [version == "@0.2.12" ? "exit-with-code" : "exit"])
    }

    @Test("an adapter has no data, no table of functions, and a small size", arguments: Preview1Adapter.allCases)
    func hasNoData(_ adapter: Preview1Adapter) throws {
        let sections = try adapter.bytes.withUnsafeBytes { bytes in try CoreModuleOutline(bytes).sections }
        // Element and data sections.
        #expect(!sections.contains { $0.id == 9 || $0.id == 11 })
        #expect(adapter.bytes.count <= 27 << 10)
    }

    @Test("an adapter's world is in its section, and covers its imports", arguments: Preview1Adapter.allCases)
    func carriesItsWorld(_ adapter: Preview1Adapter) throws {
        let sections = try adapter.bytes.withUnsafeBytes { try ComponentTypeSection.sections(ofCoreModule: $0) }
        let section = try #require(sections.first)
        #expect(sections.count == 1 && section.stringEncoding == .utf8)
        let graph = section.wit.graph
        let world = graph[section.world]
        let isCommand = adapter == .command || adapter == .command020
        #expect(world.name == (isCommand ? "command" : "reactor"))
        #expect(world.exports.count == (isCommand ? 1 : 0))
        let names = Set(world.imports.map { graph.externName(of: $0.key) })
        let interface = try adapter.bytes.withUnsafeBytes { bytes in try CoreModuleInterface(bytes) }
        for item in interface.imports where item.module.hasPrefix("wasi:") { #expect(names.contains(item.module)) }
    }

    @Test("the adapters are what their sources give", .enabled(if: BuiltProduct.path("dovetail") != nil))
    func areWhatTheirSourcesGive() async throws {
        let outcome = try await BuiltProduct.run(
            "/usr/bin/env",
            ["DOVETAIL=\(BuiltProduct.path("dovetail") ?? "")", "\(TestFiles.root)/Scripts/build-adapters", "--check"])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }
}

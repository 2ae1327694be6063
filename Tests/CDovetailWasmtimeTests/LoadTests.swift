// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import Foundation
import Testing

@Suite("Loading the engine")
struct LoadTests {
    /// A folder that is removed when the test is done.
    private final class Scratch {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dovetail-load-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// Compiles C into a shared library.
        func library(_ name: String, _ source: String) throws -> String {
            let code = folder.appending(path: "\(name).c")
            let library = folder.appending(path: "\(name).so")
            try Data(source.utf8).write(to: code)
            try #require(LoadTests.clang(["-shared", "-fPIC", "-w", "-o", library.path, code.path]))
            return library.path
        }
    }

    static func clang(_ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["clang"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static let hasCompiler = clang(["--version"])

    private static var functionNames: [String] {
        (0..<dovetail_wasmtime_function_count()).compactMap { index in
            dovetail_wasmtime_function_name(index).map { String(cString: $0) }
        }
    }

    private func failure(_ path: String, capacity: Int = 1024) -> String? {
        guard case .failure(let failure) = loadTable(path, capacity: capacity) else { return nil }
        return failure.description
    }

    @Test("every function is found", .enabled(if: EngineFiles.arePresent, EngineFiles.hint))
    func completeTable() throws {
        var table = try loadTable(EngineFiles.library.path).get()
        for index in 0..<dovetail_wasmtime_function_count() {
            #expect(dovetail_wasmtime_function_address(&table, index) != nil)
        }
        #expect(dovetail_wasmtime_function_address(&table, dovetail_wasmtime_function_count()) == nil)
    }

    @Test("the first load that succeeds decides", .enabled(if: EngineFiles.arePresent, EngineFiles.hint))
    func firstLoadDecides() throws {
        let first = try #require(loadShared(EngineFiles.library.path))
        #expect(loadShared("/nowhere/libwasmtime.so") == first)
    }

    @Test("a missing file is named")
    func missingFile() {
        let message = failure("/nowhere/libwasmtime.so")
        #expect(message?.hasPrefix("the engine library cannot be loaded: ") == true)
        #expect(message?.contains("/nowhere/libwasmtime.so") == true)
    }

    @Test("a damaged file is refused")
    func damagedFile() throws {
        let scratch = try Scratch()
        let file = scratch.folder.appending(path: "libwasmtime.so")
        try Data("this is no library".utf8).write(to: file)
        let message = failure(file.path)
        #expect(message?.hasPrefix("the engine library cannot be loaded: ") == true)
        #expect(message?.contains(file.path) == true)
    }

    @Test("a library without the functions is refused", .enabled(if: hasCompiler, "clang is not on the PATH"))
    func missingFunction() throws {
        let scratch = try Scratch()
        let names = Self.functionNames.filter { $0 != "wasmtime_func_call_unchecked" }
        let library = try scratch.library("partial", names.map { "void \($0)(void) {}\n" }.joined())
        let expected =
            "the engine library `\(library)` has no function `wasmtime_func_call_unchecked`; it is not libwasmtime 50.0.1"
        #expect(failure(library) == expected)
    }

    @Test("another version is refused", .enabled(if: hasCompiler, "clang is not on the PATH"))
    func otherVersion() throws {
        let scratch = try Scratch()
        let library = try scratch.library("other", Self.functionNames.map { "void \($0)(void) {}\n" }.joined())
        #expect(
            failure(library) == "the engine library `\(library)` is another version of libwasmtime, expected 50.0.1")
    }

    @Test("another layout is refused", .enabled(if: hasCompiler, "clang is not on the PATH"))
    func otherLayout() throws {
        let scratch = try Scratch()
        let names = Self.functionNames + ["resolve_vmctx_memory_ptr_50_0_0"]
        let library = try scratch.library("layout", names.map { "void \($0)(void) {}\n" }.joined())
        let expected =
            "the engine library `\(library)` lays out `wasmtime_val_t` differently; it is not libwasmtime 50.0.1"
        #expect(failure(library) == expected)
    }

    @Test("a message is cut to its room", arguments: [0, 1, 12])
    func shortMessage(capacity: Int) {
        #expect(failure("/nowhere/libwasmtime.so", capacity: capacity)?.utf8.count == max(capacity - 1, 0))
    }
}

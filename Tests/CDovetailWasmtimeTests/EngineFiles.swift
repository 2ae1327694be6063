// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import Foundation
import Testing

/// Where the engine and the description of its interface lie: what `Scripts/fetch-engine` has put there.
enum EngineFiles {
    static let hint: Comment = "the engine is not in the cache; run Scripts/fetch-engine"

    static let folder: URL = {
        let environment = ProcessInfo.processInfo.environment
        #if os(macOS)
            let base = URL(filePath: NSHomeDirectory()).appending(path: "Library/Caches")
            let system = "macos"
        #else
            let configured = environment["XDG_CACHE_HOME"] ?? ""
            let base =
                configured.hasPrefix("/")
                ? URL(filePath: configured) : URL(filePath: NSHomeDirectory()).appending(path: ".cache")
            let system = "linux"
        #endif
        #if arch(arm64)
            let machine = "aarch64"
        #else
            let machine = "x86_64"
        #endif
        let version = String(cString: dovetail_wasmtime_version)
        return base.appending(path: "dovetail/engine/\(version)/\(system)-\(machine)")
    }()

    static let library: URL = {
        #if os(macOS)
            folder.appending(path: "libwasmtime.dylib")
        #else
            folder.appending(path: "libwasmtime.so")
        #endif
    }()

    static let bindings = folder.appending(path: "_bindings.py")

    static var arePresent: Bool {
        [library, bindings].allSatisfy { FileManager.default.isReadableFile(atPath: $0.path) }
    }

    /// A header of the target under test.
    static func header(_ name: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let include = tests.deletingLastPathComponent().appending(path: "Sources/CDovetailWasmtime/include")
        return try String(contentsOf: include.appending(path: name), encoding: .utf8)
    }
}

/// The table, or the sentence that says why there is none.
struct LoadFailure: Error, CustomStringConvertible {
    let description: String
}

/// Loads a library into a fresh table.
func loadTable(_ path: String, capacity: Int = 1024) -> Result<DovetailWasmtimeTable, LoadFailure> {
    let table = UnsafeMutablePointer<DovetailWasmtimeTable>.allocate(capacity: 1)
    defer { table.deallocate() }
    var message = [CChar](repeating: 0, count: max(capacity, 1))
    guard dovetail_wasmtime_load_into(table, path, &message, capacity) else {
        return .failure(
            LoadFailure(
                description: message.withUnsafeBufferPointer { text in
                    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                }))
    }
    return .success(table.pointee)
}

// The macros of Swift Testing evaluate a call's arguments before the call: a string or an array that becomes a pointer on the
// way dangles by then. So calls that take such pointers are wrapped.

/// The process's table.
func loadShared(_ path: String) -> UnsafePointer<DovetailWasmtimeTable>? {
    dovetail_wasmtime_load(path, nil, 0)
}

/// A new function type; the caller deletes it.
func functionType(
    _ table: UnsafePointer<DovetailWasmtimeTable>, _ parameters: [UInt8], _ results: [UInt8]
) -> OpaquePointer? {
    dovetail_wasmtime_functype_new(table, parameters, parameters.count, results, results.count)
}

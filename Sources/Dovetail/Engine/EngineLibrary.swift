// SPDX-License-Identifier: Apache-2.0

package import CDovetailWasmtime
import DovetailFiles

/// Finds and loads libwasmtime, once for the process.
package enum EngineLibrary {
    /// The functions of the engine: a constant for the life of the process.
    package struct Table: @unchecked Sendable {
        // @unchecked because the table is filled before anybody sees it and never changed.

        // A typed pointer in a type is described to Swift's runtime, and with it everything that the table mentions, in
        // every file that has such a type. In debug builds that was a fifth of the code of this room.
        private let address: UnsafeRawPointer

        fileprivate init(_ functions: UnsafePointer<DovetailWasmtimeTable>) { address = UnsafeRawPointer(functions) }

        package var functions: UnsafePointer<DovetailWasmtimeTable> {
            address.assumingMemoryBound(to: DovetailWasmtimeTable.self)
        }
    }

    private static let loaded: Result<Table, EngineError> = load()

    /// The table of the engine's functions.
    /// - Throws: ``EngineError`` when there is no library, or the wrong one.
    package static func table() throws(EngineError) -> Table { try loaded.get() }

    private static func load() -> Result<Table, EngineError> {
        let candidates = candidates()
        for path in candidates where Files.exists(path) {
            var buffer = [CChar](repeating: 0, count: 1024)
            if let table = dovetail_wasmtime_load(path, &buffer, buffer.count) {
                return .success(Table(table))
            }
            let reason = String(
                decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return .failure(.damaged(path, reason))
        }
        return .failure(.missing(candidates))
    }

    /// Where the library may be, in order of preference: `DOVETAIL_ENGINE`, beside the executable, where an installed
    /// tool keeps it, the user's cache, the system.
    package static func candidates() -> [String] {
        if let chosen = variable("DOVETAIL_ENGINE") { return [chosen] }
        var paths: [String] = []
        if let folder = executableFolder() {
            paths += ["\(folder)/\(fileName)", "\(folder)/../lib/dovetail/\(fileName)"]
        }
        let version = String(cString: dovetail_wasmtime_version)
        if let cache = userCacheFolder() { paths.append("\(cache)/engine/\(version)/\(platform)/\(fileName)") }
        return paths + ["/usr/local/lib/\(fileName)", "/usr/lib/\(fileName)"]
    }

    /// Dovetail's folder in the user's cache, `nil` when the user has no home.
    package static func userCacheFolder() -> String? {
        #if os(macOS)
            return variable("HOME").map { "\($0)/Library/Caches/dovetail" }
        #else
            if let cache = variable("XDG_CACHE_HOME") { return "\(cache)/dovetail" }
            return variable("HOME").map { "\($0)/.cache/dovetail" }
        #endif
    }

    /// An environment variable that is set and not empty.
    package static func variable(_ name: String) -> String? {
        guard let value = ThisProcess.variable(name), !value.isEmpty else { return nil }
        return value
    }

    private static func executableFolder() -> String? {
        guard let path = ThisProcess.executable, let slash = path.lastIndex(of: "/") else { return nil }
        return String(path[..<slash])
    }

    #if os(macOS)
        private static let fileName = "libwasmtime.dylib"
        private static let system = "macos"
    #elseif canImport(Musl)
        private static let fileName = "libwasmtime.so"
        private static let system = "linux-musl"
    #else
        private static let fileName = "libwasmtime.so"
        private static let system = "linux"
    #endif

    #if arch(arm64)
        static let platform = "\(system)-aarch64"
    #else
        static let platform = "\(system)-x86_64"
    #endif
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// CPython for WebAssembly in the user's cache: shared libraries and the standard library.
///
/// It is fetched once, and then used without a network. Its folder is made elsewhere and renamed, so whoever sees it sees all of
/// it, and several processes may install it at once.
package struct PythonCarrier: Sendable {
    /// The environment variable that names the wheel where it must not be downloaded.
    package static let variable = "DOVETAIL_PYTHON_WHEEL"

    /// The folder that everything is in.
    package let folder: String

    /// The folder of the standard library's sources.
    package var standardLibrary: String { folder + "/stdlib" }

    /// Where the compiled standard library is put.
    var compiledFolder: String { "\(folder)/compiled-\(ByteCodeCompiler.identity)" }

    /// The path of a shared library.
    package func library(_ name: String) -> String { "\(folder)/lib/\(name)" }

    /// The bytes of a shared library.
    ///
    /// - Throws: ``PythonError`` when it cannot be read.
    package func bytes(ofLibrary name: String) throws(PythonError) -> [UInt8] {
        do { return try Files.read(library(name)) } catch { throw .unreadable(library(name), error) }
    }
}

extension PythonCarrier {
    /// The carrier, installed where it is missing.
    ///
    /// - Parameters:
    ///   - cache: Dovetail's folder in the user's cache; `nil` for the usual one.
    ///   - report: is told what takes long.
    /// - Throws: ``PythonError`` when it is not there and cannot be fetched, or the cache cannot be written.
    package static func load(
        cache: String? = nil, report: @escaping (String) -> Void = { _ in }
    ) throws(PythonError) -> PythonCarrier {
        guard let cache = cache ?? EngineLibrary.userCacheFolder() else { throw .noCache() }
        return try load(.pinned, cache: cache, wheel: EngineLibrary.variable(variable), report: report)
    }

    /// The carrier if it is installed.
    package static func installed(cache: String? = nil) -> PythonCarrier? {
        guard let cache = cache ?? EngineLibrary.userCacheFolder() else { return nil }
        return installed(.pinned, cache: cache)
    }

    /// The carrier of these contents if it is installed.
    package static func installed(_ contents: CarrierContents, cache: String) -> PythonCarrier? {
        let carrier = PythonCarrier(folder: "\(cache)/python/\(contents.identifier)")
        let isWhole = contents.libraries.allSatisfy {
            Files.status(carrier.library($0.name))?.size == Int64($0.size)
        }
        return isWhole && Files.exists(carrier.folder + "/NOTICE.txt") ? carrier : nil
    }

    /// The carrier of these contents, installed where it is missing.
    ///
    /// - Throws: ``PythonError`` when it is not there and cannot be fetched, or the cache cannot be written.
    package static func load(
        _ contents: CarrierContents, cache: String, wheel: String?, report: @escaping (String) -> Void = { _ in }
    ) throws(PythonError) -> PythonCarrier {
        if let carrier = installed(contents, cache: cache) { return carrier }
        let installer = CarrierInstaller(contents, cache: cache, report: report)
        try installer.install(wheel: wheel)
        guard let carrier = installed(contents, cache: cache) else {
            throw .unwritable("\(cache)/python", .inputOutput)
        }
        return carrier
    }
}

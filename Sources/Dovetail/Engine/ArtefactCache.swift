// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles

/// Compiled core modules on disk, so that the next start maps them instead of compiling.
///
/// A file's name is the SHA-256 of the module, its folder names the engine's version and configuration; behind what the engine made stands
/// a checksum. Modules are kept one by one, so all components with the same interpreter inside share its artefact.
final class ArtefactCache: Sendable {
    /// Smaller modules are not worth a file. Compiling one takes 0.3 ms at least, mapping it a tenth of that; and the first makes the
    /// engine start threads, which keep processors busy for a while.
    static let smallestModule = 40
    /// What stands between the artefact and its checksum.
    private static let mark = Array("DVTLSUM1".utf8)

    private let folder: CacheFolder
    private let limit: Int

    /// The cache that `configuration` asks for; `nil` when it is off or has no place.
    init?(_ configuration: Engine.Configuration) {
        let root: String
        switch configuration.cache {
        case .off: return nil
        case .folder(let path): root = path
        case .automatic:
            guard let cache = EngineLibrary.userCacheFolder() else { return nil }
            root = "\(cache)/compiled"
        }
        let version = String(cString: dovetail_wasmtime_version)
        folder = CacheFolder(root: root, name: "\(version)-\(configuration.artefactKey)")
        limit = configuration.cacheLimit
    }

    /// Why the cache is not used though it is there.
    var problem: String? { folder.problem }

    /// The name under which the artefact of `module` is looked for, without its size.
    func key(_ module: UnsafeRawBufferPointer) -> String? { SHA256.hexadecimal(of: module) }

    /// The SHA-256 of a text.
    static func hash(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { SHA256.hexadecimal(of: $0) }
    }

    /// The compiled module called `key`, `nil` when there is none; one that is damaged or that the engine does not accept is removed.
    ///
    /// - Parameter version: a version of the artefact that is known to be undamaged.
    /// - Returns: the module, and the version of its artefact, where that is certain.
    func load(_ key: String, _ engine: Engine, undamaged version: String? = nil) -> (OpaquePointer, version: String?)? {
        folder.withFile(key) { contents, path in
            contents.withBytes { bytes in
                let found = contents.settledVersion
                let isKnown = found != nil && found == version
                if !isKnown { contents.readAhead() }
                let module = (isKnown ? Self.artefact(bytes) : Self.checked(bytes)).flatMap {
                    artefact -> OpaquePointer? in
                    var module: OpaquePointer?
                    let api = engine.api.functions
                    guard let error = api.pointee.wasmtime_module_deserialize_file(engine.raw, path, &module) else {
                        return module
                    }
                    api.pointee.wasmtime_error_delete(error)
                    // Where the file cannot be opened a second time, its bytes are at hand.
                    return try? engine.deserialize(artefact)
                }
                if module == nil { folder.remove(key) }
                return module.map { ($0, found) }
            }
        }
    }

    /// Keeps an artefact; a cache that cannot be written is no error.
    func store(_ artefact: UnsafeRawBufferPointer, key: String) {
        guard let sum = Checksum.of(artefact) else { return }
        let isKept = (Self.mark + sum).withUnsafeBytes { folder.write([artefact, $0], to: key) }
        // Looking through the folder takes longer than writing a small file; many small ones come to a look, too.
        if isKept, artefact.count >= min(limit / 16, 1 << 20) || Int.random(in: 0..<64) == 0 { folder.trim(to: limit) }
    }

    /// The artefact in a file, `nil` when it cannot be one.
    private static func artefact(_ file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let count = file.count - mark.count - Checksum.size
        return count > 0 ? UnsafeRawBufferPointer(rebasing: file[..<count]) : nil
    }

    /// The artefact in a file, `nil` when its checksum differs.
    private static func checked(_ file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let artefact = artefact(file), let sum = Checksum.of(artefact),
            file[artefact.count...].elementsEqual(mark + sum)
        else { return nil }
        return artefact
    }

    // MARK: - Notes

    /// A text that was kept under a name.
    func text(_ name: String) -> String? {
        folder.withFile(name) { contents, _ in contents.withBytes { String(decoding: $0, as: UTF8.self) } }
    }

    /// Keeps a text, if that can be.
    func keep(_ text: String, as name: String) {
        _ = Array(text.utf8).withUnsafeBytes { folder.write([$0], to: name) }
    }
}

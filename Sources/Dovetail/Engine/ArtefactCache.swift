// SPDX-License-Identifier: Apache-2.0

import CDovetailCrypto
import CDovetailWasmtime
import DovetailSystem

/// Compiled core modules on disk, so that the next start maps them instead of compiling.
///
/// A file's name is the SHA-256 of the module, its folder names the engine's version and configuration. Files appear whole, by rename, after they reached the disk: readers never see a torn one. Modules are kept
/// one by one, so all components with the same interpreter inside share its artefact.
final class ArtefactCache: Sendable {
    /// Smaller modules are not worth a file. Compiling one takes 0.3 ms at least, mapping it a tenth of that.
    static let smallestModule = 1024

    let folder: String
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
        folder = "\(root)/\(version)-\(configuration.artefactKey)"
        limit = configuration.cacheLimit
    }

    /// The name under which the artefact of `module` is looked for, without its size.
    func key(_ module: UnsafeRawBufferPointer) -> String? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(module.baseAddress, module.count, &digest, &length, EVP_sha256(), nil) == 1 else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        var name: [UInt8] = []
        name.reserveCapacity(64)
        for byte in digest {
            name.append(digits[Int(byte >> 4)])
            name.append(digits[Int(byte & 15)])
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// The path of the artefact called `key`, `nil` when there is none.
    func path(_ key: String) -> String? {
        let path = "\(folder)/\(key)"
        guard let status = Files.status(path), status.size > 0 else { return nil }
        return path
    }

    /// Keeps an artefact; a cache that cannot be written is no error.
    func store(_ artefact: UnsafeRawBufferPointer, key: String) {
        do throws(SystemError) {
            try Files.makeDirectory(folder, permissions: 0o700)
            try Files.replace("\(folder)/\(key)", with: artefact, permissions: 0o600, synchronize: true)
        } catch {
            return
        }
        // Looking through the folder takes longer than writing a small file; many small ones come to a look, too.
        if artefact.count >= min(limit / 16, 1 << 20) || Int.random(in: 0..<64) == 0 { trim() }
    }

    /// Forgets an artefact that the engine does not accept.
    func remove(_ key: String) { try? Files.remove("\(folder)/\(key)") }

    /// Removes the files used longest ago until the rest fits the limit.
    private func trim() {
        guard let names = try? Files.names(in: folder) else { return }
        var files: [(path: String, size: Int64, used: Int64)] = []
        var total: Int64 = 0
        let limit = Int64(limit)
        for name in names {
            let path = "\(folder)/\(name)"
            guard let status = Files.status(path) else { continue }
            files.append((path, status.size, status.accessed.seconds))
            total += status.size
        }
        guard total > limit else { return }
        for file in files.sorted(by: { $0.used < $1.used }) where total > limit {
            if (try? Files.remove(file.path)) != nil { total -= file.size }
        }
    }
}

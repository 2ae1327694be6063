// SPDX-License-Identifier: Apache-2.0

import CDovetailCrypto
import CDovetailWasmtime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return nil }
        return path
    }

    /// Keeps an artefact; a cache that cannot be written is no error.
    func store(_ artefact: UnsafeRawBufferPointer, key: String) {
        guard makeFolder(folder) else { return }
        let temporary = "\(folder)/.\(key).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        var written = 0
        while written < artefact.count {
            let count = write(file, artefact.baseAddress?.advanced(by: written), artefact.count - written)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let safe = written == artefact.count && fsync(file) == 0
        close(file)
        guard safe, rename(temporary, "\(folder)/\(key)") == 0 else {
            unlink(temporary)
            return
        }
        // Looking through the folder takes longer than writing a small file; many small ones come to a look, too.
        if artefact.count >= min(limit / 16, 1 << 20) || Int.random(in: 0..<64) == 0 { trim() }
    }

    /// Forgets an artefact that the engine does not accept.
    func remove(_ key: String) { unlink("\(folder)/\(key)") }

    private func makeFolder(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
        return makeFolder(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
    }

    /// Removes the files used longest ago until the rest fits the limit.
    private func trim() {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        var files: [(path: String, size: Int, used: Int)] = []
        var total = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0 else { continue }
            files.append(("\(folder)/\(name)", Int(status.st_size), Int(status.st_atim.tv_sec)))
            total += Int(status.st_size)
        }
        guard total > limit else { return }
        for file in files.sorted(by: { $0.used < $1.used }) where total > limit {
            if unlink(file.path) == 0 { total -= file.size }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Gathers the texts of a package from the file system. (WIT.md, "Filesystem structure")
package enum WITLoader {
    /// Larger files are refused.
    static let maximumFileSize = 64 << 20

    /// The source at `path`: a file, or a folder with its `deps`, which hold folders, `.wit` files and packages in binary
    /// form (`.wasm`, `.wat`).
    ///
    /// - Throws: when something cannot be read.
    package static func load(_ path: String) throws(WITError) -> WITSource {
        guard isFolder(path) else { return WITSource(root: [try file(path)]) }
        var source = WITSource(root: try folder(path))
        let dependencies = join(path, "deps")
        guard isFolder(dependencies) else { return source }
        for name in try names(in: dependencies) {
            let inner = join(dependencies, name)
            if isFolder(inner) {
                let files = try folder(inner)
                if !files.isEmpty { source.dependencies.append(files) }
                for name in try names(in: inner) where isBinary(name) {
                    source.binaries.append(try file(join(inner, name)))
                }
            } else if name.hasSuffix(".wit") {
                source.dependencies.append([try file(inner)])
            } else if isBinary(name) {
                source.binaries.append(try file(inner))
            }
        }
        return source
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private static func isBinary(_ name: String) -> Bool { name.hasSuffix(".wasm") || name.hasSuffix(".wat") }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The `.wit` files right in a folder, by name.
    private static func folder(_ path: String) throws(WITError) -> [SourceFile] {
        var files: [SourceFile] = []
        for name in try names(in: path) where name.hasSuffix(".wit") {
            let inner = join(path, name)
            if !isFolder(inner) { files.append(try file(inner)) }
        }
        return files
    }

    private static func names(in path: String) throws(WITError) -> [String] {
        guard let folder = opendir(path) else { throw failure("folder", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func file(_ path: String) throws(WITError) -> SourceFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("file", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("file", path)
            }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= maximumFileSize else {
                throw WITError(
                    code: .loading, diagnostics: [Diagnostic("`\(path)` is larger than 64 MiB")], sources: SourceMap())
            }
        }
        return SourceFile(name: path, bytes: bytes)
    }

    private static func failure(_ kind: String, _ path: String) -> WITError {
        let reason = String(cString: strerror(errno))
        return WITError(
            code: .loading, diagnostics: [Diagnostic("cannot read \(kind) `\(path)`: \(reason)")],
            sources: SourceMap())
    }
}

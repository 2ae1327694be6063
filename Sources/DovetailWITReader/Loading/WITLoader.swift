// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// Gathers the texts of a package from the file system. (WIT.md, "Filesystem structure")
package enum WITLoader {
    /// Larger files are refused.
    static let maximumFileSize = 64 << 20

    /// The source at `path`: a file, or a folder with its `deps`, which hold folders, `.wit` files and packages in binary
    /// form (`.wasm`, `.wat`).
    ///
    /// - Throws: when something cannot be read.
    package static func load(_ path: String) throws(WITError) -> WITSource {
        guard Files.isDirectory(path) else { return WITSource(root: [try file(path)]) }
        var source = WITSource(root: try folder(path))
        let dependencies = Files.join(path, "deps")
        guard Files.isDirectory(dependencies) else { return source }
        for name in try names(in: dependencies) {
            let inner = Files.join(dependencies, name)
            if Files.isDirectory(inner) {
                let files = try folder(inner)
                if !files.isEmpty { source.dependencies.append(files) }
                for name in try names(in: inner) where isBinary(name) {
                    source.binaries.append(try file(Files.join(inner, name)))
                }
            } else if name.hasSuffix(".wit") {
                source.dependencies.append([try file(inner)])
            } else if isBinary(name) {
                source.binaries.append(try file(inner))
            }
        }
        return source
    }

    private static func isBinary(_ name: String) -> Bool { name.hasSuffix(".wasm") || name.hasSuffix(".wat") }

    /// The `.wit` files right in a folder, by name.
    private static func folder(_ path: String) throws(WITError) -> [SourceFile] {
        var files: [SourceFile] = []
        for name in try names(in: path) where name.hasSuffix(".wit") {
            let inner = Files.join(path, name)
            if !Files.isDirectory(inner) { files.append(try file(inner)) }
        }
        return files
    }

    private static func names(in path: String) throws(WITError) -> [String] {
        do throws(SystemError) { return try Files.names(in: path) } catch { throw failure("folder", path, error) }
    }

    private static func file(_ path: String) throws(WITError) -> SourceFile {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, limit: maximumFileSize + 1)
        } catch {
            throw failure("file", path, error)
        }
        guard bytes.count <= maximumFileSize else {
            throw WITError(
                code: .loading, diagnostics: [Diagnostic("`\(path)` is larger than 64 MiB")], sources: SourceMap())
        }
        return SourceFile(name: path, bytes: bytes)
    }

    private static func failure(_ kind: String, _ path: String, _ reason: SystemError) -> WITError {
        WITError(
            code: .loading, diagnostics: [Diagnostic("cannot read \(kind) `\(path)`: \(reason)")],
            sources: SourceMap())
    }
}

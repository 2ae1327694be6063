// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where tests find files.
package enum TestFiles {
    /// The root of the package.
    package static let root: String = {
        // This file is in Tests/TestSupport.
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// A file below `Examples/`.
    package static func example(_ path: String) -> String { "\(root)/Examples/\(path)" }

    /// A file below `Tests/Fixtures`, which has the text of each component beside it.
    package static func fixture(_ path: String) -> String { "\(root)/Tests/Fixtures/\(path)" }

    /// The bytes of a file.
    package static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// A file that is not there.
    package struct Missing: Error {
        /// Where it was looked for.
        package let path: String
    }
}

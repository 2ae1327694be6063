// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that a command was given.
enum WasmFile {
    /// A sentence about a file that is not what the command needs.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What the file seems to be, after its first bytes.
    static func kind(of path: String) throws -> BinaryKind {
        let head = try read(path, limit: 4096)
        return head.withUnsafeBytes { BinaryKind($0) }
    }

    /// Whether the file begins as binary WebAssembly does.
    static func isBinary(_ path: String) throws -> Bool { try read(path, limit: 4) == [0x00, 0x61, 0x73, 0x6d] }

    /// The bytes of the file, `limit` at most.
    static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, Int(status.st_size)))
        var chunk = [UInt8](repeating: 0, count: min(limit, 1 << 20))
        while bytes.count < limit {
            let wanted = min(chunk.count, limit - bytes.count)
            let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, wanted) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    private static func failure(_ path: String) -> Failure {
        Failure(description: "cannot read `\(path)`: \(String(cString: strerror(errno)))")
    }

    /// The error for a file that is neither a component nor a core module.
    static func notWasm(_ path: String, _ kind: BinaryKind) -> Failure {
        if kind == .text {
            return Failure(
                description: "`\(path)` is WebAssembly text, expected a binary; assemble it with `wasm-tools parse`")
        }
        return Failure(description: "`\(path)` is neither a component nor a core module")
    }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

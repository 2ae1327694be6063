// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailSystem

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
        do throws(SystemError) {
            return try Files.read(path, limit: limit)
        } catch {
            throw Failure(description: "cannot read `\(path)`: \(error)")
        }
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

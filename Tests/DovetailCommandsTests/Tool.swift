// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// The built executable, run as a user runs it.
enum Tool {
    /// Where it lies; `nil` where it was not built.
    static let path = BuiltProduct.path("dovetail")

    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) async throws -> BuiltProduct.Outcome {
        try await BuiltProduct.run(path ?? "dovetail", arguments, environment: environment, input: input)
    }

    /// Runs a script of the shell, in which `$tool` is the executable and `$1`, `$2` … are `arguments`.
    static func shell(
        _ script: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = ""
    ) async throws -> BuiltProduct.Outcome {
        try await BuiltProduct.run(
            "/bin/bash", ["-c", script, "bash"] + arguments,
            environment: environment.merging(["tool": path ?? "dovetail"]) { $1 }, input: input)
    }

    /// Runs `body` with the path of an empty folder.
    static func withFolder<Result>(
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }

    /// Runs `body` with the path of a file that holds `bytes`.
    static func withFile<Result>(
        _ bytes: Data, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("guest-\(UUID().uuidString).wasm")
        try bytes.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

}

/// Core modules, each so small that its text says it all. (`wasm-tools parse`, then `base64`)
enum Guest {
    /// `(func $boom (unreachable)) (memory (export "memory") 1) (func (export "_start") (call $boom))`
    static let trap = decode(
        "AGFzbQEAAAABBAFgAAADAwIAAAUDAQABBxMCBm1lbW9yeQIABl9zdGFydAABCgoCAwAACwQAEAALAA4EbmFtZQEHAQAEYm9vbQ==")
    /// `_start` calls `proc_exit` with 7.
    static let exit = decode(
        "AGFzbQEAAAABCAJgAX8AYAAAAiQBFndhc2lfc25hcHNob3RfcHJldmlldzEJcHJvY19leGl0AAADAgEBBQMBAAEHEwIGbWVtb3J5AgAGX3N0YX"
            + "J0AAEKCAEGAEEHEAALAAsEbmFtZQEEAQABZQ==")
    /// `_start` is `(loop (br 0))`.
    static let loop = decode("AGFzbQEAAAABBAFgAAADAgEABQMBAAEHEwIGbWVtb3J5AgAGX3N0YXJ0AAAKCQEHAANADAALCw==")
    /// Imports `env` `nope` `(func)` and `env` `two` `(func (param i32))`.
    static let missing = decode(
        "AGFzbQEAAAABCAJgAABgAX8AAhYCA2VudgRub3BlAAADZW52A3R3bwABAwIBAAUDAQABBxMCBm1lbW9yeQIABl9zdGFydAACCgQBAgAL")

    private static func decode(_ text: String) -> Data { Data(base64Encoded: text) ?? Data() }
}

// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// The built executable, run as a user runs it.
enum Tool {
    /// Where it lies: beside the test bundle; `nil` where it was not built.
    static let path: String? = {
        var places = [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()]
        places += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        for place in places {
            var folder = place
            while folder.pathComponents.count > 1 {
                folder.deleteLastPathComponent()
                if folder.pathExtension == "xctest" || folder.pathComponents.contains("Contents") { continue }
                let candidate = folder.appendingPathComponent("dovetail").path
                if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
                break
            }
        }
        return nil
    }()

    /// How a run ended.
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appendingPathComponent("output")
        let errors = folder.appendingPathComponent("errors")
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "dovetail")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        // As a shell gives it: a signal shows as 128 and its number, which no test expects.
        let code = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return Outcome(
            code: code, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    /// Runs `body` with the path of a file that holds `bytes`.
    static func withFile<Result>(_ bytes: Data, _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("guest-\(UUID().uuidString).wasm")
        try bytes.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path)
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

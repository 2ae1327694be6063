// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An executable of the package, run as a user runs it.
package enum BuiltProduct {
    /// The path of the executable `name`, beside the test bundle; `nil` where it was not built.
    package static func path(_ name: String) -> String? {
        var places = [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()]
        places += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        for place in places {
            var folder = place
            while folder.pathComponents.count > 1 {
                folder.deleteLastPathComponent()
                if folder.pathExtension == "xctest" || folder.pathComponents.contains("Contents") { continue }
                let candidate = folder.appendingPathComponent(name).path
                if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
                break
            }
        }
        return nil
    }

    /// How a run ended.
    package struct Outcome: Sendable {
        /// The exit code; 128 and the number of the signal that ended it.
        package var code: Int32
        /// The signal that ended it.
        package var signal: Int32?
        /// What it wrote to standard output.
        package var output: String
        /// What it wrote to standard error.
        package var errors: String

        /// The first line of its output.
        package var firstLine: String { String(output.prefix { $0 != "\n" }) }
    }

    /// Runs an executable that takes long, without holding a thread that other tests need.
    package static func run(_ path: String, _ arguments: [String]) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try runAndWait(path, arguments) }) }
        }
    }

    /// Runs an executable to its end.
    ///
    /// - Parameters:
    ///   - environment: variables besides this process's own; an empty value removes one.
    ///   - input: what it reads.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> Outcome {
        try runAndWait(path, arguments, environment: environment, input: input)
    }

    private static func runAndWait(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> Outcome {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let (source, output, errors) = (
            URL(fileURLWithPath: folder.file("input")), URL(fileURLWithPath: folder.file("output")),
            URL(fileURLWithPath: folder.file("errors"))
        )
        try Data(input.utf8).write(to: source)
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$1.isEmpty }
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        let signal = process.terminationReason == .exit ? nil : process.terminationStatus
        return Outcome(
            code: signal.map { 128 + $0 } ?? process.terminationStatus, signal: signal,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
}

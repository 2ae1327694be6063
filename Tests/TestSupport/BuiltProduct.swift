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

    /// Runs an executable to its end, with few others at the same time and without holding a thread. One that takes ten minutes is killed.
    ///
    /// - Parameters:
    ///   - environment: variables besides this process's own; an empty value removes one.
    ///   - input: what it reads.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) async throws -> Outcome {
        try await BlockingWork.turn {
            let folder = try ScratchFolder()
            defer { folder.remove() }
            let process = try start(path, arguments, environment, input, in: folder)
            let watch = Task {
                try await Task.sleep(for: .seconds(600))
                process.send(SIGKILL)
            }
            defer { watch.cancel() }
            return try await outcome(process.end(), in: folder)
        }
    }

    /// Runs an executable to its end, for code that is no task: it holds its thread.
    package static func runHoldingThread(_ path: String, _ arguments: [String]) throws -> Outcome {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        return try outcome(start(path, arguments, [:], "", in: folder).endHoldingThread(), in: folder)
    }

    private static func start(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ input: String,
        in folder: ScratchFolder
    ) throws -> TestProcess {
        try TestProcess(
            path, arguments, environment: environment, input: .file(folder.write(input.utf8, to: "input")),
            output: .file(folder.file("output")), errors: .file(folder.file("errors")))
    }

    private static func outcome(_ end: (code: CInt, signal: CInt?), in folder: ScratchFolder) throws -> Outcome {
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file(name))), as: UTF8.self)
        }
        return Outcome(code: end.code, signal: end.signal, output: try text("output"), errors: try text("errors"))
    }
}

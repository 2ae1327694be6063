// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A process of this executable that runs test cases and reports them line by line: a case that crashes, hangs or takes too
/// much memory ends the worker, not the test. Used by one thread.
package final class WorkerProcess {
    /// What a worker did.
    package enum Event {
        /// It wrote a line to standard output.
        case line(String)
        /// It wrote nothing for too long.
        case silent
        /// It holds this many bytes of memory, more than allowed.
        case large(Int)
        /// It ended, for this reason.
        case died(String)
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors: URL
    private var buffer = Data()
    /// The most memory that the worker was seen to hold, in bytes.
    package private(set) var peakResidentBytes = 0

    /// The path of this executable.
    package static var executable: String { Bundle.main.executablePath ?? CommandLine.arguments.first ?? "" }

    /// Starts this executable with other arguments.
    package init(_ arguments: [String]) throws {
        errors = FileManager.default.temporaryDirectory.appendingPathComponent("dovetail-worker-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.executableURL = URL(fileURLWithPath: Self.executable)
        process.arguments = arguments
        // The backtrace of a crash would take longer than the cases.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        // Close our writing end of its output: otherwise the worker's end would not be noticed.
        try output.fileHandleForWriting.close()
        try input.fileHandleForReading.close()
    }

    /// Writes to the worker's standard input.
    package func send(_ bytes: Data) throws { try input.fileHandleForWriting.write(contentsOf: bytes) }

    /// Waits for the next line or another event.
    package func next(within seconds: Double, mostResidentBytes: Int = .max) -> Event {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer.removeSubrange(buffer.startIndex...end)
                return .line(line)
            }
            let resident = residentBytes()
            peakResidentBytes = max(peakResidentBytes, resident)
            if resident > mostResidentBytes { return .large(resident) }
            if deadline.timeIntervalSinceNow < 0 { return .silent }
            var request = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            // Often enough to see memory grow.
            guard poll(&request, 1, 50) > 0 else { continue }
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { return .died(lastWords()) }
            buffer.append(piece)
        }
    }

    /// Ends the worker: when it has done what it was sent, or at once.
    package func stop(force: Bool) {
        try? input.fileHandleForWriting.close()
        if force, process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: errors)
    }

    /// How much memory the process holds; 0 where the system does not tell.
    private func residentBytes() -> Int { ResidentMemory.bytes(ofProcess: "\(process.processIdentifier)") ?? 0 }

    private func lastWords() -> String {
        process.waitUntilExit()
        let status =
            process.terminationReason == .uncaughtSignal
            ? "signal \(process.terminationStatus)" : "exit code \(process.terminationStatus)"
        let text = String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
        let telling = lines.first { $0.contains("Fatal error") || $0.contains("panicked") } ?? lines.last
        return "the process ended with \(status)" + (telling.map { ": " + $0.prefix(300) } ?? "")
    }
}

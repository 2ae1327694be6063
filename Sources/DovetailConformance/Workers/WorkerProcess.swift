// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A running worker, as its pool sees it. Used by one thread.
final class WorkerProcess {
    /// What comes from a worker.
    enum Event {
        case message(WorkerMessage)
        /// Nothing came for too long.
        case silent
        /// It ended, with these last words.
        case died(String)
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors: URL
    private var buffer = Data()

    /// Starts a worker on `folder`.
    init(folder: String) throws {
        errors = FileManager.default.temporaryDirectory
            .appendingPathComponent("dovetail-conformance-\(UUID().uuidString).txt")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.executableURL = try Self.executable()
        process.arguments = ["--worker", folder]
        // The backtraces of a crash would take longer than the cases.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        // Only the worker may hold the writing end, else its death would not be seen.
        try output.fileHandleForWriting.close()
        try input.fileHandleForReading.close()
    }

    /// The path of this tool.
    static func executable() throws -> URL {
        if let url = Bundle.main.executableURL { return url }
        guard let name = CommandLine.arguments.first else { throw CaseFailure("the executable's path is unknown") }
        return URL(fileURLWithPath: name)
    }

    /// Hands over a case.
    func send(_ job: WorkerJob) throws { try input.fileHandleForWriting.write(contentsOf: WorkerLine.encode(job)) }

    /// Waits for what comes next, at most `limit` seconds.
    func next(limit: Int) -> Event {
        let deadline = Date().addingTimeInterval(Double(limit))
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = Data(buffer[buffer.startIndex..<end])
                buffer.removeSubrange(buffer.startIndex...end)
                if let message = WorkerLine.decode(WorkerMessage.self, line) { return .message(message) }
                continue
            }
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { return .silent }
            var request = pollfd(
                fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Int32(min(left * 1000, 1_000_000)) + 1) > 0 else { continue }
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { return .died(lastWords()) }
            buffer.append(piece)
        }
    }

    /// Ends the worker, at once when `force`.
    func stop(force: Bool) {
        try? input.fileHandleForWriting.close()
        if force { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: errors)
    }

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

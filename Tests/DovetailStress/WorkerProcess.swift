// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A running worker and what it says. Used by one thread.
final class WorkerProcess {
    /// What comes from a worker.
    enum Event {
        case line(String)
        /// Nothing came for too long.
        case silent
        /// It holds so many bytes.
        case large(Int)
        /// It ended, in these words.
        case died(String)
    }

    private let process = Process()
    private let output = Pipe()
    private let errors: URL
    private var buffer = Data()
    /// The most memory that was seen, in bytes.
    private(set) var peakResidentBytes = 0

    init(_ arguments: [String]) throws {
        errors = FileManager.default.temporaryDirectory.appendingPathComponent("stress-\(UUID().uuidString).txt")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.executableURL = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = arguments
        // The backtrace of a crash would take longer than the cases.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        try output.fileHandleForWriting.close()
    }

    /// Waits for what comes next.
    func next(within seconds: Double, mostResidentBytes: Int) -> Event {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer = Data(buffer[buffer.index(after: end)...])
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

    /// Ends the worker, wherever it is.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: errors)
    }

    /// What the process holds in memory; 0 where the system does not tell.
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

/// How much memory a process holds.
enum ResidentMemory {
    /// The resident bytes of a process by its number, or of this one as `self`; `nil` where there is no `/proc`.
    static func bytes(ofProcess name: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(name)/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

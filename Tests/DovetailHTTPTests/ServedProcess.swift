// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

/// `dovetail serve` as a user starts it, at a port that the system chooses.
final class ServedProcess: Sendable {
    private let process: TestProcess
    private let folder: ScratchFolder
    /// Where it listens, and where its metrics are.
    let address: SocketAddress
    let metrics: SocketAddress?

    /// The path of the tool, `nil` where it was not built.
    static let tool = BuiltProduct.path("dovetail")

    struct DidNotStart: Error {
        let errors: String
    }

    /// - Parameters:
    ///   - program: another server with the verb `serve`; nil: `dovetail`.
    ///   - output: where it writes its log; nil: where ``log`` finds it.
    /// - Throws: ``DidNotStart`` with what it said instead of its address.
    init(
        _ arguments: [String], file: String, by program: String? = nil, output: TestProcess.Place? = nil
    ) async throws {
        folder = try ScratchFolder()
        process = try TestProcess(
            try #require(program ?? Self.tool), ["serve", "--addr", "127.0.0.1:0"] + arguments + [file],
            output: output ?? .file(folder.file("output")), errors: .file(folder.file("errors")))
        let wanted = arguments.contains("--metrics-addr") ? 2 : 1
        var found: [SocketAddress] = []
        while found.count < wanted {
            let isRunning = process.isRunning
            let said = Self.text(folder, "errors")
            found = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { line in
                guard let start = line.range(of: "127.0.0.1:") else { return nil }
                return UInt16(line[start.upperBound...].prefix { $0.isNumber }).map {
                    SocketAddress(.loopback(.v4), port: $0)
                }
            }
            guard found.count < wanted else { break }
            guard isRunning else { throw DidNotStart(errors: said) }
            try await Task.sleep(for: .milliseconds(10))
        }
        address = found[0]
        metrics = wanted == 2 ? found[1] : nil
    }

    deinit {
        process.send(SIGKILL)
        folder.remove()
    }

    private static func text(_ folder: ScratchFolder, _ name: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: folder.file(name)))) ?? Data(), as: UTF8.self)
    }

    /// What it wrote to standard error so far.
    var said: String { Self.text(folder, "errors") }
    /// The log so far, line by line.
    var log: [String] { Self.text(folder, "output").split(separator: "\n").map(String.init) }
    /// Its number.
    var identifier: pid_t { process.identifier }
    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) { process.send(signal) }

    /// Waits until it has ended; its exit code.
    func end() async -> Int32 { await process.end().code }

    /// Waits until something is so; whether it became so in time.
    func waits(_ condition: () async throws -> Bool) async rethrows -> Bool {
        for _ in 0..<3000 {
            if try await condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

extension HTTPTestClient {
    /// Asks for one thing; the whole of what came back.
    static func get(_ path: String, at address: SocketAddress, fields: String = "") async throws -> String {
        try await answer(address, "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(fields)\r\n")
    }
}

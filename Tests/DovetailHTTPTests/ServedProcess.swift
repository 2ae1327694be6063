// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Foundation
import Synchronization
import Testing

/// `dovetail serve` as a user starts it, at a port that the system chooses.
final class ServedProcess: @unchecked Sendable {
    // @unchecked because what changes lies under the lock, and the process is only asked.

    private let process = Process()
    private let errors = Pipe()
    private let folder: ScratchFolder
    private let text = Mutex("")
    /// Where it listens, and where its metrics are.
    let address: SocketAddress
    let metrics: SocketAddress?

    /// The path of the tool, `nil` where it was not built.
    static let tool = BuiltProduct.path("dovetail")

    struct DidNotStart: Error {
        let errors: String
    }

    /// - Throws: ``DidNotStart`` with what it said instead of its address.
    init(_ arguments: [String], file: String) throws {
        folder = try ScratchFolder()
        let output = folder.file("output")
        try Data().write(to: URL(fileURLWithPath: output))
        process.executableURL = URL(fileURLWithPath: try #require(Self.tool))
        process.arguments = ["serve", "--addr", "127.0.0.1:0"] + arguments + [file]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = errors
        try process.run()
        try errors.fileHandleForWriting.close()
        let wantsMetrics = arguments.contains("--metrics-addr")
        var said = ""
        var found: [SocketAddress] = []
        while found.count < (wantsMetrics ? 2 : 1) {
            let piece = errors.fileHandleForReading.availableData
            guard !piece.isEmpty else {
                process.waitUntilExit()
                throw DidNotStart(errors: said)
            }
            said += String(decoding: piece, as: UTF8.self)
            found = said.split(separator: "\n").compactMap { line in
                guard let start = line.range(of: "127.0.0.1:") else { return nil }
                return UInt16(line[start.upperBound...].prefix { $0.isNumber }).map {
                    SocketAddress(.loopback(.v4), port: $0)
                }
            }
        }
        address = found[0]
        metrics = wantsMetrics ? found[1] : nil
        text.withLock { $0 = said }
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let piece = handle.availableData
            if piece.isEmpty { handle.readabilityHandler = nil }
            self?.text.withLock { $0 += String(decoding: piece, as: UTF8.self) }
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        folder.remove()
    }

    /// What it wrote to standard error so far.
    var said: String { text.withLock { $0 } }
    /// The log so far, line by line.
    var log: [String] {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: folder.file("output")))) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until it has ended; its exit code.
    func end() async -> Int32 {
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
        return process.terminationStatus
    }

    /// Waits until something is so; whether it became so in time.
    func waits(_ condition: () throws -> Bool) async rethrows -> Bool {
        for _ in 0..<1000 {
            if try condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

/// A connection of a client that says byte for byte what it is told to.
struct ServedClient {
    private let socket: Socket

    init(_ address: SocketAddress) throws {
        socket = try Socket.tcp(address.ip.family)
        do throws(SystemError) { try socket.connect(address) } catch {
            guard error == .inProgress else { throw error }
            try EventLoop.block(for: [.event(socket.source, .writing)])
            if let error = try socket.connectError() { throw error }
        }
    }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            do throws(SystemError) {
                rest = rest.dropFirst(try rest.withRawBytes { (bytes) throws(SystemError) in try socket.send(bytes) })
            } catch {
                guard error.isWouldBlock else { throw error }
                try EventLoop.block(for: [.event(socket.source, .writing)])
            }
        }
    }

    /// Everything until the other end closes the connection, or until there is `text` in it.
    func receive(until text: String? = nil) throws -> String {
        var all: [UInt8] = []
        while true {
            var failure: SystemError?
            let piece = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                do throws(SystemError) {
                    count = try socket.receive(UnsafeMutableRawBufferPointer(buffer))
                } catch {
                    count = 0
                    failure = error
                }
            }
            if let failure {
                guard failure.isWouldBlock else { break }
                try EventLoop.block(for: [.event(socket.source, .reading)])
                continue
            }
            if piece.isEmpty { break }
            all += piece
            if let text, String(decoding: all, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: all, as: UTF8.self)
    }

    func close() throws { try socket.shutdown(reading: true, writing: true) }

    /// Asks for one thing; the whole of what came back.
    static func get(_ path: String, at address: SocketAddress, fields: String = "") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let client = try ServedClient(address)
                        try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(fields)\r\n")
                        return try client.receive()
                    })
            }
        }
    }
}

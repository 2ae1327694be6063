// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A client that sends what it is told, byte by byte where it has to be, and shows what comes back.
final class HTTPTestClient: Sendable {
    private let socket: Socket

    init(_ address: SocketAddress) async throws {
        socket = try Socket.tcp(address.ip.family)
        if try Self.trying({ () throws(SystemError) in try socket.connect(address) }) == nil {
            try await EventLoop.nearest.wait(for: [.event(socket.source, .writing)])
        }
        if let error = try socket.connectError() { throw error }
        try socket.setOption(.noDelay, 1)
    }

    /// Nil where it would have to wait.
    private static func trying<Success>(_ body: () throws(SystemError) -> Success) throws(SystemError) -> Success? {
        do throws(SystemError) {
            return try body()
        } catch {
            if error.isWouldBlock || error == .inProgress { return nil }
            throw error
        }
    }

    /// Sends all of it.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if let count = try sendSome(rest) {
                rest = rest.dropFirst(count)
            } else {
                try await EventLoop.nearest.wait(for: [.event(socket.source, .writing)])
            }
        }
    }

    private func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int? {
        try Self.trying { () throws(SystemError) in
            try bytes.withRawBytes { (bytes) throws(SystemError) in try socket.send(bytes) }
        }
    }

    /// How many bytes can be sent before the other end has to read.
    func sendUntilFull() async throws -> Int {
        let bytes = [UInt8](repeating: 0x61, count: 64 * 1024)
        var sent = 0
        while true {
            if let count = try sendSome(bytes[...]) {
                sent += count
                continue
            }
            let limit = SystemClock.monotonic + 300_000_000
            try await EventLoop.nearest.wait(for: [.event(socket.source, .writing)], until: limit)
            if SystemClock.monotonic >= limit { return sent }
        }
    }

    /// Some bytes; none at the end.
    func receiveSome() async throws -> [UInt8] {
        while true {
            if let bytes = try receiveNow() { return bytes }
            try await EventLoop.nearest.wait(for: [.event(socket.source, .reading)])
        }
    }

    /// Some bytes, for a thread that may wait; none at the end.
    func receiveBlocking() throws -> [UInt8] {
        while true {
            if let bytes = try receiveNow() { return bytes }
            try EventLoop.block(for: [.event(socket.source, .reading)])
        }
    }

    private func receiveNow() throws -> [UInt8]? {
        try Self.trying { () throws(SystemError) in
            try [UInt8](unsafeUninitializedCapacity: 64 * 1024) { (buffer, count) throws(SystemError) in
                count = try socket.receive(UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// What comes until it ends with `text`, or until the end.
    func receive(until text: String) async throws -> String {
        var all: [UInt8] = []
        let end = Array(text.utf8)
        while all.count < end.count || !all.suffix(end.count).elementsEqual(end) {
            let some = try await receiveSome()
            if some.isEmpty { break }
            all += some
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// What comes until the end.
    func receiveAll() async throws -> String {
        var all: [UInt8] = []
        while true {
            let some = try await receiveSome()
            if some.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += some
        }
    }

    /// Sends nothing more.
    func endSending() throws { try socket.shutdown(reading: false, writing: true) }

    /// Ends both directions.
    func close() { try? socket.shutdown(reading: true, writing: true) }

    /// What a request is answered with, until the end of the connection.
    static func answer(_ address: SocketAddress, _ text: String) async throws -> String {
        let client = try await HTTPTestClient(address)
        try await client.send(text)
        return try await client.receiveAll()
    }
}

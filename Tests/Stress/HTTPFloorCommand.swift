// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailSystem
import DovetailTestSupport

/// `http-floor`: what a request costs the system alone, for `Scripts/serve-load`.
struct HTTPFloorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http-floor",
        abstract: "Answer whatever is received with the same bytes, which are the least that a server does.")

    @Option(help: "The port on 127.0.0.1.") var port: UInt16

    private static let answer = Array(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 14\r\n\r\nHello, World!\n".utf8)

    /// A connection whose requests are not looked at.
    private final class Connection: EventLoop.Handler, @unchecked Sendable {
        // @unchecked because it belongs to the thread of its loop.
        fileprivate let descriptor: OwnedDescriptor
        private let listener: Listener
        private var token: UInt64 = 0

        init(_ descriptor: OwnedDescriptor, _ listener: Listener) throws(SystemError) {
            (self.descriptor, self.listener) = (descriptor, listener)
            token = try listener.loop.register(descriptor.number, self)
        }

        func handle(_ ready: ReadySet) {
            guard ready.contains(.readable) else { return }
            do throws(SystemError) {
                let count = try withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 16) {
                    (buffer) throws(SystemError) in try descriptor.receive(buffer)
                }
                if count > 0 { listener.answer(self) } else { end() }
            } catch {
                if !error.isWouldBlock { end() }
            }
        }

        private func end() { listener.loop.deregister(descriptor.number, token) }
    }

    private final class Listener: EventLoop.Handler, EventLoop.TurnEndHandler, @unchecked Sendable {
        // @unchecked because it belongs to the thread of its loop.
        private let socket: Socket
        fileprivate let loop: EventLoop
        private var asking: [Connection] = []

        init(_ socket: Socket, _ loop: EventLoop) { (self.socket, self.loop) = (socket, loop) }

        func handle(_ ready: ReadySet) {
            while let (accepted, _) = try? socket.source.descriptor.acceptConnection() {
                try? accepted.setOption(.noDelay, 1)
                _ = try? Connection(accepted, self)
            }
        }

        /// Answers at the end of the turn, since a client that is woken costs the more the more often it is.
        func answer(_ connection: Connection) {
            if asking.isEmpty { loop.callAtTurnEnd(self) }
            asking.append(connection)
        }

        func turnHasEnded() {
            HTTPFloorCommand.answer.withUnsafeBytes { bytes in
                for connection in asking { _ = try? connection.descriptor.send(bytes) }
            }
            asking.removeAll(keepingCapacity: true)
        }
    }

    func run() async throws {
        let socket = try Socket.tcp(.v4)
        try socket.setOption(.reuseAddress, 1)
        try socket.bind(SocketAddress(.loopback(.v4), port: port))
        try socket.listen(backlog: 128)
        let loop = try EventLoop(threadNamed: "floor")
        _ = try loop.register(socket.number, Listener(socket, loop))
        print("serving at http://127.0.0.1:\(port)/")
        try await EventLoop.nearest.wait(for: [.never])
    }
}

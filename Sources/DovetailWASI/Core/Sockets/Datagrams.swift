// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// The datagrams that a socket receives.
package final class IncomingDatagrams {
    /// The most that are given at once.
    private static let batch = 16
    private static let largest = 64 * 1024

    private let socket: UDPSocket
    private let generation: Int

    init(_ socket: UDPSocket) {
        self.socket = socket
        generation = socket.generation
    }

    /// Datagrams that are there, at most `limit`; none while there are none.
    package func receive(_ limit: UInt64) throws(SocketErrorCode) -> [(bytes: [UInt8], sender: SocketAddress)] {
        guard generation == socket.generation else { throw .invalidState }
        var found: [(bytes: [UInt8], sender: SocketAddress)] = []
        let wanted = Int(min(limit, UInt64(Self.batch)))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted > 0 ? Self.largest : 0, alignment: 1)
        defer { buffer.deallocate() }
        // Those that are passed over do not keep others waiting for ever.
        for _ in 0..<(4 * Self.batch) where found.count < wanted {
            do throws(SystemError) {
                let (count, sender) = try socket.socket.receiveDatagram(buffer)
                // A guest that may reach some, but not listen, hears nobody else.
                guard socket.mayListen || socket.remote != nil || socket.access.mayReach(sender) else { continue }
                found.append((Array(buffer[..<count]), sender))
            } catch {
                if error.isWouldBlock || !found.isEmpty { break }
                throw SocketErrorCode(error)
            }
        }
        return found
    }

    /// When something can be received.
    package var readiness: Readiness {
        generation == socket.generation ? .event(socket.socket.source, .reading) : .ready
    }
}

/// The datagrams that a socket sends.
package final class OutgoingDatagrams {
    private static let batch: UInt64 = 16

    private let socket: UDPSocket
    private let generation: Int
    /// What is left of the last ``checkSend()``.
    package private(set) var permit: UInt64 = 0

    init(_ socket: UDPSocket) {
        self.socket = socket
        generation = socket.generation
    }

    /// How many datagrams may be sent now.
    package func checkSend() throws(SocketErrorCode) -> UInt64 {
        guard generation == socket.generation else { throw .invalidState }
        let canSend = try SocketErrorCode.checking { () throws(SystemError) in
            try socket.socket.source.isReady(.writing)
        }
        permit = canSend ? Self.batch : 0
        return permit
    }

    /// Sends datagrams, no more than ``permit``, and returns how many were sent.
    ///
    /// - Throws: why the first one could not be sent.
    package func send(
        _ datagrams: [(bytes: [UInt8], receiver: SocketAddress?)]
    ) throws(SocketErrorCode) -> UInt64 {
        guard generation == socket.generation else { throw .invalidState }
        permit -= min(permit, UInt64(datagrams.count))
        var sent: UInt64 = 0
        for datagram in datagrams {
            do throws(SocketErrorCode) {
                try send(datagram.bytes, datagram.receiver)
                sent += 1
            } catch {
                if sent > 0 || error == .wouldBlock { return sent }
                throw error
            }
        }
        return sent
    }

    private func send(_ bytes: [UInt8], _ receiver: SocketAddress?) throws(SocketErrorCode) {
        var target = receiver
        if let remote = socket.remote {
            guard receiver == nil || receiver == remote else { throw .invalidArgument }
            target = nil
        } else {
            guard let receiver else { throw .invalidArgument }
            try SocketRules.checkRemote(receiver, socket.family)
            try socket.access.allowOutbound(receiver)
        }
        try SocketErrorCode.checking { () throws(SystemError) in
            try bytes.withRawBytes { (bytes) throws(SystemError) in
                try socket.socket.sendDatagram(bytes, to: target)
            }
        }
    }

    /// When something can be sent.
    package var readiness: Readiness {
        generation == socket.generation ? .event(socket.socket.source, .writing) : .ready
    }
}

// SPDX-License-Identifier: Apache-2.0

private let second: UInt64 = 1_000_000_000

extension TCPSocket {
    package func keepAlive() throws(SocketErrorCode) -> Bool { try socket.get(.keepAlive) != 0 }
    package func setKeepAlive(_ value: Bool) throws(SocketErrorCode) { try socket.set(.keepAlive, value ? 1 : 0) }

    /// In nanoseconds.
    package func keepAliveIdleTime() throws(SocketErrorCode) -> UInt64 {
        UInt64(clamping: try socket.get(.keepAliveIdle)) * second
    }

    package func setKeepAliveIdleTime(_ nanoseconds: UInt64) throws(SocketErrorCode) {
        try socket.set(.keepAliveIdle, Self.seconds(nanoseconds))
    }

    /// In nanoseconds.
    package func keepAliveInterval() throws(SocketErrorCode) -> UInt64 {
        UInt64(clamping: try socket.get(.keepAliveInterval)) * second
    }

    package func setKeepAliveInterval(_ nanoseconds: UInt64) throws(SocketErrorCode) {
        try socket.set(.keepAliveInterval, Self.seconds(nanoseconds))
    }

    package func keepAliveCount() throws(SocketErrorCode) -> UInt32 {
        UInt32(clamping: try socket.get(.keepAliveCount))
    }

    package func setKeepAliveCount(_ value: UInt32) throws(SocketErrorCode) {
        // The most that Linux takes.
        try socket.set(.keepAliveCount, SocketRules.positive(UInt64(value), limit: 127))
    }

    /// Whole seconds, rounded up, as far as Linux counts them here.
    private static func seconds(_ nanoseconds: UInt64) throws(SocketErrorCode) -> Int32 {
        let rounded = nanoseconds / second + (nanoseconds % second == 0 ? 0 : 1)
        return try SocketRules.positive(rounded, limit: 32_767)
    }
}

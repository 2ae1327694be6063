// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// A socket of the operating system in non-blocking mode: every call does at once what it can, or throws that it would have to
/// wait. Closed when the last reference to its source goes.
package struct Socket: Sendable {
    /// The descriptor, and what is known of its readiness.
    package let source: EventSource
    package var number: CInt { source.descriptor.number }

    private init(_ number: CInt) { self.init(OwnedDescriptor(number)) }

    /// Takes over the descriptor of a socket.
    package init(_ descriptor: OwnedDescriptor) { source = EventSource(descriptor) }

    /// Makes a TCP socket; one for IPv6 does not take IPv4.
    package static func tcp(_ family: IPAddress.Family) throws(SystemError) -> Socket {
        Socket(try SystemError.check(dovetail_sys_socket(family == .v4 ? 4 : 6, 0)))
    }

    /// Makes a UDP socket; one for IPv6 does not take IPv4.
    package static func udp(_ family: IPAddress.Family) throws(SystemError) -> Socket {
        Socket(try SystemError.check(dovetail_sys_socket(family == .v4 ? 4 : 6, 1)))
    }

    /// Gives the socket a local address.
    package func bind(_ address: SocketAddress) throws(SystemError) {
        var raw = address.raw
        try SystemError.check(dovetail_sys_bind(number, &raw))
    }

    /// Begins to connect.
    ///
    /// - Throws: ``SystemError/inProgress`` when it lasts; it is done when the source can be written, see ``connectError()``.
    package func connect(_ address: SocketAddress) throws(SystemError) {
        try source.attempt(.writing) { (number) throws(SystemError) in
            var raw = address.raw
            try SystemError.check(dovetail_sys_connect(number, &raw))
        }
    }

    /// Lets a datagram socket have all senders and receivers again.
    package func disconnect() throws(SystemError) { try SystemError.check(dovetail_sys_connect(number, nil)) }

    /// What a connection attempt failed with; nil when it did not.
    package func connectError() throws(SystemError) -> SystemError? {
        let number = try option(.error)
        return number == 0 ? nil : SystemError(number: number)
    }

    /// Takes connections from now on, of which so many may wait.
    package func listen(backlog: Int32) throws(SystemError) {
        try SystemError.check(dovetail_sys_listen(number, backlog))
    }

    /// Takes a connection that waits.
    package func accept() throws(SystemError) -> (socket: Socket, peer: SocketAddress) {
        try source.attempt(.reading) { (_) throws(SystemError) in
            let (accepted, peer) = try source.descriptor.acceptConnection()
            return (Socket(accepted), peer)
        }
    }

    /// The address it is bound to.
    package func localAddress() throws(SystemError) -> SocketAddress {
        var raw = dovetail_sys_address()
        try SystemError.check(dovetail_sys_local_address(number, &raw))
        return SocketAddress(raw)
    }

    /// The address it is connected to.
    package func remoteAddress() throws(SystemError) -> SocketAddress {
        var raw = dovetail_sys_address()
        try SystemError.check(dovetail_sys_remote_address(number, &raw))
        return SocketAddress(raw)
    }

    /// Ends one direction of a connection, or both.
    package func shutdown(reading: Bool, writing: Bool) throws(SystemError) {
        try SystemError.check(dovetail_sys_shutdown(number, reading ? 1 : 0, writing ? 1 : 0))
    }

    /// Receives at most as many bytes as there is room for; 0 at the end.
    package func receive(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try source.attempt(.reading) { (_) throws(SystemError) in try source.descriptor.receive(buffer) }
    }

    /// Sends bytes and returns how many were taken.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try source.attempt(.writing) { (_) throws(SystemError) in try source.descriptor.send(bytes) }
    }

    /// Receives one datagram; what there is no room for is cut off.
    package func receiveDatagram(
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> (count: Int, sender: SocketAddress) {
        try source.attempt(.reading) { (number) throws(SystemError) in
            var raw = dovetail_sys_address()
            let count = try SystemError.check(
                dovetail_sys_receive_from(number, buffer.baseAddress, buffer.count, &raw))
            return (count, SocketAddress(raw))
        }
    }

    /// Sends one datagram, to the address that the socket is connected to unless another is given.
    package func sendDatagram(_ bytes: UnsafeRawBufferPointer, to receiver: SocketAddress?) throws(SystemError) {
        try source.attempt(.writing) { (number) throws(SystemError) in
            if let receiver {
                var raw = receiver.raw
                try SystemError.check(dovetail_sys_send_to(number, bytes.baseAddress, bytes.count, &raw))
            } else {
                try SystemError.check(dovetail_sys_send_to(number, bytes.baseAddress, bytes.count, nil))
            }
        }
    }

    /// A setting of the socket.
    package enum Option: CInt, Sendable {
        /// What an operation in the background has failed with; reading clears it.
        case error
        case reuseAddress, reusePort, keepAlive, receiveBuffer, sendBuffer, noDelay
        /// In seconds.
        case keepAliveIdle, keepAliveInterval
        case keepAliveCount, hopsV4, hopsV6
    }

    /// The value of a setting.
    package func option(_ option: Option) throws(SystemError) -> CInt {
        var value: CInt = 0
        try SystemError.check(dovetail_sys_get_option(number, option.rawValue, &value))
        return value
    }

    /// Changes a setting.
    package func setOption(_ option: Option, _ value: CInt) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_option(number, option.rawValue, value))
    }
}

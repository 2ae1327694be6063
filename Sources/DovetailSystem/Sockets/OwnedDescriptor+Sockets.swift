// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

// For those who are told of events by a loop themselves, see `EventLoop.register`; others use ``Socket``.
extension OwnedDescriptor {
    /// Takes a connection that waits.
    package func acceptConnection() throws(SystemError) -> (descriptor: OwnedDescriptor, peer: SocketAddress) {
        var raw = dovetail_sys_address()
        let accepted = OwnedDescriptor(try SystemError.check(dovetail_sys_accept(number, &raw)))
        return (accepted, SocketAddress(raw))
    }

    /// Receives at most as many bytes as there is room for; 0 at the end, and where there is no room.
    package func receive(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try SystemError.check(dovetail_sys_receive(number, buffer.baseAddress, buffer.count))
    }

    /// Sends bytes and returns how many were taken. Never raises `SIGPIPE`.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try SystemError.check(dovetail_sys_send(number, bytes.baseAddress, bytes.count))
    }

    /// Ends the direction of a connection in which this end sends.
    package func shutdownSending() throws(SystemError) {
        try SystemError.check(dovetail_sys_shutdown(number, 0, 1))
    }

    /// Has the other end see an error rather than the end when the connection is closed.
    package func resetOnClose() throws(SystemError) { try SystemError.check(dovetail_sys_reset_on_close(number)) }

    /// Changes a setting of a socket.
    package func setOption(_ option: Socket.Option, _ value: CInt) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_option(number, option.rawValue, value))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// A socket that guests wait for.
protocol WaitableSocket {
    /// When what was started last is done.
    var readiness: Readiness { get }
}

extension TCPSocket: WaitableSocket {}
extension UDPSocket: WaitableSocket {}

/// What the representations of sockets share: they are pollable themselves, and translate errors.
class WASISocket<Socket: WaitableSocket>: Pollable {
    let socket: Socket

    init(_ socket: Socket, in wasi: WASIContext?) {
        self.socket = socket
        super.init(in: wasi, fixed: .ready)
    }

    override var readiness: Readiness { socket.readiness }
    func subscribe() -> any WASI02.Poll.Pollable { self }

    final func attempt<Success>(_ body: (Socket) throws(SocketErrorCode) -> Success) throws -> Success {
        try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in try body(socket) }
    }
}

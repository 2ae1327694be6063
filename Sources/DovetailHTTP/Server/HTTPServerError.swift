// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// Why a server could not be started.
public enum HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It was started before.
    case alreadyStarted
    /// The address is taken, or not one of this machine.
    case cannotListen(SocketAddress, reason: String)

    /// One line of text.
    public var description: String {
        switch self {
        case .alreadyStarted: "the server was started before; make another one"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason); choose another address"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI

/// How a request went that a component answered, for logs and metrics.
public struct RequestOutcome: Sendable {
    /// What went wrong, for counting.
    public enum Fault: String, Sendable, CaseIterable {
        /// The guest trapped.
        case trap
        /// The time was up.
        case timeout
        /// The guest returned without a response, or without the end of one.
        case incomplete
        /// The guest answered with an error instead of a response.
        case error
        /// There are too many requests.
        case overload
        /// No instance could be made.
        case instantiation
        /// The client went away.
        case clientGone = "client-gone"
    }

    /// The number of the request, counted from 1.
    public let id: UInt64
    /// The method.
    public let method: String
    /// Path and query.
    public let target: String
    /// The client.
    public let peer: HTTPPeer
    /// The status that was sent; nil when none was.
    public var status: UInt16?
    /// How many bytes of the body the guest wrote.
    public var bytes: UInt64 = 0
    /// How long it took, in nanoseconds.
    public var duration: UInt64 = 0
    /// What went wrong.
    public var fault: Fault?
    /// The cause of the fault in words.
    public var cause: String?
    /// Whether a body was cut short, which its client can tell.
    public var isCut = false
}

extension RequestOutcome {
    /// Notes why the guest's call ended with an error, and the status that tells of it where nothing was sent yet.
    mutating func note(_ error: any Error) -> UInt16 {
        switch error {
        case let trap as Trap where trap.code == .timeout:
            (fault, cause) = (.timeout, "the guest ran into the time limit")
            return 504
        case let trap as Trap where trap.code == .cancelled:
            (fault, cause) = (.clientGone, "the client went away")
            return 499
        case is CancellationError:
            (fault, cause) = (.clientGone, "the client went away")
            return 499
        case let exit as WASIExit:
            (fault, cause) = (.trap, "\(exit)")
            return 500
        default:
            (fault, cause) = (.trap, "the guest trapped: \(error)")
            return 500
        }
    }
}

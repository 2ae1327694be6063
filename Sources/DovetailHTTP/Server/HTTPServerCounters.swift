// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A number that one thread changes and others read.
struct LoopCounter: ~Copyable {
    private let value = Atomic<Int>(0)

    /// Only for the thread of the loop.
    @inline(__always) func add(_ difference: Int) {
        value.store(value.load(ordering: .relaxed) &+ difference, ordering: .relaxed)
    }

    var current: Int { value.load(ordering: .relaxed) }
}

/// What a loop of a server has done so far.
final class LoopCounters: Sendable {
    let connections = LoopCounter()
    /// Those that it does not share with other loops.
    let kept = LoopCounter()
    /// Connections that other loops hand to this one at the moment.
    let coming = Atomic(0)
    let accepted = LoopCounter()
    let requests = LoopCounter()
    let active = LoopCounter()
    let refused = LoopCounter()
    let received = LoopCounter()
    let sent = LoopCounter()

    /// Connections that it has for itself, and those that come.
    var load: Int { kept.current + coming.load(ordering: .relaxed) }
}

/// What a server has done so far, for metrics.
public struct HTTPServerCounters: Sendable, Hashable {
    /// Connections that are open.
    public var openConnections = 0
    /// Connections that were taken so far.
    public var connections = 0
    /// Requests that were handed to the handler so far.
    public var requests = 0
    /// Requests that are being handled.
    public var activeRequests = 0
    /// Requests that were answered without the handler, since they were not valid, too large or too slow.
    public var refusedRequests = 0
    /// Bytes received, framing included.
    public var receivedBytes = 0
    /// Bytes sent, framing included.
    public var sentBytes = 0

    init(_ loops: [LoopCounters]) {
        for loop in loops {
            openConnections += loop.connections.current
            connections += loop.accepted.current
            requests += loop.requests.current
            activeRequests += loop.active.current
            refusedRequests += loop.refused.current
            receivedBytes &+= loop.received.current
            sentBytes &+= loop.sent.current
        }
    }
}

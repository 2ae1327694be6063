// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// Connections that wait for requests, on some loops of a server: a request is answered by the loop that is free first, so that it does not
/// wait for one that is busy with others, or that the system lets wait.
///
/// A connection comes here when a request of its was answered without a task. Who has it says ``HTTP1Connection/holder``; what has to wait in the middle
/// of a request, for its client or its guest, stays with the loop that it is on.
final class SharedConnections: Sendable {
    /// How many loops share. All of them wake when a request comes while they sleep, so they are few.
    static let members = 2

    let poller: SharedPoller<HTTP1Connection>
    private let counters: [LoopCounters]
    private let wheel = Mutex(TimerWheel<ServerConnection>(now: SystemClock.monotonic))

    init(_ counters: [LoopCounters]) throws(SystemError) {
        poller = try SharedPoller()
        self.counters = counters
    }

    /// Connections that are open; each loop counts those that it has opened and closed.
    var openConnections: Int { counters.reduce(0) { $0 + $1.connections.current } }
    var isEmpty: Bool { wheel.withLock { $0.count == 0 } }

    // MARK: - Time

    /// Has the time limit looked at of a connection that is shared.
    func schedule(_ connection: HTTP1Connection, at instant: UInt64) {
        wheel.withLock { wheel in
            // A loop that drains may have taken it already, and looks at its time limit itself.
            guard connection.isSharedByNow else { return }
            wheel.insert(connection.timer, at: instant)
        }
    }

    func unschedule(_ connection: HTTP1Connection) { wheel.withLock { $0.remove(connection.timer) } }

    /// Looks at the time limits that have come.
    func tick(_ loop: ServerLoop) {
        for owner in wheel.withLock({ $0.due(loop.now) }) {
            guard let connection = owner as? HTTP1Connection else { continue }
            if connection.claim(for: loop) {
                connection.timeHasCome()
                connection.settle()
            } else {
                // Another loop has it: it is not late.
                schedule(connection, at: loop.now + 1_000_000_000)
            }
        }
    }

    // MARK: - The end

    /// Has those that nobody has at the moment stay on a loop that drains or has stopped.
    func settleAll(on loop: ServerLoop) {
        for connection in poller.all where connection.claim(for: loop) { connection.settle() }
    }
}

/// What a loop takes of the connections that it shares.
final class SharedWatch: EventLoop.Handler, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its loop.

    private static let rounds = 8

    private let loop: ServerLoop
    private let shared: SharedConnections
    private var token: UInt64?
    private var taken: [(owner: HTTP1Connection, ready: ReadySet)] = []
    private var claimed: [HTTP1Connection] = []
    /// How many are taken together: as many as take no longer than responses wait for each other, as none of them can be answered by another loop.
    private var count = 1

    init(_ loop: ServerLoop, _ shared: SharedConnections) throws(SystemError) {
        self.loop = loop
        self.shared = shared
        token = try loop.eventLoop.register(shared.poller, self)
    }

    func end() {
        if let token { loop.eventLoop.deregister(shared.poller.descriptor, token) }
        token = nil
    }

    func handle(_ ready: ReadySet) {
        let patience = ServerLoop.patience
        var start = SystemClock.monotonic
        for _ in 0..<Self.rounds {
            let asked = count
            guard token != nil, (try? shared.poller.take(upTo: asked, into: &taken)) != nil, !taken.isEmpty else {
                return
            }
            loop.keepTime()
            for (connection, ready) in taken where connection.claim(for: loop, telling: ready) {
                claimed.append(connection)
                connection.transport.handle(ready)
            }
            for connection in claimed { connection.settle() }
            let isAll = taken.count < asked
            claimed.removeAll(keepingCapacity: true)
            taken.removeAll(keepingCapacity: true)
            let end = SystemClock.monotonic
            let time = end &- start
            start = end
            if time > patience.time { count = max(1, count / 2) }
            if isAll { return }
            if time < patience.time / 2 { count = min(patience.count, 2 * count) }
        }
    }
}

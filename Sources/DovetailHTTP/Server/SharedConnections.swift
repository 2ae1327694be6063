// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// Connections that wait for requests, on some loops of a server: a request is answered by the loop that is free first, so that it does not
/// wait for one that is busy with others, or that the system lets wait.
///
/// A connection comes here when a request of its was answered without a task. Who has it says ``HTTP1Connection/holder``; what has to wait in the middle
/// of a request, for its client or its guest, stays with the loop that it is on.
final class SharedConnections: Sendable {
    /// How many loops share. All of them may wake when a request comes while they sleep, so they are few.
    static let members = 2

    let poller: SharedPoller<HTTP1Connection>
    /// The loop that always watches.
    let lead: EventLoop
    /// How many loops are to watch at the moment, the first ones; what ``WatcherCount`` says.
    let watchers = Atomic(1)
    /// When the lead has looked for requests the last time.
    let leadLookedAt = Atomic<UInt64>(0)
    private let counters: [LoopCounters]
    private let wheel = Mutex(TimerWheel<ServerConnection>(now: SystemClock.monotonic))

    init(_ lead: EventLoop, _ counters: [LoopCounters]) throws(SystemError) {
        poller = try SharedPoller()
        self.lead = lead
        self.counters = counters
    }

    /// Loops that share.
    var memberCount: Int { counters.count }
    /// Requests that the loops have answered so far.
    var requests: Int { counters.reduce(0) { $0 &+ $1.requests.current } }

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

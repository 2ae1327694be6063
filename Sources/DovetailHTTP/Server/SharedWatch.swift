// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// What a loop takes of the connections that it shares.
///
/// The first loop, the lead, always watches. The others do so while few requests come, when ``WatcherCount`` finds that more are answered so, and when
/// the lead is held up by something; else they sleep: a loop that wakes for requests that another one takes costs as much as answering them.
final class SharedWatch: EventLoop.Handler, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its loop.

    private static let rounds = 8
    /// How often a loop that does not watch looks whether it should, and how long requests wait at most for a lead that is held up; in nanoseconds.
    private static let glance: UInt64 = 2_000_000
    /// How long no request may come before all loops watch again, so that none has to look.
    private static let quiet: UInt64 = 20_000_000
    /// How many needless wake-ups, each within ``quiet`` of the one before, a loop takes.
    private static let needlessWakes = 16

    private let loop: ServerLoop
    private let shared: SharedConnections
    private let rank: Int
    private var token: UInt64?
    private var hasEnded = false
    private var wakes = 0
    private var lastWake: UInt64 = 0
    /// When the lead had looked the last time before it was held up; nil while this loop does not stand in for it.
    private var standsInSince: UInt64?
    /// How many are to watch, which the lead finds out.
    private var watchers: WatcherCount?
    private var taken: [(owner: HTTP1Connection, ready: ReadySet)] = []
    private var claimed: [HTTP1Connection] = []
    /// How many are taken together where other loops could answer them, too: as many as take no longer than responses wait for each other.
    private var count = 1

    init(_ loop: ServerLoop, _ shared: SharedConnections, rank: Int) throws(SystemError) {
        self.loop = loop
        self.shared = shared
        self.rank = rank
        watchers = rank == 0 ? WatcherCount(maximum: shared.memberCount) : nil
        try begin()
    }

    func end() {
        hasEnded = true
        pause()
    }

    private func begin() throws(SystemError) {
        wakes = 0
        token = try loop.eventLoop.register(shared.poller, self)
    }

    private func pause() {
        if let token { loop.eventLoop.deregister(shared.poller.descriptor, token) }
        token = nil
    }

    func handle(_ ready: ReadySet) {
        if rank > 0, !isNeeded() {
            pause()
            return glanceLater()
        }
        take()
        watchers?.update(
            now: SystemClock.monotonic, answered: shared.requests, asleep: loop.eventLoop.timeAsleep)
        if let current = watchers?.current, shared.watchers.load(ordering: .relaxed) != current {
            shared.watchers.store(current, ordering: .relaxed)
        }
    }

    // MARK: - Whether it watches

    /// Whether it goes on watching.
    private func isNeeded() -> Bool {
        if rank < shared.watchers.load(ordering: .relaxed) { return true }
        if let since = standsInSince {
            if shared.leadLookedAt.load(ordering: .relaxed) == since { return true }
            standsInSince = nil
            return false
        }
        let now = SystemClock.monotonic
        wakes = now &- lastWake < Self.quiet ? wakes + 1 : 0
        lastWake = now
        return wakes < Self.needlessWakes
    }

    private func glanceLater() {
        _ = loop.eventLoop.schedule(at: SystemClock.monotonic + Self.glance) { [weak self] in self?.lookAround() }
    }

    private func lookAround() {
        guard !hasEnded else { return }
        let looked = shared.leadLookedAt.load(ordering: .relaxed)
        let time = SystemClock.monotonic &- looked
        let isHeldUp = time > Self.glance && !shared.lead.isAsleep
        guard isHeldUp || time > Self.quiet || rank < shared.watchers.load(ordering: .relaxed) else {
            return glanceLater()
        }
        standsInSince = isHeldUp ? looked : nil
        // The system may be short of memory for a while.
        do throws(SystemError) { try begin() } catch { glanceLater() }
    }

    // MARK: - Requests

    private func take() {
        let patience = ServerLoop.patience
        var start = SystemClock.monotonic
        for _ in 0..<Self.rounds {
            if rank == 0 { shared.leadLookedAt.store(start, ordering: .relaxed) }
            // Where one loop is enough, no other one waits for what is taken.
            let asked = shared.watchers.load(ordering: .relaxed) == 1 ? patience.count : count
            guard token != nil, (try? shared.poller.take(upTo: asked, into: &taken)) != nil, !taken.isEmpty else {
                return
            }
            loop.keepTime()
            let number = taken.count
            var settled = start
            for (connection, ready) in taken where connection.claim(for: loop, telling: ready) {
                claimed.append(connection)
                connection.transport.handle(ready)
                let now = SystemClock.monotonic
                guard now &- settled > patience.time else { continue }
                settle()
                settled = now
            }
            settle()
            taken.removeAll(keepingCapacity: true)
            let end = SystemClock.monotonic
            let time = (end &- start) / UInt64(number)
            start = end
            count = max(1, min(patience.count, Int(patience.time / max(1, time))))
            if number < asked { return }
        }
    }

    /// Sends the responses, and gives those back that wait for another request.
    private func settle() {
        for connection in claimed { connection.settle() }
        claimed.removeAll(keepingCapacity: true)
    }
}

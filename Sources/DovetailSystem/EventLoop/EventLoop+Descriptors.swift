// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// The descriptors that are registered for good, by the tokens of their events.
struct RegistrationTable<Handler> {
    private struct Slot {
        var handler: Handler?
        var generation: UInt32 = 0
    }

    private var slots: [Slot] = []
    private var free: [Int] = []

    /// Keeps a handler; the token it is found by.
    mutating func insert(_ handler: Handler) -> UInt64 {
        let index: Int
        if let known = free.popLast() {
            index = known
        } else {
            index = slots.count
            slots.append(Slot())
        }
        slots[index].handler = handler
        return UInt64(slots[index].generation) << 32 | UInt64(index)
    }

    mutating func remove(_ token: UInt64) {
        guard let index = index(token) else { return }
        slots[index].handler = nil
        // The highest bit is for watches.
        slots[index].generation = (slots[index].generation &+ 1) & 0x7FFF_FFFF
        free.append(index)
    }

    subscript(token: UInt64) -> Handler? { index(token).flatMap { slots[$0].handler } }

    var all: [Handler] { slots.compactMap(\.handler) }

    /// The slot of a token that is still in use.
    private func index(_ token: UInt64) -> Int? {
        let index = Int(token & 0xFFFF_FFFF)
        guard index < slots.count, UInt64(slots[index].generation) == token >> 32 else { return nil }
        return index
    }
}

/// Those who wait for a descriptor that belongs to somebody else.
struct DescriptorWatch {
    var waits: [ObjectIdentifier: (record: WaitRecord, interest: ReadySet)] = [:]
    var readers = 0
    var writers = 0

    var interest: ReadySet {
        var interest: ReadySet = []
        if readers > 0 { interest.insert(.readable) }
        if writers > 0 { interest.insert(.writable) }
        return interest
    }

    /// The token of a watch's events.
    static func token(_ descriptor: CInt) -> UInt64 { 1 << 63 | UInt64(UInt32(bitPattern: descriptor)) }

    mutating func insert(_ record: WaitRecord, _ interest: ReadySet) {
        let key = ObjectIdentifier(record)
        count(waits[key]?.interest ?? [], -1)
        waits[key] = (record, interest.union(waits[key]?.interest ?? []))
        count(waits[key]?.interest ?? [], 1)
    }

    mutating func remove(_ record: WaitRecord) -> Bool {
        guard let removed = waits.removeValue(forKey: ObjectIdentifier(record)) else { return false }
        count(removed.interest, -1)
        return true
    }

    private mutating func count(_ interest: ReadySet, _ difference: Int) {
        if interest.contains(.readable) { readers += difference }
        if interest.contains(.writable) { writers += difference }
    }
}

extension EventLoop.State {
    /// Finds who is to be told of an event.
    mutating func collect(
        _ event: (token: UInt64, ready: ReadySet), _ poller: Poller,
        _ handlers: inout [(handler: any EventLoop.Handler, ready: ReadySet)], _ ended: inout [WaitRecord]
    ) {
        guard event.token >> 63 == 1 else {
            if let handler = registrations[event.token] { handlers.append((handler, event.ready)) }
            return
        }
        let descriptor = CInt(truncatingIfNeeded: event.token & 0xFFFF_FFFF)
        guard let watch = watches[descriptor] else { return poller.remove(descriptor) }
        for entry in watch.waits.values where !entry.interest.isDisjoint(with: event.ready) {
            unwatch(descriptor, entry.record, poller)
            ended.append(entry.record)
        }
    }

    /// Ends a wait for a descriptor, which the system forgets with the last one.
    mutating func unwatch(_ descriptor: CInt, _ record: WaitRecord, _ poller: Poller) {
        guard let before = watches[descriptor]?.interest, watches[descriptor]?.remove(record) == true,
            let after = watches[descriptor]?.interest, after != before
        else { return }
        if after.isEmpty {
            watches[descriptor] = nil
            poller.remove(descriptor)
        } else {
            try? poller.set(descriptor, token: DescriptorWatch.token(descriptor), after, onChange: false)
        }
    }
}

extension EventLoop.Handler {
    package func loopHasEnded() {}
}

extension EventLoop {
    /// Tells `handler` from now on whenever more can be done with a descriptor than before; at once what can be done now.
    ///
    /// - Returns: what ``deregister(_:_:)`` takes, which has to be called before the descriptor is closed.
    /// - Throws: ``SystemError/notPermitted`` for a file, which is always ready.
    package func register(_ descriptor: CInt, _ handler: any Handler) throws(SystemError) -> UInt64 {
        try register(descriptor, handler, [.readable, .writable], onChange: true)
    }

    private func register(
        _ descriptor: CInt, _ handler: any Handler, _ interest: ReadySet, onChange: Bool
    ) throws(SystemError) -> UInt64 {
        let token = state.withLock { $0.registrations.insert(handler) }
        do throws(SystemError) {
            try poller.set(descriptor, token: token, interest, onChange: onChange)
        } catch {
            state.withLock { $0.registrations.remove(token) }
            throw error
        }
        return token
    }

    /// Tells `handler` as long as descriptors are ready that it shares with other loops, for it to ``SharedPoller/take(upTo:into:)`` them.
    ///
    /// - Returns: what ``deregister(_:_:)`` takes, for the poller's descriptor.
    package func register<Owner>(_ shared: SharedPoller<Owner>, _ handler: any Handler) throws(SystemError) -> UInt64 {
        try register(shared.descriptor, handler, .readable, onChange: false)
    }

    /// Gives up a descriptor.
    package func deregister(_ descriptor: CInt, _ token: UInt64) {
        poller.remove(descriptor)
        state.withLock { $0.registrations.remove(token) }
    }

    /// Runs `action` on the loop's thread at an instant of the monotonic clock.
    package func schedule(at instant: UInt64, _ action: @escaping @Sendable () -> Void) -> EventTimer {
        schedule(EventTimer(instant, action))
    }

    func schedule(_ timer: EventTimer) -> EventTimer {
        let wakes = state.withLock { state in
            state.timers.insert(timer)
            guard let limit = state.sleepsUntil, timer.instant < limit, !state.isWoken else { return false }
            state.isWoken = true
            return true
        }
        if wakes { poller.wake() }
        return timer
    }

    /// Forgets a timer; its action may still run on another thread when this returns.
    package func cancel(_ timer: EventTimer) { state.withLock { $0.timers.remove(timer) } }
}

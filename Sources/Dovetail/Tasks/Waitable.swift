// SPDX-License-Identifier: Apache-2.0

/// What a guest receives when something it waits for has happened. (CanonicalABI.md, "Waitable State")
struct Event {
    enum Code: UInt32 {
        case none = 0
        case subtask, streamRead, streamWrite, futureRead, futureWrite, taskCancelled
    }

    let code: Code
    var index: UInt32 = 0
    var payload: UInt32 = 0

    static let none = Event(code: .none)
    static let taskCancelled = Event(code: .taskCancelled)
}

/// Something in a handle table that events come from: a subtask, or an end of a stream or future.
class Waitable {
    /// Whether there is an event that was not delivered yet; what it says is found out when it is delivered.
    private(set) final var hasPendingEvent = false
    /// Whether a thread waits for this in a synchronous call, so that no other may.
    final var hasSyncWaiter = false
    /// The thread that does.
    private var waiter: GuestThread?
    /// The set it is in; a set that goes clears this.
    final fileprivate(set) unowned(unsafe) var set: WaitableSet?
    /// Its position in that set.
    fileprivate final var position = 0
    /// The number of its event in that set; 0 when the set does not list it.
    fileprivate final var eventNumber: UInt64 = 0

    /// The pending event, which is over with that.
    func takeEvent() -> Event { .none }

    /// Says that there is an event.
    final func raiseEvent() {
        guard !hasPendingEvent else { return }
        hasPendingEvent = true
        set?.enqueue(self)
        wakeWaiter()
    }

    /// The event was delivered.
    final func clearEvent() { hasPendingEvent = false }

    /// Lets the thread go on that waits for this in a synchronous call.
    final func wakeWaiter() {
        guard let thread = waiter else { return }
        waiter = nil
        thread.scheduler.wake(thread)
    }

    final func setWaiter(_ thread: GuestThread) { waiter = thread }

    final func clearWaiter(_ thread: GuestThread) { if waiter === thread { waiter = nil } }

    /// Puts this into a set, or takes it out of the one it is in.
    final func join(_ other: WaitableSet?) {
        set?.remove(self)
        other?.add(self)
    }

    /// - Throws: ``Trap`` when a synchronous call waits for this already.
    final func checkNobodyWaits() throws {
        guard !hasSyncWaiter else { throw Trap.task("waitable is already being synchronously waited on") }
    }

    /// - Throws: ``Trap`` when this is in a set, whose events a synchronous call would take away.
    final func checkNotInSet() throws {
        guard set == nil else {
            throw Trap.task("waitable cannot be used synchronously while added to a waitable-set")
        }
    }

    /// Waits in a synchronous call.
    final func waitForEvent(_ thread: GuestThread) throws {
        hasSyncWaiter = true
        defer { hasSyncWaiter = false }
        try thread.wait(for: .waitable(self))
    }
}

/// Waitables that are waited for together.
final class WaitableSet {
    private var elements: [Waitable] = []
    /// Those with an event, in the order in which it happened; what left the set meanwhile is skipped.
    private var events: [(waitable: Waitable, number: UInt64)] = []
    private var firstEvent = 0
    private var lastNumber: UInt64 = 0
    /// The threads that wait for an event.
    let waiters = ThreadQueue()
    var waitingCount = 0

    deinit { for element in elements { element.set = nil } }

    var isEmpty: Bool { elements.isEmpty }

    var hasPendingEvent: Bool { nextEvent() != nil }

    /// The first event; others have their turn before its waitable does again.
    func takeEvent() -> Event? {
        guard let waitable = nextEvent() else { return nil }
        firstEvent += 1
        waitable.eventNumber = 0
        defer { passChanceOn() }
        return waitable.takeEvent()
    }

    /// Lets the next thread try when there is still an event.
    func passChanceOn() {
        guard hasPendingEvent, let thread = waiters.popFirst() else { return }
        thread.scheduler.wake(thread)
    }

    private func nextEvent() -> Waitable? {
        while firstEvent < events.count {
            let (waitable, number) = events[firstEvent]
            if waitable.set === self, waitable.eventNumber == number, waitable.hasPendingEvent { return waitable }
            firstEvent += 1
        }
        events.removeAll(keepingCapacity: true)
        firstEvent = 0
        return nil
    }

    fileprivate func add(_ waitable: Waitable) {
        waitable.set = self
        waitable.position = elements.count
        elements.append(waitable)
        if waitable.hasPendingEvent { enqueue(waitable) }
    }

    fileprivate func remove(_ waitable: Waitable) {
        let last = elements.removeLast()
        if last !== waitable {
            elements[waitable.position] = last
            last.position = waitable.position
        }
        waitable.set = nil
        waitable.eventNumber = 0
    }

    fileprivate func enqueue(_ waitable: Waitable) {
        // A guest can put things in and take them out as often as it likes; that must not add up.
        if events.count > 2 * elements.count + 16 {
            events = events[firstEvent...].filter { $0.waitable.set === self && $0.waitable.eventNumber == $0.number }
            firstEvent = 0
        }
        lastNumber += 1
        waitable.eventNumber = lastNumber
        events.append((waitable, lastNumber))
        passChanceOn()
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a guest is told when something it waits for has happened. (CanonicalABI.md, "Waitable State")
struct Event {
    enum Code: UInt32 {
        case none = 0
        case subtask, streamRead, streamWrite, futureRead, futureWrite, taskCancelled
    }

    var code: Code
    var index: UInt32 = 0
    var payload: UInt32 = 0

    static let none = Event(code: .none)
    static let taskCancelled = Event(code: .taskCancelled)
}

/// Something in a handle table that events come from: a subtask, or an end of a stream or future.
class Waitable {
    /// Whether there is an event that was not delivered yet; what it says is found out when it is delivered.
    final var hasPendingEvent = false
    /// Whether a thread waits for this in a synchronous call, so that nobody else may.
    final var hasSyncWaiter = false
    /// The set it is in, which leaves nobody behind when it goes.
    final fileprivate(set) unowned(unsafe) var set: WaitableSet?

    /// The pending event, which is over with that.
    func takeEvent() -> Event { .none }

    /// Puts this into a set, or takes it out of the one it is in.
    final func join(_ other: WaitableSet?) {
        if let set { set.elements.removeAll { $0 === self } }
        set = other
        other?.elements.append(self)
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
        try thread.wait { [unowned(unsafe) self] in hasPendingEvent }
    }
}

/// Waitables that are waited for together.
final class WaitableSet {
    fileprivate(set) var elements: [Waitable] = []
    var waitingCount = 0

    deinit { for element in elements { element.set = nil } }

    var hasPendingEvent: Bool { elements.contains(where: \.hasPendingEvent) }

    /// The event of one that has one; those that come later have their turn before it does again.
    func takeEvent() -> Event? {
        guard let position = elements.firstIndex(where: \.hasPendingEvent) else { return nil }
        let element = elements.remove(at: position)
        elements.append(element)
        return element.takeEvent()
    }
}

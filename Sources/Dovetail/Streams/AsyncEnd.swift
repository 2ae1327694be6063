// SPDX-License-Identifier: Apache-2.0

/// An end of a stream or future. (CanonicalABI.md, "Stream and Future State")
final class AsyncEnd: Waitable {
    enum State {
        case idle, copying, cancelling, done
    }

    /// The result of a copy, as guests see it.
    private enum Outcome: UInt32 {
        case completed = 0
        case dropped, cancelled
    }

    let isStream: Bool
    let isReadable: Bool
    let element: ElementType
    private(set) var state = State.idle
    /// The other end, until one of them goes; handle tables and the host keep ends, not these each other.
    private(set) unowned(unsafe) var other: AsyncEnd?
    private var buffer: GuestBuffer?
    /// How many elements the pending event reports.
    private var progress = 0
    /// The store it belongs to, which the host may outlive.
    let store: StoreLink
    /// The instance that has it; `nil` for the host.
    unowned(unsafe) var owner: ComponentInstance?
    var index: UInt32 = 0

    private init(isStream: Bool, isReadable: Bool, _ element: ElementType, _ owner: ComponentInstance?) {
        self.isStream = isStream
        self.isReadable = isReadable
        self.element = element
        store = element.instance.store.link
        self.owner = owner
    }

    deinit { drop() }

    /// Makes both ends of a new stream or future.
    static func pair(
        isStream: Bool, _ element: ElementType, _ owner: ComponentInstance?
    ) -> (readable: AsyncEnd, writable: AsyncEnd) {
        let readable = AsyncEnd(isStream: isStream, isReadable: true, element, owner)
        let writable = AsyncEnd(isStream: isStream, isReadable: false, element, owner)
        readable.other = writable
        writable.other = readable
        return (readable, writable)
    }

    var isCopying: Bool { state == .copying || state == .cancelling }

    /// Begins to read into, or write from, a buffer.
    func copy(_ buffer: GuestBuffer, copyBudget: Int) throws {
        state = .copying
        // The other end is gone, and the event that says so is pending.
        guard let other else { return }
        guard let theirs = other.buffer else {
            self.buffer = buffer
            return
        }
        if buffer.remain > 0, theirs.remain > 0 {
            if let owner, owner === other.owner, !element.isNoneOrNumber {
                throw Trap.task("cannot read from and write to intra-component future with non-numeric payload")
            }
            let count = min(buffer.remain, theirs.remain)
            if isReadable {
                try theirs.copy(count, to: buffer, copyBudget: copyBudget)
            } else {
                try buffer.copy(count, to: theirs, copyBudget: copyBudget)
            }
            notify(buffer.progress)
            other.notify(theirs.progress)
            if theirs.remain == 0 { other.buffer = nil }
        } else if buffer.remain > 0 || (isReadable && theirs.remain == 0) {
            other.notify(theirs.progress)
            other.buffer = nil
            self.buffer = buffer
        } else {
            notify(0)
        }
    }

    private func notify(_ progress: Int) {
        self.progress = progress
        raiseEvent()
    }

    /// Asks that the copy under way ends.
    func cancel() {
        state = .cancelling
        if !hasPendingEvent { notify(buffer?.progress ?? 0) }
    }

    /// Lets the other end know that this one is gone.
    func drop() {
        if let other {
            other.other = nil
            if other.state != .done, !other.hasPendingEvent { other.notify(0) }
            self.other = nil
        }
        join(nil)
    }

    /// Joins what is read from `source` to what is written to `target`, which both go.
    static func forward(_ source: AsyncEnd, to target: AsyncEnd, copyBudget: Int) throws {
        guard let writable = source.other, let readable = target.other, source.other !== target else {
            source.drop()
            target.drop()
            return
        }
        source.other = nil
        target.other = nil
        writable.other = readable
        readable.other = writable
        if let written = writable.buffer, let read = readable.buffer {
            let (smaller, buffer) = read.remain > written.remain ? (writable, written) : (readable, read)
            smaller.buffer = nil
            try smaller.copy(buffer, copyBudget: copyBudget)
        }
    }

    override func takeEvent() -> Event {
        clearEvent()
        let code: Event.Code =
            isStream ? (isReadable ? .streamRead : .streamWrite) : (isReadable ? .futureRead : .futureWrite)
        return Event(code: code, index: index, payload: isStream ? streamOutcome() : futureOutcome())
    }

    private func streamOutcome() -> UInt32 {
        buffer = nil
        let outcome: Outcome
        if other == nil {
            outcome = .dropped
            state = .done
        } else {
            outcome = state == .cancelling ? .cancelled : .completed
            state = .idle
        }
        return outcome.rawValue | UInt32(truncatingIfNeeded: progress) << 4
    }

    private func futureOutcome() -> UInt32 {
        buffer = nil
        let outcome: Outcome
        if progress == 1 {
            outcome = .completed
            state = .done
        } else if other == nil {
            outcome = .dropped
            state = .done
        } else {
            outcome = .cancelled
            state = .idle
        }
        return outcome.rawValue
    }
}

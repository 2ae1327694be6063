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
    private(set) var element: ElementType
    private(set) var state = State.idle
    /// The other end, until one of them goes; handle tables and the host keep ends, not these each other.
    private(set) unowned(unsafe) var other: AsyncEnd?
    private var buffer: TransferBuffer?
    /// How many elements the pending event reports.
    private var progress = 0
    /// The store it belongs to, which the host may outlive.
    let store: StoreLink
    /// The instance that has it; `nil` for the host.
    unowned(unsafe) var owner: ComponentInstance?
    var index: UInt32 = 0
    /// Tells the host, when the end is the host's, that there is an event.
    var onEvent: (() -> Void)?
    /// The instance that has the other end; `nil` for the host, and when the other end is gone.
    var peer: ComponentInstance? { other?.owner }

    private init(
        isStream: Bool, isReadable: Bool, _ element: ElementType, _ owner: ComponentInstance?, _ store: StoreLink
    ) {
        self.isStream = isStream
        self.isReadable = isReadable
        self.element = element
        self.store = store
        self.owner = owner
    }

    deinit { drop() }

    /// Makes both ends of a new stream or future.
    static func pair(
        isStream: Bool, _ element: ElementType, _ owner: ComponentInstance?, in store: StoreLink
    ) -> (readable: AsyncEnd, writable: AsyncEnd) {
        let readable = AsyncEnd(isStream: isStream, isReadable: true, element, owner, store)
        let writable = AsyncEnd(isStream: isStream, isReadable: false, element, owner, store)
        readable.other = writable
        writable.other = readable
        return (readable, writable)
    }

    var isCopying: Bool { state == .copying || state == .cancelling }

    /// Takes up how an instance names the type, where only the host has.
    func adopt(_ type: ElementType) {
        guard element.instance == nil, type.instance != nil else { return }
        element = type
        if let other, other.element.instance == nil { other.element = type }
    }

    /// Begins to read into, or write from, a buffer.
    func copy(_ buffer: TransferBuffer, copyBudget: Int) throws {
        state = .copying
        // The other end is gone, and the event that says so is pending.
        guard let other else { return }
        guard let theirs = other.buffer else {
            self.buffer = buffer
            return
        }
        let (source, target) = isReadable ? (theirs, buffer) : (buffer, theirs)
        let count = source.reserve(min(source.remain, target.remain))
        if count > 0 {
            if let owner, owner === other.owner, !element.isNoneOrNumber {
                throw Trap.task("cannot read from and write to intra-component future with non-numeric payload")
            }
            try source.copy(count, to: target, copyBudget: copyBudget)
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
        onEvent?()
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

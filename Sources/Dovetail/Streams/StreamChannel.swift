// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the host has written to a stream or future and nobody has read yet; writers wait here, on any thread.
///
/// The store takes from it when a guest reads. Until the stream was given to a guest, the host itself may read it.
final class StreamChannel<Element>: HostChannel, @unchecked Sendable {
    // @unchecked because all of it is behind the lock, and each element is handed over once.

    private struct Write: @unchecked Sendable {
        // @unchecked as above.
        let id: UInt64
        let elements: [Element]
        var taken = 0
        /// `nil` for what was there from the beginning.
        var continuation: CheckedContinuation<Result<Int, any Error>, Never>?
    }

    private struct State: Sendable {
        var writes: [Write] = []
        /// How many elements nobody has taken.
        var waiting = 0
        var lastID: UInt64 = 0
        /// Writes that were cancelled before they were entered.
        var withdrawn: Set<UInt64> = []
        /// Whether nothing more will be written.
        var isClosed = false
        /// Whether nobody reads any more.
        var isDropped = false
        /// Tells the store that there is something to look at.
        var notify: (@Sendable () -> Void)?
        /// Host code that reads.
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock { $0.isClosed && $0.writes.isEmpty } }
    var isDropped: Bool { state.withLock { $0.isDropped } }
    var waiting: Int { state.withLock { $0.waiting } }

    // MARK: Writing

    /// Enters what is there from the beginning.
    func fill(_ elements: sending [Element]) {
        guard !elements.isEmpty else { return }
        let write = Write(id: 0, elements: elements)
        state.withLock { state in
            state.writes.append(write)
            state.waiting += write.elements.count
        }
    }

    /// Waits until all elements are read, nobody reads any more, or the task is cancelled; how many were read.
    nonisolated(nonsending) func write(_ elements: sending [Element]) async throws -> Int {
        guard !elements.isEmpty else { return 0 }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let write = Write(id: id, elements: elements)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in enter(write, continuation) }
        } onCancel: {
            withdraw(id)
        }
        state.withLock { _ = $0.withdrawn.remove(id) }
        return try result.get()
    }

    private func enter(_ write: Write, _ continuation: CheckedContinuation<Result<Int, any Error>, Never>) {
        var write = write
        write.continuation = continuation
        let entered = write
        let (refused, reader, notify) = state.withLock { state in
            guard !state.isClosed, !state.isDropped, state.withdrawn.remove(entered.id) == nil else {
                return (true, nil as CheckedContinuation<Void, Never>?, nil as (@Sendable () -> Void)?)
            }
            state.writes.append(entered)
            state.waiting += entered.elements.count
            return (false, state.reader.take(), state.notify)
        }
        if refused { continuation.resume(returning: .success(0)) }
        reader?.resume()
        notify?()
    }

    private func withdraw(_ id: UInt64) {
        let (write, notify) = state.withLock { state in
            guard let index = state.writes.firstIndex(where: { $0.id == id }) else {
                state.withdrawn.insert(id)
                return (nil as Write?, nil as (@Sendable () -> Void)?)
            }
            let write = state.writes.remove(at: index)
            state.waiting -= write.elements.count - write.taken
            return (write, state.notify)
        }
        if let write { write.continuation?.resume(returning: .success(write.taken)) }
        notify?()
    }

    /// Nothing more will be written.
    func close() {
        let (reader, notify) = state.withLock { state in
            state.isClosed = true
            return (state.reader.take(), state.notify)
        }
        reader?.resume()
        notify?()
    }

    // MARK: Reading

    /// Takes up to `count` elements, which ``confirm(_:)`` has to follow.
    func take(_ count: Int) -> [Element] {
        let taken = state.withLock { state in
            var rest = min(count, state.waiting)
            var taken: [ArraySlice<Element>] = []
            var index = 0
            while rest > 0 {
                let write = state.writes[index]
                let some = min(rest, write.elements.count - write.taken)
                taken.append(write.elements[write.taken..<write.taken + some])
                state.writes[index].taken += some
                state.waiting -= some
                rest -= some
                index += 1
            }
            return Taken(elements: taken)
        }
        return Array(taken.elements.joined())
    }

    private struct Taken: @unchecked Sendable {
        // @unchecked as above.
        let elements: [ArraySlice<Element>]
    }

    /// What was taken has arrived, or could not; writers of which all was taken go on.
    func confirm(_ error: (any Error)? = nil) {
        let done = state.withLock { state in
            let done = state.writes.prefix { $0.taken == $0.elements.count }
            state.writes.removeFirst(done.count)
            return Array(done)
        }
        for write in done {
            write.continuation?.resume(returning: error.map { .failure($0) } ?? .success(write.elements.count))
        }
    }

    /// Nobody reads any more.
    func drop() {
        let (writes, reader) = state.withLock { state in
            defer {
                state.writes = []
                state.waiting = 0
                state.isDropped = true
                state.notify = nil
            }
            return (state.writes, state.reader.take())
        }
        reader?.resume()
        for write in writes { write.continuation?.resume(returning: .success(write.taken)) }
    }

    /// Says whom to tell from now on.
    func attach(_ notify: @escaping @Sendable () -> Void) { state.withLock { $0.notify = notify } }

    /// Waits for elements that the host reads itself; none at the end, and when the task is cancelled.
    nonisolated(nonsending) func read(_ count: Int) async -> [Element] {
        while true {
            let some = take(count)
            confirm()
            if !some.isEmpty || isClosed || Task.isCancelled { return some }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = state.withLock { state in
                        guard state.waiting == 0, !state.isClosed, !Task.isCancelled else { return false }
                        state.reader = continuation
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.reader.take() }?.resume()
            }
        }
    }
}

/// A channel, whatever its elements are.
protocol HostChannel: AnyObject, Sendable {
    /// Whether everything was read that ever will be written.
    var isClosed: Bool { get }
    /// How many elements nobody has taken.
    var waiting: Int { get }
    func attach(_ notify: @escaping @Sendable () -> Void)
    func drop()
}

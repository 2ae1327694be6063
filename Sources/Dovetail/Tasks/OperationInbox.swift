// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where async functions of the host put what they came to, and those who write streams that there is something to read, and where calls of the host's wait for that.
///
/// An outcome wakes one call, which does all there is to do; a call that has its result then is woken by name. So the cost of
/// an outcome does not depend on how many calls wait.
final class OperationInbox: Sendable {
    /// What an operation came to.
    struct Outcome: @unchecked Sendable {
        // @unchecked because it is handed over once, from the operation to whoever uses the store.
        let operation: HostOperations.Operation
        let result: Result<DirectFunction.Lower, any Error>
    }

    /// A call of the host's that may wait here.
    final class Waiter: @unchecked Sendable {
        // @unchecked because only the inbox touches what is in it, under its lock.
        fileprivate var continuation: CheckedContinuation<Void, Never>?
        fileprivate var position = 0
        /// Whether it was woken before it waited.
        fileprivate var isWoken = false
    }

    private struct State {
        var outcomes: [Outcome] = []
        /// The streams and futures that the host has written to.
        var sources: [UInt64] = []
        var isEmpty: Bool { outcomes.isEmpty && sources.isEmpty }
        var waiters: [Waiter] = []
        /// How often all were woken.
        var generation = 0
        /// Whether there is something to do that nobody was there to be woken for.
        var isPending = false

        /// Takes out a waiter, to be resumed once the lock is given back.
        mutating func take(_ waiter: Waiter) -> CheckedContinuation<Void, Never>? {
            guard let continuation = waiter.continuation else { return nil }
            waiter.continuation = nil
            let last = waiters.removeLast()
            if last !== waiter {
                waiters[waiter.position] = last
                last.position = waiter.position
            }
            return continuation
        }
    }

    private let state = Mutex(State())

    func put(_ outcome: Outcome) {
        let continuation = state.withLock { state in
            state.outcomes.append(outcome)
            return state.waiters.last.flatMap { state.take($0) }
        }
        continuation?.resume()
    }

    /// The host has written to a stream or future, or ended it.
    func put(source: UInt64) {
        let continuation = state.withLock { state in
            state.sources.append(source)
            return state.waiters.last.flatMap { state.take($0) }
        }
        continuation?.resume()
    }

    /// All that has come in.
    func take() -> (sources: [UInt64], outcomes: [Outcome]) {
        state.withLock { state in
            guard !state.isEmpty else { return ([], []) }
            defer {
                state.sources = []
                state.outcomes = []
            }
            return (state.sources, state.outcomes)
        }
    }

    /// Wakes a call that something has happened for, or keeps it from waiting.
    func wake(_ waiter: Waiter) {
        let continuation = state.withLock { state in
            let continuation = state.take(waiter)
            waiter.isWoken = continuation == nil
            return continuation
        }
        continuation?.resume()
    }

    /// Wakes one call if there is something for it to do, or keeps the next one from waiting.
    func wakeOne(hasReadyThreads: Bool) {
        let continuation = state.withLock { state in
            guard hasReadyThreads || !state.isEmpty else { return nil as CheckedContinuation<Void, Never>? }
            let continuation = state.waiters.last.flatMap { state.take($0) }
            state.isPending = continuation == nil
            return continuation
        }
        continuation?.resume()
    }

    /// Wakes everything that waits, to check its condition.
    func wakeAll() {
        let continuations = state.withLock { state in
            state.generation += 1
            defer { state.waiters = [] }
            return state.waiters.map { waiter in
                defer { waiter.continuation = nil }
                return waiter.continuation
            }
        }
        for continuation in continuations { continuation?.resume() }
    }

    var generation: Int { state.withLock { $0.generation } }

    /// Waits until there is an outcome, or until the call is woken; not if all were woken since `generation`.
    nonisolated(nonsending) func wait(_ waiter: Waiter, since generation: Int) async {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                guard state.generation == generation, state.isEmpty, !waiter.isWoken, !state.isPending else {
                    waiter.isWoken = false
                    state.isPending = false
                    return false
                }
                waiter.continuation = continuation
                waiter.position = state.waiters.count
                state.waiters.append(waiter)
                return true
            }
            if !waits { continuation.resume() }
        }
    }
}

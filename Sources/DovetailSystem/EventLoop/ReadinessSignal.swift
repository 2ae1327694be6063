// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// A flag of the host that waiters can wait on: raised and lowered from any thread.
///
/// A host stream raises it when data arrive and lowers it when they are used up; a store's interrupt is one too.
public final class ReadinessSignal: Sendable {
    private struct State {
        var isRaised: Bool
        var raises: UInt64 = 0
        /// The only observer, as there mostly is no other one.
        var first: (token: UInt64, wake: @Sendable () -> Void)?
        var others: [UInt64: @Sendable () -> Void] = [:]
        var nextToken: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Makes a signal, lowered unless told otherwise.
    public init(raised: Bool = false) {
        state = Mutex(State(isRaised: raised))
    }

    /// Whether it is raised at this moment.
    public var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Raises the signal and wakes everybody who waits on it.
    public func raise() {
        // Observers run outside the lock: they may look at the signal.
        let (first, others) = state.withLock { state -> ((@Sendable () -> Void)?, [@Sendable () -> Void]) in
            state.raises &+= 1
            guard !state.isRaised else { return (nil, []) }
            state.isRaised = true
            return (state.first?.wake, state.others.isEmpty ? [] : Array(state.others.values))
        }
        first?()
        for observer in others { observer() }
    }

    /// Lowers the signal.
    public func lower() {
        state.withLock { $0.isRaised = false }
    }

    /// Whether anybody waits for it.
    package var isObserved: Bool { state.withLock { $0.first != nil || !$0.others.isEmpty } }

    /// How often it was raised.
    package var raises: UInt64 { state.withLock { $0.raises } }

    /// Lowers the signal, unless it was raised after ``raises`` was `raises`.
    package func lower(unlessRaisedSince raises: UInt64) {
        state.withLock { if $0.raises == raises { $0.isRaised = false } }
    }

    /// Calls `wake` whenever the signal is raised, at once if it is raised already, until the token is given to
    /// ``stopObserving(_:)``. `wake` runs on the raising thread and must not wait.
    package func observe(_ wake: @escaping @Sendable () -> Void) -> UInt64 {
        let (token, isRaised) = state.withLock { state in
            let token = state.nextToken
            state.nextToken &+= 1
            if state.first == nil { state.first = (token, wake) } else { state.others[token] = wake }
            return (token, state.isRaised)
        }
        if isRaised { wake() }
        return token
    }

    /// Ends an observation; `wake` may still be running on another thread when this returns.
    package func stopObserving(_ token: UInt64) {
        state.withLock { state in
            if state.first?.token == token { state.first = nil } else { state.others[token] = nil }
        }
    }
}

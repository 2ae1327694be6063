// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A flag of the host that waiters can wait on: raised and lowered from any thread.
///
/// A host stream raises it when data arrive and lowers it when they are used up; a store's interrupt is one too.
public final class ReadinessSignal: Sendable {
    private struct State {
        var isRaised: Bool
        var observers: [UInt64: @Sendable () -> Void] = [:]
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
        let observers = state.withLock { state in
            let wasRaised = state.isRaised
            state.isRaised = true
            return wasRaised ? [] : Array(state.observers.values)
        }
        for observer in observers { observer() }
    }

    /// Lowers the signal.
    public func lower() {
        state.withLock { $0.isRaised = false }
    }

    /// Calls `wake` whenever the signal is raised, at once if it is raised already, until the token is given to
    /// ``stopObserving(_:)``. `wake` runs on the raising thread and must not wait.
    package func observe(_ wake: @escaping @Sendable () -> Void) -> UInt64 {
        let (token, isRaised) = state.withLock { state in
            let token = state.nextToken
            state.nextToken &+= 1
            state.observers[token] = wake
            return (token, state.isRaised)
        }
        if isRaised { wake() }
        return token
    }

    /// Ends an observation; `wake` may still be running on another thread when this returns.
    package func stopObserving(_ token: UInt64) {
        state.withLock { _ = $0.observers.removeValue(forKey: token) }
    }
}

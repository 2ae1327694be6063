// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// One wait, which ends once.
final class WaitRecord: Sendable {
    private enum State {
        case running
        case waiting(UnsafeContinuation<Void, any Error>)
        case ended(Result<Void, any Error>)
    }

    private let state = Mutex(State.running)
    /// The loop that the waiting thread drives; nil for a task.
    private let driver: EventLoop?

    init(drivenBy driver: EventLoop? = nil) { self.driver = driver }

    /// Whether it has ended.
    var hasEnded: Bool { state.withLock { if case .ended = $0 { true } else { false } } }

    /// Ends the wait, unless it has ended.
    func end(_ result: Result<Void, any Error> = .success(())) {
        let (continuation, isNew) = state.withLock { state -> (UnsafeContinuation<Void, any Error>?, Bool) in
            switch state {
            case .ended: return (nil, false)
            case .running:
                state = .ended(result)
                return (nil, true)
            case .waiting(let continuation):
                state = .ended(result)
                return (continuation, true)
            }
        }
        continuation?.resume(with: result)
        if isNew, let driver, !driver.isCurrent { driver.wake() }
    }

    /// Waits for the end.
    nonisolated(nonsending) func wait() async throws {
        try await withUnsafeThrowingContinuation { continuation in
            let ended = state.withLock { state -> Result<Void, any Error>? in
                if case .ended(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let ended { continuation.resume(with: ended) }
        }
    }
}

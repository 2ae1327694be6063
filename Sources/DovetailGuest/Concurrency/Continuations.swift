// SPDX-License-Identifier: Apache-2.0

import Swift

/// A suspended task that waits for a value or an error, which must come exactly once.
public struct UnsafeContinuation<T, E: Error>: Sendable {
    @usableFromInline var context: Builtin.RawUnsafeContinuation

    @_alwaysEmitIntoClient init(_ context: Builtin.RawUnsafeContinuation) { self.context = context }

    /// Lets the task go on with a value or an error.
    @_alwaysEmitIntoClient
    public func resume(with result: sending Result<T, E>) {
        Builtin.resumeNonThrowingContinuationReturning(context, result)
    }

    /// Lets the task go on with a value.
    @_alwaysEmitIntoClient
    public func resume(returning value: sending T) { resume(with: .success(value)) }

    /// Lets the task go on with an error.
    @_alwaysEmitIntoClient
    public func resume(throwing error: E) { resume(with: .failure(error)) }
}

extension UnsafeContinuation where T == Void {
    /// Lets the task go on.
    @_alwaysEmitIntoClient
    public func resume() { resume(returning: ()) }
}

@_alwaysEmitIntoClient
func suspended<T, E: Error>(_ body: (UnsafeContinuation<T, E>) -> Void) async -> sending Result<T, E> {
    await Builtin.withUnsafeContinuation { body(UnsafeContinuation($0)) }
}

/// Suspends the running task; `body` hands the continuation to whom will resume it.
@_alwaysEmitIntoClient
public func withUnsafeContinuation<T>(_ body: (UnsafeContinuation<T, Never>) -> Void) async -> sending T {
    switch await suspended(body) {
    case .success(let value): return value
    }
}

/// Suspends the running task; `body` hands the continuation to whom will resume it, with a value or an error.
@_alwaysEmitIntoClient
public func withUnsafeThrowingContinuation<T, E: Error>(
    _ body: (UnsafeContinuation<T, E>) -> Void
) async throws(E) -> sending T {
    try await suspended(body).get()
}

/// A continuation that traps when it is resumed twice or never.
public struct CheckedContinuation<T, E: Error>: Sendable {
    @usableFromInline let once: Once

    @usableFromInline final class Once: @unchecked Sendable {
        // @unchecked because a component has one thread.
        @usableFromInline var continuation: UnsafeContinuation<T, E>?

        @_alwaysEmitIntoClient init(_ continuation: UnsafeContinuation<T, E>) { self.continuation = continuation }

        deinit { if continuation != nil { _panic("a continuation was never resumed") } }
    }

    @_alwaysEmitIntoClient init(_ continuation: UnsafeContinuation<T, E>) { once = Once(continuation) }

    /// Lets the task go on with a value or an error.
    @_alwaysEmitIntoClient
    public func resume(with result: sending Result<T, E>) {
        guard let continuation = once.continuation else { _panic("a continuation was resumed twice") }
        once.continuation = nil
        continuation.resume(with: result)
    }

    /// Lets the task go on with a value.
    @_alwaysEmitIntoClient
    public func resume(returning value: sending T) { resume(with: .success(value)) }

    /// Lets the task go on with an error.
    @_alwaysEmitIntoClient
    public func resume(throwing error: E) { resume(with: .failure(error)) }
}

extension CheckedContinuation where T == Void {
    /// Lets the task go on.
    @_alwaysEmitIntoClient
    public func resume() { resume(returning: ()) }
}

/// Suspends the running task; `body` hands the continuation to whom will resume it.
@_alwaysEmitIntoClient
public func withCheckedContinuation<T>(_ body: (CheckedContinuation<T, Never>) -> Void) async -> sending T {
    await withUnsafeContinuation { body(CheckedContinuation($0)) }
}

/// Suspends the running task; `body` hands the continuation to whom will resume it, with a value or an error.
@_alwaysEmitIntoClient
public func withCheckedThrowingContinuation<T, E: Error>(
    _ body: (CheckedContinuation<T, E>) -> Void
) async throws(E) -> sending T {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<T, E>) in
        body(CheckedContinuation(continuation))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Swift

@usableFromInline final class CancellationHandler {
    @usableFromInline let body: () -> Void

    @_alwaysEmitIntoClient init(_ body: @escaping () -> Void) { self.body = body }
}

/// Runs `operation`, and `handler` at once when the running task is cancelled meanwhile or was so before.
@_alwaysEmitIntoClient
public func withTaskCancellationHandler<T, E: Error>(
    operation: () async throws(E) -> T, onCancel handler: @escaping @Sendable () -> Void
) async throws(E) -> T {
    if isTaskCancelled(currentTask()) {
        handler()
        return try await operation()
    }
    let entry = addHandler(
        { Unmanaged<CancellationHandler>.fromOpaque($0).takeUnretainedValue().body() },
        Unmanaged.passRetained(CancellationHandler(handler)).toOpaque())
    defer { Unmanaged<CancellationHandler>.fromOpaque(removeHandler(entry)).release() }
    return try await operation()
}

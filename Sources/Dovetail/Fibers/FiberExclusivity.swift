// SPDX-License-Identifier: Apache-2.0

/// Lets one fiber at a time into a store whose guests hold references that the engine collects.
///
/// What a suspended fiber holds of them does not survive allocations of other code in the store (libwasmtime 50).
final class FiberExclusivity {
    /// Whether fibers of the store have to come one after the other.
    var isRequired = false
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits until no other fiber is under way; says whether ``release()`` has to follow.
    nonisolated(nonsending) func acquire() async -> Bool {
        guard isRequired else { return false }
        if isTaken {
            // Handed over by `release`, so it stays taken.
            await withCheckedContinuation { waiting.append($0) }
        }
        isTaken = true
        return true
    }

    /// Lets the next fiber in.
    func release() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Store {
    /// Whether a host function called now may let its guest wait with ``wait(for:)``.
    package var canSuspend: Bool {
        let running = core.pointee.running
        // The call from the host that the fiber was made for, and no other on top of it.
        return running.fiber != nil && running.depth - running.transfers <= 2
    }

    /// Suspends the guest that called a host function until `operation` is complete; the thread is free meanwhile.
    ///
    /// - Parameter keepsTime: whether the operation ends by itself when the store's time is up.
    /// - Throws: ``Trap`` when the call is not one that can wait, or the store's time is up.
    package func wait(
        keepsTime: Bool = false, for operation: nonisolated(nonsending) @escaping () async -> Void
    ) throws {
        guard let fiber = core.pointee.running.fiber else { throw Trap.cannotWait() }
        guard canSuspend else { throw Trap.cannotWaitNested() }
        try Unmanaged<Fiber>.fromOpaque(fiber)._withUnsafeGuaranteedRef {
            try $0.wait(keepsTime: keepsTime, for: operation)
        }
    }

    /// Suspends the guest until `body` has a result.
    package func waitForResult<Result>(
        keepsTime: Bool = false, _ body: nonisolated(nonsending) @escaping () async throws -> Result
    ) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        try wait(keepsTime: keepsTime) {
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        }
        guard let outcome else { throw Trap.cancelled() }
        return try outcome.get()
    }

    /// Runs `body`, which calls guest code, so that it may wait without holding the thread.
    nonisolated(nonsending) func onFiber<Result>(_ body: @escaping () throws -> Result) async throws -> Result {
        try await onActor { try await self.drive(body) }
    }

    private nonisolated(nonsending) func drive<Result>(_ body: @escaping () throws -> Result) async throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        let isExclusive = await exclusivity.acquire()
        defer { if isExclusive { exclusivity.release() } }
        let scope = CallScope()
        let fiber = try Fiber(self, scope) { outcome = Swift.Result { try body() } }
        try await goOn(fiber, scope, nil, isExclusive)
        guard let outcome else { throw Trap.cannotWait() }
        return try outcome.get()
    }

    /// Begins what ``onFiber(_:)`` does, and goes on until it ends or waits; only for who has the store alone.
    ///
    /// - Returns: what is left to do, in a task; it has to be run. Nil when `body` has ended.
    func beginOnFiber(
        _ body: @escaping () throws -> Void
    ) throws -> (nonisolated(nonsending) () async throws -> Void)? {
        if exclusivity.isRequired { return { try await self.onFiber(body) } }
        let scope = CallScope()
        let fiber = try Fiber(self, scope, body)
        let suspension: Fiber.Suspension?
        do { suspension = try fiber.resume() } catch {
            // Nothing that it has called was started yet.
            operations.forget(scope)
            throw error
        }
        if suspension == nil, !operations.hasUnstarted {
            try fiber.result()
            return nil
        }
        return {
            try await self.onActor {
                try await self.goOn(fiber, scope, suspension, false)
                try fiber.result()
            }
        }
    }

    /// Sees to a fiber until it ends: to what it waits for first, where that is known.
    private nonisolated(nonsending) func goOn(
        _ fiber: Fiber, _ scope: CallScope, _ first: Fiber.Suspension?, _ isExclusive: Bool
    ) async throws {
        do {
            var next = first
            if next == nil { next = try fiber.resume() }
            while let suspension = next {
                if case .preempted = suspension {
                    // In the middle of anything, so nobody else may see the state of the guest.
                    setSuspended(true)
                    operations.start(isolation: #isolation)
                    await Self.pause()
                    setSuspended(false)
                    if Task.isCancelled { throw Trap.cancelled() }
                } else {
                    // Nothing but operations of the host suspends the fiber that the host's own call runs on otherwise.
                    guard case .operation(let operation, let keepsTime) = suspension else { throw Trap.deadlock() }
                    if isExclusive { setSuspended(true) }
                    operations.start(isolation: #isolation)
                    await fiber.complete(operation, keepsTime: keepsTime)
                    if isExclusive { setSuspended(false) }
                }
                next = try fiber.resume()
            }
            operations.start(isolation: #isolation)
        } catch {
            await operations.end(scope)
            throw error
        }
    }
}

/// The actor that the caller runs on.
func isolation(_ isolation: isolated (any Actor)? = #isolation) -> (any Actor)? { isolation }

extension UnsafeMutablePointer where Pointee == StoreCore {
    /// Runs `body`, which calls guest code, as a part of a call of the host's that waits on no stack.
    func inside<Result>(_ scope: CallScope, _ body: () throws -> Result) throws -> Result {
        try enter()
        let outer = pointee.running.scope
        pointee.running.scope = .passUnretained(scope)
        defer {
            pointee.running.scope = outer
            leave()
        }
        return try body()
    }
}

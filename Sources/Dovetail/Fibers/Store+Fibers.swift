// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

extension Store {
    /// Whether a host function called now may let its guest wait with ``wait(for:)``.
    package var canSuspend: Bool {
        let running = core.pointee.running
        // The call from the host that the fiber was made for, and no other on top of it.
        return running.fiber != nil && running.depth - running.transfers <= 2
    }

    /// Suspends the guest that called a host function until `operation` is complete; the thread is free meanwhile.
    ///
    /// - Throws: ``Trap`` when the call is not one that can wait, or the store's time is up.
    package func wait(for operation: nonisolated(nonsending) @escaping () async -> Void) throws {
        guard let fiber = core.pointee.running.fiber else { throw Trap.cannotWait() }
        guard canSuspend else { throw Trap.cannotWaitNested() }
        try Unmanaged<Fiber>.fromOpaque(fiber)._withUnsafeGuaranteedRef { try $0.wait(for: operation) }
    }

    /// Suspends the guest until `body` has a result.
    package func waitForResult<Result>(
        _ body: nonisolated(nonsending) @escaping () async throws -> Result
    ) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        try wait {
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        }
        guard let outcome else { throw Trap.interrupted() }
        return try outcome.get()
    }

    /// Runs `body`, which calls guest code, so that it may wait without holding the thread.
    nonisolated(nonsending) func onFiber<Result>(_ body: @escaping () throws -> Result) async throws -> Result {
        guard isolation() == nil else { return try await drive(body) }
        // What runs for the guest must not run beside it, so there has to be an actor.
        return try await domain.run(StoreDomain.Boxed { try await self.drive(body) }).value
    }

    private nonisolated(nonsending) func drive<Result>(_ body: @escaping () throws -> Result) async throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        let isExclusive = await exclusivity.acquire()
        defer { if isExclusive { exclusivity.release() } }
        let scope = CallScope()
        do {
            let fiber = try Fiber(self, scope) { outcome = Swift.Result { try body() } }
            while let suspension = try fiber.resume() {
                // Nothing but operations of the host suspends the fiber that the host's own call runs on.
                guard case .operation(let operation) = suspension else { throw Trap.deadlock() }
                operations.start(isolation: #isolation)
                if isExclusive { setSuspended(true) }
                await fiber.complete(operation)
                if isExclusive { setSuspended(false) }
            }
            operations.start(isolation: #isolation)
            guard let outcome else { throw Trap.cannotWait() }
            return try outcome.get()
        } catch {
            await operations.end(scope)
            throw error
        }
    }
}

/// The executor of calls that are made on no actor.
actor StoreDomain {
    /// What crosses into it and out again.
    struct Boxed<Value>: @unchecked Sendable {
        // @unchecked because whoever makes one waits until it comes back.
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    func run<Result>(
        _ body: Boxed<nonisolated(nonsending) () async throws -> Result>
    ) async throws -> Boxed<Result> {
        Boxed(try await body.value())
    }
}

/// The actor that the caller runs on.
func isolation(_ isolation: isolated (any Actor)? = #isolation) -> (any Actor)? { isolation }

extension Function {
    /// Calls the function with dynamic values; host functions that wait suspend the guest, not the thread.
    ///
    /// Several such calls may be under way in one store, as long as they are made from one isolation domain. When the task is
    /// cancelled, so is what the guest waits for.
    /// - Returns: the result, `nil` when the function has none.
    /// - Throws: what ``call(_:)-([Value])`` throws.
    @discardableResult
    public nonisolated(nonsending) func callAsync(_ arguments: [Value]) async throws -> Value? {
        try await store.onFiber { [self] in try call(arguments) }
    }

    /// Calls the function with dynamic values; host functions that wait suspend the guest, not the thread.
    @discardableResult
    public nonisolated(nonsending) func callAsync(_ arguments: Value...) async throws -> Value? {
        try await callAsync(arguments)
    }
}

extension TypedFunction {
    /// Calls the function; host functions that wait suspend the guest, not the thread. See ``Function/callAsync(_:)-([Value])``.
    public nonisolated(nonsending) func callAsync(_ parameters: Parameters) async throws -> Output {
        try await function.store.onFiber { try call(parameters) }
    }
}

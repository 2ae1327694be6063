// SPDX-License-Identifier: Apache-2.0

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

extension Store {
    /// Runs `body` on the caller's actor, or on the store's own where there is none: what runs for a guest must not run
    /// beside it.
    nonisolated(nonsending) func onActor<Result>(
        _ body: nonisolated(nonsending) @escaping () async throws -> Result
    ) async throws -> Result {
        guard isolation() == nil else { return try await body() }
        return try await domain.run(StoreDomain.Boxed(body)).value
    }
}

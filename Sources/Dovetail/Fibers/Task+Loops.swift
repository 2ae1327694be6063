// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

extension Task where Success == Void, Failure == Never {
    /// A task that runs `body` on an actor, and on the thread of a loop where there is one: tasks of their own do not take over what
    /// the task that makes them prefers.
    static func staying(
        on loop: EventLoop?, _ isolation: isolated (any Actor)?,
        _ body: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        guard let loop else {
            return Task {
                _ = isolation
                await body()
            }
        }
        return Task(executorPreference: loop) { await run(body, on: isolation) }
    }

    private static func run(
        _ body: nonisolated(nonsending) @Sendable () async -> Void, on isolation: isolated (any Actor)?
    ) async {
        await body()
    }
}

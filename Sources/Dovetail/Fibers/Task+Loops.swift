// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

extension Task where Success == Void, Failure == Never {
    /// A task that runs `body` on an actor, and on the thread of a loop where there is one: tasks of their own do not take over what
    /// the task that makes them prefers.
    ///
    /// - Parameter beginsNow: whether it runs until it first waits before this returns, where the system can do that.
    static func staying(
        on loop: (any TaskLoop)?, _ isolation: isolated (any Actor)?, beginsNow: Bool = false,
        _ body: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        if beginsNow, #available(macOS 26.0, *) {
            guard let loop else {
                return Task.immediate {
                    _ = isolation
                    await body()
                }
            }
            return Task.immediate(executorPreference: loop) {
                _ = isolation
                await body()
            }
        }
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

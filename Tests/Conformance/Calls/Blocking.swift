// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import Foundation

/// Calls that may wait, for code that cannot.
enum Blocking {
    /// The isolation domain from which calls of one store are made.
    private actor Caller {
        func run(_ calls: [(Function, [Value])]) async throws -> [Value?] {
            let tasks = calls.map { function, arguments in
                nonisolated(unsafe) let function = function
                return Task {
                    // Makes the task one of this actor, as the store is.
                    _ = self
                    return try await function.callAsync(arguments)
                }
            }
            var results: [Value?] = []
            for task in tasks { results.append(try await task.value) }
            return results
        }
    }

    /// Starts all calls before any is waited for; the thread waits for their results.
    static func run(_ calls: [(Function, [Value])]) throws -> [Value?] {
        let done = DispatchSemaphore(value: 0)
        // Only the task touches them until it is done.
        nonisolated(unsafe) var outcome: Result<[Value?], any Error> = .success([])
        nonisolated(unsafe) let calls = calls
        Task {
            do { outcome = .success(try await Caller().run(calls)) } catch { outcome = .failure(error) }
            done.signal()
        }
        done.wait()
        return try outcome.get()
    }
}

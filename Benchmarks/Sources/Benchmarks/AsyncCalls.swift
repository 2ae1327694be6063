// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import Dispatch
import Dovetail
import Synchronization

/// `waiting.wat`: calls of async functions, with and without waiting for an async function of the host.
struct AsyncCalls {
    /// Pauses that end when so many are under way.
    private final class Meeting: Sendable {
        private struct State {
            var size = 1
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        func setSize(_ size: Int) { state.withLock { $0.size = size } }

        nonisolated(nonsending) func arrive() async {
            await withCheckedContinuation { continuation in
                let all = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    state.waiting.append(continuation)
                    guard state.waiting.count >= state.size else { return [] }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for one in all { one.resume() }
            }
        }
    }

    /// One store, used from one actor.
    private actor Guest {
        private let meeting = Meeting()
        private let echo: TypedFunction<(UInt32) -> UInt32>
        private let wait: TypedFunction<(UInt32) -> UInt32>

        init(_ engine: Engine) throws {
            var linker = Linker(engine: engine)
            let meeting = meeting
            linker.define("pause") { (_: Caller, number: UInt32) in
                await meeting.arrive()
                return number
            }
            let component = try Component(engine: engine, bytes: PackageResources.waiting_wasm)
            let instance = try linker.instantiate(component, in: Store(engine: engine))
            echo = try instance.function("echo").typed(as: ((UInt32) -> UInt32).self)
            wait = try instance.function("wait").typed(as: ((UInt32) -> UInt32).self)
        }

        func callPlainly(_ operations: Int) throws {
            for _ in 0..<operations { _ = try echo(1) }
        }

        func call(_ operations: Int) async throws {
            for _ in 0..<operations { _ = try await echo.callAsync(1) }
        }

        func callAndWait(_ operations: Int) async throws {
            meeting.setSize(1)
            for _ in 0..<operations { try await waitOnce() }
        }

        private func waitOnce() async throws { _ = try await wait.callAsync(1) }

        /// So many calls that all wait before the first goes on.
        func waitTogether(_ size: Int, rounds: Int) async throws {
            meeting.setSize(size)
            for _ in 0..<rounds {
                // Not a task group: to take one of n out of it costs n steps.
                let calls = (0..<size).map { _ in Task { try await waitOnce() } }
                for call in calls { try await call.value }
            }
        }
    }

    private let guest: Guest

    init(_ engine: Engine) throws { guest = try Guest(engine) }

    func benchmarks() -> [Benchmark] {
        let guest = guest
        func row(
            _ name: String, _ ours: @escaping @Sendable (_ operations: Int) async throws -> Void,
            floor summary: String, _ floor: @escaping @Sendable (_ operations: Int) async throws -> Void
        ) -> Benchmark {
            Benchmark(name, floorSummary: summary, countsAllocations: false) { operations in
                try Self.block { try await ours(operations) }
            } floor: { operations in
                try Self.block { try await floor(operations) }
            }
        }
        let plainly: @Sendable (Int) async throws -> Void = { try await guest.callPlainly($0) }
        return [
            row("async-call", { try await guest.call($0) }, floor: "the same function by a plain call", plainly),
            row("async-call-suspended", { try await guest.callAndWait($0) }, floor: "a plain call", plainly),
            row("waiting-tasks-10000", { try await guest.waitTogether(10_000, rounds: $0) }, floor: "ten at a time") {
                try await guest.waitTogether(10, rounds: 1000 * $0)
            },
        ]
    }

    /// Waits in this thread.
    private static func block(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        Task.detached {
            do { try await body() } catch { outcome.withLock { $0 = .failure(error) } }
            done.signal()
        }
        done.wait()
        try outcome.withLock { $0 }.get()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import Synchronization
import Testing

@Suite("Many guests that wait")
struct ManyGuestsTests {
    /// Lets nobody go on before so many have come.
    private final class Meeting: Sendable {
        private let size: Int
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        /// The memory of the process when all had come.
        let resident = Atomic<Int>(0)

        init(_ size: Int) { self.size = size }

        func arrive() async {
            await withCheckedContinuation { continuation in
                let all = waiting.withLock { waiting in
                    waiting.append(continuation)
                    return waiting.count == size ? waiting : []
                }
                if !all.isEmpty { resident.store(ThisProcess.residentBytes ?? 0, ordering: .relaxed) }
                for one in all { one.resume() }
            }
        }
    }

    /// A guest as compilers make them: its stack, its data and its heap are pages of their own.
    private static let text = """
        (component
          (import "wait" (func $wait (param "number" u32) (result u32)))
          (core func $wait' (canon lower (func $wait)))
          (core module $m
            (import "" "wait" (func $wait (param i32) (result i32)))
            (memory 17)
            (data (i32.const 1048576) "data")
            (func (export "run") (param $number i32) (result i32)
              (i32.store (i32.const 1048000) (local.get $number))
              (i32.store (i32.const 1040000) (local.get $number))
              (drop (memory.grow (i32.const 1)))
              (i32.store (i32.const 1114112) (local.get $number))
              (i32.store (i32.const 1120000) (local.get $number))
              (drop (call $wait (local.get $number)))
              (i32.load (i32.const 1114112))))
          (core instance $i (instantiate $m (with "" (instance (export "wait" (func $wait'))))))
          (func (export "run") (param "number" u32) (result u32) (canon lift (core func $i "run"))))
        """

    @Test("fit into 1 GiB when there are 10 000, each on a stack of its own")
    func memory() async {
        // In a process of its own, where nobody else takes memory.
        await #expect(processExitsWith: .success) {
            let count = 10_000
            var configuration = Engine.Configuration()
            configuration.allocation = .recycling(maximumIdle: 100)
            let engine = try Engine(configuration)
            let meeting = Meeting(count)
            var linker = Linker(engine: engine)
            linker.define("wait") { (_: Caller, number: UInt32) async -> UInt32 in
                await meeting.arrive()
                return number
            }
            let prepared = try linker.prepare(Component(engine: engine, bytes: Array(Self.text.utf8)))
            let before = try #require(ThisProcess.residentBytes)
            let numbers = try await withThrowingTaskGroup(of: UInt32.self) { group in
                for number in 0..<UInt32(count) {
                    group.addTask {
                        let instance = try prepared.instantiate(in: Store(engine: engine))
                        let run = try instance.function("run").typed(as: ((UInt32) -> UInt32).self)
                        return try await run.callAsync(number)
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(numbers.count == count)
            let peak = meeting.resident.load(ordering: .relaxed)
            #expect(peak - before < 1 << 30, "\((peak - before) / count) bytes each")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Synchronization
import Testing

/// Pauses that end when they are told to.
private final class Gates: Sendable {
    private let waiting = Mutex<[UInt32: CheckedContinuation<Void, Never>]>([:])

    var count: Int { waiting.withLock { $0.count } }

    func wait(_ number: UInt32) async {
        await withCheckedContinuation { continuation in waiting.withLock { $0[number] = continuation } }
    }

    func open(_ number: UInt32) { waiting.withLock { $0.removeValue(forKey: number) }?.resume() }
}

/// Pauses that end when so many are under way.
private final class Meeting: Sendable {
    private let size: Int
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(size: Int) { self.size = size }

    func wait() async {
        await withCheckedContinuation { continuation in
            let all = waiting.withLock { waiting -> [CheckedContinuation<Void, Never>] in
                waiting.append(continuation)
                guard waiting.count == size else { return [] }
                defer { waiting = [] }
                return waiting
            }
            for one in all { one.resume() }
        }
    }
}

@Suite("Waiting tasks", .timeLimit(.minutes(10)))
struct SchedulingTests {
    /// One store, used from one actor.
    private actor Guest {
        private let store: Store
        private let instance: Instance
        private(set) var results: [UInt32] = []

        init(_ pause: @escaping @Sendable (UInt32) async -> Void) throws {
            let engine = try Engine()
            var linker = Linker(engine: engine)
            linker.define("pause") { (_: Caller, number: UInt32) in
                await pause(number)
                return number
            }
            let component = try Component(engine: engine, path: TestFiles.fixture("waiting.wasm"))
            store = Store(engine: engine)
            instance = try linker.instantiate(component, in: store)
        }

        func wait(_ number: UInt32) async throws {
            let function = try instance.function("wait").typed(as: ((UInt32) -> UInt32).self)
            results.append(try await function.callAsync(number))
        }

        var steps: Int { store.schedulingSteps }
        var stacks: Int { store.stackCount }
    }

    /// How many steps it takes to wake one of so many waiting tasks.
    private func stepsToWakeOne(of count: UInt32) async throws -> Int {
        let gates = Gates()
        let guest = try Guest(gates.wait)
        return try await withThrowingTaskGroup { group in
            for number in 0..<count { group.addTask { try await guest.wait(number) } }
            while gates.count < Int(count) { try await Task.sleep(for: .milliseconds(1)) }
            let before = await guest.steps
            let chosen = count / 2
            gates.open(chosen)
            while await guest.results.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            let steps = await guest.steps - before
            #expect(await guest.results == [chosen + 1])
            #expect(await guest.stacks == 0)
            for number in 0..<count { gates.open(number) }
            try await group.waitForAll()
            #expect(Set(await guest.results) == Set(1...count))
            return steps
        }
    }

    @Test("cost no more to wake among thousands than among ten")
    func wakeOne() async throws {
        let few = try await stepsToWakeOne(of: 10)
        let many = try await stepsToWakeOne(of: 4000)
        #expect(few > 0)
        #expect(many <= few)
    }

    @Test("go on in the order in which what they wait for happens")
    func order() async throws {
        let gates = Gates()
        let guest = try Guest(gates.wait)
        try await withThrowingTaskGroup { group in
            for number in UInt32(0)..<8 { group.addTask { try await guest.wait(number) } }
            while gates.count < 8 { try await Task.sleep(for: .milliseconds(1)) }
            for (position, number) in [UInt32(5), 0, 7, 2, 6, 1, 4, 3].enumerated() {
                gates.open(number)
                while await guest.results.count <= position { try await Task.sleep(for: .milliseconds(1)) }
                #expect(await guest.results.last == number + 1)
            }
            try await group.waitForAll()
        }
    }

    @Test("are called again by what they wait for, before that waits itself", arguments: [UInt32(20), 5000])
    func nested(depth: UInt32) async throws {
        struct Again { let function: TypedFunction<(UInt32) -> UInt32> }
        let engine = try Engine()
        var linker = Linker(engine: engine)
        linker.define("pause") { (caller: Caller, number: UInt32) in
            guard number > 0 else { return number }
            let again = try #require(caller.store.data[Again.self])
            return try await again.function.callAsync(number - 1)
        }
        let component = try Component(engine: engine, path: TestFiles.fixture("waiting.wasm"))
        let store = Store(engine: engine)
        let instance = try linker.instantiate(component, in: store)
        let function = try instance.function("wait").typed(as: ((UInt32) -> UInt32).self)
        store.data[Again.self] = Again(function: function)
        #expect(try await function.callAsync(depth) == depth + 1)
        store.data[Again.self] = nil
    }

    @Test("all end, however often some of them wait for each other", arguments: [1, 2, 10, 100])
    func together(size: Int) async throws {
        let meeting = Meeting(size: size)
        let guest = try Guest { _ in await meeting.wait() }
        for _ in 0..<(20_000 / size) {
            try await withThrowingTaskGroup { group in
                for number in 0..<UInt32(size) { group.addTask { try await guest.wait(number) } }
                try await group.waitForAll()
            }
        }
        #expect(await guest.results.count == 20_000 / size * size)
    }
}

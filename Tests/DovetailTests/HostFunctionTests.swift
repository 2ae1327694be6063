// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Synchronization
import Testing

/// Pauses that end when enough of them are under way, so that only calls which overlap ever return.
private actor Meeting {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var arrived = 0

    init(size: Int) { self.size = size }

    func arrive() async {
        arrived += 1
        guard arrived < size else {
            for one in waiting { one.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}

@Suite("Async functions of the host", .timeLimit(.minutes(10)))
struct HostFunctionTests {
    private let engine: Engine
    private let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.fixture("tasks.wasm"))
    }

    /// How `pause` is defined: with values of Swift types or with dynamic ones.
    enum Definition: CaseIterable { case typed, dynamic }

    /// A linker whose `pause` runs `body` and answers with its argument.
    private func linker(
        _ definition: Definition, _ body: nonisolated(nonsending) @escaping @Sendable (Caller) async throws -> Void
    ) -> Linker {
        var linker = Linker(engine: engine)
        switch definition {
        case .typed:
            linker.define("pause") { (caller: Caller, number: UInt32) in
                try await body(caller)
                return number
            }
        case .dynamic:
            linker.define("pause") { caller, arguments in
                try await body(caller)
                return arguments.first
            }
        }
        return linker
    }

    /// One store, used from one actor.
    private actor Guests {
        private let instances: [Instance]

        init(_ linker: Linker, _ component: Component, count: Int) throws {
            let store = Store(engine: component.engine)
            instances = try (0..<count).map { _ in try linker.instantiate(component, in: store) }
        }

        func call(_ index: Int, _ name: String, _ arguments: UInt32...) async throws -> Value? {
            try await instances[index].function(name).callAsync(arguments.map(Value.u32))
        }
    }

    @Test("overlap when one guest calls them asynchronously", arguments: Definition.allCases)
    func oneGuest(_ definition: Definition) async throws {
        let meeting = Meeting(size: 2)
        let linker = linker(definition) { _ in await meeting.arrive() }
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        #expect(try await instance.function("both").callAsync(.u32(3), .u32(4)) == .u32(9))
    }

    @Test("overlap when two calls in one store make them", arguments: Definition.allCases)
    func twoCalls(_ definition: Definition) async throws {
        let meeting = Meeting(size: 2)
        let linker = linker(definition) { _ in await meeting.arrive() }
        let guests = try Guests(linker, component, count: 2)
        let first = Task { try await guests.call(0, "in-turn", 3, 4) }
        let second = Task { try await guests.call(1, "in-turn", 5, 6) }
        // The first pauses of both meet; the second ones find the meeting over.
        #expect(try await first.value == .u32(9))
        #expect(try await second.value == .u32(13))
    }

    @Test("get the store of the guest that called", arguments: Definition.allCases)
    func caller(_ definition: Definition) async throws {
        let linker = linker(definition) { caller in
            try await Task.sleep(for: .milliseconds(1))
            caller.store.data[Int.self] = (caller.store.data[Int.self] ?? 0) + 1
        }
        let store = Store(engine: engine)
        let instance = try linker.instantiate(component, in: store)
        #expect(try await instance.function("both").callAsync(.u32(1), .u32(2)) == .u32(5))
        #expect(store.data[Int.self] == 2)
    }

    @Test("are cancelled with the call, and have ended when it has", arguments: Definition.allCases)
    func cancellation(_ definition: Definition) async throws {
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let counts = Counts()
        let linker = linker(definition) { _ in
            continuation.yield()
            defer { counts.add() }
            try await Task.sleep(for: .seconds(600))
        }
        let guests = try Guests(linker, component, count: 1)
        let call = Task { try await guests.call(0, "both", 1, 2) }
        var count = 0
        for await _ in started {
            count += 1
            if count == 2 { break }
        }
        call.cancel()
        await #expect { try await call.value } throws: { ($0 as? Trap)?.code == .cancelled }
        #expect(counts.value == 2)
    }

    private final class Counts: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }
}

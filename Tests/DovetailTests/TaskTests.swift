// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Synchronization
import Testing

/// How many pauses are under way, and were at most.
private final class Pauses: Sendable {
    private let counts = Mutex<(now: Int, most: Int, cancelled: Int)>((0, 0, 0))

    var most: Int { counts.withLock { $0.most } }
    var cancelled: Int { counts.withLock { $0.cancelled } }

    func pause(_ milliseconds: UInt32) async throws {
        counts.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
        defer { counts.withLock { $0.now -= 1 } }
        do {
            try await Task.sleep(for: .milliseconds(Int(milliseconds)))
        } catch {
            counts.withLock { $0.cancelled += 1 }
            throw error
        }
    }
}

@Suite("Tasks of guests")
struct TaskTests {
    private let instance: Instance
    private let prepared: InstancePre
    private let pauses = Pauses()

    struct Refused: Error {}

    /// `pause` answers with its argument after so many milliseconds; 13 throws.
    init() throws {
        let engine = try Engine()
        var linker = Linker(engine: engine)
        let pauses = pauses
        linker.define("pause") { _, arguments in
            guard case .u32(let number)? = arguments.first else { return nil }
            if number == 13 { throw Refused() }
            try await pauses.pause(number)
            return .u32(number)
        }
        let component = try Component(engine: engine, path: TestFiles.fixture("tasks.wasm"))
        prepared = try linker.prepare(component)
        instance = try prepared.instantiate(in: Store(engine: engine))
    }

    @Test("call each other at the same time, and the host's functions run side by side")
    func subtasks() async throws {
        #expect(try await instance.function("both").callAsync(.u32(300), .u32(301)) == .u32(603))
        #expect(pauses.most == 2)
    }

    @Test("wait for each other in calls that are lowered synchronously")
    func synchronous() async throws {
        #expect(try await instance.function("in-turn").callAsync(.u32(2), .u32(3)) == .u32(7))
        #expect(pauses.most == 1)
    }

    @Test("are called through typed functions, too")
    func typed() async throws {
        let both = try instance.function("both").typed(as: ((UInt32, UInt32) -> UInt32).self)
        #expect(try await both.callAsync(1, 2) == 5)
    }

    @Test("call typed functions of the host asynchronously, those that wait and those that do not")
    func typedHost() async throws {
        let component = prepared.component
        var linker = Linker(engine: component.engine)
        linker.define("pause") { (_: Caller, number: UInt32) in number &+ 100 }
        let plain = try linker.instantiate(component, in: Store(engine: component.engine))
        #expect(try plain.function("both").call(.u32(1), .u32(2)) == .u32(205))
        let pauses = pauses
        linker.define("pause") { (_: Caller, number: UInt32) in
            try await pauses.pause(number)
            return number &+ 10
        }
        let waiting = try linker.instantiate(component, in: Store(engine: component.engine))
        #expect(try await waiting.function("both").callAsync(.u32(1), .u32(2)) == .u32(25))
        #expect(try await waiting.function("in-turn").callAsync(.u32(1), .u32(2)) == .u32(25))
    }

    @Test("under way together in one store, each gets its own result")
    @MainActor func together() async throws {
        nonisolated(unsafe) let both = try instance.function("both")
        let calls = (0..<8).map { number in
            Task { @MainActor in try await both.callAsync(.u32(UInt32(number)), .u32(200)) }
        }
        for (number, call) in calls.enumerated() { #expect(try await call.value == .u32(UInt32(number) + 202)) }
        #expect(pauses.most > 2)
    }

    @Test("cancel what they called, which ends the host's function")
    func cancellation() async throws {
        // CANCELLED_BEFORE_RETURNED
        #expect(try await instance.function("cancel").callAsync(.u32(60_000)) == .u32(4))
        while pauses.cancelled < 1 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try await instance.function("both").callAsync(.u32(1), .u32(1)) == .u32(4))
    }

    @Test("pass streams on, whose elements are read as they are written")
    func streams() async throws {
        #expect(try await instance.function("listen").callAsync() == .string("dovetail"))
        #expect(try instance.function("listen").call() == .string("dovetail"))
    }

    @Test("have threads of their own")
    func threads() async throws {
        #expect(try instance.function("threads").call(.u32(100)) == .u32(200))
        #expect(try await instance.function("threads").callAsync(.u32(1000)) == .u32(2000))
    }

    @Test("trap when nothing can go on")
    func deadlock() throws {
        let error = #expect(throws: Trap.self) { try instance.function("stuck").call() }
        #expect(error?.code == .deadlock)
        let later = #expect(throws: Trap.self) { try instance.function("threads").call(.u32(1)) }
        #expect(later?.code == .cannotEnter)
    }

    @Test("give on what a function of the host's throws")
    func errors() async throws {
        await #expect(throws: Refused.self) { try await instance.function("both").callAsync(.u32(1), .u32(13)) }
    }

    @Test("say what to use when a plain call would have to wait")
    func plainCalls() throws {
        let error = #expect(throws: Trap.self) { try instance.function("both").call(.u32(1), .u32(1)) }
        #expect(error?.message.contains("callAsync") == true)
    }

    @Test("end with the Swift task that called")
    func cancelledCaller() async throws {
        nonisolated(unsafe) let instance = instance
        let task = Task { try await instance.function("both").callAsync(.u32(60_000), .u32(60_000)) }
        while pauses.most < 2 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        await #expect { try await task.value } throws: { ($0 as? Trap)?.code == .cancelled }
        while pauses.cancelled < 2 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("bear each other's traps, errors and cancellation in one store")
    func stress() async throws {
        // More of them for a new libwasmtime: DOVETAIL_FIBER_ROUNDS=1000.
        let rounds = ProcessInfo.processInfo.environment["DOVETAIL_FIBER_ROUNDS"].flatMap(Int.init) ?? 8
        let count = 40
        let (prepared, engine) = (prepared, instance.store.engine)
        for _ in 0..<rounds {
            let guests = try Guests(prepared, engine, count: count)
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<count {
                    group.addTask {
                        let (a, b) = (UInt32.random(in: 0...3), UInt32.random(in: 0...3))
                        switch index % 8 {
                        case 0, 1, 2:
                            let sum = try? await guests.call("both", .u32(a), .u32(b), of: index)
                            #expect(sum == .u32(a + b + 2))
                        case 3:
                            let sum = try? await guests.call("in-turn", .u32(a), .u32(b), of: index)
                            #expect(sum == .u32(a + b + 2))
                        case 4:
                            let count = try? await guests.call("threads", .u32(20), of: index)
                            #expect(count == .u32(40))
                        case 5:
                            let text = try? await guests.call("listen", of: index)
                            #expect(text == .string("dovetail"))
                        case 6:
                            let state = try? await guests.call("cancel", .u32(60_000), of: index)
                            #expect(state == .u32(4))
                        default:
                            let task = Task { try await guests.call("both", .u32(5), .u32(5), of: index) }
                            try? await Task.sleep(for: .microseconds(Int.random(in: 0...3000)))
                            task.cancel()
                            if let sum = try? await task.value { #expect(sum == .u32(12)) }
                        }
                    }
                }
            }
        }
    }

    @Test(
        "go with their store, wherever they wait",
        arguments: ["listen", "threads", "both", "cancel", "stuck", "endless"])
    func teardown(_ name: String) async throws {
        weak var store: Store?
        do {
            let other = try prepared.instantiate(in: Store(engine: instance.store.engine))
            store = other.store
            switch name {
            case "listen": _ = try other.function(name).call()
            case "threads": _ = try other.function(name).call(.u32(5))
            case "both": _ = try await other.function(name).callAsync(.u32(1), .u32(2))
            case "cancel": _ = try await other.function(name).callAsync(.u32(60_000))
            case "stuck": #expect(throws: Trap.self) { try other.function(name).call() }
            default:
                nonisolated(unsafe) let function = try other.function("both")
                let task = Task { try await function.callAsync(.u32(60_000), .u32(60_000)) }
                while pauses.most < 2 { try await Task.sleep(for: .milliseconds(1)) }
                task.cancel()
                _ = await task.result
            }
        }
        #expect(store == nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Synchronization
import Testing

@Suite("Calls that may wait")
struct FiberTests {
    private let engine: Engine
    private let component: Component
    private let linker: Linker

    struct Refused: Error {}

    /// `wait` answers with its argument: 0 at once, 13 by throwing, others after a pause that differs from call to call.
    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.fixture("waits.wasm"))
        var linker = Linker(engine: engine)
        linker.define("wait") { _, arguments in
            guard case .u32(let number)? = arguments.first else { return nil }
            if number == 13 { throw Refused() }
            if number != 0 { try await Task.sleep(for: .microseconds(Int.random(in: 1...300))) }
            return .u32(number)
        }
        linker.define("note") { (_: Caller, _: String) in }
        self.linker = linker
    }

    @Test("suspend the guest and go on with what the host function returned")
    func suspends() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        #expect(try await instance.function("sum").callAsync(.u32(5)) == .u32(15))
        #expect(try await instance.function("deep").callAsync(.u32(2000)) == .u32(2007))
    }

    @Test("do so through typed functions")
    func typed() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        let typed = try instance.function("sum").typed(as: ((UInt32) -> UInt32).self)
        let ten = try await typed.callAsync(4)
        #expect(ten == 10)
    }

    @Test("take no detour when nothing waits, and say what to use when a plain call meets a wait")
    func plainCalls() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        #expect(try await instance.function("sum").callAsync(.u32(0)) == .u32(0))
        let error = #expect(throws: Trap.self) { try instance.function("sum").call(.u32(1)) }
        #expect(error?.code == .unsupported && error?.message.contains("callAsync") == true)
    }

    @Test("give on what a host function throws after a wait")
    func throwsAfterWait() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        await #expect(throws: Refused.self) { try await instance.function("sum").callAsync(.u32(13)) }
        let error = await #expect(throws: Trap.self) { try await instance.function("sum").callAsync(.u32(1)) }
        #expect(error?.code == .cannotEnter)
    }

    @Test("trap with a backtrace after a wait")
    func trapsAfterWait() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        let error = await #expect(throws: Trap.self) { try await instance.function("fail").callAsync(.u32(3)) }
        #expect(error?.code == .unreachable && error?.backtrace.isEmpty == false)
    }

    @Test("see memory that grew while they waited")
    func memoryGrows() async throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        #expect(try await instance.function("grow").callAsync(.u32(20)) == .u32(21))
    }

    @Test("end when the task is cancelled")
    func cancellation() async throws {
        var linker = linker
        linker.define("wait") { _, _ in
            try await Task.sleep(for: .seconds(600))
            return .u32(0)
        }
        let (prepared, engine) = (try linker.prepare(component), engine)
        let task = Task {
            let instance = try prepared.instantiate(in: Store(engine: engine))
            return try await instance.function("sum").callAsync(.u32(1))
        }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        await #expect { try await task.value } throws: { ($0 as? Trap)?.code == .cancelled }
    }

    @Test("end when the store's time is up, waiting or computing")
    func timeout() async throws {
        var linker = linker
        linker.define("wait") { _, _ in
            try await Task.sleep(for: .seconds(600))
            return .u32(0)
        }
        var configuration = Store.Configuration()
        configuration.timeout = .milliseconds(30)
        for (name, arguments) in [("sum", [Value.u32(1)]), ("spin", [])] {
            let instance = try linker.instantiate(component, in: Store(engine: engine, configuration: configuration))
            let error = await #expect(throws: Trap.self) { try await instance.function(name).callAsync(arguments) }
            #expect(error?.code == .timeout)
        }
    }

    @Test("refuse to wait below another host function's call")
    func nested() async throws {
        let store = Store(engine: engine)
        let inner = try linker.instantiate(component, in: store)
        store.data[Instance.self] = inner
        var linker = linker
        linker.define("note") { caller, _ in
            _ = try caller.store.data[Instance.self]?.function("sum").call(.u32(1))
            return nil
        }
        let outer = try linker.instantiate(component, in: store)
        let error = await #expect(throws: Trap.self) { try await outer.function("sum").callAsync(.u32(1)) }
        #expect(error?.message.contains("another host function") == true)
    }

    @Test("are under way together in one store, with traps, errors and cancellation among them")
    func stress() async throws {
        // More of them for a new libwasmtime: DOVETAIL_FIBER_ROUNDS=1000 makes 60 000 fibers.
        let rounds = ProcessInfo.processInfo.environment["DOVETAIL_FIBER_ROUNDS"].flatMap(Int.init) ?? 8
        let perRound = 60
        let (prepared, engine) = (try linker.prepare(component), engine)
        for _ in 0..<rounds {
            let guests = try Guests(prepared, engine, count: perRound)
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<perRound {
                    group.addTask {
                        switch index % 8 {
                        case 0, 1:
                            let count = UInt32.random(in: 1...12)
                            let sum = try? await guests.call("sum", .u32(count), of: index)
                            #expect(sum == .u32(count * (count + 1) / 2))
                        case 2:
                            let depth = UInt32.random(in: 0...3000)
                            let result = try? await guests.call("deep", .u32(depth), of: index)
                            #expect(result == .u32(depth + 7))
                        case 3:
                            await #expect(throws: Trap.self) { try await guests.call("fail", .u32(2), of: index) }
                        case 4:
                            let error = await #expect(throws: Trap.self) {
                                try await guests.call("deep", .u32(10_000_000), of: index)
                            }
                            #expect(error?.code == .stackOverflow)
                        case 5:
                            let pages = UInt32.random(in: 20...40)
                            let grown = try? await guests.call("grow", .u32(pages), of: index)
                            #expect(grown == .u32(pages + 1))
                        case 6:
                            await #expect(throws: Refused.self) { try await guests.call("sum", .u32(13), of: index) }
                        default:
                            let task = Task { try await guests.call("sum", .u32(12), of: index) }
                            try? await Task.sleep(for: .microseconds(Int.random(in: 0...2000)))
                            task.cancel()
                            if let sum = try? await task.value { #expect(sum == .u32(78)) }
                        }
                    }
                }
            }
        }
    }

    @Test("wait by the thousand at once")
    func many() async throws {
        let (prepared, engine) = (try linker.prepare(component), engine)
        let guests = try Guests(prepared, engine, count: 1)
        let sum = await withTaskGroup(of: UInt32.self) { group in
            for _ in 0..<2000 {
                group.addTask {
                    guard case .u32(let sum)? = try? await guests.call("sum", .u32(2)) else { return 0 }
                    return sum
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 6000)
    }

    @Test("take turns where guests hold objects of the engine's collector")
    func collectedReferences() async throws {
        let component = try Component(engine: engine, path: TestFiles.fixture("collected.wasm"))
        let (prepared, engine) = (try linker.prepare(component), engine)
        let guests = try Guests(prepared, engine, count: 2)
        await withTaskGroup(of: Void.self) { group in
            for number in UInt32(20)..<60 {
                group.addTask {
                    let held = try? await guests.call("hold", .u32(number), of: Int(number % 2))
                    #expect(held == .u32(number))
                }
            }
        }
        let store = Store(engine: engine)
        var linker = linker
        let (started, startedContinuation) = AsyncStream.makeStream(of: Void.self)
        linker.define("wait") { _, _ in
            startedContinuation.yield()
            try await Task.sleep(for: .seconds(600))
            return .u32(0)
        }
        let guest = Guests(try linker.instantiate(component, in: store))
        let waiting = Task { try await guest.call("hold", .u32(1)) }
        for await _ in started { break }
        let error = await #expect(throws: Trap.self) { try await guest.callAtOnce("hold", .u32(1)) }
        #expect(error?.code == .cannotEnter)
        waiting.cancel()
        await #expect { try await waiting.value } throws: { ($0 as? Trap)?.code == .cancelled }
    }

    @Test("stop guest and host calling each other before the stack ends")
    func recursion() async throws {
        let store = Store(engine: engine)
        var linker = linker
        linker.define("note") { caller, _ in
            _ = try caller.store.data[Instance.self]?.function("sum").call(.u32(1))
            return nil
        }
        linker.define("wait") { _, arguments in arguments.first }
        let instance = try linker.instantiate(component, in: store)
        store.data[Instance.self] = instance
        let plain = #expect(throws: Trap.self) { try instance.function("sum").call(.u32(1)) }
        #expect(plain?.code == .stackOverflow)
        let other = Store(engine: engine)
        let second = try linker.instantiate(component, in: other)
        other.data[Instance.self] = second
        let onFiber = await #expect(throws: Trap.self) { try await second.function("sum").callAsync(.u32(1)) }
        #expect(onFiber?.code == .stackOverflow)
    }
}

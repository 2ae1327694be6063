// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import DovetailWASI
import Foundation
import Synchronization
import Testing

/// `dial.wasm`: a guest that connects to a port of 127.0.0.1, sends a message and gives the answer.
@Suite("Guests on event loops")
struct LoopTests {
    private static let refused = Value.error(.u8(SocketErrorCode.connectionRefused.rawValue))

    private static func guest(
        _ component: Component, timeout: Duration? = nil, _ grants: NetworkGrants = .everything
    ) throws -> Function {
        var wasi = WASIConfiguration()
        wasi.network = grants
        var limits = Store.Configuration()
        limits.timeout = timeout
        let store = try Store(engine: component.engine, configuration: limits, wasi: wasi)
        return try Linker.wasi(engine: component.engine).instantiate(component, in: store).function("dial")
    }

    /// Answers so many connections, one after the other, with what they sent in reverse.
    private func serve(_ count: Int) throws -> UInt16 {
        let server = try NetworkGuest()
        let (listener, address) = try server.listener()
        try listener.setListenBacklogSize(value: 4096)
        // @unchecked because the thread alone uses it from now on.
        struct Served: @unchecked Sendable {
            let server: NetworkGuest
            let listener: any WASI02.Tcp.TcpSocket
        }
        let served = Served(server: server, listener: listener)
        Thread.detachNewThread {
            for _ in 0..<count {
                guard let end = try? served.server.accept(served.listener) else { return }
                guard let bytes = try? end.input.blockingRead(len: 100) else { continue }
                try? end.output.blockingWriteAndFlush(contents: bytes.reversed())
            }
        }
        return address.port
    }

    @Test("wait for the network on the loop's thread, many at the same time, and go on there")
    func dialing() async throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("dial.wasm"))
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        let port = try serve(300)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                group.addTask(executorPreference: loop) {
                    let dial = try Self.guest(component, timeout: index % 2 == 0 ? .seconds(60) : nil)
                    let answer = try await dial.callAsync(.u16(port), .bytes([1, UInt8(index & 0xFF)]))
                    #expect(answer == .ok(.bytes([UInt8(index & 0xFF), 1])))
                    #expect(loop.isCurrent)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("compute in slices, between which others on the thread have their turn, and end when they are cancelled")
    func slices() async throws {
        let text = """
            (component
              (core module $m
                (func (export "spin") (loop $on (br $on)))
                (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
              (core instance $i (instantiate $m))
              (import "wait" (func $wait))
              (core func $lowered (canon lower (func $wait)))
              (func (export "spin") (canon lift (core func $i "spin")))
              (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))
            """
        let engine = try Engine()
        let component = try Component(engine: engine, bytes: WasmText.parse(Array(text.utf8), name: "spin"))
        var linker = Linker(engine: engine)
        // Something that could wait, which is why calls have stacks of their own.
        linker.define("wait") { _, _ in nil }
        let prepared = try linker.prepare(component)
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        let spinning = (0..<3).map { _ in
            Task(executorPreference: loop) {
                var limits = Store.Configuration()
                limits.timeSlice = .milliseconds(1)
                let store = Store(engine: engine, configuration: limits)
                _ = try await prepared.instantiate(in: store).function("spin").callAsync()
            }
        }
        for number in 0..<20 {
            let sum = try await Task(executorPreference: loop) {
                try await loop.wait(for: [.time(SystemClock.monotonic + 100_000)])
                let store = Store(engine: engine)
                return try await prepared.instantiate(in: store).function("add").callAsync(
                    .u32(UInt32(number)), .u32(1))
            }.value
            #expect(sum == .u32(UInt32(number) + 1))
        }
        for task in spinning { task.cancel() }
        for task in spinning {
            await #expect { try await task.value } throws: { ($0 as? Trap)?.code == .cancelled }
        }
    }

    @Test("off the loops they wait on the shared one, or block their thread")
    func elsewhere() async throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("dial.wasm"))
        let port = try serve(2)
        #expect(try Self.guest(component).call(.u16(port), .bytes([1, 2, 3])) == .ok(.bytes([3, 2, 1])))
        let answer = try await Self.guest(component).callAsync(.u16(port), .bytes([4, 5]))
        #expect(answer == .ok(.bytes([5, 4])))
        // Nobody listens there any more.
        while try Self.guest(component).call(.u16(port), .bytes([])) != Self.refused {
            try await Task.sleep(for: .milliseconds(5))
        }
        let denied = try Self.guest(component, NetworkGrants()).call(.u16(port), .bytes([]))
        #expect(denied == .error(.u8(SocketErrorCode.accessDenied.rawValue)))
    }

    @Test("a peer that never answers costs no more than the time of the call", arguments: [true, false])
    func silence(blocking: Bool) async throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("dial.wasm"))
        let (listener, address) = try NetworkGuest().listener()
        let dial = try Self.guest(component, timeout: .milliseconds(200))
        let error: (any Error)?
        do {
            if blocking {
                _ = try dial.call(.u16(address.port), .bytes([1]))
            } else {
                _ = try await dial.callAsync(.u16(address.port), .bytes([1]))
            }
            error = nil
        } catch let failure { error = failure }
        #expect((error as? Trap)?.code == .timeout)
        withExtendedLifetime(listener) {}
    }

    @Test("async functions of the host run on the loop of the call, too", arguments: ["waits", "waiting"])
    func hostFunctions(fixture: String) async throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("\(fixture).wasm"))
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        final class Count: Sendable { let calls = Mutex(0) }
        let count = Count()
        var linker = Linker(engine: engine)
        for name in ["wait", "pause"] {
            linker.define(name) { _, arguments in
                let isThere = loop.isCurrent
                try await loop.wait(for: [.time(SystemClock.monotonic + 10_000)])
                if isThere, loop.isCurrent { count.calls.withLock { $0 += 1 } }
                return arguments.first
            }
        }
        linker.define("note") { (_: Caller, _: String) in }
        let prepared = linker
        for timeout in [Duration.seconds(60), nil] {
            try await Task(executorPreference: loop) {
                var limits = Store.Configuration()
                limits.timeout = timeout
                let store = Store(engine: engine, configuration: limits)
                let instance = try prepared.instantiate(component, in: store)
                if fixture == "waits" {
                    #expect(try await instance.function("sum").callAsync(.u32(5)) == .u32(15))
                } else {
                    #expect(try await instance.function("wait").callAsync(.u32(5)) == .u32(6))
                }
                #expect(loop.isCurrent)
            }.value
        }
        #expect(count.calls.withLock { $0 } == (fixture == "waits" ? 10 : 2))
    }

    @Test("ten thousand that sleep fit in 1 GiB, and one of them is woken as quickly as one of ten")
    func sleepers() async {
        // In a process of its own, where nobody else takes memory.
        await #expect(processExitsWith: .success) {
            let engine = try Engine()
            let component = try Component(engine: engine, path: TestFiles.fixture("sleep.wasm"))
            let loop = try EventLoop(threadNamed: "test")
            defer { loop.stop() }
            let before = ResidentMemory.bytes(ofProcess: "self") ?? 0
            let linker = Linker.wasi(engine: engine)
            func sleep(_ nanoseconds: UInt64) -> Task<Void, any Error> {
                Task(executorPreference: loop) {
                    let store = try Store(engine: engine, wasi: WASIConfiguration())
                    _ = try await linker.instantiate(component, in: store).function("sleep").callAsync(
                        .u64(nanoseconds))
                }
            }
            let hour: UInt64 = 3_600_000_000_000
            let tasks = (0..<10_000).map { _ in sleep(hour) }
            try await sleep(1_000_000).value
            let asleep = loop.steps
            try await sleep(1_000_000).value
            let after = loop.steps
            #expect(after.events - asleep.events < 10)
            #expect(after.timers - asleep.timers < 64)
            let grown = (ResidentMemory.bytes(ofProcess: "self") ?? 0) - before
            #expect(grown < 1 << 30, "\(grown / tasks.count) bytes each")
            for task in tasks { task.cancel() }
            var cancelled = 0
            for task in tasks { do { try await task.value } catch { cancelled += 1 } }
            #expect(cancelled == tasks.count)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import Synchronization
import Testing

/// Sandboxes in which Python and Swift await each other.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonAsyncSandboxTests {
    private static let image = Result { try PythonImage(engine: try Engine(), modules: ["json"], isAsync: true) }

    private func sandbox(_ change: (inout PythonSandbox.Configuration) -> Void = { _ in }) throws -> PythonSandbox {
        var configuration = PythonSandbox.Configuration()
        // Other tests hold the threads that functions of Swift go on on.
        configuration.limits.timeout = .seconds(300)
        change(&configuration)
        return try PythonSandbox(try Self.image.get(), configuration)
    }

    private struct Refused: Error, Equatable {
        var reason: String
    }

    /// Lets calls wait until as many as are expected do.
    private actor Meeting {
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private let expected: Int

        init(_ expected: Int) { self.expected = expected }

        func arrive() async {
            guard waiting.count + 1 < expected else {
                for one in waiting { one.resume() }
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func exception(_ body: () async throws -> Void) async -> PythonException? {
        do {
            try await body()
        } catch let error as PythonException {
            return error
        } catch {
            Issue.record("expected a PythonException, found \(error)")
        }
        return nil
    }

    @Test func `Python awaits functions of Swift, several at once`() async throws {
        let sandbox = try sandbox()
        let meeting = Meeting(3)
        try sandbox.define("fetch") { (name: String, count: UInt32) async -> [String] in
            await meeting.arrive()
            return Array(repeating: name, count: Int(count))
        }
        try sandbox.define("plain") { (number: Int32) -> Int32 in number + 1 }
        try await sandbox.runAsync(
            """
            import asyncio
            async def all(names):
                found = await asyncio.gather(*[fetch(name, plain(index)) for index, name in enumerate(names)])
                return ["".join(texts) for texts in found]
            """)
        let texts: [String] = try await sandbox.callAsync("all", ["a", "b", "c"])
        #expect(texts == ["a", "bb", "ccc"])
        // What waits for nothing is called like that, too.
        #expect(try await sandbox.callAsync("plain", Int32(1), as: Int32.self) == 2)
        #expect(try sandbox.evaluate("plain(2)", as: Int32.self) == 3)
    }

    @Test func `statements and expressions may await`() async throws {
        let sandbox = try sandbox()
        let log = Mutex<[String]>([])
        try sandbox.define("note", in: "host") { (line: String) async in
            await Task.yield()
            log.withLock { $0.append(line) }
        }
        try await sandbox.runAsync("import host\nfor n in range(3):\n    await host.note(str(n))\nlast = n")
        #expect(log.withLock { $0 } == ["0", "1", "2"])
        #expect(try await sandbox.evaluateAsync("(await host.note('x'), last)") == .tuple([.option(nil), .s64(2)]))
        #expect(try await sandbox.evaluateAsync("last + 1", as: UInt8.self) == 3)
        try await sandbox.runAsync("import asyncio\nawait asyncio.sleep(0.001)\nasync with asyncio.timeout(5): pass")
    }

    @Test func `errors pass both ways, with their tracebacks`() async throws {
        let sandbox = try sandbox()
        try sandbox.define("refuse") { (reason: String) async throws -> Bool in
            await Task.yield()
            throw Refused(reason: reason)
        }
        try await sandbox.runAsync("try:\n    await refuse('a')\nexcept HostError as error:\n    caught = str(error)")
        #expect(try sandbox.evaluate("caught", as: String.self) == "Refused(reason: \"a\")")
        try sandbox.run("async def f():\n    return await refuse('b')\n", name: "f.py")
        let error = await exception { try await sandbox.callAsync("f") }
        #expect(error?.type == "dovetail.HostError")
        #expect(error?.cause as? Refused == Refused(reason: "b"))
        #expect(
            error?.description == """
                Traceback (most recent call last):
                  File "f.py", line 2, in f
                    return await refuse('b')
                           ^^^^^^^^^^^^^^^^^
                dovetail.HostError: Refused(reason: "b")
                """, "\(error?.description ?? "")")
        let mismatch = await exception { try await sandbox.evaluateAsync("await refuse(1)") }
        #expect(
            mismatch?.description.hasSuffix("TypeError: argument 1 of refuse(): expected string, found the number 1")
                == true, "\(mismatch?.description ?? "")")
        #expect(await exception { try await sandbox.runAsync("await 1") }?.type == "TypeError")
        // Nothing waits in calls that are not async.
        #expect(
            TestSandbox.exception { try sandbox.run("import asyncio\nasyncio.run(refuse('c'))") }?.type
                == "RuntimeError")
        #expect(try await sandbox.evaluateAsync("1 + 1", as: UInt8.self) == 2)
    }

    @Test func `a call that is cancelled cancels what it waits for, and the sandbox goes on`() async throws {
        let sandbox = try sandbox()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try sandbox.define("forever") { () async throws in
            start.yield()
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                end.yield()
                throw error
            }
        }
        try sandbox.run(
            "seen = []\nasync def f():\n    try:\n        await forever()\n    except BaseException as error:\n        seen.append(type(error).__name__)\n        raise"
        )
        let result = await withTaskGroup(of: Void.self) { _ in
            let task = Task { [sandbox = Unsafe(sandbox)] in try await sandbox.value.callAsync("f") }
            for await _ in started { break }
            task.cancel()
            return await task.result
        }
        #expect(throws: CancellationError.self) { try result.get() }
        // It ends by itself, once it has heard of it.
        for await _ in ended { break }
        #expect(try sandbox.evaluate("seen") == .list([.string("CancelledError")]))
        #expect(try await sandbox.evaluateAsync("await __import__('asyncio').sleep(0, 5)", as: UInt8.self) == 5)
    }

    /// A sandbox for a task that is the only one to use it.
    private struct Unsafe: @unchecked Sendable {
        // @unchecked because one task at a time uses it.
        let value: PythonSandbox
        init(_ value: PythonSandbox) { self.value = value }
    }

    @Test func `limits end calls that wait`() async throws {
        let sandbox = try sandbox { $0.limits.timeout = .milliseconds(100) }
        try sandbox.define("forever") { () async throws in try await Task.sleep(for: .seconds(3600)) }
        let trap = await #expect(throws: Trap.self) { try await sandbox.evaluateAsync("await forever()") }
        #expect(trap?.code == .timeout)
        let spinning = try self.sandbox { $0.limits.timeout = .milliseconds(100) }
        let other = await #expect(throws: Trap.self) { try await spinning.runAsync("while True: pass") }
        #expect(other?.code == .timeout)
    }

    @Test func `misuse is told`() async throws {
        let plain = try TestSandbox.make()
        let message =
            "the image of the sandbox has no async functions; make one with `PythonImage(engine:isAsync: true)`"
        let defined = #expect(throws: PythonError.self) { try plain.define("f") { () async -> Int32 in 1 } }
        #expect(defined?.message == message)
        let called = await #expect(throws: PythonError.self) { try await plain.evaluateAsync("1") }
        #expect(called?.message == message && called?.code == .usage)
        let kept = try PythonImage(engine: try Self.image.get().engine, component: try Self.image.get().component)
        let isPlain = try !TestSandbox.image().isAsync
        #expect(kept.isAsync && isPlain)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// Async functions in Python, called by the host and calling it.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonAsyncTests {
    private static let wit = """
        package a:b;
        package wasi:clocks@0.3.0 { interface monotonic-clock { wait-for: async func(how-long: u64); } }
        world w {
            import wasi:clocks/monotonic-clock@0.3.0;
            import fetch: async func(name: string) -> result<string, string>;
            import forever: async func();
            record item { name: string, n: u8 }
            export run: async func(code: string) -> string;
            export items: async func(code: string) -> list<item>;
            export bytes: async func(code: string) -> stream<u8>;
            export plain: func(code: string) -> string;
        }
        """
    private static let world = Result { try PythonApp(wit) }
    private static let app = """
        import asyncio
        import wit_world
        from componentize_py_types import Err
        from wit_world import Item, byte_stream, fetch, forever

        async def gathered(count):
            return " ".join(await asyncio.gather(*[fetch(str(number)) for number in range(count)]))

        async def failing():
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(forever())
                    group.create_task(fetch("bad"))
            except ExceptionGroup as group:
                return group.exceptions[0].value

        async def timed():
            try:
                async with asyncio.timeout(0.001):
                    await forever()
            except TimeoutError:
                return "too late"

        async def slept():
            queue = asyncio.Queue()
            async with asyncio.TaskGroup() as group:
                for wait in (0.003, 0.001, 0.002):
                    group.create_task(asyncio.sleep(wait)).add_done_callback(lambda _, wait=wait: queue.put_nowait(wait))
            return " ".join(str(queue.get_nowait()) for _ in range(3))

        async def misused():
            writer, reader = byte_stream()
            reading = asyncio.create_task(reader.read(10))
            await asyncio.sleep(0)
            found = []
            for action in (lambda: reader.read(1), lambda: reader.read(0), lambda: writer.write("text")):
                try:
                    await action()
                except (RuntimeError, TypeError, ValueError) as error:
                    found.append(type(error).__name__)
            reading.cancel()
            await asyncio.wait([reading])
            writing = asyncio.create_task(writer.write_all(b"abc"))
            found.append(str(await reader.read(10)))
            await writing
            with reader:
                pass
            found.append(str(await writer.write_all(b"more")))
            return " ".join(found)

        event = asyncio.Event()
        found = [None]

        async def sending():
            found[0] = await fetch("slow")
            event.set()
            return "sent"

        async def receiving():
            await event.wait()
            return found[0]

        async def read_end(writer, reader, drops):
            if drops:
                with writer: pass
            reading = asyncio.create_task(reader.read(1))
            await asyncio.sleep(0)
            if drops: await reading
            return reader

        async def fatal():
            await asyncio.sleep(0)
            return 1 / 0

        class WitWorld(wit_world.WitWorld):
            async def run(self, code): return await eval(code)
            async def items(self, code): return eval(code)
            async def bytes(self, code):
                value = eval(code)
                return await value if asyncio.iscoroutine(value) else value
            def plain(self, code): return asyncio.run(eval(code))
        """

    /// How often something was called, and how often at the same time.
    private final class Calls: Sendable {
        private let counts = Mutex((all: 0, now: 0, most: 0))
        var all: Int { counts.withLock { $0.all } }
        var most: Int { counts.withLock { $0.most } }

        func begin() {
            counts.withLock {
                $0.all += 1
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }
        func end() { counts.withLock { $0.now -= 1 } }
    }

    private let clock = Calls()
    private let fetches = Calls()

    private func linker(_ engine: Engine) -> Linker {
        var linker = Linker.wasi(engine: engine)
        let (clock, fetches) = (clock, fetches)
        linker.define("wait-for", in: "wasi:clocks/monotonic-clock@0.3.0") { (_, arguments) async throws -> Value? in
            clock.begin()
            defer { clock.end() }
            guard case .u64(let nanoseconds)? = arguments.first else { return nil }
            try await Task.sleep(nanoseconds: nanoseconds)
            return nil
        }
        linker.define("fetch") { (_, arguments) async throws -> Value? in
            fetches.begin()
            defer { fetches.end() }
            guard case .string(let name)? = arguments.first, name != "bad" else { return .error(.string("refused")) }
            for _ in 0..<(name == "slow" ? 200 : 5) { await Task.yield() }
            return .ok(.string("<\(name)>"))
        }
        linker.define("forever") { (_, _) async throws -> Value? in
            try await Task.sleep(nanoseconds: 3_600_000_000_000)
            return nil
        }
        return linker
    }

    /// Runs `body` with an instance.
    private func with<Result>(_ body: (Guests) async throws -> Result) async throws -> Result {
        let world = try Self.world.get()
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try folder.write(Self.app.utf8, to: "app/app.py")
        let store = try Store(engine: world.engine, wasi: world.surroundings(folder))
        return try await body(Guests(linker(world.engine).instantiate(world.component, in: store)))
    }

    private func call(_ code: String, of function: String = "run") async throws -> Value? {
        try await with { try await $0.call(function, .string(code)) }
    }

    @Test func `several functions of the host wait at the same time`() async throws {
        #expect(try await call("gathered(4)") == .string("<0> <1> <2> <3>"))
        #expect(fetches.all == 4 && fetches.most == 4)
    }

    @Test func `an error of one task cancels the others and what they wait for`() async throws {
        #expect(try await call("failing()") == .string("refused"))
        #expect(try await call("timed()") == .string("too late"))
    }

    @Test func `a call is let go on by another`() async throws {
        try await with { guests in
            async let sent = guests.call("run", .string("sending()"))
            // A call that waits for another one must not be alone.
            while fetches.all == 0 { await Task.yield() }
            let received = try await guests.call("run", .string("receiving()"))
            #expect(received == .string("<slow>"))
            let result = try await sent
            #expect(result == .string("sent"))
        }
    }

    @Test func `tasks sleep by the clock that the world imports`() async throws {
        #expect(try await call("slept()") == .string("0.001 0.002 0.003"))
        #expect(clock.all > 0)
    }

    @Test func `a loop of its own runs in a function that is not async`() async throws {
        #expect(try await call("slept()", of: "plain") == .string("0.001 0.002 0.003"))
        #expect(clock.all == 0)
        let trap = await #expect(throws: Trap.self) { try await call("fetch('a')", of: "plain") }
        #expect(
            trap?.guestMessage?.hasSuffix("RuntimeError: a function that is not async cannot wait for others\n") == true
        )
    }

    @Test func `what is done wrong with an end is an exception`() async throws {
        #expect(
            try await call("misused()") == .string("RuntimeError ValueError TypeError b'abc' 0"))
    }

    @Test func `an exception that nothing catches traps with the traceback of the app`() async throws {
        let trap = await #expect(throws: Trap.self) { try await call("fatal()") }
        let message = trap?.guestMessage ?? ""
        #expect(message.hasPrefix("Traceback (most recent call last):\n  File \"/app/0/app.py\", line "))
        #expect(message.hasSuffix("ZeroDivisionError: division by zero\n") && !message.contains("dovetail_async"))
    }

    /// A function, what it returns, the error.
    static let mistakes: [(function: String, code: String, error: String)] = [
        (
            "items", "[Item('a', 1), Item('b', 300)]",
            "OverflowError: expected an integer from 0 to 255, found 300\nin `result[1].n` of `items`\n"
        ),
        (
            "bytes", "byte_stream()[0]",
            "TypeError: expected ByteStreamReader, found ByteStreamWriter\nin `result` of `bytes`\n"
        ),
        ("bytes", "b'x'", "TypeError: expected ByteStreamReader, found bytes\nin `result` of `bytes`\n"),
        (
            "bytes", "read_end(*byte_stream(), False)",
            "RuntimeError: an end cannot be given away while it is being read\nin `result` of `bytes`\n"
        ),
        (
            "bytes", "read_end(*byte_stream(), True)",
            "ValueError: the stream cannot be given away: it has ended\nin `result` of `bytes`\n"
        ),
        ("run", "asyncio.sleep(0)", "TypeError: expected str, found NoneType\nin `result` of `run`\n"),
        ("run", "fetch(5)", "TypeError: expected str, found int\nin `name` of `fetch`\n"),
        ("run", "fetch()", "TypeError: fetch() missing 1 required positional argument: 'name'\n"),
    ]

    @Test(arguments: mistakes.indices)
    func `a value that is not of the type is named with its place`(_ index: Int) async throws {
        let (function, code, error) = Self.mistakes[index]
        let trap = await #expect(throws: Trap.self) { try await call(code, of: function) }
        #expect(trap?.guestMessage?.hasSuffix(error) == true, "\(String(describing: trap))")
    }

    @Test func `a coroutine for a function that is not async is told at the first call`() async throws {
        let world = try Self.world.get()
        let app = Self.app.replacing("def plain(self, code)", with: "async def plain(self, code)")
        let trap = try world.with(["app.py": app], linker: linker(world.engine)) { instance, _ in
            #expect(throws: Trap.self) { try instance.function("plain").call([.string("1")]) }
        }
        #expect(
            trap?.guestMessage?.hasSuffix(
                "TypeError: `app.WitWorld.plain` is declared with `async def`, expected `def`: nothing waits for it\n")
                == true)
    }
}

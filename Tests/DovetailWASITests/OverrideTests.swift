// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("Interfaces replaced one by one")
struct OverrideTests {
    /// Leaves secrets out.
    private struct FilteredEnvironment: WASI02.Provider, WASI02.Environment.Imports {
        let wasi: WASIContext

        func getEnvironment() throws -> [(String, String)] {
            try WASI02.Host(wasi).getEnvironment().filter { !$0.0.hasSuffix("_TOKEN") }
        }
    }

    /// Upper case, over the stream it was given; takes few bytes at once.
    private final class Shout: WASI02.Streams.OutputStream {
        private let other: any WASI02.Streams.OutputStream

        init(_ other: any WASI02.Streams.OutputStream) { self.other = other }

        func checkWrite() throws -> UInt64 { min(3, try other.checkWrite()) }
        func write(contents: [UInt8]) throws {
            try other.write(contents: contents.map { (97...122).contains($0) ? $0 - 32 : $0 })
        }
        func flush() throws { try other.flush() }
        func subscribe() throws -> any WASI02.Poll.Pollable { try other.subscribe() }
    }

    private struct ShoutingOutput: WASI02.Provider, WASI02.Stdout.Imports {
        let wasi: WASIContext

        func getStdout() throws -> any WASI02.Streams.OutputStream { Shout(try WASI02.Host(wasi).getStdout()) }
    }

    @Test("an environment that is filtered, and a stream of one's own")
    func program() throws {
        let collector = OutputCollector()
        var configuration = WASIConfiguration(environment: [("USER", "ada"), ("API_TOKEN", "s3cret"), ("LANG", "en")])
        configuration.standardOutput = .collected(collector)
        let engine = try Engine()
        let store = try Store(engine: engine, wasi: configuration)
        var linker = Linker.wasi(engine: engine)
        WASI02.Environment.define(in: &linker) { FilteredEnvironment(wasi: $0.wasi) }
        WASI02.Stdout.define(in: &linker) { ShoutingOutput(wasi: $0.wasi) }
        let component = try Component(engine: engine, path: TestFiles.example("host-overrides/program.wasm"))
        try linker.instantiate(component, in: store).function("run").call()
        #expect(collector.text == "USER=ADA\nLANG=EN\n")
    }

    /// Ready after it was asked some times.
    private final class Countdown: WASI02.Poll.Pollable {
        private var count: Int

        init(_ count: Int) { self.count = count }

        func ready() -> Bool {
            count -= 1
            return count <= 0
        }
        func block() {}
    }

    /// Gives a byte each time.
    private final class Zeroes: WASI02.Streams.InputStream {
        func read(len: UInt64) -> [UInt8] { len == 0 ? [] : [0] }
        func subscribe() -> any WASI02.Poll.Pollable { Countdown(0) }
    }

    @Test("pollables of other types, alone and among others")
    func pollables() throws {
        let host = WASI02.Host(try WASIContext(WASIConfiguration()))
        let never = Pollable { .never }
        #expect(try host.poll(in: [never, Countdown(3)]) == [1])
        #expect(
            try host.poll(in: [Pollable { .ready }, Countdown(1), never]) == [0, 1])
    }

    @Test("streams of other types and DovetailWASI's, spliced")
    func splices() throws {
        let collector = OutputCollector()
        let output = WASIOutputStream(collector)
        #expect(try output.splice(src: Zeroes(), len: 5) == 1)
        #expect(try output.blockingSplice(src: Zeroes(), len: 5) == 1)
        #expect(collector.bytes == [0, 0])
        let shout = Shout(output)
        #expect(try shout.blockingSplice(src: WASIInputStream(try text("hello")), len: 10) == 3)
        try shout.blockingWriteZeroesAndFlush(len: 4)
        #expect(collector.bytes == [0, 0, 72, 69, 76, 0, 0, 0, 0])
        #expect(throws: WASIError.self) {
            try shout.blockingWriteAndFlush(contents: [UInt8](repeating: 0, count: 4097))
        }
    }

    /// Lets nothing be removed.
    private final class Keeper: WASI02.DescriptorWrapper {
        let wrapped: any WASI02.FilesystemTypes.Descriptor

        init(_ wrapped: any WASI02.FilesystemTypes.Descriptor) { self.wrapped = wrapped }

        func unlinkFileAt(path: String) throws { throw WASI02.FilesystemTypes.ErrorCode.notPermitted }
    }

    @Test("descriptors that wrap DovetailWASI's")
    func descriptors() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        let keeper = Keeper(Keeper(root))
        #expect(code { try keeper.unlinkFileAt(path: "file") } == .notPermitted)
        #expect(try root.isSameObject(other: keeper))
        try root.renameAt(oldPath: "file", newDescriptor: keeper, newPath: "moved")
        try keeper.renameAt(oldPath: "moved", newDescriptor: keeper, newPath: "file")
        let file = try keeper.openAt(pathFlags: [], path: "file", openFlags: [], flags: .read)
        #expect(try file.stat().size == 5)
        #expect(try file.readViaStream(offset: 1).blockingRead(len: 100) == Array("ello".utf8))
        #expect(code { try root.statAt(pathFlags: [], path: "none") } == .noEntry)
        try root.unlinkFileAt(path: "file")
    }

    @Test("a pollable that outlives its store")
    func outlives() throws {
        func pollable() throws -> any WASI02.Poll.Pollable {
            let store = Store(engine: try Engine())
            return try WASI02.Host(store.wasi).subscribeDuration(when: 1_000_000)
        }
        let kept = try pollable()
        try kept.block()
        #expect(try kept.ready())
    }

    @Test("the end of a stream is the guest's error")
    func ends() throws {
        let input = WASIInputStream(try text(""))
        #expect(throws: ResultError<WASI02.Streams.StreamError>.self) { try input.read(len: 1) }
    }

    private func text(_ text: String) throws -> any HostInputStream {
        var configuration = WASIConfiguration()
        configuration.standardInput = .text(text)
        return try WASIContext(configuration).standardInput
    }
}

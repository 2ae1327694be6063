// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("Bindings that take their types from DovetailWASI")
struct SinksTests {
    /// Deals in DovetailWASI's streams.
    private final class Host: SinksUser.Imports {
        let collector = OutputCollector()
        var closed = 0

        func open(name: String) throws -> any WASI02.Streams.OutputStream { WASIOutputStream(collector) }
        func sources() throws -> [any WASI02.Streams.InputStream] {
            [WASIInputStream(BytesInputStream([1])), WASIInputStream(BytesInputStream([]))]
        }
        func close(sink: consuming any WASI02.Streams.OutputStream) throws { closed += 1 }
        func room(sink: any WASI02.Streams.OutputStream) throws -> UInt64 { try sink.checkWrite() }
    }

    @Test("their protocols speak of its resources")
    func types() throws {
        let host = Host()
        let sink = try host.open(name: "log")
        try sink.blockingWriteAndFlush(contents: Array("hello".utf8))
        #expect(host.collector.text == "hello")
        #expect(try host.room(sink: sink) > 0)
        try host.close(sink: sink)
        #expect(host.closed == 1)
    }

    @Test("a component passes them on and back")
    func component() throws {
        let engine = try Engine()
        let host = Host()
        let store = Store(engine: engine)
        let path = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/mirrors/sinks.wasm"
        let world = try SinksUser(Component(engine: engine, path: path), in: store, imports: host)
        let room = try host.open(name: "").checkWrite()
        #expect(try world.spend(name: "log") == 2 * room)
        #expect(host.closed == 1)
    }

    @Test("and they say so to other modules")
    func access() throws {
        let text = try Reference.sinks.generate { $0.access = .public }.text
        #expect(text.contains("public import DovetailWASI\n"))
        #expect(!text.contains("protocol OutputStream"))
    }
}

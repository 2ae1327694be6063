// SPDX-License-Identifier: Apache-2.0
import Dovetail
import DovetailWASI
import Foundation
import Testing

@Suite struct StreamTests {
    /// What the guest is told.
    private typealias Failure = ResultError<WASI02.Streams.StreamError>

    /// A sink that takes a few bytes at a time and is ready again once the host says so.
    final class SlowSink: HostOutputStream {
        let signal = ReadinessSignal(raised: true)
        var taken: [UInt8] = []
        var permit: Int
        init(permit: Int) { self.permit = permit }
        func checkWrite() throws(StreamError) -> Int { signal.isRaised ? permit : 0 }
        func write(_ bytes: RawSpan) throws(StreamError) { bytes.withUnsafeBytes { taken += $0 } }
        var readiness: Readiness { .signal(signal) }
    }

    @Test("a stream gives its bytes and then its end")
    func bytesAndTheirEnd() throws {
        let input = WASIInputStream(BytesInputStream([1, 2, 3, 4]))
        #expect(try input.read(len: 0) == [])
        #expect(try input.read(len: 1) == [1])
        #expect(try input.skip(len: 1) == 1)
        #expect(try input.blockingRead(len: .max) == [3, 4])
        #expect(throws: Failure.self) { try input.read(len: 0) }
        #expect(throws: Failure.self) { try input.blockingSkip(len: 1) }
    }

    @Test("a write needs the permit that `check-write` gave")
    func writesNeedAPermit() throws {
        let output = WASIOutputStream(SlowSink(permit: 3))
        #expect(throws: WASIError.self) { try output.write(contents: [1]) }
        #expect(try output.checkWrite() == 3)
        try output.write(contents: [1, 2])
        #expect {
            try output.write(contents: [3, 4])
        } throws: {
            "\($0)"
                == "`wasi:io/streams#[method]output-stream.write`: expected at most the 1 bytes that `check-write` permitted, found 2"
        }
        #expect(throws: WASIError.self) { try output.writeZeroes(len: .max) }
        try output.writeZeroes(len: 1)
    }

    @Test("a blocking write is split into the pieces that the stream permits")
    func blockingWritesComeInPieces() throws {
        let sink = SlowSink(permit: 3)
        let output = WASIOutputStream(sink)
        let bytes = (0..<10).map { UInt8($0) }
        try output.blockingWriteAndFlush(contents: bytes)
        #expect(sink.taken == bytes)
        try output.blockingWriteZeroesAndFlush(len: 4096)
        #expect(sink.taken.count == 4106)
        #expect(throws: WASIError.self) {
            try output.blockingWriteAndFlush(contents: [UInt8](repeating: 0, count: 4097))
        }
        #expect(throws: WASIError.self) { try output.blockingWriteZeroesAndFlush(len: .max) }
    }

    @Test("a splice moves bytes from stream to stream")
    func splices() throws {
        let sink = SlowSink(permit: 3)
        let output = WASIOutputStream(sink)
        let input = WASIInputStream(BytesInputStream([1, 2, 3, 4, 5]))
        #expect(try output.splice(src: input, len: 10) == 3)
        #expect(try output.blockingSplice(src: input, len: 10) == 2)
        #expect(sink.taken == [1, 2, 3, 4, 5])
        #expect(throws: Failure.self) { try output.splice(src: input, len: 1) }
        sink.signal.lower()
        #expect(try output.splice(src: WASIInputStream(BytesInputStream([1])), len: 1) == 0)
    }

    @Test("a collector of output ends at its limit")
    func collectorsHaveALimit() throws {
        let collector = OutputCollector(limit: 5)
        let output = WASIOutputStream(collector)
        try output.blockingWriteAndFlush(contents: Array("hel".utf8))
        #expect(try output.checkWrite() == 2)
        try output.write(contents: Array("lo".utf8))
        #expect(collector.text == "hello")
        #expect(throws: Failure.self) { try output.checkWrite() }
        #expect(collector.take().count == 5)
        #expect(collector.bytes.isEmpty)
    }

    @Test("streams work over pipes")
    func pipes() throws {
        let pipe = Pipe()
        let writer = StandardOutput.fileDescriptor(pipe.fileHandleForWriting.fileDescriptor)
        let reader = StandardInput.fileDescriptor(pipe.fileHandleForReading.fileDescriptor)
        var configuration = WASIConfiguration()
        configuration.standardInput = reader
        configuration.standardOutput = writer
        let context = try WASIContext(configuration)
        let input = WASIInputStream(context.standardInput)
        let output = WASIOutputStream(context.standardOutput, in: context)
        #expect(try input.read(len: 10) == [])
        #expect(try input.ready() == false)
        try output.blockingWriteAndFlush(contents: [1, 2, 3])
        #expect(try input.ready())
        #expect(try input.blockingRead(len: 2) == [1, 2])
        #expect(try input.read(len: 10) == [3])

        // A full pipe permits nothing, and the wait for room can be ended.
        while try output.checkWrite() > 0 { try output.write(contents: [UInt8](repeating: 7, count: 4096)) }
        #expect(try output.ready() == false)
        context.waiter = PollWaiter(interrupt: ReadinessSignal(raised: true))
        #expect(throws: WASIError.self) { try output.blockingWriteAndFlush(contents: [1]) }

        // Nobody reads any more: closed, and no signal kills the process.
        try pipe.fileHandleForReading.close()
        #expect(throws: Failure.self) { try output.blockingWriteAndFlush(contents: [1]) }
    }
}

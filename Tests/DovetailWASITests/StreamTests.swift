// SPDX-License-Identifier: Apache-2.0
import DovetailWASI
import Foundation
import Testing

@Suite struct StreamTests {
    /// A sink that takes a few bytes at a time and is ready again once the host says so.
    final class SlowSink: HostOutputStream {
        let signal = ReadinessSignal(raised: true)
        var taken: [UInt8] = []
        var permit: Int
        init(permit: Int) { self.permit = permit }
        func checkWrite() throws(StreamError) -> Int { signal.isRaised ? permit : 0 }
        func write(_ bytes: [UInt8]) throws(StreamError) { taken += bytes }
        var readiness: Readiness { .signal(signal) }
    }

    @Test func bytesAndTheirEnd() throws {
        let input = WASIInputStream(BytesInputStream([1, 2, 3, 4]))
        #expect(try input.read(0) == [])
        #expect(try input.read(1) == [1])
        #expect(try input.skip(1) == 1)
        #expect(try input.blockingRead(.max, PollWaiter()) == [3, 4])
        #expect(throws: StreamError.self) { try input.read(0) }
        #expect(throws: StreamError.self) { try input.blockingSkip(1, PollWaiter()) }
    }

    @Test func writesNeedAPermit() throws {
        let output = WASIOutputStream(SlowSink(permit: 3))
        #expect(throws: WASIError.self) { try output.write([1]) }
        #expect(try output.permitWrite() == 3)
        try output.write([1, 2])
        #expect {
            try output.write([3, 4])
        } throws: {
            "\($0)"
                == "`wasi:io/streams#[method]output-stream.write`: expected at most the 1 bytes that `check-write` permitted, found 2"
        }
        #expect(throws: WASIError.self) { try output.writeZeroes(.max) }
        try output.writeZeroes(1)
    }

    @Test func blockingWritesComeInPieces() throws {
        let sink = SlowSink(permit: 3)
        let output = WASIOutputStream(sink)
        let bytes = (0..<10).map { UInt8($0) }
        try output.blockingWriteAndFlush(bytes, PollWaiter())
        #expect(sink.taken == bytes)
        try output.blockingWriteZeroesAndFlush(4096, PollWaiter())
        #expect(sink.taken.count == 4106)
        #expect(throws: WASIError.self) {
            try output.blockingWriteAndFlush([UInt8](repeating: 0, count: 4097), PollWaiter())
        }
        #expect(throws: WASIError.self) { try output.blockingWriteZeroesAndFlush(.max, PollWaiter()) }
    }

    @Test func splices() throws {
        let sink = SlowSink(permit: 3)
        let output = WASIOutputStream(sink)
        let input = WASIInputStream(BytesInputStream([1, 2, 3, 4, 5]))
        #expect(try output.splice(from: input, 10) == 3)
        #expect(try output.blockingSplice(from: input, 10, PollWaiter()) == 2)
        #expect(sink.taken == [1, 2, 3, 4, 5])
        #expect(throws: StreamError.self) { try output.splice(from: input, 1) }
        sink.signal.lower()
        #expect(try output.splice(from: WASIInputStream(BytesInputStream([1])), 1) == 0)
    }

    @Test func collectorsHaveALimit() throws {
        let collector = OutputCollector(limit: 5)
        let output = WASIOutputStream(collector)
        try output.blockingWriteAndFlush(Array("hel".utf8), PollWaiter())
        #expect(try output.permitWrite() == 2)
        try output.write(Array("lo".utf8))
        #expect(collector.text == "hello")
        #expect(throws: StreamError.self) { try output.permitWrite() }
        #expect(collector.take().count == 5)
        #expect(collector.bytes.isEmpty)
    }

    @Test func pipes() throws {
        let pipe = Pipe()
        let writer = StandardOutput.fileDescriptor(pipe.fileHandleForWriting.fileDescriptor)
        let reader = StandardInput.fileDescriptor(pipe.fileHandleForReading.fileDescriptor)
        var configuration = WASIConfiguration()
        configuration.standardInput = reader
        configuration.standardOutput = writer
        let context = try WASIContext(configuration)
        let input = WASIInputStream(context.standardInput)
        let output = WASIOutputStream(context.standardOutput)
        let waiter = PollWaiter()
        #expect(try input.read(10) == [])
        #expect(try input.isReady(waiter) == false)
        try output.blockingWriteAndFlush([1, 2, 3], waiter)
        #expect(try input.isReady(waiter))
        #expect(try input.blockingRead(2, waiter) == [1, 2])
        #expect(try input.read(10) == [3])

        // A full pipe permits nothing, and the wait for room can be ended.
        while try output.permitWrite() > 0 { try output.write([UInt8](repeating: 7, count: 4096)) }
        #expect(try output.isReady(waiter) == false)
        let stopped = PollWaiter(interrupt: ReadinessSignal(raised: true))
        #expect(throws: WASIError.self) { try output.blockingWriteAndFlush([1], stopped) }

        // Nobody reads any more: closed, and no signal kills the process.
        try pipe.fileHandleForReading.close()
        #expect(throws: StreamError.self) { try output.blockingWriteAndFlush([1], waiter) }
    }
}

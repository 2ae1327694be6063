// SPDX-License-Identifier: Apache-2.0

/// The representation of the resource `output-stream`: the rules of `wasi:io/streams` around a host's sink of bytes.
///
/// Every operation throws ``StreamError`` for what the guest is told, ``WASIError`` where the guest must trap.
public final class WASIOutputStream: Pollable {
    /// The most bytes the `blocking-…-and-flush` functions take.
    package static let largestBlockingWrite: UInt64 = 4096

    private let sink: any HostOutputStream
    private var isClosed = false
    /// What is left of the last `check-write`.
    private var permit = 0

    /// Makes a guest's handle for the sink; several may share one.
    ///
    /// - Parameters:
    ///   - sink: where the bytes go to.
    ///   - wasi: says how calls of the guest wait; without, they block the thread.
    public init(_ sink: any HostOutputStream, in wasi: WASIContext? = nil) {
        self.sink = sink
        super.init(in: wasi, fixed: .ready)
    }

    /// What a pollable of this stream waits for.
    public override var readiness: Readiness { isClosed ? .ready : sink.readiness }

    /// `check-write`: how much may be written now.
    package func permitWrite() throws(StreamError) -> UInt64 {
        permit = try attempt { () throws(StreamError) in max(0, try sink.checkWrite()) }
        return UInt64(permit)
    }

    /// `write`: at most what `check-write` permitted.
    package func write(_ bytes: [UInt8]) throws {
        try usePermit(UInt64(bytes.count), function: "write")
        try put(bytes)
    }

    /// `write-zeroes`: at most what `check-write` permitted.
    package func writeZeroes(_ count: UInt64) throws {
        let count = try usePermit(count, function: "write-zeroes")
        try putZeroes(count)
    }

    /// `flush`: begins to pass on what was written; `subscribe` tells when that is done.
    package func startFlush() throws(StreamError) {
        permit = 0
        try attempt { () throws(StreamError) in try sink.flush() }
    }

    /// `blocking-flush`: passes on what was written and waits until it is done.
    package func blockingFlush(_ waiter: any ReadinessWaiter) throws {
        try startFlush()
        _ = try waitUntilWritable(waiter)
    }

    /// `blocking-write-and-flush`: at most 4096 bytes, all of which have left when it returns.
    package func blockingWriteAndFlush(_ bytes: [UInt8], _ waiter: any ReadinessWaiter) throws {
        guard UInt64(bytes.count) <= Self.largestBlockingWrite else {
            throw WASIError.blockingWriteTooLong(UInt64(bytes.count), function: "blocking-write-and-flush")
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(try waitUntilWritable(waiter))
            try put(piece.count == bytes.count ? bytes : Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        try blockingFlush(waiter)
    }

    /// `blocking-write-zeroes-and-flush`: at most 4096 zeroes, all of which have left when it returns.
    package func blockingWriteZeroesAndFlush(_ count: UInt64, _ waiter: any ReadinessWaiter) throws {
        guard count <= Self.largestBlockingWrite else {
            throw WASIError.blockingWriteTooLong(count, function: "blocking-write-zeroes-and-flush")
        }
        try blockingWriteAndFlush([UInt8](repeating: 0, count: Int(count)), waiter)
    }

    /// `splice`: moves what is there now from `source`, as far as this stream takes it.
    package func splice(from source: WASIInputStream, _ count: UInt64) throws(StreamError) -> UInt64 {
        let free = try permitWrite()
        guard free > 0 else { return 0 }
        let bytes = try source.read(min(count, free))
        permit = 0
        if !bytes.isEmpty { try put(bytes) }
        return UInt64(bytes.count)
    }

    /// `blocking-splice`: as `splice`, after waiting until this stream takes bytes and `source` has some.
    package func blockingSplice(
        from source: WASIInputStream, _ count: UInt64, _ waiter: any ReadinessWaiter
    ) throws -> UInt64 {
        while true {
            _ = try waitUntilWritable(waiter)
            let moved = try splice(from: source, count)
            if moved > 0 || count == 0 { return moved }
            try waiter.wait(for: source.readiness)
        }
    }

    /// Waits until the sink takes bytes, and tells how many.
    private func waitUntilWritable(_ waiter: any ReadinessWaiter) throws -> Int {
        while true {
            let free = try permitWrite()
            if free > 0 { return Int(free) }
            try waiter.wait(for: readiness)
        }
    }

    @discardableResult
    private func usePermit(_ count: UInt64, function: String) throws -> Int {
        if isClosed { throw StreamError.closed }
        guard count <= UInt64(permit) else {
            throw WASIError.writeNotPermitted(count, permit: UInt64(permit), function: function)
        }
        permit -= Int(count)
        return Int(count)
    }

    private func put(_ bytes: [UInt8]) throws(StreamError) {
        try attempt { () throws(StreamError) in try sink.write(bytes) }
    }

    private func putZeroes(_ count: Int) throws(StreamError) {
        let piece = [UInt8](repeating: 0, count: min(count, 64 * 1024))
        var left = count
        while left > 0 {
            try put(left >= piece.count ? piece : Array(piece.prefix(left)))
            left -= min(left, piece.count)
        }
    }

    /// Runs an operation; a failure closes the stream, and a closed stream stays closed.
    private func attempt<Result>(_ operation: () throws(StreamError) -> Result) throws(StreamError) -> Result {
        guard !isClosed else { throw .closed }
        do {
            return try operation()
        } catch {
            isClosed = true
            throw error
        }
    }
}

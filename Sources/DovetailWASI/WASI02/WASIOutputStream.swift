// SPDX-License-Identifier: Apache-2.0

import Dovetail
public import DovetailSystem

/// The representation of the resource `output-stream`: the rules of `wasi:io/streams` around a host's sink of bytes.
///
/// Operations throw `ResultError<WASI02.Streams.StreamError>` for what the guest is told, ``WASIError`` where the guest must trap.
public final class WASIOutputStream: Pollable, WASI02.Streams.OutputStream, WASIStream {
    private let sink: any HostOutputStream
    var isClosed = false
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

    /// How many bytes may be written now.
    public func checkWrite() throws -> UInt64 {
        permit = try attempt { () throws(StreamError) in max(0, try sink.checkWrite()) }
        return UInt64(permit)
    }

    /// Writes no more than ``checkWrite()`` permitted.
    public func write(contents: [UInt8]) throws {
        try contents.withUnsafeBytes { try write(lent: $0) }
    }

    /// Writes no more than ``checkWrite()`` permitted, of what lies in the guest's memory.
    func write(lent bytes: UnsafeRawBufferPointer) throws {
        try usePermit(UInt64(bytes.count), function: "write")
        try put(bytes)
    }

    /// Writes no more zeroes than ``checkWrite()`` permitted bytes.
    public func writeZeroes(len: UInt64) throws {
        let count = try usePermit(len, function: "write-zeroes")
        let piece = [UInt8](repeating: 0, count: min(count, 64 * 1024))
        var left = count
        try piece.withUnsafeBytes { piece in
            while left > 0 {
                try put(UnsafeRawBufferPointer(rebasing: piece.prefix(left)))
                left -= min(left, piece.count)
            }
        }
    }

    /// Begins to pass on what was written.
    public func flush() throws {
        permit = 0
        try attempt { () throws(StreamError) in try sink.flush() }
    }

    /// The wait for room, for the end of a flush, or for an error.
    public func subscribe() -> any WASI02.Poll.Pollable { self }

    @discardableResult
    private func usePermit(_ count: UInt64, function: String) throws -> Int {
        guard !isClosed else { throw ResultError(WASI02.Streams.StreamError.closed) }
        guard count <= UInt64(permit) else {
            throw WASIError.writeNotPermitted(count, permit: UInt64(permit), function: function)
        }
        permit -= Int(count)
        return Int(count)
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws {
        try attempt { () throws(StreamError) in try sink.write(bytes.bytes) }
    }
}

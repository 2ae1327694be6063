// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// The representation of the resource `input-stream`: the rules of `wasi:io/streams` around a host's source of bytes.
///
/// Operations throw `ResultError<WASI02.Streams.StreamError>` for what the guest is told; anything else ends the guest's call.
public final class WASIInputStream: Pollable, WASI02.Streams.InputStream, WASIStream {
    /// The most bytes one read gives, whatever the guest asks for.
    private static let largestRead: UInt64 = 64 * 1024

    private let source: any HostInputStream
    var isClosed = false

    /// Makes a guest's handle for the source; several may share one.
    ///
    /// - Parameters:
    ///   - source: where the bytes come from.
    ///   - wasi: says how calls of the guest wait; without, they block the thread.
    public init(_ source: any HostInputStream, in wasi: WASIContext? = nil) {
        self.source = source
        super.init(in: wasi, fixed: .ready)
    }

    /// What a pollable of this stream waits for.
    public override var readiness: Readiness { isClosed ? .ready : source.readiness }

    /// What is there, at most `len` bytes.
    public func read(len: UInt64) throws -> [UInt8] {
        try attempt { () throws(StreamError) in try source.read(Int(min(len, Self.largestRead))) }
    }

    /// Passes over what is there, at most `len` bytes.
    public func skip(len: UInt64) throws -> UInt64 {
        UInt64(try attempt { () throws(StreamError) in try source.skip(Int(min(len, Self.largestRead))) })
    }

    /// The wait for bytes, or for the end.
    public func subscribe() -> any WASI02.Poll.Pollable { self }
}

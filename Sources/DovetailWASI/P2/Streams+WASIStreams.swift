// SPDX-License-Identifier: Apache-2.0

// The guest's view of a source of bytes. Each function throws `ResultError<WASI02.Streams.StreamError>` for what the guest
// is told, other errors to end its call.
extension WASIInputStream: WASI02.Streams.InputStream {
    /// What is there, at most `len` bytes.
    public func read(len: UInt64) throws -> [UInt8] { try reporting { try read(len) } }

    /// At least one byte, at most `len`.
    public func blockingRead(len: UInt64) throws -> [UInt8] { try reporting { try blockingRead(len, waiter) } }

    /// Passes over what is there, at most `len` bytes.
    public func skip(len: UInt64) throws -> UInt64 { try reporting { try skip(len) } }

    /// Passes over at least one byte, at most `len`.
    public func blockingSkip(len: UInt64) throws -> UInt64 { try reporting { try blockingSkip(len, waiter) } }

    /// The wait for bytes, or for the end.
    public func subscribe() -> any WASI02.Poll.Pollable { self }
}

extension WASIOutputStream: WASI02.Streams.OutputStream {
    /// How many bytes may be written now.
    public func checkWrite() throws -> UInt64 { try reporting { try permitWrite() } }

    /// Writes no more than ``checkWrite()`` permitted.
    public func write(contents: [UInt8]) throws { try reporting { try write(contents) } }

    /// Writes at most 4096 bytes, and waits until they have left.
    public func blockingWriteAndFlush(contents: [UInt8]) throws {
        try reporting { try blockingWriteAndFlush(contents, waiter) }
    }

    /// Begins to pass on what was written.
    public func flush() throws { try reporting { try startFlush() } }

    /// Passes on what was written, and waits until it has left.
    public func blockingFlush() throws { try reporting { try blockingFlush(waiter) } }

    /// The wait for room, for the end of a flush, or for an error.
    public func subscribe() -> any WASI02.Poll.Pollable { self }

    /// Writes no more zeroes than ``checkWrite()`` permitted bytes.
    public func writeZeroes(len: UInt64) throws { try reporting { try writeZeroes(len) } }

    /// Writes at most 4096 zeroes, and waits until they have left.
    public func blockingWriteZeroesAndFlush(len: UInt64) throws {
        try reporting { try blockingWriteZeroesAndFlush(len, waiter) }
    }

    /// Moves what is there from any stream, at most `len` bytes.
    public func splice(src: any WASI02.Streams.InputStream, len: UInt64) throws -> UInt64 {
        try reporting {
            if let source = src as? WASIInputStream { return try splice(from: source, len) }
            return try splice(anyStream: src, len)
        }
    }

    /// Moves at least one byte from any stream, at most `len`.
    public func blockingSplice(src: any WASI02.Streams.InputStream, len: UInt64) throws -> UInt64 {
        try reporting {
            if let source = src as? WASIInputStream { return try blockingSplice(from: source, len, waiter) }
            return try blockingSplice(anyStream: src, len)
        }
    }
}

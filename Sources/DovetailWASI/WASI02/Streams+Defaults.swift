// SPDX-License-Identifier: Apache-2.0

import Dovetail

extension IOFailure: WASI02.Error.Error {
    /// The description.
    public func toDebugString() throws -> String { description }
}

extension WASI02.Streams.StreamError {
    /// The same failure, for the guest.
    public init(_ error: StreamError) {
        switch error {
        case .closed: self = .closed
        case .lastOperationFailed(let failure): self = .lastOperationFailed(failure)
        }
    }
}

// What follows from the other functions: a type of its own implements `read` and `subscribe` of an input stream, `checkWrite`,
// `write`, `flush` and `subscribe` of an output stream, and what of the rest it wants different.

extension WASI02.Streams.InputStream {
    /// Waits and reads until there are bytes.
    public func blockingRead(len: UInt64) throws -> [UInt8] {
        while true {
            let bytes = try read(len: len)
            if !bytes.isEmpty || len == 0 { return bytes }
            try subscribe().block()
        }
    }

    /// Reads, and tells how much it was.
    public func skip(len: UInt64) throws -> UInt64 { UInt64(try read(len: len).count) }

    /// Waits and passes over bytes until there are some.
    public func blockingSkip(len: UInt64) throws -> UInt64 {
        while true {
            let count = try skip(len: len)
            if count > 0 || len == 0 { return count }
            try subscribe().block()
        }
    }
}

/// The most bytes the `blocking-…-and-flush` functions take.
private let largestBlockingWrite: UInt64 = 4096

extension WASI02.Streams.OutputStream {
    /// Writes and waits by turns, then flushes.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for more than 4096 bytes, or what writing throws.
    public func blockingWriteAndFlush(contents: [UInt8]) throws {
        guard UInt64(contents.count) <= largestBlockingWrite else {
            throw WASIError.blockingWriteTooLong(UInt64(contents.count), function: "blocking-write-and-flush")
        }
        var rest = contents[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int(clamping: try permitted()))
            try write(contents: piece.count == contents.count ? contents : Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        try blockingFlush()
    }

    /// Flushes, and waits until it is done.
    public func blockingFlush() throws {
        try flush()
        _ = try permitted()
    }

    /// Writes zeroes as other bytes.
    public func writeZeroes(len: UInt64) throws {
        var left = len
        while left > 0 {
            let count = Int(min(left, 64 * 1024))
            try write(contents: [UInt8](repeating: 0, count: count))
            left -= UInt64(count)
        }
    }

    /// Writes zeroes as other bytes.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for more than 4096 bytes, or what writing throws.
    public func blockingWriteZeroesAndFlush(len: UInt64) throws {
        guard len <= largestBlockingWrite else {
            throw WASIError.blockingWriteTooLong(len, function: "blocking-write-zeroes-and-flush")
        }
        try blockingWriteAndFlush(contents: [UInt8](repeating: 0, count: Int(len)))
    }

    /// Reads from the other stream as much as may be written, and writes it.
    public func splice(src: any WASI02.Streams.InputStream, len: UInt64) throws -> UInt64 {
        let free = try checkWrite()
        guard free > 0 else { return 0 }
        return try move(src.read(len: min(len, free)))
    }

    /// As `splice`, after waiting for this stream and for the other.
    public func blockingSplice(src: any WASI02.Streams.InputStream, len: UInt64) throws -> UInt64 {
        guard len > 0 else { return 0 }
        let free = try permitted()
        return try move(src.blockingRead(len: min(len, free)))
    }

    private func move(_ bytes: [UInt8]) throws -> UInt64 {
        if !bytes.isEmpty { try write(contents: bytes) }
        return UInt64(bytes.count)
    }

    /// Waits until bytes may be written, and tells how many.
    private func permitted() throws -> UInt64 {
        while true {
            let free = try checkWrite()
            if free > 0 { return free }
            try subscribe().block()
        }
    }
}

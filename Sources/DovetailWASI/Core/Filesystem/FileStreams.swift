// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Reads a file from a position of its own; always ready, closed at the end of the file.
final class FileInputStream: HostInputStream {
    private let file: OwnedDescriptor
    private var position: UInt64

    init(_ file: OwnedDescriptor, at position: UInt64) {
        self.file = file
        self.position = position
    }

    func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        guard limit > 0 else { return [] }
        guard let offset = Int64(exactly: position) else {
            throw .lastOperationFailed(IOFailure("the position is out of range", fileSystemCode: .invalid))
        }
        let bytes = try StreamError.checking { () throws(SystemError) in try file.read(limit, at: offset) }
        guard !bytes.isEmpty else { throw .closed }
        position += UInt64(bytes.count)
        return bytes
    }

    var readiness: Readiness { .ready }
}

/// Writes a file from a position of its own or at its end; always ready.
final class FileOutputStream: HostOutputStream {
    /// Where the next bytes go.
    enum Position {
        case at(UInt64)
        case append
    }

    private let file: OwnedDescriptor
    private var position: Position

    init(_ file: OwnedDescriptor, _ position: Position) {
        self.file = file
        self.position = position
    }

    func checkWrite() throws(StreamError) -> Int { 1 << 20 }

    func write(_ bytes: RawSpan) throws(StreamError) {
        try bytes.withUnsafeBytes { (bytes) throws(StreamError) in try write(all: bytes) }
    }

    private func write(all bytes: UnsafeRawBufferPointer) throws(StreamError) {
        var sent = 0
        while sent < bytes.count {
            var offset: Int64?
            if case .at(let position) = position {
                guard let position = Int64(exactly: position) else {
                    throw .lastOperationFailed(IOFailure("the position is out of range", fileSystemCode: .invalid))
                }
                offset = position
            }
            let done = try StreamError.checking { () throws(SystemError) in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                let done =
                    if let offset { try file.write(rest, at: offset) } else { try file.append(rest) }
                guard done > 0 else { throw SystemError.inputOutput }
                return done
            }
            sent += done
            if case .at(let position) = position { self.position = .at(position + UInt64(done)) }
        }
    }

    var readiness: Readiness { .ready }
}

// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// Operations on a file's contents.
extension Descriptor {
    /// `read-via-stream`.
    package func readStream(at offset: UInt64) throws(FileSystemErrorCode) -> any HostInputStream {
        let file = try file()
        guard permissions.files.contains(.read) else { throw .badDescriptor }
        return isSeekable ? FileInputStream(file, at: offset) : DescriptorInputStream(file)
    }

    /// `write-via-stream`.
    package func writeStream(at offset: UInt64) throws(FileSystemErrorCode) -> any HostOutputStream {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .badDescriptor }
        return isSeekable ? FileOutputStream(file, .at(offset)) : DescriptorOutputStream(file)
    }

    /// `append-via-stream`.
    package func appendStream() throws(FileSystemErrorCode) -> any HostOutputStream {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .badDescriptor }
        return isSeekable ? FileOutputStream(file, .append) : DescriptorOutputStream(file)
    }

    /// `read`: at most `count` bytes at `offset`, and whether that is the end.
    package func read(_ count: UInt64, at offset: UInt64) throws(FileSystemErrorCode) -> (bytes: [UInt8], isAtEnd: Bool)
    {
        let file = try file()
        guard permissions.files.contains(.read) else { throw .notPermitted }
        guard let position = Int64(exactly: offset) else { throw .invalid }
        let count = Int(min(count, UInt64(Self.largestRead)))
        var outcome: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            outcome = dovetail_sys_pread(file.number, buffer.baseAddress, count, position)
            initialized = Int(max(0, outcome))
        }
        try FileSystemErrorCode.check(outcome)
        return (bytes, bytes.isEmpty)
    }

    /// `write`: how many of the bytes were written at `offset`.
    package func write(_ bytes: [UInt8], at offset: UInt64) throws(FileSystemErrorCode) -> UInt64 {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .notPermitted }
        guard let position = Int64(exactly: offset) else { throw .invalid }
        let outcome = bytes.withUnsafeBytes {
            dovetail_sys_pwrite(file.number, $0.baseAddress, $0.count, position)
        }
        return UInt64(try FileSystemErrorCode.check(outcome))
    }

    /// `set-size`.
    package func setSize(_ size: UInt64) throws(FileSystemErrorCode) {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .notPermitted }
        guard let size = Int64(exactly: size) else { throw .invalid }
        try FileSystemErrorCode.check(dovetail_sys_truncate(file.number, size))
    }

    /// `advise`.
    package func advise(offset: UInt64, length: UInt64, _ advice: FileAdvice) throws(FileSystemErrorCode) {
        let file = try file()
        guard let offset = Int64(exactly: offset), let length = Int64(exactly: length) else { throw .invalid }
        try FileSystemErrorCode.check(
            dovetail_sys_advise(file.number, offset, length, CInt(advice.rawValue)))
    }

    /// Whether it has positions; pipes, terminals and sockets do not.
    private var isSeekable: Bool {
        switch kind {
        case .fifo, .socket, .characterDevice: false
        default: true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Operations on a file's contents.
extension Descriptor {
    /// A stream of the contents from `offset` on.
    package func readStream(at offset: UInt64) throws(FileSystemErrorCode) -> any HostInputStream {
        let file = try file()
        guard permissions.files.contains(.read) else { throw .badDescriptor }
        return isSeekable ? FileInputStream(file, at: offset) : DescriptorInputStream(file)
    }

    /// A stream that writes from `offset` on.
    package func writeStream(at offset: UInt64) throws(FileSystemErrorCode) -> any HostOutputStream {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .badDescriptor }
        return isSeekable ? FileOutputStream(file, .at(offset)) : DescriptorOutputStream(file)
    }

    /// A stream that appends.
    package func appendStream() throws(FileSystemErrorCode) -> any HostOutputStream {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .badDescriptor }
        return isSeekable ? FileOutputStream(file, .append) : DescriptorOutputStream(file)
    }

    /// Reads at most `count` bytes at `offset`, and whether that is the end.
    package func read(_ count: UInt64, at offset: UInt64) throws(FileSystemErrorCode) -> (bytes: [UInt8], isAtEnd: Bool)
    {
        let file = try file()
        guard permissions.files.contains(.read) else { throw .notPermitted }
        guard let position = Int64(exactly: offset) else { throw .invalid }
        let bytes = try FileSystemErrorCode.checking { () throws(SystemError) in
            try file.read(Int(min(count, UInt64(Self.largestRead))), at: position)
        }
        return (bytes, bytes.isEmpty)
    }

    /// Writes at `offset` and returns how many of the bytes were taken.
    package func write(_ bytes: [UInt8], at offset: UInt64) throws(FileSystemErrorCode) -> UInt64 {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .notPermitted }
        guard let position = Int64(exactly: offset) else { throw .invalid }
        return try FileSystemErrorCode.checking { () throws(SystemError) in
            UInt64(
                try bytes.withRawBytes { (buffer) throws(SystemError) in try file.write(buffer, at: position) })
        }
    }

    /// Sets the size: truncates the file, or extends it with zeroes.
    package func setSize(_ size: UInt64) throws(FileSystemErrorCode) {
        let file = try file()
        guard permissions.files.contains(.write) else { throw .notPermitted }
        guard let size = Int64(exactly: size) else { throw .invalid }
        try FileSystemErrorCode.checking { () throws(SystemError) in try file.truncate(to: size) }
    }

    /// Tells the system how a part of the file will be used.
    package func advise(offset: UInt64, length: UInt64, _ advice: FileAdvice) throws(FileSystemErrorCode) {
        let file = try file()
        guard let offset = Int64(exactly: offset), let length = Int64(exactly: length) else { throw .invalid }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try file.advise(offset: offset, length: length, CInt(advice.rawValue))
        }
    }

    /// Whether it has positions; pipes, terminals and sockets do not.
    private var isSeekable: Bool {
        switch kind {
        case .fifo, .socket, .characterDevice: false
        default: true
        }
    }
}

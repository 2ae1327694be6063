// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// Writes a file descriptor of the process at its current position: a pipe, a terminal, a socket, a file.
///
/// The descriptor may be in blocking mode, as standard output shared with other processes has to be: a pipe that
/// polls as writable takes 4096 bytes without waiting, so that is what it permits. A descriptor in non-blocking mode
/// may take less; the rest is kept and goes first.
final class DescriptorOutputStream: HostOutputStream, Sendable {
    private static let permit = 4096
    private static let filePermit = 64 * 1024

    private let descriptor: OwnedDescriptor
    /// A file: always ready, and poll need not be asked.
    private let isAlwaysReady: Bool
    /// Nothing can be written: the descriptor is closed, or only open for reading.
    private let isClosed: Bool
    private let pending = Mutex<[UInt8]>([])

    init(_ descriptor: OwnedDescriptor) {
        self.descriptor = descriptor
        isAlwaysReady = (try? descriptor.status())?.kind == .regular
        isClosed = (try? descriptor.accessMode)?.contains(.write) != true
    }

    func checkWrite() throws(StreamError) -> Int {
        if isClosed { throw .closed }
        if isAlwaysReady { return Self.filePermit }
        guard try StreamError.checking({ () throws(SystemError) in try readiness.isReady }) else { return 0 }
        let hasPending = pending.withLock { !$0.isEmpty }
        guard hasPending else { return Self.permit }
        try send(UnsafeRawBufferPointer(start: nil, count: 0))
        return 0
    }

    func write(_ bytes: RawSpan) throws(StreamError) {
        if isClosed { throw .closed }
        try bytes.withUnsafeBytes { (bytes) throws(StreamError) in try send(bytes) }
    }

    var readiness: Readiness { isAlwaysReady || isClosed ? .ready : .writable(descriptor.number) }

    /// Writes what is pending and then `bytes`; keeps what the descriptor does not take now.
    private func send(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
        let failure: SystemError? = pending.withLock { pending in
            do throws(SystemError) {
                guard !pending.isEmpty else {
                    pending = Array(bytes[try send(all: bytes)...])
                    return nil
                }
                let whole = pending + bytes
                pending = []
                let sent = try whole.withRawBytes { (whole) throws(SystemError) in try send(all: whole) }
                pending = Array(whole[sent...])
                return nil
            } catch {
                return error
            }
        }
        // One that was closed since is as one whose other end is gone.
        if let failure { throw failure == .badDescriptor ? .closed : StreamError(failure) }
    }

    /// Writes as much as the descriptor takes now; how much that was.
    private func send(all bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try bytes.pass { (rest) throws(SystemError) in try descriptor.write(rest) }
    }
}

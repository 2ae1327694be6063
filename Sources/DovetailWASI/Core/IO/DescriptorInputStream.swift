// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Reads a file descriptor of the process from its current position: a pipe, a terminal, a socket, a file.
///
/// It asks whether reading would wait before it reads, so the descriptor may be in blocking mode, as standard input
/// shared with other processes has to be. One that is not open for reading is at its end.
final class DescriptorInputStream: HostInputStream, Sendable {
    private let descriptor: OwnedDescriptor
    /// Nothing can be read: waiting for a descriptor that is only open for writing might never end.
    private let isAtEnd: Bool

    init(_ descriptor: OwnedDescriptor) {
        self.descriptor = descriptor
        isAtEnd = (try? descriptor.accessMode)?.contains(.read) != true
    }

    func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        if isAtEnd { throw .closed }
        guard limit > 0, try StreamError.checking({ () throws(SystemError) in try readiness.isReady }) else {
            return []
        }
        do throws(SystemError) {
            let bytes = try descriptor.read(limit)
            if !bytes.isEmpty { return bytes }
        } catch {
            if error.isWouldBlock { return [] }
            // Closed since: it is at its end.
            throw error == .badDescriptor ? .closed : StreamError(error)
        }
        throw .closed
    }

    var readiness: Readiness { isAtEnd ? .ready : .readable(descriptor.number) }
}

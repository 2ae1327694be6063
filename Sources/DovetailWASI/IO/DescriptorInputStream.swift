// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// Reads a file descriptor of the process from its current position: a pipe, a terminal, a socket, a file.
///
/// It asks whether reading would wait before it reads, so the descriptor may be in blocking mode, as standard input
/// shared with other processes has to be.
final class DescriptorInputStream: HostInputStream, Sendable {
    private let descriptor: OwnedDescriptor

    init(_ descriptor: OwnedDescriptor) {
        self.descriptor = descriptor
    }

    func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        guard limit > 0, try StreamError.checking({ () throws(SystemError) in try readiness.isReady }) else {
            return []
        }
        var outcome = 0
        let number = descriptor.number
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            outcome = Int(dovetail_sys_read(number, buffer.baseAddress, buffer.count))
            count = max(0, outcome)
        }
        if outcome == 0 { throw .closed }
        if outcome < 0 {
            let error = SystemError(number: CInt(truncatingIfNeeded: 0 &- outcome))
            if error.isWouldBlock { return [] }
            throw StreamError(error)
        }
        return bytes
    }

    var readiness: Readiness { .readable(descriptor.number) }
}

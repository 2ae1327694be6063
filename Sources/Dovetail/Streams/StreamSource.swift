// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The end of a stream or future that the host writes, while a guest may read the other one.
final class StreamSource {
    private let end: AsyncEnd
    private let channel: any HostChannel
    private let buffer: () -> TransferBuffer

    /// - Parameter buffer: makes what `end` writes from.
    init(_ end: AsyncEnd, _ channel: any HostChannel, _ buffer: @escaping () -> TransferBuffer) {
        self.end = end
        self.channel = channel
        self.buffer = buffer
    }

    deinit { channel.drop() }

    /// Offers the guest what was written, and ends the stream when that was all; whether it goes on.
    func pump(copyBudget: Int) -> Bool {
        do {
            return try advance(copyBudget)
        } catch {
            // The writer has heard of it. What the guest ran into is its own affair; of the rest it sees the end.
            if let instance = end.peer?.state, (error as? ABIError)?.isGuestFault != false { instance.fail(error) }
            end.drop()
            return false
        }
    }

    private func advance(_ copyBudget: Int) throws -> Bool {
        while true {
            if end.hasPendingEvent {
                _ = end.takeEvent()
                if end.state == .done { return false }
            }
            if end.isCopying {
                if channel.waiting > 0 { return true }
                // What it would have offered was withdrawn, or there is no more.
                end.cancel()
            } else if channel.waiting > 0 {
                try end.copy(buffer(), copyBudget: copyBudget)
                if !end.hasPendingEvent { return true }
            } else {
                guard channel.isClosed else { return true }
                end.drop()
                return false
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

// The body of the request that is being handled.
extension HTTP1Connection {
    /// Whether reading the body may tell something new.
    var bodyIsReadable: Bool { decoder.isDone || !isInputEmpty || (transport.canReceive && hasTurn) }

    /// Reads the body into memory.
    func readBody(into buffer: UnsafeMutableRawBufferPointer) throws(HTTP1Refusal) -> BodyRead {
        while true {
            if decoder.isDone { return .end(trailers: decoder.trailers) }
            if !isInputEmpty {
                let count = try decode(into: buffer)
                if count > 0 { return bodyHas(count) }
                if decoder.isDone { continue }
            }
            guard transport.canReceive, !transport.isClosed else { return bodyWaits() }
            let direct = min(buffer.count, decoder.directLimit)
            if direct > 0 {
                guard takeTurn() else { return .pending }
                let count = receive(UnsafeMutableRawBufferPointer(rebasing: buffer[..<direct]))
                guard let count else { return bodyWaits() }
                guard count > 0 else { throw .cutShort }
                decoder.countDirect(count)
                return bodyHas(count)
            }
            guard fill() else { return bodyWaits() }
            if transport.isAtEnd, isInputEmpty { throw .cutShort }
        }
    }

    private func decode(into buffer: UnsafeMutableRawBufferPointer?) throws(HTTP1Refusal) -> Int {
        var used = 0
        let count = try decoder.decode(input, into: buffer, used: &used)
        start &+= used
        if isInputEmpty { release() }
        return count
    }

    private func bodyHas(_ count: Int) -> BodyRead {
        exchange?.rate.count(received: count, loop.now)
        return .bytes(count)
    }

    private func bodyWaits() -> BodyRead {
        // Postponed: it is this connection's turn that is over, not the client that is slow.
        if !transport.canReceive { exchange?.rate.wait(loop.now) }
        loop.hasten(self)
        return .pending
    }

    /// Passes over the rest of the body; whether that is done.
    ///
    /// - Throws: when there is too much of it, or it is not valid.
    func discard() throws(HTTPError) -> Bool {
        guard let exchange else { return true }
        do throws(HTTP1Refusal) {
            while !decoder.isDone {
                if isInputEmpty {
                    guard fill() else {
                        if !transport.canReceive { exchange.rate.wait(loop.now) }
                        return false
                    }
                    if transport.isAtEnd, isInputEmpty { throw .cutShort }
                }
                exchange.discarded += try decode(into: nil)
                guard exchange.discarded <= Self.discardLimit else { throw .bodySize }
            }
            return true
        } catch {
            throw error.ofRequest
        }
    }

    /// How many bytes of the body may come next at most, for those who need memory for them.
    var bodyHint: Int {
        if !isInputEmpty { return input.count }
        return decoder.directLimit > 0 ? decoder.directLimit : BufferPool.small
    }
}

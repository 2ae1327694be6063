// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// A server's end of a connection that speaks HTTP/1.1 or HTTP/1.0: one exchange after the other.
///
/// Memory for input and output is held only while there is any. While a handler does not read a body, nothing is received, and while a client does not
/// take a response, ``HTTP1ResponseBody/capacity()`` is 0: neither end can fill the other's memory.
final class HTTP1Connection: ServerConnection, Transport.User, @unchecked Sendable {
    /// How many bytes of a response may wait for the client.
    static let highWater = 32 * 1024
    /// How many times in a row one connection may receive, and send, before others have their turn.
    private static let turn = 16
    /// How much of a body that nobody reads is passed over for the sake of the connection.
    static let discardLimit = 256 * 1024

    // What is used in every exchange is not checked for exclusive access: each use is short, and of one thread.

    // Input: what is between `start` and `end` was not used yet.
    @exclusivity(unchecked) var block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    @exclusivity(unchecked) var start = 0
    @exclusivity(unchecked) var end = 0
    @exclusivity(unchecked) var parser: HTTP1HeadParser
    @exclusivity(unchecked) var decoder: HTTP1BodyDecoder
    @exclusivity(unchecked) private var budget = HTTP1Connection.turn
    @exclusivity(unchecked) private var sendingBudget = HTTP1Connection.turn
    @exclusivity(unchecked) private(set) var isPostponed = false
    /// How many requests were looked at in this turn, and since when others wait for those behind the first.
    @exclusivity(unchecked) private var begun = 0
    @exclusivity(unchecked) private var begunSince: UInt64 = 0

    @exclusivity(unchecked) var output: ByteQueue
    @exclusivity(unchecked) var exchange: HTTP1Exchange?
    /// The task that handles exchanges; one that has nothing to do for a while ends.
    @exclusivity(unchecked) private var worker: HTTP1Worker?
    /// Whether another request may follow.
    @exclusivity(unchecked) var keepsAlive = true
    @exclusivity(unchecked) private var isWorking = false
    private var isFirst = true
    /// Whether the client has said by what it speaks that it is HTTP/1.
    private var isKnown = false
    /// Whether another one has taken the client over.
    private var isOver = false
    private var isLingering = false
    private var lingered = 0
    /// Since when it does what it does: waits for a request, receives a head, lingers.
    @exclusivity(unchecked) private var since: UInt64
    /// When the client has last taken something, while there is more for it.
    @exclusivity(unchecked) private var sendsSince: UInt64?

    /// Who has it: a number of ``Holder``.
    let holder = Atomic<UInt32>(Holder.loop)
    var sharedToken: UInt64 = 0
    /// Whether the last request was answered without a task: others may be as well by any loop.
    @exclusivity(unchecked) private var isAnsweredAtOnce = false

    override init(_ transport: Transport, _ loop: ServerLoop) {
        parser = HTTP1HeadParser(.request, loop.configuration.limits)
        decoder = HTTP1BodyDecoder(.empty, loop.configuration.limits)
        output = ByteQueue(loop.pool)
        since = loop.now
        super.init(transport, loop)
    }

    var isInputEmpty: Bool { start == end }
    var input: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: block[start..<end]) }

    // MARK: - What happens

    func transportIsReady() {
        if transport.isGone { return close() }
        beginTurn()
        if transport.canSend { flush() }
        advance()
    }

    private func beginTurn() {
        budget = Self.turn
        sendingBudget = Self.turn
        begun = 0
    }

    override func goOn() {
        isPostponed = false
        guard !transport.isClosed, !isOver else { return }
        beginTurn()
        if let work = worker?.giveUp() {
            let other = HTTP1Worker(loop)
            worker = other
            other.take(work)
        }
        flush()
        advance()
        if isAnsweredAtOnce, !isShared, isAtRest { share() }
    }

    /// Lets others have their turn before it goes on.
    func postpone() {
        guard !isPostponed else { return }
        isPostponed = true
        // One that is shared goes on before it is given back.
        if !isShared { loop.postpone(self) }
    }

    /// Whether it waits for a request, and for nothing else.
    var isAtRest: Bool {
        exchange == nil && worker == nil && block.baseAddress == nil && output.isEmpty && sendsSince == nil
            && keepsAlive
            && !isPostponed && !isLingering && !isOver && !loop.isDraining && !transport.isAtEnd
            && !transport.canReceive
            && transport.isFlushed && !transport.isClosed
    }

    override func move(to loop: ServerLoop) {
        super.move(to: loop)
        output = ByteQueue(loop.pool)
    }

    /// Does what can be done, but not at once, as it is called on the stack of a guest for all that is known.
    func advanceLater() { if !isWorking { postpone() } }

    /// Does what can be done.
    func advance() {
        guard !isWorking else { return }
        isWorking = true
        defer { isWorking = false }
        while !transport.isClosed, step() {}
    }

    /// One step; whether there may be another one.
    private func step() -> Bool {
        if isLingering { return linger() }
        if let exchange {
            if exchange.isOver { return complete(exchange) }
            exchange.tell()
            return watch(exchange)
        }
        if !keepsAlive {
            guard output.isEmpty, transport.isFlushed else { return false }
            beginLingering()
            return true
        }
        // A client that takes no responses gets no more.
        guard output.count < Self.highWater else { return false }
        if !isKnown, !isInputEmpty {
            switch HTTP2Preface.begins(input, agreed: transport.security?.protocolName) {
            case true?:
                becomeHTTP2()
                return false
            case false?: isKnown = true
            case nil: if !transport.isAtEnd { return fill() }
            }
        }
        if !isInputEmpty {
            guard mayBegin() else { return false }
            do throws(HTTP1Refusal) {
                let head = UnsafeRawBufferPointer(input)
                if let length = try parser.parse(head) {
                    begin(UnsafeRawBufferPointer(rebasing: head[..<length]))
                    return true
                }
            } catch {
                refuse(error)
                return true
            }
        }
        if transport.isAtEnd {
            // In the middle of a head as behind the last request.
            keepsAlive = false
            release()
            return true
        }
        return fill()
    }

    /// Hands the client over to a connection that speaks HTTP/2.
    private func becomeHTTP2() {
        stay()
        if transport.isClosed { return }
        isOver = true
        let bytes = Array(input)
        release()
        HTTP2Connection.replace(self, bytes)
    }

    // MARK: - Requests

    private func begin(_ head: UnsafeRawBufferPointer) {
        keepsAlive = parser.head.keepsAlive && !loop.isDraining
        decoder = HTTP1BodyDecoder(parser.requestFraming, loop.configuration.limits)
        let exchange = HTTP1Exchange(parser.head, Array(head), on: self, isHead: parser.isHeadRequest(head))
        parser.reset()
        start &+= head.count
        if isInputEmpty { release() }
        isFirst = false
        sendingBudget = Self.turn
        self.exchange = exchange
        loop.counters.requests.add(1)
        loop.counters.active.add(1)
        work(on: exchange)
    }

    /// Goes on behind an exchange; whether there may be another one.
    private func complete(_ exchange: HTTP1Exchange) -> Bool {
        if !decoder.isDone, keepsAlive {
            // What nobody has read stands in the way of the next request.
            do throws(HTTPError) {
                guard try discard() else {
                    loop.hasten(self)
                    return false
                }
            } catch {
                keepsAlive = false
            }
        }
        self.exchange = nil
        exchange.detach()
        loop.counters.active.add(-1)
        since = loop.now
        return true
    }

    /// Looks whether the client is gone while its request is handled, which shows in nothing but the end of what it sends.
    private func watch(_ exchange: HTTP1Exchange) -> Bool {
        guard decoder.isDone, end < BufferPool.small, fill() else { return false }
        // Those that it has sent before are answered.
        if transport.isAtEnd, isInputEmpty, !loop.configuration.allowsHalfClosed { close() }
        return true
    }

    /// Answers a request that the handler does not see, and closes the connection.
    private func refuse(_ refusal: HTTP1Refusal) {
        loop.counters.refused.add(1)
        HTTP1Writer.statusLine(refusal.status, to: &output)
        loop.dateLine.withUnsafeBytes { output.append($0) }
        output.append("content-type: text/plain\r\nconnection: close\r\ncontent-length: ")
        output.append(decimal: UInt64(refusal.reason.utf8CodeUnitCount + 1))
        output.append("\r\n\r\n")
        output.append(refusal.reason)
        output.append("\n")
        keepsAlive = false
        release()
        flush()
    }

    /// Begins to handle an exchange, and hands what is left to the connection's task. One that is still busy with the exchange before gets it
    /// when it returns; if it waits for something meanwhile, another task gets it.
    private func work(on exchange: HTTP1Exchange) {
        let rest = loop.handler.begin(exchange)
        isAnsweredAtOnce = rest == nil
        guard let rest else { return exchange.handlerReturned() }
        let worker = worker ?? HTTP1Worker(loop)
        worker.take(HTTP1Worker.Work(exchange: exchange, rest: rest))
        // The client may have gone meanwhile.
        if transport.isClosed { return worker.end(cancelling: true) }
        self.worker = worker
        if worker.isBusy { postpone() }
    }

    /// Whether another request may be looked at before others have their turn: some are handled at once.
    private func mayBegin() -> Bool {
        begun += 1
        if begun == 1 { return true }
        let now = SystemClock.monotonic
        if begun == 2 { begunSince = now }
        guard begun > Self.turn || now &- begunSince > 1_000_000 else { return true }
        postpone()
        return false
    }

    // MARK: - Input

    /// Receives what there is room for, and makes room; false when nothing has come. The end counts as something.
    func fill() -> Bool {
        guard transport.canReceive, !transport.isAtEnd, takeTurn() else { return false }
        if block.baseAddress == nil {
            block = loop.pool.take(BufferPool.small)
        } else if end == block.count {
            if start > 0 {
                block.copyMemory(from: input)
            } else {
                // Only a head whose limit is above this gets here.
                let larger = loop.pool.take(2 * block.count)
                larger.copyMemory(from: input)
                loop.pool.give(block)
                block = larger
            }
            end &-= start
            start = 0
        }
        let count = receive(UnsafeMutableRawBufferPointer(rebasing: block[end...]))
        if let count {
            if isInputEmpty, count > 0, exchange == nil { since = loop.now }
            end &+= count
        }
        if isInputEmpty {
            release()
        } else if exchange == nil {
            // The head's time limit is nearer than that of an idle connection.
            loop.hasten(self)
        }
        return count != nil
    }

    /// Receives; nil when nothing has come or the connection is gone.
    func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        do throws(HTTPError) {
            let count = try transport.receive(buffer)
            loop.counters.received.add(count ?? 0)
            return count
        } catch {
            close()
            return nil
        }
    }

    /// Whether it was not told yet that others have their turn now; receiving tells nothing new until it has gone on.
    var hasTurn: Bool { budget >= 0 }

    /// Whether it may receive again before others have their turn.
    func takeTurn() -> Bool {
        budget -= 1
        guard budget < 0 else { return true }
        postpone()
        return false
    }

    /// Gives the memory of input back.
    func release() {
        loop.pool.give(block)
        block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        start = 0
        end = 0
    }

    // MARK: - Output

    /// Whether more of a body may be sent before others have their turn: a client that takes all at once would hold the loop otherwise.
    var maySendBody: Bool { sendingBudget > 0 }

    /// Sends what is to be sent, as far as it can be.
    func flush() {
        guard !transport.isClosed, !output.isEmpty || !transport.isFlushed else { return }
        do throws(HTTPError) {
            if output.isEmpty {
                try transport.flush()
            } else {
                let sent = try transport.send(output.bytes)
                count(sent: sent)
                output.removeFirst(sent)
            }
            if output.isEmpty, transport.isFlushed {
                sendsSince = nil
            } else if sendsSince == nil {
                sendsSince = loop.now
                loop.hasten(self)
            }
        } catch {
            close()
        }
    }

    /// Sends a part of a body without putting it behind others first; how much was sent.
    func sendDirectly(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard output.isEmpty, transport.canSend else { return 0 }
        do throws(HTTPError) {
            let sent = try transport.send(bytes)
            count(sent: sent)
            return sent
        } catch {
            close()
            return 0
        }
    }

    private func count(sent: Int) {
        sendingBudget -= 1
        if sendingBudget == 0 { postpone() }
        if sent > 0, sendsSince != nil { sendsSince = loop.now }
        loop.counters.sent.add(sent)
        exchange?.rate.count(sent: sent)
    }

    // MARK: - The end

    /// Requests from now on are the last of their connection. One that waits for a request may get it at this moment, so it is left open
    /// for a while.
    override func drain() {
        if exchange == nil, isInputEmpty, !isFirst { since = SystemClock.monotonic }
        keepsAlive = keepsAlive && exchange == nil
        loop.hasten(self)
    }

    /// Ends a response that is not whole.
    func cut(isFramed: Bool) {
        if isFramed { flush() } else { transport.resetOnClose() }
        close()
    }

    /// Ends the sending direction and takes for a while what the client still sends: closing at once could destroy the response on its way.
    private func beginLingering() {
        release()
        if transport.isAtEnd { return close() }
        isLingering = true
        since = loop.now
        transport.shutdownSending()
        loop.hasten(self)
    }

    private func linger() -> Bool {
        guard takeTurn() else { return false }
        let count = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 16) { receive($0) }
        guard let count else { return false }
        lingered += count
        if count == 0 || lingered > 1024 * 1024 {
            close()
            return false
        }
        return true
    }

    override func close() {
        guard !transport.isClosed else { return }
        unshare()
        super.close()
        release()
        output.removeAll()
        worker?.end(cancelling: true)
        worker = nil
        guard let exchange else { return }
        self.exchange = nil
        loop.counters.active.add(-1)
        exchange.detach()
    }

    // MARK: - Time limits

    override var deadline: UInt64? {
        let timeouts = loop.timeouts
        if isLingering { return since + timeouts.linger }
        if let sendsSince { return min(sendsSince + timeouts.write, loop.now + 1_000_000_000) }
        guard let exchange else {
            if isFirst || !isInputEmpty || !keepsAlive { return since + timeouts.head }
            return since + (loop.isDraining ? min(timeouts.idle, timeouts.drain) : timeouts.idle)
        }
        guard let waiting = exchange.rate.waitsSince else { return nil }
        return min(waiting + timeouts.read, loop.now + 1_000_000_000)
    }

    override func timeHasCome() {
        guard !transport.isClosed else { return }
        if exchange == nil, let idle = worker {
            idle.end(cancelling: false)
            worker = nil
        }
        checkTime()
        if transport.isClosed { return }
        if isShared {
            loop.shared?.schedule(self, at: deadline ?? loop.now + 1_000_000_000)
        } else {
            loop.schedule(self)
        }
    }

    private func checkTime() {
        let (now, timeouts) = (loop.now, loop.timeouts)
        if isLingering {
            if now >= since + timeouts.linger { close() }
        } else if let sendsSince {
            let isSlow = exchange?.rate.isTooSlow(sending: now, loop) == true
            if now >= sendsSince + timeouts.write || isSlow { close() }
        } else if let exchange {
            guard let waiting = exchange.rate.waitsSince else { return }
            guard now >= waiting + timeouts.read || exchange.rate.isTooSlow(receiving: now, loop) else { return }
            exchange.bodyFailed(.timeout)
            advance()
        } else if let deadline, now >= deadline {
            if isInputEmpty {
                // A request may have come at this very moment.
                beginTurn()
                guard !isFirst, keepsAlive, fill(), !isInputEmpty else { return close() }
                return advance()
            }
            refuse(.timeout)
            advance()
        }
    }
}

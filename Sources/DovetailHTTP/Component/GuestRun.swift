// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// One request on its way through a guest; belongs to the thread of its exchange.
final class GuestRun {
    /// When the time is up that the request has, on the monotonic clock.
    let deadline: UInt64?
    private let start = SystemClock.monotonic
    private let exchange: any ServerExchange
    private let answer: GuestAnswer
    private let onOutcome: (@Sendable (RequestOutcome) -> Void)?
    private let instances: InstancePool
    private let admission: Admission
    private var outcome: RequestOutcome

    init(
        _ exchange: any ServerExchange, _ request: HTTPRequest, id: UInt64,
        _ configuration: ComponentHandler.Configuration, _ instances: InstancePool, _ admission: Admission
    ) {
        self.exchange = exchange
        self.instances = instances
        self.admission = admission
        answer = GuestAnswer(exchange)
        onOutcome = configuration.onOutcome
        deadline = configuration.limits.timeout.map { [start] in start + ServerTimeouts.nanoseconds($0) }
        outcome = RequestOutcome(
            id: id, method: request.method, target: request.pathWithQuery ?? request.authority ?? "",
            peer: exchange.peer)
    }

    /// Tells a client that was not let in.
    func turnAway() {
        (outcome.fault, outcome.cause) =
            exchange.isClosed
            ? (.clientGone, "the client went away") : (.overload, "too many requests are being answered")
        refuse(503)
        tell()
    }

    /// Lets a guest answer a request that was let in; what is left to do.
    func begin(_ request: HTTPRequest) -> ExchangeTask? {
        let guest: GuestInstance
        do { guest = try instances.take() } catch {
            (outcome.fault, outcome.cause) = (.instantiation, "no instance could be made: \(error)")
            refuse(503)
            end()
            return nil
        }
        do {
            guard let rest = try guest.begin(request, exchange.body, answer, outcome.id) else {
                return finish(guest, status: 500)
            }
            return { [self] in
                var status: UInt16 = 500
                do { try await guest.goOn(rest) } catch { status = note(error, guest) }
                if let rest = finish(guest, status: status) { await rest() }
            }
        } catch {
            return finish(guest, status: note(error, guest))
        }
    }

    private func note(_ error: any Error, _ guest: GuestInstance) -> UInt16 {
        guest.isUsable = false
        return outcome.note(error)
    }

    /// Sends what is missing of the answer, or cuts it short; what is left to do.
    private func finish(_ guest: GuestInstance, status: UInt16) -> ExchangeTask? {
        switch answer.state {
        case .none:
            instances.give(back: guest)
            if outcome.fault == nil {
                (outcome.fault, outcome.cause) = (.incomplete, "the guest returned without a response")
            }
            if outcome.fault != .clientGone, !exchange.isClosed { refuse(status) }
        case .failed(let error):
            instances.give(back: guest)
            if outcome.fault == nil {
                (outcome.fault, outcome.cause) = (.error, "the guest answered with an error: \(error)")
            }
            refuse(outcome.fault == .error ? error.status : status)
        case .begun(let response, let body):
            outcome.status = response.status
            guard let body else {
                instances.give(back: guest)
                break
            }
            if !body.isEnded {
                // Never as if it were whole.
                if outcome.fault == nil {
                    (outcome.fault, outcome.cause) = (.incomplete, "the guest returned without the end of the body")
                }
                body.abort(.internalError(outcome.cause))
            }
            instances.give(back: guest)
            guard body.isDone else {
                return { [self] in
                    try? await EventLoop.nearest.wait(for: [body.completion, exchange.closed])
                    settle(body)
                    end()
                }
            }
            settle(body)
        }
        end()
        return nil
    }

    /// Notes what the body has come to.
    private func settle(_ body: OutgoingBodyState) {
        outcome.bytes = body.written
        if outcome.fault == .clientGone, body.isDone, body.failure == nil {
            // With all of the response; the guest had more to do.
            (outcome.fault, outcome.cause) = (nil, nil)
        }
        if let failure = body.failure {
            outcome.isCut = true
            if outcome.fault == nil {
                // The connection is closed after either, so it does not tell who was first.
                (outcome.fault, outcome.cause) =
                    failure == .connectionTerminated || failure == .connectionWriteTimeout
                    ? (.clientGone, "the client went away") : (.incomplete, "the body was cut short: \(failure)")
            }
        } else if !body.isDone {
            body.abort(.connectionTerminated)
            outcome.isCut = true
            (outcome.fault, outcome.cause) = (.clientGone, "the client went away")
        }
    }

    private func end() {
        admission.leave()
        tell()
    }

    private func tell() {
        guard let onOutcome else { return }
        outcome.duration = SystemClock.monotonic &- start
        onOutcome(outcome)
    }

    // MARK: - In the place of the guest

    /// What a client is told, which is nothing about the inside.
    private static func text(_ status: UInt16) -> String {
        switch status {
        case 502: "The service did not get an answer from a server behind it.\n"
        case 503: "The service is busy. Try again later.\n"
        case 504: "The service took too long.\n"
        case 400..<500: "The service did not accept the request.\n"
        default: "The service failed.\n"
        }
    }

    private func refuse(_ status: UInt16) {
        if exchange.isClosed { return }
        do throws(HTTPError) {
            let text = Array(Self.text(status).utf8)
            var fields = HTTPFields()
            try fields.add("content-type", "text/plain; charset=utf-8")
            try fields.add("content-length", "\(text.count)")
            if status == 503 { try fields.add("retry-after", "1") }
            let writer = try exchange.respond(HTTPResponse(status: status, fields: fields), hasBody: true)
            try text.withRawBytes { (bytes) throws(HTTPError) in
                // There is room for so little in any connection that is written to for the first time.
                if try writer.capacity() >= bytes.count { try writer.write(bytes) }
            }
            try writer.finish(trailers: nil)
            outcome.status = status
        } catch {
            return
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailSystem
public import DovetailWASI
import Synchronization

/// Answers HTTP requests with a component of the world `wasi:http/proxy`: each request with an instance of its own, or with one that
/// answered others before.
///
/// A guest that traps, takes too long, or does not answer hurts its own request only.
public final class ComponentHandler: Sendable {
    /// How requests are answered.
    public struct Configuration: Sendable {
        /// What guests get of WASI; where their output goes is said by ``onLine``.
        public var wasi = WASIConfiguration()
        /// What guests may do with HTTP.
        public var http = HTTPGrants()
        /// The limits of each instance; its time limit is that of a request.
        public var limits = Store.Configuration()
        /// How many requests are answered at once.
        public var maximumConcurrency = 1000
        /// How many others may wait; further ones get status 503.
        public var maximumQueue = 1000
        /// How many requests an instance answers, one after the other. One that trapped answers no more.
        public var reuse = 1
        /// How many instances that can answer further requests are kept.
        public var maximumIdle = 64
        /// Told how each request went, on the thread of its loop.
        public var onOutcome: (@Sendable (RequestOutcome) -> Void)?
        /// Given each line that guests print; without, it is lost.
        public var onLine: (@Sendable (GuestLine) -> Void)?

        /// The defaults: a time limit of 30 seconds, and slices of 5 milliseconds for those who compute.
        public init() {
            limits.timeout = .seconds(30)
            limits.timeSlice = .milliseconds(5)
        }
    }

    /// The configuration it was made with.
    public let configuration: Configuration
    private let instances: InstancePool
    private let admission: Admission
    private let lastID = Atomic<UInt64>(0)

    /// Satisfies the imports of a component and makes an instance, to see that it can answer.
    ///
    /// - Parameters:
    ///   - component: the component.
    ///   - linker: what its imports are satisfied with; nil for WASI and HTTP.
    ///   - configuration: how requests are answered.
    /// - Throws: `LinkError` for imports that are missing, `BindingError` for a component that does not export
    ///   `wasi:http/incoming-handler`, and what making an instance throws.
    public init(
        _ component: Component, linker: Linker? = nil, configuration: Configuration = Configuration()
    ) throws {
        var chosen = linker ?? Linker.wasi(engine: component.engine)
        if linker == nil { chosen.addHTTP() }
        self.configuration = configuration
        instances = try InstancePool(component, chosen, configuration)
        admission = Admission(limit: configuration.maximumConcurrency, line: configuration.maximumQueue)
    }

    /// How many requests are being answered, how many wait, and how many instances there are.
    public var load: (active: Int, waiting: Int, instances: Int) {
        let counts = admission.counts
        return (counts.inside, counts.waiting, instances.count)
    }
}

extension ComponentHandler: ExchangeHandler {
    package nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {
        let start = SystemClock.monotonic
        var outcome = RequestOutcome(
            id: lastID.add(1, ordering: .relaxed).newValue, method: exchange.request.method,
            target: exchange.request.pathWithQuery ?? exchange.request.authority ?? "",
            peer: exchange.peer)
        await answer(exchange, start, &outcome)
        if let onOutcome = configuration.onOutcome {
            outcome.duration = SystemClock.monotonic &- start
            onOutcome(outcome)
        }
    }

    private nonisolated(nonsending) func answer(
        _ exchange: any ServerExchange, _ start: UInt64, _ outcome: inout RequestOutcome
    ) async {
        let limit = configuration.limits.timeout.map { start &+ $0.wholeNanoseconds }
        guard await admission.enter(until: limit, or: exchange.closed) else {
            (outcome.fault, outcome.cause) =
                exchange.isClosed
                ? (.clientGone, "the client went away") : (.overload, "too many requests are being answered")
            return refuse(exchange, 503, &outcome)
        }
        defer { admission.leave() }
        let guest: GuestInstance
        do { guest = try instances.take() } catch {
            (outcome.fault, outcome.cause) = (.instantiation, "no instance could be made: \(error)")
            return refuse(exchange, 503, &outcome)
        }
        let answer = GuestAnswer(exchange)
        var status: UInt16 = 500
        do {
            try await guest.handle(exchange, answer, outcome.id)
        } catch {
            status = outcome.note(error)
            guest.isUsable = false
        }
        await finish(answer, guest, exchange, status, &outcome)
    }

    /// Sends what is missing of the answer, or cuts it short.
    private nonisolated(nonsending) func finish(
        _ answer: GuestAnswer, _ guest: GuestInstance, _ exchange: any ServerExchange, _ status: UInt16,
        _ outcome: inout RequestOutcome
    ) async {
        switch answer.state {
        case .none:
            instances.give(back: guest)
            if outcome.fault == nil {
                (outcome.fault, outcome.cause) = (.incomplete, "the guest returned without a response")
            }
            if outcome.fault == .clientGone || exchange.isClosed { return }
            refuse(exchange, status, &outcome)
        case .failed(let error):
            instances.give(back: guest)
            if outcome.fault == nil {
                (outcome.fault, outcome.cause) = (.error, "the guest answered with an error: \(error)")
            }
            refuse(exchange, outcome.fault == .error ? error.status : status, &outcome)
        case .begun(let response, let body):
            outcome.status = response.status
            guard let body else { return instances.give(back: guest) }
            if !body.isEnded {
                // Never as if it were whole.
                if outcome.fault == nil {
                    (outcome.fault, outcome.cause) = (.incomplete, "the guest returned without the end of the body")
                }
                body.abort(.internalError(outcome.cause))
            }
            instances.give(back: guest)
            if !body.isDone { try? await EventLoop.nearest.wait(for: [body.completion, exchange.closed]) }
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
    }

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

    /// Answers in the place of the guest.
    private func refuse(_ exchange: any ServerExchange, _ status: UInt16, _ outcome: inout RequestOutcome) {
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

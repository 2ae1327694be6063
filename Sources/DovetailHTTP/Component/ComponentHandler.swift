// SPDX-License-Identifier: Apache-2.0

public import Dovetail
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
        if let rest = begin(exchange) { await rest() }
    }

    package func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
        let request = exchange.request
        let run = GuestRun(
            exchange, request, id: lastID.add(1, ordering: .relaxed).newValue, configuration, instances, admission)
        switch admission.enter() {
        case .inside: return run.begin(request)
        case .full:
            run.turnAway()
            return nil
        case .line(let place):
            let admission = admission
            return {
                guard await admission.wait(at: place, until: run.deadline, or: exchange.closed) else {
                    return run.turnAway()
                }
                if let rest = run.begin(request) { await rest() }
            }
        }
    }
}

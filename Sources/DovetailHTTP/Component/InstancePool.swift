// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailSystem
import DovetailWASI
import Synchronization

/// An instance that answers requests, one after the other.
final class GuestInstance {
    private let store: Store
    private let handler: WASI02HTTP.IncomingHandler
    private let outputs: [GuestOutput]
    /// Whether it can answer another request.
    var isUsable = true
    /// How many requests it has answered.
    private(set) var served = 0

    init(_ pre: InstancePre, _ configuration: ComponentHandler.Configuration) throws {
        var wasi = configuration.wasi
        if let onLine = configuration.onLine {
            let (output, errors) = (GuestOutput(isError: false, onLine), GuestOutput(isError: true, onLine))
            wasi.standardOutput = .stream(output)
            wasi.standardError = .stream(errors)
            outputs = [output, errors]
        } else {
            outputs = []
        }
        store = try Store(engine: pre.component.engine, configuration: configuration.limits, wasi: wasi)
        store.http = HTTPContext(store.wasi, configuration.http)
        handler = try ProxyBindings(pre.instantiate(in: store)).handler
    }

    /// Lets the guest answer.
    ///
    /// - Throws: why the guest's call ended early.
    nonisolated(nonsending) func handle(
        _ exchange: any ServerExchange, _ answer: GuestAnswer, _ id: UInt64
    ) async throws {
        served += 1
        for output in outputs { output.begin(id) }
        defer { for output in outputs { output.finish() } }
        try await handler.handle(
            request: WASIIncomingRequest(exchange.request, exchange.body, in: store.wasi),
            responseOut: WASIResponseOutparam(answer))
    }
}

/// What is looked up in an instance.
private final class ProxyBindings: WorldBindings {
    static let world = WorldReference(
        name: "wasi:http/proxy@0.2.12", command: "dovetail bindgen", format: GeneratedCode.format)

    let instance: Instance
    let handler: WASI02HTTP.IncomingHandler

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        handler = WASI02HTTP.IncomingHandler(&exports)
        try exports.finish()
    }
}

/// Makes instances, and keeps those that can answer further requests.
final class InstancePool: Sendable {
    private struct Idle: @unchecked Sendable {
        // @unchecked because whoever takes it out has it for itself.
        let guest: GuestInstance
    }

    private let pre: InstancePre
    private let clock: EpochHold
    private let configuration: ComponentHandler.Configuration
    private let idle = Mutex<[Idle]>([])
    private let living = Atomic<Int>(0)

    /// How many instances there are.
    var count: Int { living.load(ordering: .relaxed) }

    /// - Throws: what keeps the component from answering.
    init(_ component: Component, _ linker: Linker, _ configuration: ComponentHandler.Configuration) throws {
        pre = try linker.prepare(component)
        clock = EpochHold(component.engine)
        self.configuration = configuration
        // What does not fit, or does not even start, is to be known before the first request.
        let first = try GuestInstance(pre, configuration)
        if configuration.reuse > 1 {
            living.add(1, ordering: .relaxed)
            idle.withLock { $0.append(Idle(guest: first)) }
        }
    }

    /// An instance that can answer a request; to be given back.
    func take() throws -> GuestInstance {
        if configuration.reuse > 1, let known = idle.withLock({ $0.popLast() }) { return known.guest }
        let made = try GuestInstance(pre, configuration)
        living.add(1, ordering: .relaxed)
        return made
    }

    /// Keeps an instance for other requests, or lets it go.
    func give(back guest: GuestInstance) {
        if guest.isUsable, guest.served < configuration.reuse {
            let kept = Idle(guest: guest)
            let isKept = idle.withLock { idle in
                guard idle.count < configuration.maximumIdle else { return false }
                idle.append(kept)
                return true
            }
            if isKept { return }
        }
        living.subtract(1, ordering: .relaxed)
    }
}

// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailABI
import DovetailSystem
import DovetailWASI
import Synchronization

/// An instance that answers requests, one after the other.
final class GuestInstance {
    private let store: Store
    private let wasi: WASIContext
    private let bindings: ProxyBindings
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
        self.wasi = store.wasi
        store.http = HTTPContext(self.wasi, configuration.http)
        bindings = try ProxyBindings(pre.instantiate(in: store))
    }

    /// Lets the guest answer, until it returns or waits.
    ///
    /// - Returns: what is left of its call, for ``goOn(_:)``; nil when the guest has returned.
    /// - Throws: why the guest's call ended early.
    func begin(
        _ request: HTTPRequest, _ body: any BodyReader, _ answer: GuestAnswer, _ id: UInt64
    ) throws -> CallRemainder? {
        served += 1
        for output in outputs { output.begin(id) }
        var rest: CallRemainder?
        defer { if rest == nil { finishOutputs() } }
        rest = try bindings.handle.begin((WASIIncomingRequest(request, body, in: wasi), WASIResponseOutparam(answer)))
        return rest
    }

    /// Lets the guest go on until it returns.
    ///
    /// - Throws: why the guest's call ended early.
    nonisolated(nonsending) func goOn(_ rest: CallRemainder) async throws {
        defer { finishOutputs() }
        try await rest()
    }

    private func finishOutputs() { for output in outputs { output.finish() } }
}

/// What is looked up in an instance.
private final class ProxyBindings: WorldBindings {
    static let world = WorldReference(
        name: "wasi:http/proxy@0.2.12", command: "dovetail bindgen", format: GeneratedCode.format)

    typealias Parameters = Tuple2Codec<
        HostOwnCodec<any WASI02HTTP.Types.IncomingRequest>, HostOwnCodec<any WASI02HTTP.Types.ResponseOutparam>
    >

    let instance: Instance
    let handle: BoundFunction<Parameters, EmptyCodec>

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        handle = exports.function(
            "handle", in: "wasi:http/incoming-handler@0.2.12", parameters: Parameters.self, result: EmptyCodec.self)
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

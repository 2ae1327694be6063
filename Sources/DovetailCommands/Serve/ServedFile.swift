// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailBinary
import DovetailHTTP
import DovetailSystem
import DovetailWASI

/// The file that is served: read at the start, and again on demand.
struct ServedFile {
    let path: String
    let allowsPrecompiled: Bool
    let guest: GuestOptions
    let options: ServeOptions
    /// What sends the requests of all instances.
    let client = HTTPClient()

    /// The state the file is in; nil where there is none.
    var identity: FileStatus.Version? { Files.status(path)?.version(at: \.modified) }

    /// Loads the component.
    ///
    /// - Throws: a sentence for what is no proxy, and what keeps a component from answering.
    func handler(
        _ log: RequestLog, _ metrics: ServeMetrics, _ notes: LogWriter, _ afterEach: @escaping @Sendable () -> Void
    ) throws -> ComponentHandler {
        var input = try WasmFile(path)
        try input.checkTrust(path, allowsPrecompiled)
        let compiled = PrecompiledFile(input.contents)
        if compiled == nil { input = try input.binary() }
        guard try input.runnableKind() == .component else {
            throw WasmFile.Failure(
                description: "`\(input.name)` is a core module, which answers no requests; `dovetail run` runs programs"
            )
        }
        let configuration = try configuration(log, metrics, afterEach)
        if let compiled {
            let found = compiled.allocation
            if found == .onDemand {
                notes.add(
                    "note: `\(path)` was compiled for `dovetail run`; instances are made sooner of what "
                        + "`dovetail compile --for serve` makes")
            }
            return try load(input, found ?? .onDemand, configuration)
        }
        let best = try input.contents.withBytes { try ServedMemory.best(for: $0) }
        do {
            return try load(input, best, configuration)
        } catch let error where ServedMemory.isPoolLimit(error) {
            notes.add(
                "note: `\(path)` does not fit into the pool of instances: \(error); each gets memory of its own")
            return try load(input, .onDemand, configuration)
        }
    }

    /// The numbers that go with a configuration.
    private func sized(
        _ allocation: Engine.Configuration.Allocation, _ configuration: ComponentHandler.Configuration
    ) -> Engine.Configuration.Allocation {
        switch allocation {
        case .onDemand: .onDemand
        case .recycling: .recycling(maximumIdle: configuration.maximumConcurrency)
        case .pooling:
            .pooling(
                maximumInstances: configuration.maximumConcurrency + configuration.maximumIdle + 1,
                maximumMemory: min(guest.maxMemory ?? 4 << 30, 4 << 30))
        }
    }

    private func load(
        _ input: WasmFile, _ allocation: Engine.Configuration.Allocation,
        _ configuration: ComponentHandler.Configuration
    ) throws -> ComponentHandler {
        let engine = try guest.engine(sized(allocation, configuration))
        let component = try withProgress("compiling \(input.name)") { _ in try input.component(engine) }
        engine.warnOfCache()
        try SharedPython.restore(for: component, input.name)
        try Self.checkWorld(component, input.name)
        return try ComponentHandler(component, configuration: configuration)
    }

    private func configuration(
        _ log: RequestLog, _ metrics: ServeMetrics, _ afterEach: @escaping @Sendable () -> Void
    ) throws -> ComponentHandler.Configuration {
        var configuration = ComponentHandler.Configuration()
        let (timeout, slice) = (configuration.limits.timeout, configuration.limits.timeSlice)
        configuration.limits = guest.limits
        configuration.limits.timeout = guest.timeout ?? timeout
        configuration.limits.timeSlice = slice
        configuration.wasi = WASIConfiguration(
            environment: try guest.environment(), preopens: guest.folders.map { Preopen($0.host, as: $0.guest) })
        configuration.wasi.network = guest.network.grants
        // Connections outlast the file: they are kept for what is loaded next.
        configuration.http = HTTPGrants(client: client)
        if let limit = guest.maxRandomSize { configuration.wasi.largestRandomRequest = limit }
        configuration.maximumConcurrency = options.maxConcurrent
        configuration.maximumQueue = options.maxQueue
        configuration.reuse = options.reuse
        configuration.maximumIdle = min(options.maxConcurrent, 256)
        configuration.onOutcome = { outcome in
            metrics.add(outcome)
            log.add(outcome)
            afterEach()
        }
        if options.logFormat != .none { configuration.onLine = { line in log.add(line) } }
        return configuration
    }

    /// - Throws: a sentence that says what the component is instead of a proxy.
    private static func checkWorld(_ component: Component, _ name: String) throws {
        let names = component.exports.map(\.name)
        if ServedMemory.isProxy(names) { return }
        let instead =
            if names.contains(where: { $0.hasPrefix("wasi:http/handler@0.3.") }) {
                "it is of the world `wasi:http/service@0.3`, which is not supported yet"
            } else if names.contains(where: { $0.hasPrefix("wasi:cli/run@") }) {
                "it is a command, which `dovetail run \(name)` runs"
            } else if names.isEmpty {
                "it exports nothing"
            } else {
                "it exports " + names.prefix(10).map { "`\($0)`" }.joined(separator: ", ")
            }
        throw WasmFile.Failure(
            description: "`\(name)` exports no `wasi:http/incoming-handler`, so it answers no requests; \(instead)")
    }
}

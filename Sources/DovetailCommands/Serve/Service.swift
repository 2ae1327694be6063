// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailHTTP
import DovetailSystem
import DovetailWASI
import Synchronization

/// A server with one component, from its start to its end.
struct Service {
    private let file: ServedFile
    private let options: ServeOptions
    private let events = ServeEvents()
    private let metrics = ServeMetrics()
    private let state = ServiceState()
    private let log: RequestLog
    /// What happens to the server, on standard error: a reader that has gone or does not read must not hold it up.
    private let notes: LogWriter

    init(_ file: ServedFile, _ options: ServeOptions) throws {
        self.file = file
        self.options = options
        log = try RequestLog(options.logFormat, to: StandardDescriptors.output)
        notes = try LogWriter(StandardDescriptors.error)
    }

    /// Serves until it is told to end.
    ///
    /// - Throws: why it could not start; `ExitCode` 1 when requests were cut off at the end.
    func run() async throws {
        defer {
            log.stop()
            notes.stop()
        }
        let handler = try load()
        let gate = HandlerSwitch(handler)
        let server = HTTPServer(configuration, exchanges: gate)
        try await start(server, "--addr")
        let probes = makeProbes(server)
        if let probes {
            do { try await start(probes, "--metrics-addr") } catch {
                await server.stop()
                throw error
            }
        }
        try events.takeSignals()
        let scheme = options.tlsCert == nil ? "http" : "https"
        for address in server.addresses { notes.add("serving `\(file.path)` at \(scheme)://\(address)/") }
        for address in probes?.addresses ?? [] { notes.add("metrics at http://\(address)/metrics") }
        let reason = try await watch(gate)
        state.isDraining.store(true, ordering: .relaxed)
        notes.add("shutting down: \(reason)")
        let isDone = try await end(server)
        await probes?.stop()
        guard isDone else {
            notes.add("error: requests were still under way, and were cut off")
            throw ExitCode(1)
        }
    }

    private func start(_ server: HTTPServer, _ option: String) async throws {
        do {
            try await server.start()
        } catch HTTPServerError.cannotListen(let address, let reason) {
            throw WasmFile.Failure(
                description: "cannot listen at \(address): \(reason); name another address with `\(option)`")
        }
    }

    /// Waits for the end, and reads the file again meanwhile; why it is to end.
    private func watch(_ gate: HandlerSwitch) async throws -> String {
        var known = file.identity
        // A change that may not be complete yet.
        var changed: FileStatus.Version?
        while true {
            switch try await events.next(until: options.watch ? SystemClock.monotonic &+ 300_000_000 : nil) {
            case .stop(let reason): return reason
            case .reload:
                known = file.identity
                reload(gate)
            case .pause:
                let found = file.identity
                if found != nil, found != known, found == changed {
                    known = found
                    reload(gate)
                }
                changed = found
            case .drained: continue
            }
        }
    }

    private func load() throws -> ComponentHandler {
        let (events, metrics, options) = (events, metrics, options)
        let handler = try file.handler(log, metrics, notes) {
            guard let limit = options.maxRequests, metrics.requests >= UInt64(limit) else { return }
            events.add(.stop("\(limit) requests were answered"))
        }
        state.handler.withLock { $0 = handler }
        return handler
    }

    /// Reads the file again; what cannot be served leaves everything as it is.
    private func reload(_ gate: HandlerSwitch) {
        do {
            gate.set(try load())
            metrics.addReload(succeeded: true)
            notes.add("`\(file.path)` was read again")
        } catch {
            metrics.addReload(succeeded: false)
            notes.add(StandardError.text(of: error))
            notes.add("note: `\(file.path)` is served as it was before")
        }
    }

    /// Finishes what is under way; whether it was in time. Another signal ends that at once.
    private func end(_ server: HTTPServer) async throws -> Bool {
        let (events, timeout) = (events, options.shutdownTimeout)
        Task { events.add(.drained(inTime: await server.drain(timeout: timeout))) }
        while true {
            switch try await events.next() {
            case .drained(let inTime): return inTime
            case .stop:
                // The same that asked for the end may come more than once when it is the number of requests.
                guard options.maxRequests == nil else { continue }
                await server.stop()
                return false
            case .reload, .pause: continue
            }
        }
    }

    // MARK: - Parts

    private var configuration: HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration(
            addresses: [options.addr], threads: options.workers ?? ThisProcess.processors)
        if let chain = options.tlsCert, let key = options.tlsKey {
            configuration.certificate = HTTPServer.Certificate(chain: chain, privateKey: key)
        }
        configuration.maximumConnections = max(configuration.maximumConnections, 4 * options.maxConcurrent)
        return configuration
    }

    /// What answers `/healthz` and `/metrics`.
    private func makeProbes(_ server: HTTPServer) -> HTTPServer? {
        guard let address = options.metricsAddr else { return nil }
        let (metrics, state) = (metrics, state)
        return HTTPServer(.init(addresses: [address], threads: 1)) { request, _ in
            var fields = HTTPFields()
            try fields.add("content-type", "text/plain; version=0.0.4; charset=utf-8")
            switch request.pathWithQuery?.prefix(while: { $0 != "?" }) {
            case "/healthz":
                return state.isDraining.load(ordering: .relaxed)
                    ? (HTTPResponse(status: 503, fields: fields), HTTPBody("shutting down\n"))
                    : (HTTPResponse(fields: fields), HTTPBody("ok\n"))
            case "/metrics":
                return (HTTPResponse(fields: fields), HTTPBody(metrics.text(state.gauges(server))))
            default: return (HTTPResponse(status: 404, fields: fields), HTTPBody("there is /healthz and /metrics\n"))
            }
        }
    }
}

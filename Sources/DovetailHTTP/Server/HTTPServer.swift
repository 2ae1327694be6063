// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem
internal import Synchronization

/// A server of HTTP.
///
/// ```swift
/// let server = HTTPServer(.init(addresses: [SocketAddress(.loopback(.v4), port: 8080)])) { request, body in
///     (HTTPResponse(), HTTPBody("Hello, World!"))
/// }
/// try await server.start()
/// ```
public final class HTTPServer: Sendable {
    private struct State {
        var isStarted = false
        var loops: [ServerLoop] = []
        var listeners: [HTTPListener] = []
        /// Loops that were made for the server.
        var own: [EventLoop] = []
    }

    private let configuration: Configuration
    private let handler: any ExchangeHandler
    private let givenLoops: [EventLoop]?
    private let state = Mutex(State())

    /// Makes a server whose requests are answered by `handler`.
    public convenience init(_ configuration: Configuration = Configuration(), handler: some HTTPHandler) {
        self.init(configuration, exchanges: LibraryExchangeHandler(handler))
    }

    /// Makes a server whose requests are answered by a function.
    public convenience init(
        _ configuration: Configuration = Configuration(),
        _ answer:
            nonisolated(nonsending) @escaping @Sendable (HTTPRequest, HTTPBody) async throws -> (
                HTTPResponse, HTTPBody
            )
    ) {
        self.init(configuration, handler: HTTPHandlerFunction(answer))
    }

    /// Makes a server whose exchanges are handled by `exchanges`, on the loops given, or on as many of its own as the configuration says.
    package init(_ configuration: Configuration, loops: [EventLoop]? = nil, exchanges: any ExchangeHandler) {
        self.configuration = configuration
        handler = exchanges
        givenLoops = loops
    }

    /// Begins to listen.
    ///
    /// - Throws: ``HTTPServerError/alreadyStarted``; ``HTTPServerError/cannotListen(_:reason:)`` when an address is taken or not this machine's; ``TLSConfigurationError``
    ///   when the certificate cannot be used; an error of the system's when it has no more threads or descriptors.
    public func start() async throws {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { throw HTTPServerError.alreadyStarted }
        do {
            try await listen()
        } catch {
            await stop()
            throw error
        }
    }

    private func listen() async throws {
        let tls = try configuration.certificate.map {
            try TLSContext(
                certificateChain: $0.chain, privateKey: $0.privateKey, protocols: $0.protocols)
        }
        var own: [EventLoop] = []
        if givenLoops == nil {
            for index in 0..<max(1, configuration.threads) {
                own.append(try EventLoop(threadNamed: "dovetail-http-\(index)"))
            }
        }
        let eventLoops = givenLoops ?? own
        let share = max(1, (configuration.maximumConnections + eventLoops.count - 1) / max(1, eventLoops.count))
        let loops = eventLoops.map { ServerLoop($0, configuration, maximumConnections: share, handler) }
        state.withLock { state in
            state.own = own
            state.loops = loops
        }
        try formGroups(loops)
        for address in configuration.addresses {
            var address = address
            for loop in loops {
                do throws(SystemError) {
                    if loop === loops.first { try HTTPListener.probe(address) }
                    let listener = try HTTPListener(
                        address, sharing: loops.count > 1, backlog: configuration.backlog, loop, tls)
                    address = listener.address
                    state.withLock { $0.listeners.append(listener) }
                } catch {
                    throw HTTPServerError.cannotListen(address, reason: error.description)
                }
            }
        }
        let listeners = state.withLock { $0.listeners }
        for loop in loops {
            try await loop.run {
                // On a loop that shares connections, those of others are closed, too.
                loop.onClose = {
                    for listener in listeners where listener.isOn(loop) || loop.shared != nil { listener.hasRoom() }
                }
                try loop.watchShared()
            }
        }
        for loop in loops {
            try await loop.run {
                for listener in listeners where listener.isOn(loop) { try listener.start(among: loops) }
            }
        }
    }

    /// Has each loop share its connections with a few others.
    private func formGroups(_ loops: [ServerLoop]) throws(SystemError) {
        var rest = loops[...]
        while rest.count > 1 {
            let count = rest.count < 2 * SharedConnections.members ? rest.count : SharedConnections.members
            try ServerLoop.share(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    /// Where it listens, with the ports that the system has chosen.
    public var addresses: [SocketAddress] {
        var known: Set<SocketAddress> = []
        return state.withLock { $0.listeners }.map(\.address).filter { known.insert($0).inserted }
    }

    /// What it has done so far.
    public var counters: HTTPServerCounters { HTTPServerCounters(state.withLock { $0.loops.map(\.counters) }) }

    /// Takes no more connections, finishes what is in flight, and stops; what is not finished by then is cut off.
    ///
    /// - Returns: whether everything was finished in time.
    @discardableResult
    public func drain(timeout: Duration) async -> Bool {
        let (loops, listeners) = state.withLock { ($0.loops, $0.listeners) }
        for loop in loops {
            try? await loop.run {
                for listener in listeners where listener.isOn(loop) { listener.close() }
                loop.isDraining = true
                for connection in loop.connections { connection.drain() }
            }
        }
        for loop in loops { try? await loop.run { loop.shared?.settleAll(on: loop) } }
        let deadline = SystemClock.monotonic + ServerTimeouts.nanoseconds(timeout)
        // Those that are handed from one loop to another are open, too.
        while loops.contains(where: \.hasConnections), SystemClock.monotonic < deadline {
            let next = min(deadline, SystemClock.monotonic + 20_000_000)
            do { try await EventLoop.nearest.wait(for: [.time(next)]) } catch { break }
        }
        let isDone = counters.openConnections == 0
        await stop()
        return isDone
    }

    /// Stops at once; requests in flight are cut off.
    public func stop() async {
        let (loops, listeners, own) = state.withLock { state in
            defer { state.own = [] }
            return (state.loops, state.listeners, state.own)
        }
        for loop in loops {
            try? await loop.run {
                for listener in listeners where listener.isOn(loop) { listener.close() }
                for connection in loop.connections { connection.close() }
                loop.isStopped = true
                loop.onClose = nil
                loop.leaveShared()
            }
        }
        for loop in loops { try? await loop.run { loop.shared?.settleAll(on: loop) } }
        for loop in own { loop.stop() }
    }
}

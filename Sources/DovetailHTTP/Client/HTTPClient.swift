// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem
internal import Synchronization

/// A client of HTTP/1.1 and HTTP/2, which keeps connections for later requests; those of one event loop are used on that loop alone.
///
/// It verifies every server's certificate, follows no redirects, and sends a request again only where the server cannot have acted on it, or where
/// acting on it twice does no harm.
public final class HTTPClient: Sendable {
    /// How a client connects.
    public struct Configuration: Sendable {
        /// Whom to trust, and which protocols to offer; nil: the authorities that the system trusts, HTTP/2 and HTTP/1.1.
        public var tls: TLSContext?
        /// Whether servers without TLS are known to speak HTTP/2.
        public var assumesHTTP2 = false
        /// How long a connection without a request is kept.
        public var idleTimeout = Duration.seconds(30)
        /// How many connections one host may have for each event loop; further requests wait.
        public var connectionsPerHost = 256
        /// Sizes of the parts of a response.
        public var limits = HTTP1Limits()
        /// What a connection of HTTP/2 may make the client do; the sizes of fields and bodies are those of ``limits``.
        public var http2 = HTTP2Limits()
        /// How the names of hosts are resolved.
        package var lookup: @Sendable (_ host: String) -> NameLookup = { NameLookup.start($0) }

        /// The defaults.
        public init() {}
    }

    /// What holds for one request.
    package struct Options: Sendable {
        /// How long it may take until there is a connection, from the name's resolution to the end of the handshake.
        package var connectTimeout: Duration = .seconds(600)
        /// How long the head of the response may take from then on.
        package var firstByteTimeout: Duration = .seconds(600)
        /// How long a reader may have to wait for the next bytes of the body.
        package var betweenBytesTimeout: Duration = .seconds(600)
        /// Decides which addresses of a host may be used. It is asked about every address just before it is used, a connection that is kept included, so
        /// that nothing is gained by resolving a name twice. Called on any thread; must not wait nor use the client.
        package var permits: @Sendable (_ host: String, _ address: SocketAddress) -> Bool

        package init(permits: @escaping @Sendable (_ host: String, _ address: SocketAddress) -> Bool) {
            self.permits = permits
        }
    }

    private let configuration: Configuration
    private let pools = Mutex<[ObjectIdentifier: ClientPool]>([:])

    /// Makes a client.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    deinit {
        for pool in pools.withLock({ $0.values.map(\.self) }) { pool.shutDown() }
    }

    /// Begins a request; nothing waits.
    ///
    /// - Parameter hasBody: whether ``HTTPClientExchange/writer`` will be written to; to be finished in any case.
    /// - Throws: ``HTTPError/httpRequestURIInvalid``, ``HTTPError/httpRequestMethodInvalid`` or ``HTTPError/invalidField(name:)`` for a request that cannot be
    ///   sent; ``HTTPError/internalError(_:)`` when the system has no more threads.
    package func send(_ request: HTTPRequest, hasBody: Bool, options: Options) throws(HTTPError)
        -> HTTPClientExchange
    {
        let pool = try pool()
        let exchange = try ClientExchange(request, hasBody: hasBody, options, pool)
        pool.begin(exchange)
        return HTTPClientExchange(exchange)
    }

    /// How many connections are open, and how many of them wait for a request.
    package var connections: (open: Int, idle: Int) {
        var (open, idle) = (0, 0)
        for pool in pools.withLock({ $0.values.map(\.self) }) {
            let counts = pool.connections
            open += counts.open
            idle += counts.idle
        }
        return (open, idle)
    }

    private func pool() throws(HTTPError) -> ClientPool {
        let loop: EventLoop
        do throws(SystemError) {
            loop = try EventLoop.nearest
        } catch {
            throw .internalError(error.description)
        }
        return pools.withLock { pools in
            if let known = pools[ObjectIdentifier(loop)] { return known }
            let pool = ClientPool(loop, configuration)
            pools[ObjectIdentifier(loop)] = pool
            return pool
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

extension HTTPServer {
    /// How a server listens, and what it takes from clients.
    public struct Configuration: Sendable {
        /// Where it listens; port 0 lets the system choose one.
        public var addresses: [SocketAddress]
        /// The certificate and key with which connections are encrypted; nil: they are not. The protocol is the one that the client begins with, of those
        /// that ALPN has agreed on.
        public var certificate: Certificate?
        /// How many threads serve connections.
        public var threads: Int
        /// How many connections may be open; others wait in the system's queue until one is closed.
        public var maximumConnections: Int
        /// How many connections the system keeps in its queue for each thread.
        public var backlog: Int32
        /// Sizes of the parts of a request.
        public var limits: HTTP1Limits
        /// What a connection of HTTP/2 may make the server do; the sizes of fields and bodies are those of ``limits``.
        public var http2 = HTTP2Limits()
        /// How long the head of a request may take, from its first byte on; for the first request, from the connection on.
        public var headTimeout: Duration
        /// How long a connection may be without a request.
        public var idleTimeout: Duration
        /// How long the next bytes of a body may take while the handler waits for them.
        public var readTimeout: Duration
        /// How long a client may take no byte of a response.
        public var writeTimeout: Duration
        /// How many bytes of a body per second a client has to send and take at least, on average while it is waited for; 0: no minimum.
        public var minimumRate: Int
        /// How long a client is waited for before ``minimumRate`` is asked of it.
        public var minimumRateGrace: Duration
        /// Whether a client that has ended its direction of the connection still gets its responses. Without, it counts as gone: most that end it have
        /// given up, and the work for them with them.
        public var allowsHalfClosed: Bool

        /// How long a connection that has had requests may wait for another one, which may be on its way, when the server drains; one that was made just before
        /// has the time for its first request that it always has.
        public var drainGrace = Duration.seconds(1)

        /// Describes a server on these addresses.
        public init(
            addresses: [SocketAddress] = [SocketAddress(.loopback(.v4), port: 8080)],
            certificate: Certificate? = nil,
            threads: Int = 1,
            maximumConnections: Int = 16_384, backlog: Int32 = 1024, limits: HTTP1Limits = HTTP1Limits(),
            headTimeout: Duration = .seconds(10), idleTimeout: Duration = .seconds(60),
            readTimeout: Duration = .seconds(30), writeTimeout: Duration = .seconds(30), minimumRate: Int = 240,
            minimumRateGrace: Duration = .seconds(5), allowsHalfClosed: Bool = false
        ) {
            self.addresses = addresses
            self.certificate = certificate
            self.threads = threads
            self.maximumConnections = maximumConnections
            self.backlog = backlog
            self.limits = limits
            self.headTimeout = headTimeout
            self.idleTimeout = idleTimeout
            self.readTimeout = readTimeout
            self.writeTimeout = writeTimeout
            self.minimumRate = minimumRate
            self.minimumRateGrace = minimumRateGrace
            self.allowsHalfClosed = allowsHalfClosed
        }
    }
}

extension HTTPServer {
    /// What a server shows its clients, in files.
    public struct Certificate: Sendable, Hashable {
        /// The path of a file in PEM form: the server's certificate, then those that lead to one that clients trust.
        public var chain: String
        /// The path of a file in PEM form with the key of the first certificate, not encrypted.
        public var privateKey: String
        /// What the server speaks, the preferred one first.
        public var protocols: [ApplicationProtocol]

        /// Names the files.
        public init(chain: String, privateKey: String, protocols: [ApplicationProtocol] = [.http2, .http1]) {
            self.chain = chain
            self.privateKey = privateKey
            self.protocols = protocols
        }
    }
}

/// A server's time limits in nanoseconds.
struct ServerTimeouts: Sendable {
    let head: UInt64
    let idle: UInt64
    let read: UInt64
    let write: UInt64
    let grace: UInt64
    let drain: UInt64
    /// How long what a client still sends is taken after the last response.
    let linger: UInt64 = 2_000_000_000

    init(_ configuration: HTTPServer.Configuration) {
        head = Self.nanoseconds(configuration.headTimeout)
        idle = Self.nanoseconds(configuration.idleTimeout)
        read = Self.nanoseconds(configuration.readTimeout)
        write = Self.nanoseconds(configuration.writeTimeout)
        grace = Self.nanoseconds(configuration.minimumRateGrace)
        drain = Self.nanoseconds(configuration.drainGrace)
    }

    /// At most a hundred years, so that adding one to an instant cannot overflow.
    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 3_155_760_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}

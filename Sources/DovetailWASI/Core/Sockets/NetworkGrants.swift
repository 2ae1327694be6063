// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// What a guest may do on the network: by default nothing.
///
/// ```swift
/// wasi.network.tcp = true
/// wasi.network.outbound = try .only([NetworkPlace("example.com:443"), NetworkPlace("10.0.0.0/8")])
/// ```
///
/// Which kinds of sockets it may have and where these may reach are two questions: both have to be granted. A host name stands for
/// the addresses that the guest was given when it looked the name up, which is granted with it.
public struct NetworkGrants: Sendable {
    /// Where sockets may reach.
    public enum Places: Sendable {
        /// Everywhere.
        case everywhere
        /// These places.
        case only([NetworkPlace])
    }

    /// Whether it may have TCP sockets.
    public var tcp = false
    /// Whether it may have UDP sockets.
    public var udp = false
    /// Whether it may look up any name.
    public var nameLookup = false
    /// Where it may connect and send to.
    public var outbound = Places.only([])
    /// The addresses of this host that it may take connections and datagrams at.
    public var listen = Places.only([])
    /// Told about what a guest is denied, once for each kind of grant that is missing; the guest is told `access-denied`.
    public var onDenial: (@Sendable (NetworkDenial) -> Void)?

    /// Grants nothing.
    public init() {}

    /// Everything that the process itself may do.
    public static var everything: NetworkGrants {
        var grants = NetworkGrants()
        grants.tcp = true
        grants.udp = true
        grants.nameLookup = true
        grants.outbound = .everywhere
        grants.listen = .everywhere
        return grants
    }
}

/// Something that a guest was denied, and the grant that is missing.
public struct NetworkDenial: Error, Sendable, CustomStringConvertible {
    /// What would have to be granted.
    public enum Grant: Sendable {
        /// ``NetworkGrants/tcp``
        case tcp
        /// ``NetworkGrants/udp``
        case udp
        /// ``NetworkGrants/nameLookup``, or the name as a place in ``NetworkGrants/outbound``
        case nameLookup(String)
        /// A place in ``NetworkGrants/outbound``
        case outbound(SocketAddress)
        /// A place in ``NetworkGrants/listen``
        case listen(SocketAddress)
        /// A place in ``NetworkGrants/outbound`` for HTTP requests to a host
        case request(host: String, port: UInt16)
    }

    /// The grant that is missing.
    public let grant: Grant

    /// A host and port as ``NetworkPlace`` reads them.
    package static func place(_ host: String, _ port: UInt16) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// One line of text.
    public var description: String {
        switch grant {
        case .tcp: "the guest was denied a TCP socket"
        case .udp: "the guest was denied a UDP socket"
        case .nameLookup(let name): "the guest was denied to look up `\(name)`"
        case .outbound(let address): "the guest was denied to reach \(address)"
        case .listen(let address): "the guest was denied to listen at \(address)"
        case .request(let host, let port): "the guest was denied to send an HTTP request to \(Self.place(host, port))"
        }
    }
}

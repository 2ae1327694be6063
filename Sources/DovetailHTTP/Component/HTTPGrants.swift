// SPDX-License-Identifier: Apache-2.0

public import Dovetail
public import DovetailWASI

/// What a guest may do with HTTP: by default it can read and make messages, and send none.
///
/// ```swift
/// let store = try Store(engine: engine, wasi: wasi)
/// store.http = HTTPContext(store.wasi, HTTPGrants(client: HTTPClient()))
/// ```
public struct HTTPGrants: Sendable {
    /// The most bytes of names and values together that the fields may have that a guest makes.
    public static let defaultFieldBytes = 128 << 10

    /// Sends its requests; without, they are denied with `HTTP-request-denied`.
    package var outgoing: (any OutgoingHandler)?
    /// The most bytes of names and values together that the fields may have that a guest makes; more traps.
    public var maximumFieldBytes = defaultFieldBytes

    /// Grants nothing.
    public init() {}

    /// Lets `client` send requests, to where ``NetworkGrants/outbound`` allows.
    public init(client: HTTPClient) { self.init(outgoing: client) }

    /// Lets requests be sent by `outgoing`.
    package init(outgoing: any OutgoingHandler) { self.outgoing = outgoing }
}

/// The state of HTTP in one store; all versions of WASI use it. Not for use from two threads at once, as its store.
public final class HTTPContext {
    /// What the guests of the store may do.
    public let grants: HTTPGrants
    let wasi: WASIContext

    /// Makes the state for a store that was given `wasi`.
    public init(_ wasi: WASIContext, _ grants: HTTPGrants = HTTPGrants()) {
        self.wasi = wasi
        self.grants = grants
    }
}

extension Store {
    /// What guests in this store get of HTTP; nothing where it was not set.
    public var http: HTTPContext {
        get {
            if let context = data[HTTPContext.self] { return context }
            let context = HTTPContext(wasi)
            data[HTTPContext.self] = context
            return context
        }
        set { data[HTTPContext.self] = newValue }
    }
}

extension Caller {
    /// What the caller's store was granted of HTTP.
    public var http: HTTPContext { store.http }
}

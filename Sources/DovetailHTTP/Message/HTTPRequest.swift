// SPDX-License-Identifier: Apache-2.0

/// The head of a request.
public struct HTTPRequest: Sendable, Hashable {
    /// The method, `GET` for instance; a token of RFC 9110, in its own case.
    public var method: String
    /// `http` or `https`; nil where it is not known.
    public var scheme: String?
    /// The host, with a port where there is one.
    public var authority: String?
    /// The path and query as they were sent, `*` for all of the server; nil for `CONNECT`.
    public var pathWithQuery: String?
    /// The fields. What a connection is told (`connection`, `transfer-encoding`, ...) is written by the protocol alone.
    public var fields: HTTPFields

    /// Makes a request.
    public init(
        method: String = "GET", scheme: String? = nil, authority: String? = nil, pathWithQuery: String? = "/",
        fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.pathWithQuery = pathWithQuery
        self.fields = fields
    }
}

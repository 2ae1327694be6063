// SPDX-License-Identifier: Apache-2.0

/// The head of a response.
public struct HTTPResponse: Sendable, Hashable {
    /// The status, from 100 to 599; below 200 it is informational, and another response follows.
    public var status: UInt16
    /// The fields. What a connection is told (`connection`, `transfer-encoding`, ...) is written by the protocol alone.
    public var fields: HTTPFields

    /// Makes a response.
    public init(status: UInt16 = 200, fields: HTTPFields = HTTPFields()) {
        self.status = status
        self.fields = fields
    }
}

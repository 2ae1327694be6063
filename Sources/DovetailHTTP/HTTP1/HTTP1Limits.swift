// SPDX-License-Identifier: Apache-2.0

/// How large the parts of an HTTP/1 message may be.
public struct HTTP1Limits: Sendable, Hashable {
    /// The target of a request, in bytes; a longer one gets 414.
    public var targetSize = 8 * 1024
    /// The first line and all fields, in bytes; a larger head gets 431.
    public var headSize = 32 * 1024
    /// The number of fields; more get 431. It holds for trailers, too.
    public var fieldCount = 128
    /// The line of a field, in bytes; a longer one gets 431. It holds for trailers, too.
    public var fieldSize = 16 * 1024
    /// All chunk extensions of a message together, in bytes.
    public var extensionSize = 4 * 1024
    /// All trailers of a message together, in bytes.
    public var trailerSize = 8 * 1024
    /// The body, in bytes; a larger one gets 413. Nil: no limit.
    public var bodySize: UInt64?

    /// The limits that hold unless others are given.
    public init() {}
}

// SPDX-License-Identifier: Apache-2.0

/// No value: the place of a missing payload of a `result`, stream or future.
@frozen
public struct Empty: Hashable, Sendable, Error {
    /// Makes the only value.
    @inlinable
    public init() {}
}

extension Empty: ComponentConvertible {
    /// As nothing.
    public typealias Codec = EmptyCodec
}

/// No value: a missing payload, the parameters of a function that has none, the result of one that returns nothing.
public enum EmptyCodec: HashableCodec {
    /// No bytes, no core values.
    @inlinable public static var abi: StaticLayout { .empty }
    /// The tuple of nothing; in a payload it stands for none.
    @inlinable public static var shape: TypeShape { .tuple([]) }
    /// Writes nothing.
    @inlinable
    public static func lower(
        _ value: Empty, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {}
    /// Writes nothing.
    @inlinable
    public static func store(_ value: Empty, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {}
    /// Reads nothing.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Empty {
        Empty()
    }
    /// Reads nothing.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Empty { Empty() }
}

extension TypeShape {
    /// The shape as a payload or result: `nil` for ``Empty``.
    public var payload: TypeShape? {
        if case .tuple(let parts) = self, parts.isEmpty { return nil }
        return self
    }
}

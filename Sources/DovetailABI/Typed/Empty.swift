// SPDX-License-Identifier: Apache-2.0

/// No value: a function without parameters or result, a `result` case without payload.
@frozen
public struct Empty: Hashable, Sendable, Error {
    /// Makes the only value.
    @inlinable
    public init() {}
}

extension Empty: ComponentConvertible {
    /// No bytes, no core values.
    @inlinable public static var abi: StaticLayout { .empty }
    /// The tuple of nothing; in a payload it stands for none.
    @inlinable public static var shape: TypeShape { .tuple([]) }
    /// Writes nothing.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {}
    /// Writes nothing.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {}
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

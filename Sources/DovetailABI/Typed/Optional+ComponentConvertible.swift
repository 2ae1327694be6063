// SPDX-License-Identifier: Apache-2.0

extension Optional: ComponentTyped where Wrapped: ComponentTyped {
    /// A discriminant and perhaps a payload.
    @inlinable public static var abi: StaticLayout { .variant(2, payload: Wrapped.abi) }
    /// The type `option<…>`.
    @inlinable public static var shape: TypeShape { .option(Wrapped.shape) }
}

extension Optional: Lowerable where Wrapped: Lowerable {
    /// Writes discriminant and payload.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        guard let wrapped = self else {
            flat.zeros(Self.abi.flatCount)
            return
        }
        flat.write(1 as UInt32)
        try wrapped.lower(&cx, into: &flat)
    }

    /// Writes discriminant and payload.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(UInt8(self == nil ? 0 : 1), at: offset)
        if let wrapped = self {
            try wrapped.store(&cx, at: offset &+ StaticLayout.payloadOffset(2, payload: Wrapped.abi, cx.is64))
        }
    }
}

extension Optional: Liftable where Wrapped: Liftable {
    /// Reads discriminant and payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Wrapped? {
        if try cx.checkDiscriminant(flat.nextU32(), count: 2) == 0 {
            flat.skip(Wrapped.abi.flatCount)
            return nil
        }
        return try Wrapped.lift(&cx, from: &flat)
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Wrapped? {
        if try cx.loadDiscriminant(offset, count: 2) == 0 { return nil }
        return try Wrapped.load(&cx, at: offset &+ StaticLayout.payloadOffset(2, payload: Wrapped.abi, cx.is64))
    }
}

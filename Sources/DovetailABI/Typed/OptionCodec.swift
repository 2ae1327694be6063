// SPDX-License-Identifier: Apache-2.0

/// The type `option<…>`.
public enum OptionCodec<Wrapped: ComponentCodec>: ComponentCodec {
    /// An optional.
    public typealias Value = Wrapped.Value?

    /// A discriminant and perhaps a payload.
    @inlinable public static var abi: StaticLayout { .variant(2, payload: Wrapped.abi) }
    /// The type `option<…>`.
    @inlinable public static var shape: TypeShape { .option(Wrapped.shape) }

    /// Writes discriminant and payload.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        guard let value else {
            flat.zeros(abi.flatCount)
            return
        }
        flat.write(1 as UInt32)
        try Wrapped.lower(value, &cx, into: &flat)
    }

    /// Writes discriminant and payload.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(UInt8(value == nil ? 0 : 1), at: offset)
        if let value {
            try Wrapped.store(value, &cx, at: offset &+ StaticLayout.payloadOffset(2, payload: Wrapped.abi, cx.is64))
        }
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        if try cx.checkDiscriminant(flat.nextU32(), count: 2) == 0 {
            flat.skip(Wrapped.abi.flatCount)
            return nil
        }
        return try Wrapped.lift(&cx, from: &flat)
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        if try cx.loadDiscriminant(offset, count: 2) == 0 { return nil }
        return try Wrapped.load(&cx, at: offset &+ StaticLayout.payloadOffset(2, payload: Wrapped.abi, cx.is64))
    }
}

extension OptionCodec: HashableCodec where Wrapped: HashableCodec {
    /// Compares what is there.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (let left?, let right?): Wrapped.areEqual(left, right)
        case (nil, nil): true
        default: false
        }
    }

    /// Hashes whether something is there, and what.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        hasher.combine(value != nil)
        if let value { Wrapped.hash(value, into: &hasher) }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Result: ComponentTyped where Success: ComponentTyped, Failure: ComponentTyped {
    /// A discriminant and perhaps a payload.
    @inlinable public static var abi: StaticLayout { .variant(2, payload: Success.abi.union(Failure.abi)) }
    /// The type `result<…>`.
    @inlinable public static var shape: TypeShape {
        .result(ok: Success.shape.payload, error: Failure.shape.payload)
    }
}

extension Result: Lowerable where Success: Lowerable, Failure: Lowerable {
    /// Writes discriminant and payload.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        switch self {
        case .success(let payload):
            flat.write(0 as UInt32)
            try payload.lower(&cx, into: &flat)
            flat.zeros(Self.abi.flatCount &- 1 &- Success.abi.flatCount)
        case .failure(let payload):
            flat.write(1 as UInt32)
            try payload.lower(&cx, into: &flat)
            flat.zeros(Self.abi.flatCount &- 1 &- Failure.abi.flatCount)
        }
    }

    /// Writes discriminant and payload.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        let place = offset &+ StaticLayout.payloadOffset(2, payload: Success.abi.union(Failure.abi), cx.is64)
        switch self {
        case .success(let payload):
            cx.write(0 as UInt8, at: offset)
            try payload.store(&cx, at: place)
        case .failure(let payload):
            cx.write(1 as UInt8, at: offset)
            try payload.store(&cx, at: place)
        }
    }
}

extension Result: Liftable where Success: Liftable, Failure: Liftable {
    /// Reads discriminant and payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        if try cx.checkDiscriminant(flat.nextU32(), count: 2) == 0 {
            let payload = try Success.lift(&cx, from: &flat)
            flat.skip(Self.abi.flatCount &- 1 &- Success.abi.flatCount)
            return .success(payload)
        }
        let payload = try Failure.lift(&cx, from: &flat)
        flat.skip(Self.abi.flatCount &- 1 &- Failure.abi.flatCount)
        return .failure(payload)
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        let place = offset &+ StaticLayout.payloadOffset(2, payload: Success.abi.union(Failure.abi), cx.is64)
        return try cx.loadDiscriminant(offset, count: 2) == 0
            ? .success(try Success.load(&cx, at: place)) : .failure(try Failure.load(&cx, at: place))
    }
}

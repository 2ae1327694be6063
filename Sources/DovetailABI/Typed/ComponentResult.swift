// SPDX-License-Identifier: Apache-2.0

/// A component-level `result` whose error case need not be a Swift `Error`; ``Empty`` stands for a missing payload.
@frozen
public enum ComponentResult<Success, Failure> {
    case ok(Success)
    case error(Failure)
}

extension ComponentResult: Equatable where Success: Equatable, Failure: Equatable {}
extension ComponentResult: Hashable where Success: Hashable, Failure: Hashable {}
extension ComponentResult: Sendable where Success: Sendable, Failure: Sendable {}

extension ComponentResult: ComponentTyped where Success: ComponentTyped, Failure: ComponentTyped {
    /// A discriminant and perhaps a payload.
    @inlinable public static var abi: StaticLayout { .variant(2, payload: Success.abi.union(Failure.abi)) }
    /// The type `result<…>`.
    @inlinable public static var shape: TypeShape {
        .result(ok: Success.shape.payload, error: Failure.shape.payload)
    }
}

extension ComponentResult: Lowerable where Success: Lowerable, Failure: Lowerable {
    /// Writes discriminant and payload.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        switch self {
        case .ok(let payload):
            flat.write(0 as UInt32)
            try payload.lower(&cx, into: &flat)
            flat.zeros(Self.abi.flatCount &- 1 &- Success.abi.flatCount)
        case .error(let payload):
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
        case .ok(let payload):
            cx.write(0 as UInt8, at: offset)
            try payload.store(&cx, at: place)
        case .error(let payload):
            cx.write(1 as UInt8, at: offset)
            try payload.store(&cx, at: place)
        }
    }
}

extension ComponentResult: Liftable where Success: Liftable, Failure: Liftable {
    /// Reads discriminant and payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        if try cx.checkDiscriminant(flat.nextU32(), count: 2) == 0 {
            let payload = try Success.lift(&cx, from: &flat)
            flat.skip(Self.abi.flatCount &- 1 &- Success.abi.flatCount)
            return .ok(payload)
        }
        let payload = try Failure.lift(&cx, from: &flat)
        flat.skip(Self.abi.flatCount &- 1 &- Failure.abi.flatCount)
        return .error(payload)
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        let place = offset &+ StaticLayout.payloadOffset(2, payload: Success.abi.union(Failure.abi), cx.is64)
        return try cx.loadDiscriminant(offset, count: 2) == 0
            ? .ok(try Success.load(&cx, at: place)) : .error(try Failure.load(&cx, at: place))
    }
}

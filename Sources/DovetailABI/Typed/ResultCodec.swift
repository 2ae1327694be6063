// SPDX-License-Identifier: Apache-2.0

/// The type `result<…>`; ``Empty`` stands for a missing payload.
public enum ResultCodec<Success: ComponentCodec, Failure: ComponentCodec>: ComponentCodec where Failure.Value: Error {
    /// A result.
    public typealias Value = Result<Success.Value, Failure.Value>

    @inlinable static var payload: StaticLayout { Success.abi.union(Failure.abi) }
    /// A discriminant and perhaps a payload.
    @inlinable public static var abi: StaticLayout { .variant(2, payload: payload) }
    /// The type `result<…>`.
    @inlinable public static var shape: TypeShape { .result(ok: Success.shape.payload, error: Failure.shape.payload) }

    /// Writes discriminant and payload.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        switch value {
        case .success(let payload):
            flat.write(0 as UInt32)
            try Success.lower(payload, &cx, into: &flat)
            flat.zeros(abi.flatCount &- 1 &- Success.abi.flatCount)
        case .failure(let payload):
            flat.write(1 as UInt32)
            try Failure.lower(payload, &cx, into: &flat)
            flat.zeros(abi.flatCount &- 1 &- Failure.abi.flatCount)
        }
    }

    /// Writes discriminant and payload.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        let place = offset &+ StaticLayout.payloadOffset(2, payload: payload, cx.is64)
        switch value {
        case .success(let payload):
            cx.write(0 as UInt8, at: offset)
            try Success.store(payload, &cx, at: place)
        case .failure(let payload):
            cx.write(1 as UInt8, at: offset)
            try Failure.store(payload, &cx, at: place)
        }
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        if try cx.checkDiscriminant(flat.nextU32(), count: 2) == 0 {
            let payload = try Success.lift(&cx, from: &flat)
            flat.skip(abi.flatCount &- 1 &- Success.abi.flatCount)
            return .success(payload)
        }
        let payload = try Failure.lift(&cx, from: &flat)
        flat.skip(abi.flatCount &- 1 &- Failure.abi.flatCount)
        return .failure(payload)
    }

    /// Reads discriminant and payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        let place = offset &+ StaticLayout.payloadOffset(2, payload: payload, cx.is64)
        return try cx.loadDiscriminant(offset, count: 2) == 0
            ? .success(try Success.load(&cx, at: place)) : .failure(try Failure.load(&cx, at: place))
    }
}

extension ResultCodec: HashableCodec where Success: HashableCodec, Failure: HashableCodec {
    /// Compares the payloads of the same case.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.success(let left), .success(let right)): Success.areEqual(left, right)
        case (.failure(let left), .failure(let right)): Failure.areEqual(left, right)
        default: false
        }
    }

    /// Hashes the case and its payload.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        switch value {
        case .success(let payload):
            hasher.combine(0)
            Success.hash(payload, into: &hasher)
        case .failure(let payload):
            hasher.combine(1)
            Failure.hash(payload, into: &hasher)
        }
    }
}

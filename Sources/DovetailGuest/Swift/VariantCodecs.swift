// SPDX-License-Identifier: Apache-2.0

/// The codec of options.
public enum OptionCodec<Wrapped: ComponentCodec>: ComponentCodec {
    /// The Swift type.
    public typealias Value = Wrapped.Value?

    /// What a value takes up.
    public static var abi: StaticLayout { .variant(Wrapped.abi, EmptyCodec.abi) }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Wrapped.Value? {
        place.load(as: UInt8.self) == 0 ? nil : Wrapped.load(place + abi.alignment)
    }

    /// Writes a value into memory.
    public static func store(_ value: Wrapped.Value?, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: value == nil ? 0 : 1, as: UInt8.self)
        if let value { Wrapped.store(value, place + abi.alignment, &arena) }
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Wrapped.Value? {
        guard flat.next(Int32.self) != 0 else {
            flat.skip(Wrapped.abi.flatCount)
            return nil
        }
        return Wrapped.lift(&flat)
    }

    /// Writes a value as core values.
    public static func lower(_ value: Wrapped.Value?, _ flat: inout FlatWriter, _ arena: inout Arena) {
        flat.write(value == nil ? 0 : 1 as Int32)
        if let value { Wrapped.lower(value, &flat, &arena) } else { flat.zeros(Wrapped.abi.flatCount) }
    }
}

/// The codec of results.
public enum ResultCodec<Success: ComponentCodec, Failure: ComponentCodec>: ComponentCodec where Failure.Value: Error {
    /// The Swift type.
    public typealias Value = Result<Success.Value, Failure.Value>

    /// What a value takes up.
    public static var abi: StaticLayout { .variant(Success.abi, Failure.abi) }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value {
        place.load(as: UInt8.self) == 0
            ? .success(Success.load(place + abi.alignment)) : .failure(Failure.load(place + abi.alignment))
    }

    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        switch value {
        case .success(let payload):
            place.storeBytes(of: 0, as: UInt8.self)
            Success.store(payload, place + abi.alignment, &arena)
        case .failure(let payload):
            place.storeBytes(of: 1, as: UInt8.self)
            Failure.store(payload, place + abi.alignment, &arena)
        }
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Value {
        let value: Value
        if flat.next(Int32.self) == 0 {
            value = .success(Success.lift(&flat))
            flat.skip(abi.flatCount &- 1 &- Success.abi.flatCount)
        } else {
            value = .failure(Failure.lift(&flat))
            flat.skip(abi.flatCount &- 1 &- Failure.abi.flatCount)
        }
        return value
    }

    /// Writes a value as core values.
    public static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena) {
        switch value {
        case .success(let payload):
            flat.write(0 as Int32)
            Success.lower(payload, &flat, &arena)
            flat.zeros(abi.flatCount &- 1 &- Success.abi.flatCount)
        case .failure(let payload):
            flat.write(1 as Int32)
            Failure.lower(payload, &flat, &arena)
            flat.zeros(abi.flatCount &- 1 &- Failure.abi.flatCount)
        }
    }
}

/// No value: the place of a missing payload of a `result`.
public struct Empty: Hashable, Sendable, Error {
    /// Makes the only value.
    public init() {}
}

/// The codec of nothing.
public enum EmptyCodec: ComponentCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 0, alignment: 1, flatCount: 0) }
    /// Reads a value out of memory.
    @inline(__always)
    public static func load(_ place: UnsafeRawPointer) -> Empty { Empty() }
    /// Writes a value into memory.
    @inline(__always)
    public static func store(_ value: Empty, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {}
    /// Reads a value out of core values.
    @inline(__always)
    public static func lift(_ flat: inout FlatReader) -> Empty { Empty() }
    /// Writes a value as core values.
    @inline(__always)
    public static func lower(_ value: Empty, _ flat: inout FlatWriter, _ arena: inout Arena) {}
}

/// The error of a WIT `result` whose type is no Swift error of its own: `result<u32, string>` throws `ResultError<String>`.
public struct ResultError<Payload>: Error, @unchecked Sendable {
    // @unchecked because a component has one thread, and what a payload holds stays in it.

    /// What stands in the error place.
    public var payload: Payload

    /// Makes an error.
    public init(_ payload: Payload) { self.payload = payload }
}

extension ResultError: Equatable where Payload: Equatable {}
extension ResultError: Hashable where Payload: Hashable {}

/// The codec of what stands in the error place and is no Swift error.
public enum ResultErrorCodec<Payload: ComponentCodec>: ComponentCodec {
    /// The Swift type.
    public typealias Value = ResultError<Payload.Value>

    /// What a value takes up.
    public static var abi: StaticLayout { Payload.abi }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { Value(Payload.load(place)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        Payload.store(value.payload, place, &arena)
    }
    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Value { Value(Payload.lift(&flat)) }
    /// Writes a value as core values.
    public static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena) {
        Payload.lower(value.payload, &flat, &arena)
    }
}

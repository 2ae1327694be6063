// SPDX-License-Identifier: Apache-2.0

/// A component-level value whose type is known only at run time (wasmtime calls it `Val`).
///
/// Two floats are equal when their bits are, and all NaNs are equal: so values can be keys and be compared in tests.
public enum Value: Sendable {
    case bool(Bool)
    case s8(Int8), u8(UInt8), s16(Int16), u16(UInt16), s32(Int32), u32(UInt32), s64(Int64), u64(UInt64)
    case f32(Float), f64(Double)
    case char(Unicode.Scalar)
    case string(String)
    /// A list, also one of fixed length; lists of numbers are kept in bulk.
    case list(ListValue)
    /// The fields in the order of the type; in any order when the host makes one.
    case record([RecordField])
    case tuple([Value])
    case map([MapEntry])
    indirect case variant(String, Value?)
    case `enum`(String)
    indirect case option(Value?)
    /// The `ok` case of a result.
    indirect case ok(Value?)
    /// The `error` case of a result.
    indirect case error(Value?)
    /// The names of the flags that are set, in the order of the type.
    case flags([String])
    /// An own or borrow handle that the host holds.
    case resource(Resource)
    /// A stream, future or error context, as the runtime represents it.
    case object(ObjectValue)
}

/// A field of a record value.
public struct RecordField: Hashable, Sendable {
    /// The field's label.
    public var name: String
    /// The field's value.
    public var value: Value

    /// Makes a field.
    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

/// An entry of a map value.
public struct MapEntry: Hashable, Sendable {
    /// The key.
    public let key: Value
    /// What the key maps to.
    public var value: Value

    /// Makes an entry.
    public init(key: Value, value: Value) {
        self.key = key
        self.value = value
    }
}

/// A reference to something the runtime keeps: a readable end of a stream or future, or an error context.
public struct ObjectValue: Hashable, @unchecked Sendable {
    // @unchecked because the object is only opened by the store it belongs to; here it is compared and carried.
    /// The object.
    public let object: AnyObject

    /// Wraps `object`.
    public init(_ object: AnyObject) { self.object = object }

    /// Whether both are the same object.
    public static func == (left: ObjectValue, right: ObjectValue) -> Bool { left.object === right.object }

    /// Hashes the object's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(object)) }
}

extension Value {
    /// A list of any values.
    public static func list(_ values: [Value]) -> Value { .list(.values(values)) }

    /// A `list<u8>`.
    public static func bytes(_ bytes: [UInt8]) -> Value { .list(.u8(bytes)) }

    /// The field `name` of a record, `nil` when there is none or the value is no record.
    public subscript(name: String) -> Value? {
        guard case .record(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }

    /// The element at `index` of a list or tuple, `nil` when there is none.
    public subscript(index: Int) -> Value? {
        switch self {
        case .tuple(let values): values.indices.contains(index) ? values[index] : nil
        case .list(let list): list.indices.contains(index) ? list[index] : nil
        default: nil
        }
    }

    /// What kind of value this is, in WIT's words.
    public var kindName: String {
        switch self {
        case .bool: "bool"
        case .s8: "s8"
        case .u8: "u8"
        case .s16: "s16"
        case .u16: "u16"
        case .s32: "s32"
        case .u32: "u32"
        case .s64: "s64"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string: "string"
        case .list: "list"
        case .record: "record"
        case .tuple: "tuple"
        case .map: "map"
        case .variant: "variant"
        case .enum: "enum"
        case .option: "option"
        case .ok, .error: "result"
        case .flags: "flags"
        case .resource: "resource"
        case .object: "stream, future or error-context"
        }
    }
}

extension Value: Hashable {
    /// Equality of values; floats by their bits, NaNs all equal, lists by their elements.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.s8(let a), .s8(let b)): a == b
        case (.u8(let a), .u8(let b)): a == b
        case (.s16(let a), .s16(let b)): a == b
        case (.u16(let a), .u16(let b)): a == b
        case (.s32(let a), .s32(let b)): a == b
        case (.u32(let a), .u32(let b)): a == b
        case (.s64(let a), .s64(let b)): a == b
        case (.u64(let a), .u64(let b)): a == b
        case (.f32(let a), .f32(let b)): a.canonicalNaN.bitPattern == b.canonicalNaN.bitPattern
        case (.f64(let a), .f64(let b)): a.canonicalNaN.bitPattern == b.canonicalNaN.bitPattern
        case (.char(let a), .char(let b)): a == b
        // By scalars: canonically equivalent strings are different values of the component model.
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.list(let a), .list(let b)): a == b
        case (.record(let a), .record(let b)): a == b
        case (.tuple(let a), .tuple(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.variant(let a, let x), .variant(let b, let y)): a == b && x == y
        case (.enum(let a), .enum(let b)): a == b
        case (.option(let a), .option(let b)): a == b
        case (.ok(let a), .ok(let b)): a == b
        case (.error(let a), .error(let b)): a == b
        case (.flags(let a), .flags(let b)): a == b
        case (.resource(let a), .resource(let b)): a === b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .s8(let value): hasher.combine(value)
        case .u8(let value): hasher.combine(value)
        case .s16(let value): hasher.combine(value)
        case .u16(let value): hasher.combine(value)
        case .s32(let value): hasher.combine(value)
        case .u32(let value): hasher.combine(value)
        case .s64(let value): hasher.combine(value)
        case .u64(let value): hasher.combine(value)
        case .f32(let value): hasher.combine(value.canonicalNaN.bitPattern)
        case .f64(let value): hasher.combine(value.canonicalNaN.bitPattern)
        case .char(let value): hasher.combine(value)
        case .string(let value): for byte in value.utf8 { hasher.combine(byte) }
        case .list(let list): hasher.combine(list)
        case .record(let fields): hasher.combine(fields)
        case .tuple(let values): hasher.combine(values)
        case .map(let entries): hasher.combine(entries)
        case .variant(let name, let payload):
            hasher.combine(name)
            hasher.combine(payload)
        case .enum(let name): hasher.combine(name)
        case .option(let payload), .ok(let payload), .error(let payload): hasher.combine(payload)
        case .flags(let names): hasher.combine(names)
        case .resource(let resource): hasher.combine(ObjectIdentifier(resource))
        case .object(let object): hasher.combine(object)
        }
    }
}

extension Float {
    /// The same number, or the one NaN that the canonical ABI lifts.
    @inlinable
    public var canonicalNaN: Float { isNaN ? Float(bitPattern: 0x7fc0_0000) : self }
}

extension Double {
    /// The same number, or the one NaN that the canonical ABI lifts.
    @inlinable
    public var canonicalNaN: Double { isNaN ? Double(bitPattern: 0x7ff8_0000_0000_0000) : self }
}

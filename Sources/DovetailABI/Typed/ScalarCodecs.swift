// SPDX-License-Identifier: Apache-2.0

/// A codec of numbers that lie in memory as they do in Swift, so that lists of them are copied whole.
public protocol NumberCodec: HashableCodec where Value: BitwiseCopyable & Hashable {
    /// The core value of a number.
    static func coreBits(_ value: Value) -> UInt64
    /// The number that the low bits of a core value stand for.
    static func value(coreBits: UInt64) -> Value
    /// Whether bits must be changed when they come out of a component (NaNs).
    static var isCanonicalizing: Bool { get }
    /// The number as it comes out of a component.
    static func canonical(_ value: Value) -> Value
}

extension NumberCodec {
    /// The size is that of the Swift type.
    @inlinable public static var abi: StaticLayout { .scalar(MemoryLayout<Value>.size) }
    /// Integers are lifted as they are.
    @inlinable public static var isCanonicalizing: Bool { false }
    /// Integers are lifted as they are.
    @inlinable
    public static func canonical(_ value: Value) -> Value { value }

    /// The core value of the number that is lifted from one.
    static func relowered(_ bits: UInt64) -> UInt64 { coreBits(canonical(value(coreBits: bits))) }

    /// Writes one core value.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(coreBits(value))
    }

    /// Writes the number.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(value, at: offset)
    }

    /// Copies all numbers at once.
    @inlinable
    public static func storeList(_ elements: [Value], _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        let target = cx.memory.base + offset
        elements.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { target.copyMemory(from: source, byteCount: bytes.count) }
        }
    }

    /// Reads one core value; bits beyond the type's width are ignored.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        canonical(value(coreBits: flat.nextU64()))
    }

    /// Reads the number.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        canonical(cx.read(offset, as: Value.self))
    }

    /// Copies all numbers at once.
    @inlinable
    public static func loadList(
        _ cx: inout CanonicalContext, at offset: Int, count: Int
    ) throws(ABIError) -> [Value] {
        let size = count &* MemoryLayout<Value>.stride
        try cx.charge(size)
        let source = UnsafeRawPointer(cx.memory.base + offset)
        // Twice as quick for short lists as filling an uninitialized array. The offset is aligned, as the memory's base is.
        var numbers = source.withMemoryRebound(to: Value.self, capacity: count) {
            [Value](UnsafeBufferPointer(start: $0, count: count))
        }
        if isCanonicalizing {
            numbers.withUnsafeMutableBufferPointer { numbers in
                for index in numbers.indices { numbers[index] = canonical(numbers[index]) }
            }
        }
        return numbers
    }
}

/// The integers: `s8` to `u64`.
public enum IntegerCodec<Value: FixedWidthInteger & BitwiseCopyable>: NumberCodec {
    /// The type of that width and sign.
    @inlinable public static var shape: TypeShape {
        switch Value.bitWidth {
        case 8: Value.isSigned ? .s8 : .u8
        case 16: Value.isSigned ? .s16 : .u16
        case 32: Value.isSigned ? .s32 : .u32
        default: Value.isSigned ? .s64 : .u64
        }
    }

    /// The core value, an `i32` where it fits; sign-extended.
    @inlinable
    public static func coreBits(_ value: Value) -> UInt64 {
        Value.bitWidth == 64 ? UInt64(truncatingIfNeeded: value) : UInt64(UInt32(truncatingIfNeeded: value))
    }

    /// Takes the low bits of a core value.
    @inlinable
    public static func value(coreBits: UInt64) -> Value { Value(truncatingIfNeeded: coreBits) }
}

/// The type `f32`.
public enum FloatCodec: NumberCodec {
    /// The Swift type.
    public typealias Value = Float

    /// The type `f32`.
    @inlinable public static var shape: TypeShape { .f32 }
    /// The core value's bits.
    @inlinable
    public static func coreBits(_ value: Float) -> UInt64 { UInt64(value.bitPattern) }
    /// Takes the bits of a core value.
    @inlinable
    public static func value(coreBits: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: coreBits)) }
    /// NaNs lose their payload on the way out.
    @inlinable public static var isCanonicalizing: Bool { true }
    /// The number, with the canonical NaN.
    @inlinable
    public static func canonical(_ value: Float) -> Float { value.canonicalNaN }
}

/// The type `f64`.
public enum DoubleCodec: NumberCodec {
    /// The Swift type.
    public typealias Value = Double

    /// The type `f64`.
    @inlinable public static var shape: TypeShape { .f64 }
    /// The core value's bits.
    @inlinable
    public static func coreBits(_ value: Double) -> UInt64 { value.bitPattern }
    /// Takes the bits of a core value.
    @inlinable
    public static func value(coreBits: UInt64) -> Double { Double(bitPattern: coreBits) }
    /// NaNs lose their payload on the way out.
    @inlinable public static var isCanonicalizing: Bool { true }
    /// The number, with the canonical NaN.
    @inlinable
    public static func canonical(_ value: Double) -> Double { value.canonicalNaN }
}

/// The type `bool`.
public enum BoolCodec: HashableCodec {
    /// The Swift type.
    public typealias Value = Bool

    /// One byte, one core value.
    @inlinable public static var abi: StaticLayout { .scalar(1) }
    /// The type `bool`.
    @inlinable public static var shape: TypeShape { .bool }

    /// Writes 0 or 1.
    @inlinable
    public static func lower(
        _ value: Bool, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(UInt32(value ? 1 : 0))
    }

    /// Writes 0 or 1.
    @inlinable
    public static func store(_ value: Bool, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(UInt8(value ? 1 : 0), at: offset)
    }

    /// Any bit set is true.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Bool {
        flat.nextU32() != 0
    }

    /// Any bit set is true.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Bool {
        cx.read(offset, as: UInt8.self) != 0
    }
}

/// The type `char`.
public enum CharacterCodec: HashableCodec {
    /// The Swift type.
    public typealias Value = Unicode.Scalar

    /// Four bytes, one core value.
    @inlinable public static var abi: StaticLayout { .scalar(4) }
    /// The type `char`.
    @inlinable public static var shape: TypeShape { .char }

    /// Writes the code point.
    @inlinable
    public static func lower(
        _ value: Unicode.Scalar, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(value.value)
    }

    /// Writes the code point.
    @inlinable
    public static func store(_ value: Unicode.Scalar, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(value.value, at: offset)
    }

    /// Reads a code point, which must be a Unicode scalar value.
    @inlinable
    public static func lift(
        _ cx: inout CanonicalContext, from flat: inout FlatReader
    ) throws(ABIError) -> Unicode.Scalar {
        try scalar(flat.nextU32())
    }

    /// Reads a code point, which must be a Unicode scalar value.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Unicode.Scalar {
        try scalar(cx.read(offset, as: UInt32.self))
    }

    @inlinable
    static func scalar(_ codePoint: UInt32) throws(ABIError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(codePoint) else { throw .invalidChar(codePoint) }
        return scalar
    }
}

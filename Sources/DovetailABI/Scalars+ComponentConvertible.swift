// SPDX-License-Identifier: Apache-2.0

/// A number that lies in memory as it does in Swift, so that lists of it are copied whole.
public protocol ScalarConvertible: ComponentConvertible, BitwiseCopyable {
    /// The core value.
    var coreBits: UInt64 { get }
    /// The number that the low bits of a core value stand for.
    init(coreBits: UInt64)
    /// Whether bits must be changed when they come out of a component (NaNs).
    static var isCanonicalizing: Bool { get }
    /// The number as it comes out of a component.
    var canonical: Self { get }
}

extension ScalarConvertible {
    /// The size is that of the Swift type.
    @inlinable public static var abi: StaticLayout { .scalar(MemoryLayout<Self>.size) }
    /// Integers are lifted as they are.
    @inlinable public static var isCanonicalizing: Bool { false }
    /// Integers are lifted as they are.
    @inlinable public var canonical: Self { self }

    /// Writes one core value.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(coreBits)
    }

    /// Writes the number.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(self, at: offset)
    }

    /// Copies all numbers at once.
    @inlinable
    public static func storeList(_ elements: [Self], _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        let target = cx.memory.base + offset
        elements.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { target.copyMemory(from: source, byteCount: bytes.count) }
        }
    }

    /// Reads one core value; bits beyond the type's width are ignored.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        Self(coreBits: flat.nextU64()).canonical
    }

    /// Reads the number.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        cx.read(offset, as: Self.self).canonical
    }

    /// Copies all numbers at once.
    @inlinable
    public static func loadList(
        _ cx: inout CanonicalContext, at offset: Int, count: Int
    ) throws(ABIError) -> [Self] {
        let size = count &* MemoryLayout<Self>.stride
        try cx.charge(size)
        let source = UnsafeRawPointer(cx.memory.base + offset)
        // Twice as quick for short lists as filling an uninitialized array. The offset is aligned, as the memory's base is.
        var numbers = source.withMemoryRebound(to: Self.self, capacity: count) {
            [Self](UnsafeBufferPointer(start: $0, count: count))
        }
        if isCanonicalizing {
            numbers.withUnsafeMutableBufferPointer { numbers in
                for index in numbers.indices { numbers[index] = numbers[index].canonical }
            }
        }
        return numbers
    }
}

extension Int8: ScalarConvertible {
    /// The type `s8`.
    @inlinable public static var shape: TypeShape { .s8 }
    /// The core value, sign-extended.
    @inlinable public var coreBits: UInt64 { UInt64(UInt32(bitPattern: Int32(self))) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension UInt8: ScalarConvertible {
    /// The type `u8`.
    @inlinable public static var shape: TypeShape { .u8 }
    /// The core value.
    @inlinable public var coreBits: UInt64 { UInt64(self) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension Int16: ScalarConvertible {
    /// The type `s16`.
    @inlinable public static var shape: TypeShape { .s16 }
    /// The core value, sign-extended.
    @inlinable public var coreBits: UInt64 { UInt64(UInt32(bitPattern: Int32(self))) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension UInt16: ScalarConvertible {
    /// The type `u16`.
    @inlinable public static var shape: TypeShape { .u16 }
    /// The core value.
    @inlinable public var coreBits: UInt64 { UInt64(self) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension Int32: ScalarConvertible {
    /// The type `s32`.
    @inlinable public static var shape: TypeShape { .s32 }
    /// The core value, sign-extended.
    @inlinable public var coreBits: UInt64 { UInt64(UInt32(bitPattern: Int32(self))) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension UInt32: ScalarConvertible {
    /// The type `u32`.
    @inlinable public static var shape: TypeShape { .u32 }
    /// The core value.
    @inlinable public var coreBits: UInt64 { UInt64(self) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension Int64: ScalarConvertible {
    /// The type `s64`.
    @inlinable public static var shape: TypeShape { .s64 }
    /// The core value.
    @inlinable public var coreBits: UInt64 { UInt64(bitPattern: self) }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension UInt64: ScalarConvertible {
    /// The type `u64`.
    @inlinable public static var shape: TypeShape { .u64 }
    /// The core value.
    @inlinable public var coreBits: UInt64 { self }
    /// Takes the low bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(truncatingIfNeeded: coreBits) }
}

extension Float: ScalarConvertible {
    /// The type `f32`.
    @inlinable public static var shape: TypeShape { .f32 }
    /// The core value's bits.
    @inlinable public var coreBits: UInt64 { UInt64(bitPattern) }
    /// Takes the bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: coreBits)) }
    /// NaNs lose their payload on the way out.
    @inlinable public static var isCanonicalizing: Bool { true }
    /// The number, with the canonical NaN.
    @inlinable public var canonical: Float { canonicalNaN }
}

extension Double: ScalarConvertible {
    /// The type `f64`.
    @inlinable public static var shape: TypeShape { .f64 }
    /// The core value's bits.
    @inlinable public var coreBits: UInt64 { bitPattern }
    /// Takes the bits of a core value.
    @inlinable public init(coreBits: UInt64) { self.init(bitPattern: coreBits) }
    /// NaNs lose their payload on the way out.
    @inlinable public static var isCanonicalizing: Bool { true }
    /// The number, with the canonical NaN.
    @inlinable public var canonical: Double { canonicalNaN }
}

extension Bool: ComponentConvertible {
    /// One byte, one core value.
    @inlinable public static var abi: StaticLayout { .scalar(1) }
    /// The type `bool`.
    @inlinable public static var shape: TypeShape { .bool }

    /// Writes 0 or 1.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(UInt32(self ? 1 : 0))
    }

    /// Writes 0 or 1.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(UInt8(self ? 1 : 0), at: offset)
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

extension Unicode.Scalar: ComponentConvertible {
    /// Four bytes, one core value.
    @inlinable public static var abi: StaticLayout { .scalar(4) }
    /// The type `char`.
    @inlinable public static var shape: TypeShape { .char }

    /// Writes the code point.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(value)
    }

    /// Writes the code point.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.write(value, at: offset)
    }

    /// Reads a code point, which must be a Unicode scalar value.
    @inlinable
    public static func lift(
        _ cx: inout CanonicalContext, from flat: inout FlatReader
    ) throws(ABIError) -> Unicode.Scalar {
        let value = flat.nextU32()
        guard let scalar = Unicode.Scalar(value) else { throw .invalidChar(value) }
        return scalar
    }

    /// Reads a code point, which must be a Unicode scalar value.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Unicode.Scalar {
        let value = cx.read(offset, as: UInt32.self)
        guard let scalar = Unicode.Scalar(value) else { throw .invalidChar(value) }
        return scalar
    }
}

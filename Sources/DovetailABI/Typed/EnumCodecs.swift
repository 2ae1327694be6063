// SPDX-License-Identifier: Apache-2.0

/// A Swift enum that stands for a WIT `enum`: the raw values are the positions of the cases, from 0 without gaps.
public protocol ComponentEnum: RawRepresentable, CaseIterable, Hashable
where RawValue: FixedWidthInteger & UnsignedInteger {
    /// The number of cases.
    static var caseCount: Int { get }
    /// The WIT labels, in order.
    static var caseLabels: [String] { get }
}

/// The type `enum { … }`.
public enum EnumCodec<Value: ComponentEnum>: HashableCodec {
    /// One, two or four bytes.
    @inlinable public static var abi: StaticLayout { .scalar(StaticLayout.discriminantSize(Value.caseCount)) }
    /// The type `enum { … }`.
    public static var shape: TypeShape { .enum(Value.caseLabels) }

    /// Writes the position.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(UInt32(truncatingIfNeeded: value.rawValue))
    }

    /// Writes the position.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeDiscriminant(Int(truncatingIfNeeded: value.rawValue), at: offset, count: Value.caseCount)
    }

    /// Reads the position.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        try position(cx.checkDiscriminant(flat.nextU32(), count: Value.caseCount))
    }

    /// Reads the position.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        try position(cx.loadDiscriminant(offset, count: Value.caseCount))
    }

    @inlinable
    static func position(_ index: Int) throws(ABIError) -> Value {
        guard let value = Value(rawValue: Value.RawValue(truncatingIfNeeded: index)) else {
            throw .invalidDiscriminant(UInt32(truncatingIfNeeded: index), count: Value.caseCount)
        }
        return value
    }
}

/// A Swift option set that stands for WIT `flags`: bit n is the label at position n.
public protocol ComponentFlags: OptionSet, Hashable, CustomStringConvertible, CustomDebugStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger, Element == Self {
    /// The number of labels.
    static var flagCount: Int { get }
    /// The WIT labels, in order.
    static var flagLabels: [String] { get }
}

extension ComponentFlags {
    /// The labels of the flags that are set, `[read, write]`; bits without a label as a number.
    public var description: String {
        let labels = Self.flagLabels
        var names: [String] = []
        var rest = rawValue
        for (position, label) in labels.enumerated() where rest & (1 << position) != 0 {
            names.append(label)
            rest &= ~(1 << position)
        }
        if rest != 0 { names.append("0x" + String(rest, radix: 16)) }
        return "[" + names.joined(separator: ", ") + "]"
    }

    /// As ``description``.
    public var debugDescription: String { description }
}

/// The type `flags { … }`.
public enum FlagsCodec<Value: ComponentFlags>: HashableCodec {
    /// One, two or four bytes.
    @inlinable public static var abi: StaticLayout { .scalar(StaticLayout.flagsSize(Value.flagCount)) }
    /// The type `flags { … }`.
    public static var shape: TypeShape { .flags(Value.flagLabels) }

    /// Writes the bits.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(UInt32(truncatingIfNeeded: value.rawValue) & StaticLayout.flagsMask(Value.flagCount))
    }

    /// Writes the bits.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeFlags(UInt32(truncatingIfNeeded: value.rawValue), at: offset, count: Value.flagCount)
    }

    /// Reads the bits; those without a label are cleared.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        value(flat.nextU32() & StaticLayout.flagsMask(Value.flagCount))
    }

    /// Reads the bits; those without a label are cleared.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        value(cx.loadFlags(offset, count: Value.flagCount))
    }

    @inlinable
    static func value(_ bits: UInt32) -> Value { Value(rawValue: Value.RawValue(truncatingIfNeeded: bits)) }
}

// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// A Swift enum that stands for a WIT `enum`: the raw values are the positions of the cases, from 0 without gaps.
public protocol ComponentEnum: RawRepresentable, CaseIterable, Hashable, ComponentConvertible
where RawValue: FixedWidthInteger & UnsignedInteger {
    /// The number of cases.
    static var caseCount: Int { get }
    /// The WIT labels, in order.
    static var caseLabels: [String] { get }
}

extension ComponentEnum {
    /// One, two or four bytes.
    @inlinable public static var abi: StaticLayout { .scalar(StaticLayout.discriminantSize(caseCount)) }
    /// The type `enum { … }`.
    public static var shape: TypeShape { .enum(caseLabels) }

    /// Writes the position.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(UInt32(truncatingIfNeeded: rawValue))
    }

    /// Writes the position.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeDiscriminant(Int(truncatingIfNeeded: rawValue), at: offset, count: Self.caseCount)
    }

    /// Reads the position.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        try position(cx.checkDiscriminant(flat.nextU32(), count: caseCount))
    }

    /// Reads the position.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        try position(cx.loadDiscriminant(offset, count: caseCount))
    }

    @inlinable
    static func position(_ index: Int) throws(ABIError) -> Self {
        guard let value = Self(rawValue: RawValue(truncatingIfNeeded: index)) else {
            throw .invalidDiscriminant(UInt32(truncatingIfNeeded: index), count: caseCount)
        }
        return value
    }
}

/// A Swift option set that stands for WIT `flags`: bit n is the label at position n.
public protocol ComponentFlags: OptionSet, ComponentConvertible
where RawValue: FixedWidthInteger & UnsignedInteger, Element == Self {
    /// The number of labels.
    static var flagCount: Int { get }
    /// The WIT labels, in order.
    static var flagLabels: [String] { get }
}

extension ComponentFlags {
    /// One, two or four bytes.
    @inlinable public static var abi: StaticLayout { .scalar(StaticLayout.flagsSize(flagCount)) }
    /// The type `flags { … }`.
    public static var shape: TypeShape { .flags(flagLabels) }

    /// Writes the bits.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(UInt32(truncatingIfNeeded: rawValue) & StaticLayout.flagsMask(Self.flagCount))
    }

    /// Writes the bits.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeFlags(UInt32(truncatingIfNeeded: rawValue), at: offset, count: Self.flagCount)
    }

    /// Reads the bits; those without a label are cleared.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        Self(rawValue: RawValue(truncatingIfNeeded: flat.nextU32() & StaticLayout.flagsMask(flagCount)))
    }

    /// Reads the bits; those without a label are cleared.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        Self(rawValue: RawValue(truncatingIfNeeded: cx.loadFlags(offset, count: flagCount)))
    }
}

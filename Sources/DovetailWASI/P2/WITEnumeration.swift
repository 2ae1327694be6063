// SPDX-License-Identifier: Apache-2.0
internal import DovetailABI

/// An enumeration of a WIT interface: its cases in their order, numbered from 0.
protocol WITEnumeration: RawRepresentable<UInt8>, CaseIterable, Sendable {
    /// The labels, in order.
    static var labels: [String] { get }
}

/// A WIT `enum` on its way across the ABI. A wrapper, so that the host-neutral types do not know of the ABI.
struct Enumeration<Case: WITEnumeration>: ComponentConvertible {
    let value: Case

    init(_ value: Case) { self.value = value }

    static var abi: StaticLayout { .scalar(StaticLayout.discriminantSize(Case.labels.count)) }
    static var shape: TypeShape { .enum(Case.labels) }

    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(UInt32(value.rawValue))
    }

    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeDiscriminant(Int(value.rawValue), at: offset, count: Case.labels.count)
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        try make(cx.checkDiscriminant(flat.nextU32(), count: Case.labels.count))
    }

    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        try make(cx.loadDiscriminant(offset, count: Case.labels.count))
    }

    private static func make(_ index: Int) throws(ABIError) -> Self {
        guard let value = UInt8(exactly: index).flatMap(Case.init(rawValue:)) else {
            throw ABIError.invalidDiscriminant(UInt32(truncatingIfNeeded: index), count: Case.labels.count)
        }
        return Self(value)
    }
}

/// Flags of a WIT interface, at most eight.
protocol WITFlags: OptionSet, Sendable where RawValue == UInt8 {
    /// The labels, from the lowest bit.
    static var labels: [String] { get }
}

/// A WIT `flags` on its way across the ABI.
struct FlagsValue<Set: WITFlags>: ComponentConvertible {
    let value: Set

    init(_ value: Set) { self.value = value }

    static var abi: StaticLayout { .scalar(StaticLayout.flagsSize(Set.labels.count)) }
    static var shape: TypeShape { .flags(Set.labels) }

    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(UInt32(value.rawValue))
    }

    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        cx.storeFlags(UInt32(value.rawValue), at: offset, count: Set.labels.count)
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        let bits = flat.nextU32() & StaticLayout.flagsMask(Set.labels.count)
        return Self(Set(rawValue: UInt8(truncatingIfNeeded: bits)))
    }

    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        Self(Set(rawValue: UInt8(truncatingIfNeeded: cx.loadFlags(offset, count: Set.labels.count))))
    }
}

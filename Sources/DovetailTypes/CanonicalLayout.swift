// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of layouts that is the same at compile time and at run time.
/// (CanonicalABI.md, "Alignment", "Element Size", "Flattening")
@frozen
public enum CanonicalLayout {
    /// The most core parameters before parameters go through memory.
    @inlinable @inline(__always) public static var maxFlatParameters: Int { 16 }
    /// The most core parameters of an async lowered function.
    @inlinable @inline(__always) public static var maxFlatAsyncParameters: Int { 4 }
    /// The most core results before results go through memory.
    @inlinable @inline(__always) public static var maxFlatResults: Int { 1 }
    /// How deep types may nest.
    @inlinable @inline(__always) public static var maxTypeDepth: Int { 100 }

    /// The most core parameters of a lowered function.
    @inlinable
    public static func flatParameters(isAsync: Bool) -> Int { isAsync ? maxFlatAsyncParameters : maxFlatParameters }
    /// The most core results of a lowered function.
    @inlinable
    public static func flatResults(isAsync: Bool) -> Int { isAsync ? 0 : maxFlatResults }

    /// `offset` rounded up to a multiple of `alignment`, a power of two.
    @inlinable @inline(__always)
    public static func align(_ offset: Int, to alignment: Int) -> Int { (offset &+ alignment &- 1) & ~(alignment &- 1) }

    /// The size of the discriminant of a variant with `count` cases: 1, 2 or 4.
    @inlinable @inline(__always)
    public static func discriminantSize(_ count: Int) -> Int { count <= 256 ? 1 : count <= 65_536 ? 2 : 4 }

    /// The size of a flags type with `count` labels: 1, 2 or 4.
    @inlinable @inline(__always)
    public static func flagsSize(_ count: Int) -> Int { count <= 8 ? 1 : count <= 16 ? 2 : 4 }
}

/// The type of a core value that part of a component-level value is passed as.
package enum FlatType: UInt8, Hashable, Sendable {
    case i32, i64, f32, f64

    /// What can hold either, bit for bit. (CanonicalABI.md, `join`)
    package func joined(with other: FlatType) -> FlatType {
        if self == other { return self }
        switch (self, other) {
        case (.i32, .f32), (.f32, .i32): return .i32
        default: return .i64
        }
    }
}

/// Size, alignment and flat core types of a type for one width of memory.
package struct Measures: Sendable {
    /// The size in bytes; a type that no memory could hold has ``maxSize``.
    package var size = 0
    /// The alignment in bytes.
    package var alignment = 1
    /// The core types, cut off behind ``maxFlat``: so many mean "too many to be passed flat".
    package var flat: [FlatType] = []

    /// Where sizes stop growing, so that hostile types cannot make numbers overflow.
    package static let maxSize = 1 << 40
    /// How many core types are kept.
    package static let maxFlat = CanonicalLayout.maxFlatParameters + 1

    /// No value at all: the payload of a case that has none, the start of a record.
    package init() {}

    /// A scalar of `size` bytes.
    package init(scalar size: Int, _ core: FlatType = .i32) {
        self.size = size
        alignment = size
        flat = [core]
    }

    /// A pointer and a length.
    package init(pointersOf64Bits is64: Bool) {
        size = is64 ? 16 : 8
        alignment = is64 ? 8 : 4
        flat = is64 ? [.i64, .i64] : [.i32, .i32]
    }

    /// A primitive type; a defined one is taken for a handle.
    package init(_ type: ValueType, is64: Bool) {
        switch type {
        case .bool, .s8, .u8: self.init(scalar: 1)
        case .s16, .u16: self.init(scalar: 2)
        case .s32, .u32, .char, .errorContext, .defined: self.init(scalar: 4)
        case .s64, .u64: self.init(scalar: 8, .i64)
        case .f32: self.init(scalar: 4, .f32)
        case .f64: self.init(scalar: 8, .f64)
        case .string: self.init(pointersOf64Bits: is64)
        }
    }

    /// The discriminant of a variant with `count` cases; its payload is appended.
    package init(discriminantOf count: Int) {
        self.init(scalar: CanonicalLayout.discriminantSize(count))
    }

    /// Adds a field.
    /// - Returns: its offset.
    @discardableResult
    package mutating func append(_ part: Measures) -> Int {
        let offset = CanonicalLayout.align(size, to: part.alignment)
        size = min(Self.maxSize, offset + part.size)
        alignment = max(alignment, part.alignment)
        appendFlat(part.flat)
        return offset
    }

    private mutating func appendFlat(_ types: [FlatType]) {
        flat += types.prefix(max(0, Self.maxFlat - flat.count))
    }

    /// Takes in the payload of one more case.
    package mutating func unite(_ payload: Measures) {
        size = max(size, payload.size)
        alignment = max(alignment, payload.alignment)
        for (index, type) in payload.flat.enumerated() {
            if index < flat.count { flat[index] = flat[index].joined(with: type) } else { flat.append(type) }
        }
    }

    /// Rounds the size up to the alignment: the record or variant is finished.
    package mutating func pad() { size = min(Self.maxSize, CanonicalLayout.align(size, to: alignment)) }

    /// `count` of the same in a row.
    package func repeated(_ count: Int) -> Measures {
        let (product, overflow) = size.multipliedReportingOverflow(by: count)
        var result = Measures()
        result.size = overflow ? Self.maxSize : min(product, Self.maxSize)
        result.alignment = alignment
        guard !flat.isEmpty else { return result }
        var left = count
        while left > 0, result.flat.count < Self.maxFlat {
            result.appendFlat(flat)
            left -= 1
        }
        return result
    }
}

// SPDX-License-Identifier: Apache-2.0

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
package struct Measures: Hashable, Sendable {
    /// The size in bytes; a type that no memory could hold has ``maxSize``.
    package var size = 0
    /// The alignment in bytes.
    package var alignment = 1
    /// The core types, cut off behind ``maxFlat``: so many mean "too many to be passed flat".
    package var flat: [FlatType] = []

    /// Where sizes stop growing, so that hostile types cannot make numbers overflow.
    package static let maxSize = 1 << 40
    /// How many core types are kept.
    package static let maxFlat = CanonicalLimits.maxFlatParameters + 1

    mutating func append(_ part: Measures) -> Int {
        let offset = StaticLayout.align(size, to: part.alignment)
        size = min(Self.maxSize, offset + part.size)
        alignment = max(alignment, part.alignment)
        appendFlat(part.flat)
        return offset
    }

    mutating func appendFlat(_ types: [FlatType]) {
        flat += types.prefix(max(0, Self.maxFlat - flat.count))
    }

    /// Takes in the payload of one more case.
    mutating func unite(_ payload: Measures) {
        size = max(size, payload.size)
        alignment = max(alignment, payload.alignment)
        for (index, type) in payload.flat.enumerated() {
            if index < flat.count { flat[index] = flat[index].joined(with: type) } else { flat.append(type) }
        }
    }

    mutating func pad() { size = min(Self.maxSize, StaticLayout.align(size, to: alignment)) }
}

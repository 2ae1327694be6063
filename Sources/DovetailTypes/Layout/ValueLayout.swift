// SPDX-License-Identifier: Apache-2.0

/// Everything that lifting and lowering values of one type needs, worked out once.
/// (CanonicalABI.md, "Alignment", "Element Size", "Flattening")
package final class ValueLayout: Sendable {
    /// A field of a record, or an element of a tuple.
    package struct Field: Sendable {
        /// The label; the position for a tuple.
        package let name: String
        /// The layout of the field's type.
        package let layout: ValueLayout
        let offset32: Int
        let offset64: Int

        /// Where the field lies in the record.
        package func offset(_ is64: Bool) -> Int { is64 ? offset64 : offset32 }
    }

    /// The cases of a variant, enum, option or result.
    package struct Cases: Sendable {
        /// The labels.
        package let names: [String]
        /// The payloads, `nil` where a case has none.
        package let payloads: [ValueLayout?]
        let payloadOffset32: Int
        let payloadOffset64: Int
        /// The position of a label.
        package let positions: [String: Int]

        /// The number of cases.
        package var count: Int { names.count }
        /// Where the payload lies behind the discriminant.
        package func payloadOffset(_ is64: Bool) -> Int { is64 ? payloadOffset64 : payloadOffset32 }
    }

    /// A number, boolean or character.
    package enum Scalar: String, Sendable {
        case bool, s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char
    }

    /// What the type is, with the layouts of its parts.
    package enum Kind: Sendable {
        case scalar(Scalar)
        case string
        case list(ValueLayout)
        case fixedLengthList(ValueLayout, count: Int)
        /// A list of pairs.
        case map(entry: ValueLayout, key: Field, value: Field)
        case record([Field])
        case tuple([Field])
        case variant(Cases)
        case `enum`(Cases)
        case option(Cases)
        case result(Cases)
        case flags([String])
        case own(TypeID)
        case borrow(TypeID)
        /// A stream, future or error context.
        case object
    }

    /// The type, in the table of the layout's cache.
    package let type: ValueType
    /// What the type is.
    package let kind: Kind
    /// The scalar that the type is, if it is one; unlike ``kind`` it is read without counting references.
    package let scalar: Scalar?
    package let narrow: Measures
    package let wide: Measures
    /// How deep the type nests.
    package let depth: Int
    /// About how many bytes the host spends on one `Value` of the type, lists and strings aside.
    package let hostCost: Int
    /// Whether all bits of the memory form matter and mean themselves: integers without padding.
    package let isPlainBits: Bool

    init(type: ValueType, kind: Kind, narrow: Measures, wide: Measures, depth: Int, hostCost: Int, isPlainBits: Bool) {
        self.type = type
        self.kind = kind
        scalar = if case .scalar(let scalar) = kind { scalar } else { nil }
        self.narrow = narrow
        self.wide = wide
        self.depth = depth
        self.hostCost = min(hostCost, Measures.maxSize)
        self.isPlainBits = isPlainBits
    }

    /// The size in bytes.
    package func size(_ is64: Bool) -> Int { is64 ? wide.size : narrow.size }
    /// The alignment in bytes.
    package func alignment(_ is64: Bool) -> Int { is64 ? wide.alignment : narrow.alignment }
    /// The number of flat core values, the same for both widths; 17 stands for any higher number.
    package var flatCount: Int { narrow.flat.count }
    /// The core values, 17 of them standing for too many.
    package func flat(_ is64: Bool) -> [FlatType] { is64 ? wide.flat : narrow.flat }

    /// The name of the type's kind, for messages.
    package var kindName: String {
        switch kind {
        case .scalar(let scalar): scalar.rawValue
        case .string: "string"
        case .list: "list"
        case .fixedLengthList(_, let count): "list of \(count)"
        case .map: "map"
        case .record: "record"
        case .tuple(let fields): "tuple of \(fields.count)"
        case .variant: "variant"
        case .enum: "enum"
        case .option: "option"
        case .result: "result"
        case .flags: "flags"
        case .own, .borrow: "resource"
        case .object: "stream, future or error-context"
        }
    }
}

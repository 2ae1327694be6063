// SPDX-License-Identifier: Apache-2.0

/// The type of a component-level value: a primitive, or a definition in a ``TypeTable``.
///
/// A `ValueType` means something only beside the table its ``TypeID`` indexes: a ``PackageGraph``'s for WIT,
/// a component's own for the runtime. (Explainer.md, "Type Definitions")
public enum ValueType: Hashable, Sendable {
    case bool
    case s8, u8, s16, u16, s32, u32, s64, u64
    case f32, f64
    case char
    case string
    case errorContext
    case defined(TypeID)
}

/// The position of a ``TypeDefinition`` in its ``TypeTable``.
public struct TypeID: Hashable, Sendable {
    /// The index into ``TypeTable/definitions``.
    public let index: Int

    /// Makes the identifier of the definition at `index`.
    @inlinable
    public init(_ index: Int) {
        self.index = index
    }
}

extension ValueType {
    /// The WIT keyword of a primitive type, `nil` for a defined one.
    public var primitiveName: String? {
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
        case .errorContext: "error-context"
        case .defined: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Scalars as flat core values: the commonest case, so nothing here counts references.
extension DynamicABI {
    /// Writes a scalar; whether `value` is of that type.
    @inline(__always)
    static func lower(_ value: Value, as scalar: ValueLayout.Scalar, into flat: inout FlatWriter) -> Bool {
        switch (scalar, value) {
        case (.bool, .bool(let value)): flat.write(UInt32(value ? 1 : 0))
        case (.s8, .s8(let number)): flat.write(Int8.Codec.coreBits(number))
        case (.u8, .u8(let number)): flat.write(UInt8.Codec.coreBits(number))
        case (.s16, .s16(let number)): flat.write(Int16.Codec.coreBits(number))
        case (.u16, .u16(let number)): flat.write(UInt16.Codec.coreBits(number))
        case (.s32, .s32(let number)): flat.write(Int32.Codec.coreBits(number))
        case (.u32, .u32(let number)): flat.write(UInt32.Codec.coreBits(number))
        case (.s64, .s64(let number)): flat.write(Int64.Codec.coreBits(number))
        case (.u64, .u64(let number)): flat.write(UInt64.Codec.coreBits(number))
        case (.f32, .f32(let number)): flat.write(number)
        case (.f64, .f64(let number)): flat.write(number)
        case (.char, .char(let scalar)): flat.write(scalar.value)
        default: return false
        }
        return true
    }

    /// Reads a scalar.
    @inline(__always)
    static func lift(
        _ scalar: ValueLayout.Scalar, _ cx: inout CanonicalContext, from flat: inout FlatReader
    ) throws(ABIError) -> Value {
        switch scalar {
        case .bool: return .bool(try Bool.Codec.lift(&cx, from: &flat))
        case .s8: return .s8(try Int8.Codec.lift(&cx, from: &flat))
        case .u8: return .u8(try UInt8.Codec.lift(&cx, from: &flat))
        case .s16: return .s16(try Int16.Codec.lift(&cx, from: &flat))
        case .u16: return .u16(try UInt16.Codec.lift(&cx, from: &flat))
        case .s32: return .s32(try Int32.Codec.lift(&cx, from: &flat))
        case .u32: return .u32(try UInt32.Codec.lift(&cx, from: &flat))
        case .s64: return .s64(try Int64.Codec.lift(&cx, from: &flat))
        case .u64: return .u64(try UInt64.Codec.lift(&cx, from: &flat))
        case .f32: return .f32(try Float.Codec.lift(&cx, from: &flat))
        case .f64: return .f64(try Double.Codec.lift(&cx, from: &flat))
        case .char: return .char(try Unicode.Scalar.Codec.lift(&cx, from: &flat))
        }
    }
}

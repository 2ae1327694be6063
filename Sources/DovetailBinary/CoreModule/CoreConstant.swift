// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

/// A number that a constant expression or an instruction gives.
package struct CoreConstant: Hashable, Sendable {
    /// `i32`, `i64`, `f32` or `f64`.
    package var type: CoreValueType
    /// The bits of the number.
    package var bits: UInt64

    /// Makes a constant of a numeric type.
    package init(_ type: CoreValueType, bits: UInt64) {
        self.type = type
        self.bits = bits
    }

    /// Reads an expression that consists of one constant; `nil` for another.
    package init?(_ expression: ArraySlice<UInt8>) {
        guard let first = expression.first, expression.last == 0x0b else { return nil }
        let value = expression.dropFirst().dropLast()
        switch first {
        case 0x41, 0x42:
            guard (1...10).contains(value.count), value.dropLast().allSatisfy({ $0 & 0x80 != 0 }),
                let last = value.last, last & 0x80 == 0
            else { return nil }
            var bits: UInt64 = 0
            for (index, byte) in value.enumerated() { bits |= UInt64(byte & 0x7f) << UInt64(7 * index) }
            if last & 0x40 != 0, value.count < 10 { bits |= ~0 << UInt64(7 * value.count) }
            self.init(first == 0x41 ? .i32 : .i64, bits: first == 0x41 ? bits & 0xffff_ffff : bits)
        case 0x43 where value.count == 4:
            self.init(.f32, bits: value.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        case 0x44 where value.count == 8:
            self.init(.f64, bits: value.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// The expression that consists of the constant.
    package var expression: ArraySlice<UInt8> {
        CoreCodeBuilder.expression { $0.constant(self) }
    }
}

extension CoreCodeBuilder {
    /// The instruction that gives a constant.
    package mutating func constant(_ constant: CoreConstant) {
        switch constant.type {
        case .i64: i64(Int64(bitPattern: constant.bits))
        case .f32: f32(bits: UInt32(truncatingIfNeeded: constant.bits))
        case .f64: f64(bits: constant.bits)
        default: i32(Int32(truncatingIfNeeded: constant.bits))
        }
    }
}

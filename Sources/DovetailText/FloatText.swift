// SPDX-License-Identifier: Apache-2.0

/// The text of a constant of floating point: exact, in hexadecimal digits, with its value as a comment.
/// (WebAssembly 3.0, "Text Format", "Floating-Point")
struct FloatText {
    let text: String

    init(_ bits: UInt32) {
        text = Self.text(
            isNegative: bits >> 31 != 0, exponent: Int(bits >> 23 & 0xff), fraction: UInt64(bits & 0x7f_ffff),
            exponentBits: 8, fractionBits: 23, value: Float(bitPattern: bits).description)
    }

    init(_ bits: UInt64) {
        text = Self.text(
            isNegative: bits >> 63 != 0, exponent: Int(bits >> 52 & 0x7ff), fraction: bits & 0xf_ffff_ffff_ffff,
            exponentBits: 11, fractionBits: 52, value: Double(bitPattern: bits).description)
    }

    private static func text(
        isNegative: Bool, exponent: Int, fraction: UInt64, exponentBits: Int, fractionBits: Int, value: String
    ) -> String {
        let sign = isNegative ? "-" : ""
        let bias = 1 << (exponentBits - 1) - 1
        if exponent == 1 << exponentBits - 1 {
            guard fraction != 0 else { return "\(sign)inf (;=\(sign)inf;)" }
            let isCanonical = fraction == 1 << UInt64(fractionBits - 1)
            return "\(sign)nan\(isCanonical ? "" : ":0x\(String(fraction, radix: 16))") (;=NaN;)"
        }
        if exponent == 0, fraction == 0 { return "\(sign)0x0p+0 (;=\(sign)0;)" }
        var (fraction, power) = (fraction, exponent - bias)
        if exponent == 0 {
            // Not normalised: the first digit is the highest bit that is set.
            let shift = fractionBits + 1 - (64 - fraction.leadingZeroBitCount)
            fraction = fraction << UInt64(shift) & (1 << UInt64(fractionBits) - 1)
            power = 1 - bias - shift
        }
        var digits = ""
        if fraction != 0 {
            // Whole digits, from the left.
            let width = (fractionBits + 3) / 4
            digits = String(fraction << UInt64(width * 4 - fractionBits), radix: 16)
            digits = String(repeating: "0", count: width - digits.count) + digits
            while digits.last == "0" { digits.removeLast() }
        }
        return "\(sign)0x1\(digits.isEmpty ? "" : ".\(digits)")p\(power < 0 ? "" : "+")\(power) (;=\(plain(value));)"
    }

    /// A decimal number without an exponent.
    private static func plain(_ value: String) -> String {
        let parts = value.split(separator: "e", maxSplits: 1)
        guard let mantissa = parts.first else { return value }
        let isNegative = mantissa.first == "-"
        let number = mantissa.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        var whole = number.first.map(String.init) ?? "0"
        var rest = number.count > 1 && number[1] != "0" ? String(number[1]) : ""
        let exponent = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0
        if exponent >= 0 {
            let moved = rest.prefix(exponent)
            whole += moved + String(repeating: "0", count: exponent - moved.count)
            rest = String(rest.dropFirst(exponent))
        } else {
            let digits = whole + rest
            rest = String(repeating: "0", count: max(0, -exponent - whole.count)) + digits
            whole = "0"
        }
        return (isNegative ? "-" : "") + whole + (rest.isEmpty ? "" : "." + rest)
    }
}

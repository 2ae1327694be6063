// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// Writes values as Python's `marshal` reads them. What it has no form for becomes a tuple that begins with a mark and a word,
/// see `SandboxProgram`.
struct MarshalWriter {
    private var bytes: [UInt8] = [0]

    /// The form of a value: a byte that says whether there are marks, then what `marshal` reads.
    static func bytes(of value: Value) throws(ABIError) -> [UInt8] {
        var writer = MarshalWriter()
        try writer.write(value, depth: 0)
        return writer.bytes
    }

    private mutating func write(_ value: Value, depth: Int) throws(ABIError) {
        guard depth <= CanonicalLimits.maxTypeDepth else { throw .typesTooDeep(limit: CanonicalLimits.maxTypeDepth) }
        let next = depth + 1
        switch value {
        case .bool(let flag): code(flag ? "T" : "F")
        case .s8(let number): write(Int64(number))
        case .u8(let number): write(Int64(number))
        case .s16(let number): write(Int64(number))
        case .u16(let number): write(Int64(number))
        case .s32(let number): write(Int64(number))
        case .u32(let number): write(Int64(number))
        case .s64(let number): write(number)
        case .u64(let number): write(magnitude: number, isNegative: false)
        case .f32(let number): write(Double(number))
        case .f64(let number): write(number)
        case .char(let scalar): write(String(scalar))
        case .string(let text): write(text)
        case .list(.u8(let content)):
            code("s")
            count(content.count)
            bytes += content
        case .list(let list):
            code("[")
            count(list.count)
            for element in list { try write(element, depth: next) }
        case .tuple(let values):
            code("(")
            count(values.count)
            for element in values { try write(element, depth: next) }
        case .map(let entries): try write(entries, depth: next)
        case .record(let fields):
            mark("record", parts: 1)
            code("{")
            for field in fields {
                write(field.name.replacing("-", with: "_"))
                try write(field.value, depth: next)
            }
            code("0")
        case .variant(let name, let payload):
            mark("case", parts: 2)
            write(name)
            try write(payload ?? .option(nil), depth: next)
        case .enum(let name): write(name)
        case .flags(let names):
            code("<")
            count(names.count)
            for name in names { write(name) }
        case .option(nil): code("N")
        case .option(let payload?):
            if case .option = payload { mark("some", parts: 1) }
            try write(payload, depth: next)
        case .ok(let payload):
            mark("ok", parts: 1)
            try write(payload ?? .option(nil), depth: next)
        case .error(let payload):
            mark("error", parts: 1)
            try write(payload ?? .option(nil), depth: next)
        case .resource, .object: throw .unsupported("a \(value.kindName)")
        }
    }

    /// A dictionary: its keys have to be what Python can hash.
    private mutating func write(_ entries: [MapEntry], depth: Int) throws(ABIError) {
        code("{")
        for entry in entries {
            switch entry.key {
            case .list, .record, .map, .variant, .ok, .error, .flags, .option, .tuple, .resource, .object:
                throw .expected("a number, a string or another plain value as a key", found: entry.key.kindName)
            default: try write(entry.key, depth: depth)
            }
            try write(entry.value, depth: depth)
        }
        code("0")
    }

    private mutating func mark(_ word: String, parts: Int) {
        bytes[0] = 1
        code("(")
        count(parts + 2)
        code("S")
        write(word)
    }

    private mutating func code(_ character: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: character.value)) }

    private mutating func count(_ count: Int) { little(UInt32(truncatingIfNeeded: count)) }

    private mutating func little(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ text: String) {
        code("u")
        count(text.utf8.count)
        bytes += text.utf8
    }

    private mutating func write(_ number: Double) {
        code("g")
        little(number.bitPattern)
    }

    private mutating func write(_ number: Int64) {
        guard let small = Int32(exactly: number) else {
            return write(magnitude: number.magnitude, isNegative: number < 0)
        }
        code("i")
        little(small)
    }

    /// A number in digits of 15 bits; the sign is that of their count.
    private mutating func write(magnitude: UInt64, isNegative: Bool) {
        if !isNegative, let small = Int32(exactly: magnitude) { return write(Int64(small)) }
        var digits: [UInt16] = []
        var rest = magnitude
        while rest > 0 {
            digits.append(UInt16(rest & 0x7fff))
            rest >>= 15
        }
        code("l")
        little(Int32(isNegative ? -digits.count : digits.count))
        for digit in digits { little(digit) }
    }
}

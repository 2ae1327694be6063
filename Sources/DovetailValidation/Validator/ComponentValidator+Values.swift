// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Values and start functions. (Binary.md, "Value Definitions", "Start Definitions")
extension ComponentValidator {
    mutating func start(_ start: StartDefinition) throws(BinaryError) {
        try require(.values, "a start function")
        let function = try entry(scope.functions, start.function, "function")
        guard function.parameters.count == start.arguments.count else {
            throw .typeMismatch(
                "start function requires \(function.parameters.count) arguments, found \(start.arguments.count)",
                at: offset)
        }
        guard start.resultCount == (function.result == nil ? 0 : 1) else {
            throw .typeMismatch("number of results of the start function does not match", at: offset)
        }
        let matcher = TypeMatcher(store: store, open: [], at: offset)
        for (position, argument) in start.arguments.enumerated() {
            do throws(BinaryError) {
                try matcher.match(try consume(argument), function.parameters[position].type)
            } catch {
                throw error.inside("start function argument \(position)")
            }
        }
        if let result = function.result { scope.values.append((result, false)) }
    }

    mutating func value(_ value: ValueDefinition) throws(BinaryError) {
        try require(.values, "a value")
        let type = try valueType(value.type)
        var reader = ByteReader(bytes, range: value.range)
        try reader.value(type)
        try reader.finish("value")
        scope.values.append((type, false))
    }
}

extension ByteReader {
    /// Steps over a value of that type. (Binary.md, `val`)
    fileprivate mutating func value(_ type: ValueNode) throws(BinaryError) {
        let start = offset
        switch type.shape {
        case .primitive(let primitive): try self.primitive(primitive)
        case .record(let fields): for field in fields { try value(field.type) }
        case .tuple(let elements): for element in elements { try value(element) }
        case .variant(let cases):
            let index = Int(try u32("a case"))
            guard index < cases.count else { throw .malformed("a variant has no case \(index)", at: start) }
            if let payload = cases[index].type { try value(payload) }
        case .enum(let labels):
            let index = Int(try u32("a case"))
            guard index < labels.count else { throw .malformed("an enum has no case \(index)", at: start) }
        case .flags(let labels): _ = try skip((labels.count + 7) / 8, "flags")
        case .option(let payload): if try boolean("an option") { try value(payload) }
        case .result(let ok, let error):
            if let payload = try boolean("a result") ? error : ok { try value(payload) }
        case .list(let element):
            let count = try count("elements of a list", maximum: Int(UInt32.max))
            for _ in 0..<count { try value(element) }
        case .fixedLengthList(let element, let count): for _ in 0..<count { try value(element) }
        case .map(let key, let element):
            let count = try count("entries of a map", maximum: Int(UInt32.max))
            for _ in 0..<count {
                try value(key)
                try value(element)
            }
        case .own, .borrow, .stream, .future:
            throw .invalid("a value cannot contain handles, streams or futures", at: start)
        }
    }

    private mutating func primitive(_ type: ValueType) throws(BinaryError) {
        let start = offset
        switch type {
        case .bool: _ = try boolean("a bool")
        case .u8, .s8: _ = try byte("a value")
        case .u16: _ = try unsigned(bits: 16, "a value")
        case .s16: _ = try signed(bits: 16, "a value")
        case .u32: _ = try u32("a value")
        case .s32: _ = try signed(bits: 32, "a value")
        case .u64: _ = try u64("a value")
        case .s64: _ = try signed(bits: 64, "a value")
        case .f32: try float(bytes: 4, nan: [0x00, 0x00, 0xc0, 0x7f])
        case .f64: try float(bytes: 8, nan: [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f])
        case .char:
            let length = Self.scalarLength(peek() ?? 0)
            let text = try text(length: length, "a char")
            guard text.unicodeScalars.count == 1 else { throw .notUTF8("a char", at: start) }
        case .string: _ = try name("a string")
        case .errorContext, .defined: throw .invalid("a value cannot contain an error context", at: start)
        }
    }

    private mutating func float(bytes count: Int, nan: [UInt8]) throws(BinaryError) {
        let start = offset
        let range = try skip(count, "a value")
        let found = Array(bytes[range])
        let isNaN =
            if count == 4 {
                Float(bitPattern: found.reversed().reduce(0) { $0 << 8 | UInt32($1) }).isNaN
            } else {
                Double(bitPattern: found.reversed().reduce(0) { $0 << 8 | UInt64($1) }).isNaN
            }
        guard !isNaN || found == nan else { throw .malformed("a NaN is not the canonical one", at: start) }
    }

    private static func scalarLength(_ first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    }
}

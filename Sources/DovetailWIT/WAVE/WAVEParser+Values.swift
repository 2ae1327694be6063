// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import DovetailWITReader

// Values by their types, and the arguments of calls.
extension WAVEParser {
    mutating func arguments(_ parameters: [FunctionDefinition.Parameter]) throws(WAVEError) -> [Value] {
        var values: [Value] = []
        skipSpace()
        let start = offset
        if start < bytes.count {
            try expect("(")
            while !eat(")") {
                skipSpace()
                guard values.count < parameters.count else {
                    throw .argumentCount(parameters.count, found: values.count + 1, at: here(), in: text)
                }
                values.append(try value(parameters[values.count].type))
                if !eat(",") {
                    try expect(")")
                    break
                }
            }
            try expectEnd()
        }
        while values.count < parameters.count {
            guard case .option? = table.resolvedKind(of: parameters[values.count].type) else {
                throw .argumentCount(parameters.count, found: values.count, at: start..<offset, in: text)
            }
            values.append(.option(nil))
        }
        return values
    }

    mutating func value(_ type: ValueType) throws(WAVEError) -> Value {
        skipSpace()
        let type = table.dealiased(type)
        switch type {
        case .bool:
            if eatKeyword("true") { return .bool(true) }
            if eatKeyword("false") { return .bool(false) }
            throw mismatch("`true` or `false`")
        case .s8: return .s8(try integer("s8"))
        case .u8: return .u8(try integer("u8"))
        case .s16: return .s16(try integer("s16"))
        case .u16: return .u16(try integer("u16"))
        case .s32: return .s32(try integer("s32"))
        case .u32: return .u32(try integer("u32"))
        case .s64: return .s64(try integer("s64"))
        case .u64: return .u64(try integer("u64"))
        case .f32: return .f32(try float("f32"))
        case .f64: return .f64(try float("f64"))
        case .char: return .char(try character())
        case .string: return .string(try string())
        case .errorContext: throw .notExpressible("error-context", at: here(), in: text)
        case .defined(let id):
            depth += 1
            defer { depth -= 1 }
            guard depth <= WAVE.maximumDepth else { throw .tooDeep(at: here(), in: text) }
            return try value(table[id].kind, id)
        }
    }

    func mismatch(_ expected: String) -> WAVEError {
        .mismatch(expected, found: describe(), at: here(), in: text)
    }

    private mutating func value(_ kind: TypeKind, _ id: TypeID) throws(WAVEError) -> Value {
        let start = offset
        switch kind {
        case .record(let fields): return try record(fields, id)
        case .variant(let cases): return try variant(cases, id)
        case .enum(let cases):
            let (name, range) = try label("a case", keywordsAllowed: false)
            _ = try place(of: name, in: id, "case", range, cases.map(\.name))
            return .enum(name)
        case .flags(let flags): return try self.flags(flags, id)
        case .tuple(let types):
            try expect("(")
            var values: [Value] = []
            try sequence(")") { (parser) throws(WAVEError) in
                guard values.count < types.count else { throw parser.mismatch("\(types.count) elements") }
                values.append(try parser.value(types[values.count]))
            }
            guard values.count == types.count else {
                throw .length(UInt32(clamping: types.count), found: values.count, at: start..<offset, in: text)
            }
            return .tuple(values)
        case .option(let payload): return try option(payload)
        case .result(let ok, let error): return try result(ok, error)
        case .list(let element): return .list(try list(element))
        case .fixedLengthList(let element, let count):
            let list = try list(element)
            guard list.count == Int(count) else {
                throw .length(count, found: list.count, at: start..<offset, in: text)
            }
            return .list(list)
        case .map(let key, let item): return try map(key, item)
        case .stream, .future, .own, .borrow, .resource, .alias:
            throw .notExpressible(WAVE.name(of: .defined(id), in: table), at: here(), in: text)
        }
    }
}

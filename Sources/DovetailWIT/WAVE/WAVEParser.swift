// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Reads WAVE text; the type says what is expected, so `{}` may be flags or a map.
struct WAVEParser {
    let text: String
    let bytes: [UInt8]
    let table: TypeTable
    var offset: Int
    var depth = 0
    /// The places of labels in the types that were met.
    private var places: [TypeID: [String: Int]] = [:]

    init(_ text: String, table: TypeTable, offset: Int) {
        self.text = text
        self.bytes = Array(text.utf8)
        self.table = table
        self.offset = offset
    }

    // MARK: - Characters

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    func peek(_ distance: Int = 0) -> UInt8? {
        let place = offset &+ distance
        return place < bytes.count ? bytes[place] : nil
    }

    mutating func skipSpace() {
        while let byte = peek() {
            if Self.isSpace(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let next = peek(), next != 0x0a { _ = next; offset += 1 }
            } else {
                return
            }
        }
    }

    mutating func eat(_ symbol: Character) -> Bool {
        skipSpace()
        guard let byte = symbol.asciiValue, peek() == byte else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ symbol: Character) throws(WAVEError) {
        guard eat(symbol) else { throw unexpected("`\(symbol)`") }
    }

    mutating func expectEnd() throws(WAVEError) {
        skipSpace()
        guard offset == bytes.count else { throw unexpected("the end") }
    }

    /// The range of the thing at the current place, for messages.
    func here() -> Range<Int> {
        var end = offset
        // A number goes on behind its dot and its sign.
        let first = peek() == UInt8(ascii: "-") ? peek(1) : peek()
        let isNumber = first.map { (0x30...0x39).contains($0) } ?? false
        while end < bytes.count, Self.isLabel(bytes[end]) || (isNumber && (bytes[end] == 0x2e || bytes[end] == 0x2b)) {
            end += 1
        }
        if end == offset, end < bytes.count {
            end += 1
            while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        }
        return offset..<end
    }

    func describe() -> String {
        let range = here()
        return range.isEmpty ? "the end" : "`\(String(decoding: bytes[range], as: UTF8.self))`"
    }

    func unexpected(_ expected: String) -> WAVEError {
        .expected(expected, found: describe(), at: here(), in: text)
    }

    static func isLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"): true
        default: false
        }
    }

    /// A label or keyword at the current place, without moving.
    func word() -> (name: String, isEscaped: Bool, range: Range<Int>)? {
        var start = offset
        let isEscaped = peek() == UInt8(ascii: "%")
        if isEscaped { start += 1 }
        var end = start
        while end < bytes.count, Self.isLabel(bytes[end]) { end += 1 }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        guard ExternName.isLabel(name) else { return nil }
        return (name, isEscaped, offset..<end)
    }

    mutating func eatKeyword(_ keyword: String) -> Bool {
        skipSpace()
        guard let word = word(), !word.isEscaped, word.name == keyword else { return false }
        offset = word.range.upperBound
        return true
    }

    /// A label of flags, a record, an enum or a variant.
    mutating func label(_ kind: String, keywordsAllowed: Bool) throws(WAVEError) -> (name: String, range: Range<Int>) {
        skipSpace()
        guard let word = word() else { throw unexpected("the name of \(kind)") }
        if !keywordsAllowed, !word.isEscaped, WAVE.keywords.contains(word.name) {
            throw .keywordLabel(word.name, at: word.range, in: text)
        }
        offset = word.range.upperBound
        return (word.name, word.range)
    }

    /// Elements up to `close`, separated by commas; a last comma is allowed.
    mutating func sequence(_ close: Character, _ element: (inout WAVEParser) throws(WAVEError) -> Void)
        throws(WAVEError)
    {
        while !eat(close) {
            try element(&self)
            if !eat(",") {
                try expect(close)
                return
            }
        }
    }

    // MARK: - Calls

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

    // MARK: - Values

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

    /// The place of a label among the `names` of the type `id`.
    private mutating func place(
        of name: String, in id: TypeID, _ kind: String, _ range: Range<Int>, _ names: @autoclosure () -> [String]
    ) throws(WAVEError) -> Int {
        if places[id] == nil {
            var found: [String: Int] = [:]
            for (place, name) in names().enumerated() { found[name] = place }
            places[id] = found
        }
        if let place = places[id]?[name] { return place }
        throw .unknownLabel(kind, name, near: NameSuggestion.nearest(to: name, among: names()), at: range, in: text)
    }

    private mutating func record(_ fields: [Field], _ id: TypeID) throws(WAVEError) -> Value {
        let start = offset
        try expect("{")
        var values: [String: Value] = [:]
        if eat(":") {
            try expect("}")
        } else {
            guard peekSymbol() != UInt8(ascii: "}") else {
                throw .expected(
                    "a field, or `{:}` for a record without fields", found: "`{}`", at: start..<(offset + 1), in: text)
            }
            try sequence("}") { (parser) throws(WAVEError) in
                let (name, range) = try parser.label("a field", keywordsAllowed: true)
                let field = fields[try parser.place(of: name, in: id, "field", range, fields.map(\.name))]
                guard values[name] == nil else { throw .twice("field", name, at: range, in: parser.text) }
                try parser.expect(":")
                values[name] = try parser.value(field.type)
            }
        }
        var ordered: [RecordField] = []
        for field in fields {
            if let value = values[field.name] {
                ordered.append(RecordField(name: field.name, value: value))
            } else if case .option? = table.resolvedKind(of: field.type) {
                ordered.append(RecordField(name: field.name, value: .option(nil)))
            } else {
                throw .missingField(field.name, at: start..<offset, in: text)
            }
        }
        return .record(ordered)
    }

    private mutating func peekSymbol() -> UInt8? {
        skipSpace()
        return peek()
    }

    private mutating func variant(_ cases: [Case], _ id: TypeID) throws(WAVEError) -> Value {
        let (name, range) = try label("a case", keywordsAllowed: false)
        let found = cases[try place(of: name, in: id, "case", range, cases.map(\.name))]
        return .variant(name, try payload(found.type, of: name, range))
    }

    private mutating func payload(
        _ type: ValueType?, of name: String, _ range: Range<Int>
    ) throws(WAVEError) -> Value? {
        guard let type else {
            if peekSymbol() == UInt8(ascii: "(") { throw .payload(name, expected: false, at: range, in: text) }
            return nil
        }
        guard eat("(") else { throw .payload(name, expected: true, at: range, in: text) }
        let value = try value(type)
        try expect(")")
        return value
    }

    private mutating func flags(_ flags: [Label], _ id: TypeID) throws(WAVEError) -> Value {
        try expect("{")
        var seen: Set<String> = []
        try sequence("}") { (parser) throws(WAVEError) in
            let (name, range) = try parser.label("a flag", keywordsAllowed: true)
            _ = try parser.place(of: name, in: id, "flag", range, flags.map(\.name))
            guard seen.insert(name).inserted else { throw .twice("flag", name, at: range, in: parser.text) }
        }
        return .flags(flags.map(\.name).filter(seen.contains))
    }

    /// `some(v)`, `none`, or the payload alone where that cannot be mistaken.
    private mutating func option(_ payload: ValueType) throws(WAVEError) -> Value {
        if eatKeyword("none") { return .option(nil) }
        if eatKeyword("some") {
            try expect("(")
            let value = try value(payload)
            try expect(")")
            return .option(value)
        }
        guard mayStandAlone(payload) else { throw mismatch("`some(…)` or `none`") }
        return .option(try value(payload))
    }

    private mutating func result(_ ok: ValueType?, _ error: ValueType?) throws(WAVEError) -> Value {
        let start = offset
        if eatKeyword("ok") { return .ok(try payload(ok, of: "ok", start..<offset)) }
        if eatKeyword("err") { return .error(try payload(error, of: "err", start..<offset)) }
        guard let ok, mayStandAlone(ok) else { throw mismatch("`ok` or `err`") }
        return .ok(try value(ok))
    }

    private func mayStandAlone(_ type: ValueType) -> Bool {
        switch table.resolvedKind(of: type) {
        case .option, .result: false
        default: true
        }
    }

    private mutating func map(_ key: ValueType, _ item: ValueType) throws(WAVEError) -> Value {
        try expect("{")
        var entries: [MapEntry] = []
        if eat(":") {
            try expect("}")
            return .map([])
        }
        try sequence("}") { (parser) throws(WAVEError) in
            let key = try parser.value(key)
            try parser.expect(":")
            entries.append(MapEntry(key: key, value: try parser.value(item)))
        }
        return .map(entries)
    }

    private mutating func list(_ element: ValueType) throws(WAVEError) -> ListValue {
        try expect("[")
        func elements<Element>(
            _ parser: inout WAVEParser, _ read: (inout WAVEParser) throws(WAVEError) -> Element
        ) throws(WAVEError) -> [Element] {
            var elements: [Element] = []
            try parser.sequence("]") { (parser) throws(WAVEError) in elements.append(try read(&parser)) }
            return elements
        }
        switch table.dealiased(element) {
        case .s8: return .s8(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("s8") })
        case .u8: return .u8(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("u8") })
        case .s16: return .s16(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("s16") })
        case .u16: return .u16(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("u16") })
        case .s32: return .s32(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("s32") })
        case .u32: return .u32(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("u32") })
        case .s64: return .s64(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("s64") })
        case .u64: return .u64(try elements(&self) { (parser) throws(WAVEError) in try parser.integer("u64") })
        case .f32: return .f32(try elements(&self) { (parser) throws(WAVEError) in try parser.float("f32") })
        case .f64: return .f64(try elements(&self) { (parser) throws(WAVEError) in try parser.float("f64") })
        default: return .values(try elements(&self) { (parser) throws(WAVEError) in try parser.value(element) })
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

// Records, variants, flags, options, results, maps and lists.
extension WAVEParser {
    /// The place of a label among the `names` of the type `id`.
    mutating func place(
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

    mutating func record(_ fields: [Field], _ id: TypeID) throws(WAVEError) -> Value {
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

    mutating func variant(_ cases: [Case], _ id: TypeID) throws(WAVEError) -> Value {
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

    mutating func flags(_ flags: [Label], _ id: TypeID) throws(WAVEError) -> Value {
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
    mutating func option(_ payload: ValueType) throws(WAVEError) -> Value {
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

    mutating func result(_ ok: ValueType?, _ error: ValueType?) throws(WAVEError) -> Value {
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

    mutating func map(_ key: ValueType, _ item: ValueType) throws(WAVEError) -> Value {
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

    mutating func list(_ element: ValueType) throws(WAVEError) -> ListValue {
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

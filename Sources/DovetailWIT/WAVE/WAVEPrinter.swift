// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Writes the canonical WAVE text of values.
struct WAVEPrinter {
    let table: TypeTable
    var text = ""
    private var depth = 0
    /// The places of labels in the types that were met.
    private var places: [TypeID: [String: Int]] = [:]

    init(table: TypeTable) {
        self.table = table
    }

    mutating func print(_ value: Value, as type: ValueType) throws(WAVEError) {
        let type = table.dealiased(type)
        switch (value, type) {
        case (.bool(let value), .bool): text += value ? "true" : "false"
        case (.s8(let value), .s8): text += String(value)
        case (.u8(let value), .u8): text += String(value)
        case (.s16(let value), .s16): text += String(value)
        case (.u16(let value), .u16): text += String(value)
        case (.s32(let value), .s32): text += String(value)
        case (.u32(let value), .u32): text += String(value)
        case (.s64(let value), .s64): text += String(value)
        case (.u64(let value), .u64): text += String(value)
        case (.f32(let value), .f32): text += Self.decimal(value)
        case (.f64(let value), .f64): text += Self.decimal(value)
        case (.char(let value), .char):
            text += "'"
            write(value)
            text += "'"
        case (.string(let value), .string):
            text += "\""
            for scalar in value.unicodeScalars { write(scalar) }
            text += "\""
        case (_, .defined(let id)):
            depth += 1
            defer { depth -= 1 }
            guard depth <= WAVE.maximumDepth else { throw .tooDeep(at: nil, in: "") }
            try print(value, as: table[id].kind, type)
        case (_, .errorContext): throw .notExpressible("error-context")
        default: throw .doesNotFit(value.kindName, WAVE.name(of: type, in: table))
        }
    }

    private mutating func print(_ value: Value, as kind: TypeKind, _ type: ValueType) throws(WAVEError) {
        switch (value, kind) {
        case (.record(let values), .record(let fields)):
            guard values.count == fields.count else { throw misfit(value, type) }
            try print(values, fields)
        case (.tuple(let values), .tuple(let types)):
            guard values.count == types.count else { throw misfit(value, type) }
            text += "("
            for (index, (value, type)) in zip(values, types).enumerated() {
                if index > 0 { text += ", " }
                try print(value, as: type)
            }
            text += ")"
        case (.variant(let name, let payload), .variant(let cases)):
            guard let place = place(of: name, in: type, cases.map(\.name)) else { throw misfit(value, type) }
            writeCase(name)
            try printPayload(payload, cases[place].type, of: value, type)
        case (.enum(let name), .enum(let cases)):
            guard place(of: name, in: type, cases.map(\.name)) != nil else { throw misfit(value, type) }
            writeCase(name)
        case (.flags(let names), .flags(let flags)):
            let known = flags.map(\.name)
            guard names.allSatisfy({ place(of: $0, in: type, known) != nil }) else { throw misfit(value, type) }
            text += "{" + known.filter(Set(names).contains).joined(separator: ", ") + "}"
        case (.option(let payload), .option(let inner)):
            text += payload == nil ? "none" : "some"
            if let payload { try printPayload(payload, inner, of: value, type) }
        case (.ok(let payload), .result(let ok, _)):
            text += "ok"
            try printPayload(payload, ok, of: value, type)
        case (.error(let payload), .result(_, let error)):
            text += "err"
            try printPayload(payload, error, of: value, type)
        case (.list(let list), .list(let element)), (.list(let list), .fixedLengthList(let element, _)):
            text += "["
            for (index, value) in list.elements.enumerated() {
                if index > 0 { text += ", " }
                try print(value, as: element)
            }
            text += "]"
        case (.map(let entries), .map(let key, let item)):
            text += "{"
            for (index, entry) in entries.enumerated() {
                if index > 0 { text += ", " }
                try print(entry.key, as: key)
                text += ": "
                try print(entry.value, as: item)
            }
            text += "}"
        case (_, .stream), (_, .future), (_, .own), (_, .borrow), (_, .resource):
            throw .notExpressible(WAVE.name(of: type, in: table))
        default: throw misfit(value, type)
        }
    }

    /// Fields of option types that are `none` are left out.
    private mutating func print(_ values: [RecordField], _ fields: [Field]) throws(WAVEError) {
        text += "{"
        var isFirst = true
        // Values stand in the order of the fields as a rule.
        var others: [String: Value]?
        for (index, field) in fields.enumerated() {
            var found = values[index].name == field.name ? values[index].value : nil
            if found == nil {
                others = others ?? Dictionary(values.map { ($0.name, $0.value) }) { first, _ in first }
                found = others?[field.name]
            }
            guard let value = found else {
                throw WAVEError(.type, "field `\(field.name)` is missing")
            }
            if case .option(nil) = value { continue }
            if !isFirst { text += ", " }
            isFirst = false
            text += field.name + ": "
            try print(value, as: field.type)
        }
        text += isFirst ? ":}" : "}"
    }

    private mutating func printPayload(
        _ payload: Value?, _ type: ValueType?, of value: Value, _ whole: ValueType
    ) throws(WAVEError) {
        switch (payload, type) {
        case (nil, nil): return
        case (let payload?, let type?):
            text += "("
            try print(payload, as: type)
            text += ")"
        default: throw misfit(value, whole)
        }
    }

    /// The place of a label among the `names` of a type.
    private mutating func place(of name: String, in type: ValueType, _ names: @autoclosure () -> [String]) -> Int? {
        guard case .defined(let id) = type else { return nil }
        if places[id] == nil {
            var found: [String: Int] = [:]
            for (place, name) in names().enumerated() { found[name] = place }
            places[id] = found
        }
        return places[id]?[name]
    }

    private func misfit(_ value: Value, _ type: ValueType) -> WAVEError {
        .doesNotFit(value.kindName, WAVE.name(of: type, in: table))
    }

    private mutating func writeCase(_ name: String) {
        if WAVE.keywords.contains(name) { text += "%" }
        text += name
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\\", "\"", "'":
            text += "\\"
            text.unicodeScalars.append(scalar)
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case " ": text += " "
        default:
            if Self.isInvisible(scalar) {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7f else { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return true
        default: return scalar.properties.isGraphemeExtend
        }
    }

    /// The shortest digits that give the same number, without an exponent.
    static func decimal(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
        if value.isNaN { return "nan" }
        let sign = value.sign == .minus ? "-" : ""
        if value.isInfinite { return sign + "inf" }
        let parts = value.magnitude.description.split(separator: "e")
        let digits = parts.first ?? "0"
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
        let whole = halves.first.map(String.init) ?? "0"
        var fraction = halves.count > 1 ? String(halves[1]) : ""
        if fraction == "0" { fraction = "" }
        var all = whole + fraction
        var point = whole.count + exponent
        if point <= 0 {
            all = String(repeating: "0", count: 1 - point) + all
            point = 1
        } else if point > all.count {
            all += String(repeating: "0", count: point - all.count)
        }
        let cut = all.index(all.startIndex, offsetBy: point)
        var integral = String(all[..<cut].drop { $0 == "0" })
        if integral.isEmpty { integral = "0" }
        let rest = all[cut...]
        return rest.isEmpty ? sign + integral : sign + integral + "." + rest
    }
}

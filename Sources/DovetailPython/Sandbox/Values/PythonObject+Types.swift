// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Objects as values of a type that is wanted.
extension PythonObject {
    /// The value as one of this layout's type.
    ///
    /// - Throws: `ABIError` with the path to what does not fit.
    func value(as layout: ValueLayout) throws(ABIError) -> Value {
        switch layout.kind {
        case .scalar(let scalar):
            guard let value = value(as: scalar) else { throw mismatch(layout) }
            return value
        case .string:
            guard case .text(let text) = self else { throw mismatch(layout) }
            return .string(text)
        case .list(let element):
            if case .bytes(let bytes) = self, case .scalar(.u8) = element.kind { return .bytes(bytes) }
            return .list(.values(try Self.values(try elements(layout), element)))
        case .fixedLengthList(let element, let count):
            let objects = try elements(layout)
            guard objects.count == count else { throw .expected("\(count) elements", found: "\(objects.count)") }
            return .list(.values(try Self.values(objects, element)))
        case .map(_, let key, let value): return .map(try entries(key.layout, value.layout, layout))
        case .record(let fields): return .record(try self.fields(fields, layout))
        case .tuple(let parts):
            let objects = try elements(layout)
            guard objects.count == parts.count else { throw mismatch(layout) }
            var values: [Value] = []
            for (index, part) in parts.enumerated() {
                values.append(try Self.within(.index(index), objects[index], part.layout))
            }
            return .tuple(values)
        case .variant(let cases): return try choice(cases, layout)
        case .enum(let cases):
            guard case .text(let name) = self else { throw mismatch(layout) }
            return .enum(try Self.label(name, cases.names, layout))
        case .flags(let labels):
            var names: [String] = []
            for object in try elements(layout) {
                guard case .text(let name) = object else { throw object.mismatch(layout) }
                names.append(try Self.label(name, labels, layout))
            }
            return .flags(names)
        case .option(let cases):
            if case .none = self { return .option(nil) }
            guard let wrapped = cases.payloads[1] else { throw mismatch(layout) }
            if case .marked("some", let parts) = self, parts.count == 1 {
                return .option(try Self.within(.case("some"), parts[0], wrapped))
            }
            return .option(try value(as: wrapped))
        case .result(let cases):
            switch self {
            case .marked("error", let parts) where parts.count == 1:
                return .error(try Self.payload("error", parts[0], cases.payloads[1]))
            case .marked("ok", let parts) where parts.count == 1:
                return .ok(try Self.payload("ok", parts[0], cases.payloads[0]))
            default: return .ok(try Self.payload("ok", self, cases.payloads[0]))
            }
        case .own, .borrow, .object: throw .unsupported("a \(layout.kindName)")
        }
    }

    private func value(as scalar: ValueLayout.Scalar) -> Value? {
        switch scalar {
        case .bool: if case .bool(let flag) = self { .bool(flag) } else { nil }
        case .s8: integer(Int8.self).map { .s8($0) }
        case .u8: integer(UInt8.self).map { .u8($0) }
        case .s16: integer(Int16.self).map { .s16($0) }
        case .u16: integer(UInt16.self).map { .u16($0) }
        case .s32: integer(Int32.self).map { .s32($0) }
        case .u32: integer(UInt32.self).map { .u32($0) }
        case .s64: integer(Int64.self).map { .s64($0) }
        case .u64: integer(UInt64.self).map { .u64($0) }
        case .f32: number.map { .f32(Float($0)) }
        case .f64: number.map { .f64($0) }
        case .char:
            if case .text(let text) = self, let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 {
                .char(scalar)
            } else {
                nil
            }
        }
    }

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        switch self {
        case .int(let number): Number(exactly: number)
        case .wide(let number): Number(exactly: number)
        default: nil
        }
    }

    private var number: Double? {
        switch self {
        case .float(let number): number
        case .int(let number): Double(number)
        case .wide(let number): Double(number)
        default: nil
        }
    }

    private func mismatch(_ layout: ValueLayout) -> ABIError { .expected(layout.kindName, found: kindName) }

    private static func within(
        _ element: ABIError.PathElement, _ object: PythonObject, _ layout: ValueLayout
    ) throws(ABIError) -> Value {
        do throws(ABIError) { return try object.value(as: layout) } catch { throw error.within(element) }
    }

    private func elements(_ layout: ValueLayout) throws(ABIError) -> [PythonObject] {
        switch self {
        case .list(let objects), .tuple(let objects), .set(let objects): return objects
        default: throw mismatch(layout)
        }
    }

    private static func values(_ objects: [PythonObject], _ element: ValueLayout) throws(ABIError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(objects.count)
        for (index, object) in objects.enumerated() { values.append(try within(.index(index), object, element)) }
        return values
    }

    private func entries(
        _ key: ValueLayout, _ value: ValueLayout, _ layout: ValueLayout
    ) throws(ABIError) -> [MapEntry] {
        guard case .dict(let entries) = self else { throw mismatch(layout) }
        var result: [MapEntry] = []
        result.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            result.append(
                MapEntry(
                    key: try Self.within(.index(index), entry.key, key),
                    value: try Self.within(.index(index), entry.value, value)))
        }
        return result
    }

    /// The fields of a record: of an object that has such, or a dictionary with their names as keys.
    private func fields(_ fields: [ValueLayout.Field], _ layout: ValueLayout) throws(ABIError) -> [RecordField] {
        let entries: [(key: PythonObject, value: PythonObject)]
        switch self {
        case .dict(let found): entries = found
        case .marked("record", let parts):
            guard case .dict(let found)? = parts.first else { throw mismatch(layout) }
            entries = found
        default: throw mismatch(layout)
        }
        var found: [String: PythonObject] = [:]
        for (key, value) in entries {
            guard case .text(let name) = key else { throw .expected("names of fields as keys", found: key.kindName) }
            found[Self.kebab(name)] = value
        }
        var result: [RecordField] = []
        for field in fields {
            guard let object = found.removeValue(forKey: field.name) else {
                guard case .option = field.layout.kind else {
                    throw .expected("a field `\(field.name)`", found: kindName + " without it")
                }
                result.append(RecordField(name: field.name, value: .option(nil)))
                continue
            }
            result.append(
                RecordField(name: field.name, value: try Self.within(.field(field.name), object, field.layout)))
        }
        if let other = found.keys.min() {
            throw .expected("the fields " + fields.map { "`\($0.name)`" }.joined(separator: ", "), found: "`\(other)`")
        }
        return result
    }

    /// A case of a variant; one without a value may be its name alone.
    private func choice(_ cases: ValueLayout.Cases, _ layout: ValueLayout) throws(ABIError) -> Value {
        let name: String
        var object = PythonObject.none
        switch self {
        case .text(let text): name = text
        case .marked("case", let parts):
            guard parts.count == 2, case .text(let text) = parts[0] else { throw mismatch(layout) }
            name = text
            object = parts[1]
        default: throw mismatch(layout)
        }
        let label = try Self.label(name, cases.names, layout)
        guard let index = cases.positions[label] else { throw mismatch(layout) }
        return .variant(label, try Self.payload(label, object, cases.payloads[index]))
    }

    private static func payload(
        _ name: String, _ object: PythonObject, _ layout: ValueLayout?
    ) throws(ABIError) -> Value? {
        if let layout { return try within(.case(name), object, layout) }
        if case .none = object { return nil }
        throw ABIError.expected("None", found: object.kindName).within(.case(name))
    }

    /// A label as WIT has it; Python may write it with underscores.
    private static func label(_ name: String, _ known: [String], _ layout: ValueLayout) throws(ABIError) -> String {
        if known.contains(name) { return name }
        let other = kebab(name)
        guard known.contains(other) else { throw .noSuchCase(name, of: layout.kindName, known: known) }
        return other
    }
}

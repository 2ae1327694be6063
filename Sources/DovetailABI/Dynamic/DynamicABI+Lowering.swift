// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Into a component. (CanonicalABI.md, "Storing", "Flat Lowering")
extension DynamicABI {
    /// Writes a value as flat core values; only for layouts of at most 16.
    package static func lower(
        _ value: Value, as layout: ValueLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        if let scalar = layout.scalar {
            guard lower(value, as: scalar, into: &flat) else { throw typeMismatch(layout, value) }
            return
        }
        switch (layout.kind, value) {
        case (.string, .string(let string)): try StringCodec.lower(string, &cx, into: &flat)
        case (.list(let element), .list(let list)):
            flat.write(try place(list, element, &cx))
            flat.write(UInt64(list.count))
        case (.map(let entry, let key, let item), .map(let entries)):
            flat.write(try place(entries, entry, key, item, &cx))
            flat.write(UInt64(entries.count))
        case (.fixedLengthList(let element, let count), .list(let list)):
            try check(list, count)
            for index in 0..<count {
                try within(.index(index)) { () throws(ABIError) in
                    try lower(list[index], as: element, &cx, into: &flat)
                }
            }
        case (.record(let fields), .record(let values)):
            try checkRecord(fields, values)
            for (index, field) in fields.enumerated() {
                let value = try find(field.name, index, values)
                try within(.field(field.name)) { () throws(ABIError) in
                    try lower(value, as: field.layout, &cx, into: &flat)
                }
            }
        case (.tuple(let fields), .tuple(let values)):
            try checkTuple(fields, values)
            for (index, field) in fields.enumerated() {
                try within(.index(index)) { () throws(ABIError) in
                    try lower(values[index], as: field.layout, &cx, into: &flat)
                }
            }
        case (.variant(let cases), _), (.enum(let cases), _), (.option(let cases), _), (.result(let cases), _):
            let (index, payload) = try choose(cases, value, layout)
            flat.write(UInt32(index))
            var used = 0
            if let payloadLayout = cases.payloads[index], let payload {
                used = payloadLayout.flatCount
                try within(.case(cases.names[index])) { () throws(ABIError) in
                    try lower(payload, as: payloadLayout, &cx, into: &flat)
                }
            }
            flat.zeros(layout.flatCount - 1 - used)
        case (.flags(let labels), .flags(let names)): flat.write(try bits(names, labels))
        case (.own, .resource), (.borrow, .resource), (.object, .object):
            flat.write(try lowerHandle(value, layout, &cx))
        default: throw typeMismatch(layout, value)
        }
    }

    /// Writes a value to memory; `offset` is aligned and the whole value inside the memory.
    package static func store(
        _ value: Value, as layout: ValueLayout, _ cx: inout CanonicalContext, at offset: Int
    ) throws(ABIError) {
        switch (layout.kind, value) {
        case (.scalar(.bool), .bool(let value)): cx.write(UInt8(value ? 1 : 0), at: offset)
        case (.scalar(.s8), .s8(let number)): cx.write(number, at: offset)
        case (.scalar(.u8), .u8(let number)): cx.write(number, at: offset)
        case (.scalar(.s16), .s16(let number)): cx.write(number, at: offset)
        case (.scalar(.u16), .u16(let number)): cx.write(number, at: offset)
        case (.scalar(.s32), .s32(let number)): cx.write(number, at: offset)
        case (.scalar(.u32), .u32(let number)): cx.write(number, at: offset)
        case (.scalar(.s64), .s64(let number)): cx.write(number, at: offset)
        case (.scalar(.u64), .u64(let number)): cx.write(number, at: offset)
        case (.scalar(.f32), .f32(let number)): cx.write(number, at: offset)
        case (.scalar(.f64), .f64(let number)): cx.write(number, at: offset)
        case (.scalar(.char), .char(let scalar)): cx.write(scalar.value, at: offset)
        case (.string, .string(let string)): try StringCodec.store(string, &cx, at: offset)
        case (.list(let element), .list(let list)):
            // Memory may move while this runs: it must not be inside the write.
            let pointer = try place(list, element, &cx)
            cx.writePointer(pointer, at: offset)
            cx.writePointer(UInt64(list.count), at: offset + cx.pointerSize)
        case (.map(let entry, let key, let item), .map(let entries)):
            // Memory may move while this runs: it must not be inside the write.
            let pointer = try place(entries, entry, key, item, &cx)
            cx.writePointer(pointer, at: offset)
            cx.writePointer(UInt64(entries.count), at: offset + cx.pointerSize)
        case (.fixedLengthList(let element, let count), .list(let list)):
            try check(list, count)
            try storeElements(list, element, &cx, at: offset)
        case (.record(let fields), .record(let values)):
            try checkRecord(fields, values)
            for (index, field) in fields.enumerated() {
                let value = try find(field.name, index, values)
                try within(.field(field.name)) { () throws(ABIError) in
                    try store(value, as: field.layout, &cx, at: offset + field.offset(cx.is64))
                }
            }
        case (.tuple(let fields), .tuple(let values)):
            try checkTuple(fields, values)
            for (index, field) in fields.enumerated() {
                try within(.index(index)) { () throws(ABIError) in
                    try store(values[index], as: field.layout, &cx, at: offset + field.offset(cx.is64))
                }
            }
        case (.variant(let cases), _), (.enum(let cases), _), (.option(let cases), _), (.result(let cases), _):
            let (index, payload) = try choose(cases, value, layout)
            cx.storeDiscriminant(index, at: offset, count: cases.count)
            if let payloadLayout = cases.payloads[index], let payload {
                try within(.case(cases.names[index])) { () throws(ABIError) in
                    try store(payload, as: payloadLayout, &cx, at: offset + cases.payloadOffset(cx.is64))
                }
            }
        case (.flags(let labels), .flags(let names)):
            cx.storeFlags(try bits(names, labels), at: offset, count: labels.count)
        case (.own, .resource), (.borrow, .resource), (.object, .object):
            // Memory may move while this runs: it must not be inside the write.
            let handle = try lowerHandle(value, layout, &cx)
            cx.write(handle, at: offset)
        default: throw typeMismatch(layout, value)
        }
    }

    private static func lowerHandle(
        _ value: Value, _ layout: ValueLayout, _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt32 {
        switch (layout.kind, value) {
        case (.own(let id), .resource(let resource)):
            return try cx.lowerOwnResource(resource, try cx.environment.resourceType(id))
        case (.borrow(let id), .resource(let resource)):
            return try cx.lowerBorrowResource(resource, try cx.environment.resourceType(id))
        case (.object, .object(let object)):
            return try cx.environment.lowerObject(object.object, type: layout.type)
        default: throw typeMismatch(layout, value)
        }
    }

    // MARK: Parts

    private static func check(_ list: ListValue, _ count: Int) throws(ABIError) {
        guard list.count == count else { throw .expected("list of \(count)", found: "list of \(list.count)") }
    }

    private static func checkTuple(_ fields: [ValueLayout.Field], _ values: [Value]) throws(ABIError) {
        guard fields.count == values.count else {
            throw .expected("tuple of \(fields.count)", found: "tuple of \(values.count)")
        }
    }

    private static func checkRecord(_ fields: [ValueLayout.Field], _ values: [RecordField]) throws(ABIError) {
        guard values.count > fields.count else { return }
        for value in values where !fields.contains(where: { $0.name == value.name }) {
            throw .unknownField(value.name)
        }
        throw .expected("record of \(fields.count) fields", found: "\(values.count)")
    }

    /// The value of a field, most often at its own place.
    private static func find(_ name: String, _ index: Int, _ values: [RecordField]) throws(ABIError) -> Value {
        if index < values.count, values[index].name == name { return values[index].value }
        for field in values where field.name == name { return field.value }
        throw .missingField(name)
    }

    private static func choose(
        _ cases: ValueLayout.Cases, _ value: Value, _ layout: ValueLayout
    ) throws(ABIError) -> (Int, Value?) {
        let index: Int
        let payload: Value?
        switch (layout.kind, value) {
        case (.option, .option(let some)):
            index = some == nil ? 0 : 1
            payload = some
        case (.result, .ok(let ok)):
            index = 0
            payload = ok
        case (.result, .error(let error)):
            index = 1
            payload = error
        case (.enum, .enum(let name)), (.variant, .variant(let name, nil)):
            index = try position(name, cases, layout)
            payload = nil
        case (.variant, .variant(let name, let some)):
            index = try position(name, cases, layout)
            payload = some
        default: throw typeMismatch(layout, value)
        }
        let expected = cases.payloads[index]
        if let payload, expected == nil {
            throw ABIError.expected("no payload", found: payload.kindName).within(.case(cases.names[index]))
        }
        if let expected, payload == nil {
            throw ABIError.expected(expected.kindName, found: "no payload").within(.case(cases.names[index]))
        }
        return (index, payload)
    }

    private static func position(
        _ name: String, _ cases: ValueLayout.Cases, _ layout: ValueLayout
    ) throws(ABIError) -> Int {
        guard let index = cases.positions[name] else {
            throw .noSuchCase(name, of: layout.kindName, known: cases.names)
        }
        return index
    }

    private static func bits(_ names: [String], _ labels: [String]) throws(ABIError) -> UInt32 {
        var bits: UInt32 = 0
        for name in names {
            guard let index = labels.firstIndex(of: name) else {
                throw .noSuchCase(name, of: "flags", known: labels)
            }
            bits |= 1 << UInt32(index)
        }
        return bits
    }

    // MARK: Lists

    private static func block(
        _ count: Int, _ element: ValueLayout, _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt64 {
        let stride = element.size(cx.is64)
        let (size, overflow) = count.multipliedReportingOverflow(by: stride)
        guard !overflow, UInt64(size) <= CanonicalLimits.maxByteLength else {
            throw .listTooLong(count: UInt64(count), stride: stride)
        }
        return try cx.allocate(alignment: element.alignment(cx.is64), size: size)
    }

    private static func place(
        _ list: ListValue, _ element: ValueLayout, _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt64 {
        let pointer = try block(list.count, element, &cx)
        try storeElements(list, element, &cx, at: Int(truncatingIfNeeded: pointer))
        return pointer
    }

    private static func storeElements(
        _ list: ListValue, _ element: ValueLayout, _ cx: inout CanonicalContext, at offset: Int
    ) throws(ABIError) {
        switch (element.kind, list) {
        case (.scalar(.s8), .s8(let numbers)): try Int8.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.u8), .u8(let numbers)): try UInt8.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.s16), .s16(let numbers)): try Int16.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.u16), .u16(let numbers)): try UInt16.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.s32), .s32(let numbers)): try Int32.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.u32), .u32(let numbers)): try UInt32.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.s64), .s64(let numbers)): try Int64.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.u64), .u64(let numbers)): try UInt64.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.f32), .f32(let numbers)): try Float.Codec.storeList(numbers, &cx, at: offset)
        case (.scalar(.f64), .f64(let numbers)): try Double.Codec.storeList(numbers, &cx, at: offset)
        default:
            let stride = element.size(cx.is64)
            for (index, value) in list.enumerated() {
                try within(.index(index)) { () throws(ABIError) in
                    try store(value, as: element, &cx, at: offset + index * stride)
                }
            }
        }
    }

    private static func place(
        _ entries: [MapEntry], _ entry: ValueLayout, _ key: ValueLayout.Field, _ value: ValueLayout.Field,
        _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt64 {
        let pointer = try block(entries.count, entry, &cx)
        let stride = entry.size(cx.is64)
        var offset = Int(truncatingIfNeeded: pointer)
        for (index, pair) in entries.enumerated() {
            try within(.index(index)) { () throws(ABIError) in
                try store(pair.key, as: key.layout, &cx, at: offset + key.offset(cx.is64))
                try store(pair.value, as: value.layout, &cx, at: offset + value.offset(cx.is64))
            }
            offset += stride
        }
        return pointer
    }
}

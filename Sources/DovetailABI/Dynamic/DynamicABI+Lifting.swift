// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Out of a component. (CanonicalABI.md, "Loading", "Flat Lifting")
extension DynamicABI {
    /// Reads a value from flat core values; only for layouts of at most 16.
    package static func lift(
        _ layout: ValueLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader
    ) throws(ABIError) -> Value {
        switch layout.kind {
        case .scalar(let scalar): return try lift(scalar, &cx, from: &flat)
        case .string: return .string(try String.Codec.lift(&cx, from: &flat))
        case .list(let element):
            let pointer = flat.nextPointer(cx.is64)
            return .list(try loadList(element, &cx, pointer: pointer, count: flat.nextPointer(cx.is64)))
        case .map(let entry, let key, let value):
            let pointer = flat.nextPointer(cx.is64)
            return .map(try loadMap(entry, key, value, &cx, pointer: pointer, count: flat.nextPointer(cx.is64)))
        case .fixedLengthList(let element, let count):
            var values: [Value] = []
            for index in 0..<count {
                values.append(
                    try within(.index(index)) { () throws(ABIError) in try lift(element, &cx, from: &flat) })
            }
            return .list(pack(values, element))
        case .record(let fields):
            var values: [RecordField] = []
            values.reserveCapacity(fields.count)
            for field in fields {
                let value = try within(.field(field.name)) { () throws(ABIError) in
                    try lift(field.layout, &cx, from: &flat)
                }
                values.append(RecordField(name: field.name, value: value))
            }
            return .record(values)
        case .tuple(let fields):
            var values: [Value] = []
            values.reserveCapacity(fields.count)
            for (index, field) in fields.enumerated() {
                values.append(
                    try within(.index(index)) { () throws(ABIError) in try lift(field.layout, &cx, from: &flat) })
            }
            return .tuple(values)
        case .variant(let cases), .enum(let cases), .option(let cases), .result(let cases):
            let index = try cx.checkDiscriminant(flat.nextU32(), count: cases.count)
            let end = flat.position + (layout.flatCount - 1) * FlatReader.stride
            var payload: Value?
            if let payloadLayout = cases.payloads[index] {
                payload = try within(.case(cases.names[index])) { () throws(ABIError) in
                    try lift(payloadLayout, &cx, from: &flat)
                }
            }
            flat.position = end
            return value(layout.kind, index, cases.names[index], payload)
        case .flags(let labels): return flags(flat.nextU32(), labels)
        case .own, .borrow, .object: return try liftHandle(layout, &cx, flat.nextU32())
        }
    }

    /// Reads a value from memory; `offset` is aligned and the whole value inside the memory.
    package static func load(
        _ layout: ValueLayout, _ cx: inout CanonicalContext, at offset: Int
    ) throws(ABIError) -> Value {
        switch layout.kind {
        case .scalar(.bool): return .bool(try Bool.Codec.load(&cx, at: offset))
        case .scalar(.s8): return .s8(try Int8.Codec.load(&cx, at: offset))
        case .scalar(.u8): return .u8(try UInt8.Codec.load(&cx, at: offset))
        case .scalar(.s16): return .s16(try Int16.Codec.load(&cx, at: offset))
        case .scalar(.u16): return .u16(try UInt16.Codec.load(&cx, at: offset))
        case .scalar(.s32): return .s32(try Int32.Codec.load(&cx, at: offset))
        case .scalar(.u32): return .u32(try UInt32.Codec.load(&cx, at: offset))
        case .scalar(.s64): return .s64(try Int64.Codec.load(&cx, at: offset))
        case .scalar(.u64): return .u64(try UInt64.Codec.load(&cx, at: offset))
        case .scalar(.f32): return .f32(try Float.Codec.load(&cx, at: offset))
        case .scalar(.f64): return .f64(try Double.Codec.load(&cx, at: offset))
        case .scalar(.char): return .char(try Unicode.Scalar.Codec.load(&cx, at: offset))
        case .string: return .string(try String.Codec.load(&cx, at: offset))
        case .list(let element):
            return .list(
                try loadList(
                    element, &cx, pointer: cx.readPointer(offset), count: cx.readPointer(offset + cx.pointerSize)))
        case .map(let entry, let key, let value):
            return .map(
                try loadMap(
                    entry, key, value, &cx, pointer: cx.readPointer(offset),
                    count: cx.readPointer(offset + cx.pointerSize)))
        case .fixedLengthList(let element, let count):
            return .list(try loadElements(element, &cx, at: offset, count: count))
        case .record(let fields):
            var values: [RecordField] = []
            values.reserveCapacity(fields.count)
            for field in fields {
                let value = try within(.field(field.name)) { () throws(ABIError) in
                    try load(field.layout, &cx, at: offset + field.offset(cx.is64))
                }
                values.append(RecordField(name: field.name, value: value))
            }
            return .record(values)
        case .tuple(let fields):
            var values: [Value] = []
            values.reserveCapacity(fields.count)
            for (index, field) in fields.enumerated() {
                let value = try within(.index(index)) { () throws(ABIError) in
                    try load(field.layout, &cx, at: offset + field.offset(cx.is64))
                }
                values.append(value)
            }
            return .tuple(values)
        case .variant(let cases), .enum(let cases), .option(let cases), .result(let cases):
            let index = try cx.loadDiscriminant(offset, count: cases.count)
            var payload: Value?
            if let payloadLayout = cases.payloads[index] {
                payload = try within(.case(cases.names[index])) { () throws(ABIError) in
                    try load(payloadLayout, &cx, at: offset + cases.payloadOffset(cx.is64))
                }
            }
            return value(layout.kind, index, cases.names[index], payload)
        case .flags(let labels): return flags(cx.loadFlags(offset, count: labels.count), labels)
        case .own, .borrow, .object: return try liftHandle(layout, &cx, cx.read(offset, as: UInt32.self))
        }
    }

    private static func liftHandle(
        _ layout: ValueLayout, _ cx: inout CanonicalContext, _ index: UInt32
    ) throws(ABIError) -> Value {
        switch layout.kind {
        case .own(let id):
            return .resource(try cx.liftOwnResource(index, try cx.environment.resourceType(id)))
        case .borrow(let id):
            return .resource(try cx.liftBorrowResource(index, try cx.environment.resourceType(id)))
        default:
            return .object(ObjectValue(try cx.environment.liftObject(index, type: layout.type)))
        }
    }

    // MARK: Lists

    static func loadList(
        _ element: ValueLayout, _ cx: inout CanonicalContext, pointer: UInt64, count: UInt64
    ) throws(ABIError) -> ListValue {
        let offset = try cx.checkList(
            pointer, count: count, stride: element.size(cx.is64), alignment: element.alignment(cx.is64))
        return try loadElements(element, &cx, at: offset, count: Int(truncatingIfNeeded: count))
    }

    private static func loadElements(
        _ element: ValueLayout, _ cx: inout CanonicalContext, at offset: Int, count: Int
    ) throws(ABIError) -> ListValue {
        switch element.kind {
        case .scalar(.s8): return .s8(try Int8.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.u8): return .u8(try UInt8.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.s16): return .s16(try Int16.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.u16): return .u16(try UInt16.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.s32): return .s32(try Int32.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.u32): return .u32(try UInt32.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.s64): return .s64(try Int64.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.u64): return .u64(try UInt64.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.f32): return .f32(try Float.Codec.loadList(&cx, at: offset, count: count))
        case .scalar(.f64): return .f64(try Double.Codec.loadList(&cx, at: offset, count: count))
        default: break
        }
        try charge(element, &cx, count)
        var values: [Value] = []
        values.reserveCapacity(count)
        let stride = element.size(cx.is64)
        for index in 0..<count {
            values.append(
                try within(.index(index)) { () throws(ABIError) in
                    try load(element, &cx, at: offset + index * stride)
                })
        }
        return .values(values)
    }

    private static func charge(
        _ element: ValueLayout, _ cx: inout CanonicalContext, _ count: Int
    ) throws(ABIError) {
        let (cost, overflow) = count.multipliedReportingOverflow(by: max(element.size(cx.is64), element.hostCost))
        guard !overflow else { throw .copyLimit() }
        try cx.charge(cost)
    }

    private static func loadMap(
        _ entry: ValueLayout, _ key: ValueLayout.Field, _ value: ValueLayout.Field, _ cx: inout CanonicalContext,
        pointer: UInt64, count: UInt64
    ) throws(ABIError) -> [MapEntry] {
        let stride = entry.size(cx.is64)
        var offset = try cx.checkList(pointer, count: count, stride: stride, alignment: entry.alignment(cx.is64))
        try charge(entry, &cx, Int(truncatingIfNeeded: count))
        var entries: [MapEntry] = []
        entries.reserveCapacity(Int(truncatingIfNeeded: count))
        for index in 0..<Int(truncatingIfNeeded: count) {
            let pair = try within(.index(index)) { () throws(ABIError) in
                MapEntry(
                    key: try load(key.layout, &cx, at: offset + key.offset(cx.is64)),
                    value: try load(value.layout, &cx, at: offset + value.offset(cx.is64)))
            }
            entries.append(pair)
            offset += stride
        }
        return entries
    }

    /// Numbers that were lifted one by one, in bulk form.
    private static func pack(_ values: [Value], _ element: ValueLayout) -> ListValue {
        switch element.kind {
        case .scalar(.s8): .s8(values.compactMap { if case .s8(let number) = $0 { number } else { nil } })
        case .scalar(.u8): .u8(values.compactMap { if case .u8(let number) = $0 { number } else { nil } })
        case .scalar(.s16): .s16(values.compactMap { if case .s16(let number) = $0 { number } else { nil } })
        case .scalar(.u16): .u16(values.compactMap { if case .u16(let number) = $0 { number } else { nil } })
        case .scalar(.s32): .s32(values.compactMap { if case .s32(let number) = $0 { number } else { nil } })
        case .scalar(.u32): .u32(values.compactMap { if case .u32(let number) = $0 { number } else { nil } })
        case .scalar(.s64): .s64(values.compactMap { if case .s64(let number) = $0 { number } else { nil } })
        case .scalar(.u64): .u64(values.compactMap { if case .u64(let number) = $0 { number } else { nil } })
        case .scalar(.f32): .f32(values.compactMap { if case .f32(let number) = $0 { number } else { nil } })
        case .scalar(.f64): .f64(values.compactMap { if case .f64(let number) = $0 { number } else { nil } })
        default: .values(values)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Works out layouts for the types of one table, each once. The table may grow, as long as its types keep their kinds.
package final class LayoutCache {
    package var table: TypeTable
    private var known: [ValueLayout?] = []
    private var primitives: [ValueType: ValueLayout] = [:]

    /// Makes a cache for the types of `table`.
    package init(_ table: TypeTable) { self.table = table }

    /// The layout of `type`.
    ///
    /// - Throws: ``LayoutError`` when types nest deeper than ``CanonicalLayout/maxTypeDepth``, or the type is a bare resource.
    package func layout(of type: ValueType) throws(LayoutError) -> ValueLayout { try layout(of: type, level: 0) }

    /// The layout of a function's parameters and result.
    package func function(_ type: FunctionType) throws(LayoutError) -> FunctionLayout {
        var parameters: [ValueLayout] = []
        for parameter in type.parameters { parameters.append(try layout(of: parameter.type)) }
        return FunctionLayout(
            parameters: parameters, names: type.parameters.map(\.name),
            result: try optional(type.result, level: 0))
    }

    private func optional(_ type: ValueType?, level: Int) throws(LayoutError) -> ValueLayout? {
        guard let type else { return nil }
        return try layout(of: type, level: level)
    }

    private func layout(of type: ValueType, level: Int) throws(LayoutError) -> ValueLayout {
        guard level <= CanonicalLayout.maxTypeDepth else { throw .typesTooDeep(limit: CanonicalLayout.maxTypeDepth) }
        let type = table.dealiased(type)
        guard case .defined(let id) = type else {
            if let layout = primitives[type] { return layout }
            let layout = primitive(type)
            primitives[type] = layout
            return layout
        }
        guard table.definitions.indices.contains(id.index) else { throw .unsupported("a type that is not defined") }
        while known.count < table.definitions.count { known.append(nil) }
        if let layout = known[id.index] { return layout }
        let layout = try defined(type, table[id].kind, level: level + 1)
        guard layout.depth <= CanonicalLayout.maxTypeDepth else {
            throw .typesTooDeep(limit: CanonicalLayout.maxTypeDepth)
        }
        known[id.index] = layout
        return layout
    }

    private func primitive(_ type: ValueType) -> ValueLayout {
        switch type {
        case .bool: scalar(type, .scalar(.bool))
        case .s8: scalar(type, .scalar(.s8), isPlain: true)
        case .u8: scalar(type, .scalar(.u8), isPlain: true)
        case .s16: scalar(type, .scalar(.s16), isPlain: true)
        case .u16: scalar(type, .scalar(.u16), isPlain: true)
        case .s32: scalar(type, .scalar(.s32), isPlain: true)
        case .u32: scalar(type, .scalar(.u32), isPlain: true)
        case .s64: scalar(type, .scalar(.s64), isPlain: true)
        case .u64: scalar(type, .scalar(.u64), isPlain: true)
        case .f32: scalar(type, .scalar(.f32))
        case .f64: scalar(type, .scalar(.f64))
        case .char: scalar(type, .scalar(.char))
        case .string: pointers(type, .string, depth: 1)
        case .errorContext, .defined: scalar(type, .object)
        }
    }

    /// The bytes of a `Value`, which the room of the canonical ABI has.
    package static let valueCost = 24

    private func scalar(
        _ type: ValueType, _ kind: ValueLayout.Kind, _ measures: Measures? = nil, isPlain: Bool = false
    ) -> ValueLayout {
        let measures = measures ?? Measures(type, is64: false)
        return ValueLayout(
            type: type, kind: kind, narrow: measures, wide: measures, depth: 1, hostCost: Self.valueCost,
            isPlainBits: isPlain)
    }

    private func pointers(_ type: ValueType, _ kind: ValueLayout.Kind, depth: Int) -> ValueLayout {
        ValueLayout(
            type: type, kind: kind, narrow: Measures(pointersOf64Bits: false),
            wide: Measures(pointersOf64Bits: true), depth: depth,
            hostCost: Self.valueCost + 32, isPlainBits: false)
    }

    private func defined(_ type: ValueType, _ kind: TypeKind, level: Int) throws(LayoutError) -> ValueLayout {
        switch kind {
        case .record(let fields):
            return try record(type, fields.map { ($0.name, $0.type) }, level: level) { .record($0) }
        case .tuple(let parts):
            return try record(type, parts.enumerated().map { ("\($0)", $1) }, level: level) { .tuple($0) }
        case .list(let element):
            let element = try layout(of: element, level: level)
            return pointers(type, .list(element), depth: element.depth + 1)
        case .fixedLengthList(let element, let count):
            return fixedLengthList(type, try layout(of: element, level: level), Int(count))
        case .map(let key, let value):
            let entry = try record(type, [("key", key), ("value", value)], level: level) { .tuple($0) }
            guard case .tuple(let fields) = entry.kind, fields.count == 2 else { throw .unsupported("a map") }
            return pointers(type, .map(entry: entry, key: fields[0], value: fields[1]), depth: entry.depth + 1)
        case .variant(let cases):
            return try variant(type, cases.map { ($0.name, $0.type) }, level: level) { .variant($0) }
        case .enum(let labels):
            return try variant(type, labels.map { ($0.name, nil) }, level: level) { .enum($0) }
        case .option(let payload):
            return try variant(type, [("none", nil), ("some", payload)], level: level) { .option($0) }
        case .result(let ok, let error):
            return try variant(type, [("ok", ok), ("error", error)], level: level) { .result($0) }
        case .flags(let labels):
            guard labels.count <= 32 else { throw .unsupported("a flags type with more than 32 flags") }
            return scalar(
                type, .flags(labels.map(\.name)), Measures(scalar: CanonicalLayout.flagsSize(labels.count)))
        case .own(let id): return scalar(type, .own(table.resource(id)))
        case .borrow(let id): return scalar(type, .borrow(table.resource(id)))
        case .stream, .future: return scalar(type, .object)
        case .resource, .alias: throw .unsupported("a resource that is neither owned nor borrowed")
        }
    }

    private func record(
        _ type: ValueType, _ parts: [(String, ValueType)], level: Int, _ kind: ([ValueLayout.Field]) -> ValueLayout.Kind
    ) throws(LayoutError) -> ValueLayout {
        var fields: [ValueLayout.Field] = []
        var narrow = Measures()
        var wide = Measures()
        var depth = 0
        var cost = Self.valueCost + 32
        var plain = !parts.isEmpty
        var used = 0
        for (name, type) in parts {
            let layout = try layout(of: type, level: level)
            fields.append(
                ValueLayout.Field(
                    name: name, layout: layout, offset32: narrow.append(layout.narrow),
                    offset64: wide.append(layout.wide)))
            depth = max(depth, layout.depth)
            cost = min(Measures.maxSize, cost + layout.hostCost + 16)
            plain = plain && layout.isPlainBits
            used = min(Measures.maxSize, used + layout.narrow.size)
        }
        narrow.pad()
        wide.pad()
        return ValueLayout(
            type: type, kind: kind(fields), narrow: narrow, wide: wide, depth: depth + 1, hostCost: cost,
            isPlainBits: plain && used == narrow.size)
    }

    private func variant(
        _ type: ValueType, _ cases: [(String, ValueType?)], level: Int, _ kind: (ValueLayout.Cases) -> ValueLayout.Kind
    ) throws(LayoutError) -> ValueLayout {
        var payloads: [ValueLayout?] = []
        var narrowPayload = Measures()
        var widePayload = Measures()
        var depth = 0
        var cost = 0
        for (_, type) in cases {
            let layout = try optional(type, level: level)
            payloads.append(layout)
            guard let layout else { continue }
            narrowPayload.unite(layout.narrow)
            widePayload.unite(layout.wide)
            depth = max(depth, layout.depth)
            cost = max(cost, layout.hostCost)
        }
        var narrow = Measures(discriminantOf: cases.count)
        var wide = narrow
        let offset32 = narrow.append(narrowPayload)
        let offset64 = wide.append(widePayload)
        narrow.pad()
        wide.pad()
        let names = cases.map(\.0)
        let layout = ValueLayout.Cases(
            names: names, payloads: payloads, payloadOffset32: offset32, payloadOffset64: offset64,
            positions: Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first }))
        return ValueLayout(
            type: type, kind: kind(layout), narrow: narrow, wide: wide, depth: depth + 1,
            hostCost: Self.valueCost + (cost == 0 ? 0 : 48 + cost), isPlainBits: false)
    }

    private func fixedLengthList(_ type: ValueType, _ element: ValueLayout, _ count: Int) -> ValueLayout {
        let (cost, overflow) = element.hostCost.multipliedReportingOverflow(by: count)
        return ValueLayout(
            type: type, kind: .fixedLengthList(element, count: count), narrow: element.narrow.repeated(count),
            wide: element.wide.repeated(count), depth: element.depth + 1,
            hostCost: overflow ? Measures.maxSize : min(cost, Measures.maxSize) + Self.valueCost + 32,
            isPlainBits: element.isPlainBits)
    }
}

// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// The description of a world that the runtime of Python reads: words of 32 bits, then the text of all names.
/// (`PythonRuntime/src/table.h`)
struct PythonTypeTable {
    static let magic: UInt32 = 0x5450_5644
    static let format: UInt32 = 3
    /// No type, no name.
    static let none = UInt32.max

    /// What a type is for the runtime.
    enum Kind: UInt32 {
        case bool, s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char, string, list, array, map, record, tuple,
            variant
        case `enum`, flags, option, nestedOption, result, own, borrow, stream, future, errorContext
    }

    /// A resource as somebody sees it: the same one may be imported and exported.
    struct ResourceKey: Hashable {
        var id: TypeID
        var side: Side
    }

    private struct TypeKey: Hashable {
        var type: ValueType
        var scope: Scope
    }

    let guest: PythonGuest
    private(set) var types: [[UInt32]] = []
    private(set) var imports: [[UInt32]] = []
    private(set) var exports: [[UInt32]] = []
    private(set) var resources: [[UInt32]] = []
    private var transfers: [[UInt32]] = []
    /// Whether a type is or has an error context.
    private(set) var hasErrorContexts = false
    private var pool: [UInt8] = []
    private var names: [String: UInt32] = [:]
    private var known: [TypeKey: UInt32] = [:]
    private var resourceIndices: [ResourceKey: UInt32] = [:]

    init(_ guest: PythonGuest) { self.guest = guest }

    // MARK: Names

    mutating func name(_ text: String) -> UInt32 {
        if let offset = names[text] { return offset }
        let offset = UInt32(pool.count)
        pool += Array(text.utf8) + [0]
        names[text] = offset
        return offset
    }

    // MARK: Functions and resources

    mutating func addImport(_ words: [UInt32]) { imports.append(words) }

    mutating func addExport(_ words: [UInt32]) { exports.append(words) }

    /// Enters a resource, which types then speak of by its position.
    mutating func addResource(_ key: ResourceKey, interface: String, place: (module: String, name: String)) {
        resourceIndices[key] = UInt32(resources.count)
        resources.append([
            name(interface), name(guest.model.graph.types[key.id].name ?? ""), key.side == .guest ? 1 : 0,
            name(place.module), name(place.name),
        ])
    }

    // MARK: Types

    /// The position of a type, which is entered when it is new.
    ///
    /// - Throws: ``BindgenError`` when no memory could hold it, or Python has nothing for it yet.
    mutating func type(_ type: ValueType, from scope: Scope) throws(BindgenError) -> UInt32 {
        let (resolved, place) = guest.resolved(type, from: scope)
        let key = TypeKey(type: resolved, scope: place)
        if let index = known[key] { return index }
        let layout: ValueLayout
        do throws(LayoutError) { layout = try guest.model.layouts.layout(of: resolved) } catch {
            throw .notRepresentable("\(resolved)", error.message)
        }
        let words = try self.words(resolved, layout, place)
        let index = UInt32(types.count)
        types.append(words)
        known[key] = index
        return index
    }

    /// A part: its type, where it lies, its name.
    private typealias Part = (type: UInt32, offset: Int, name: String)

    private mutating func words(
        _ type: ValueType, _ layout: ValueLayout, _ scope: Scope
    ) throws(BindgenError) -> [UInt32] {
        switch layout.kind {
        case .scalar(let scalar): return entry(kind(of: scalar), layout)
        case .string: return entry(.string, layout)
        case .object:
            if case .errorContext = type {
                hasErrorContexts = true
                return entry(.errorContext, layout)
            }
            guard case .defined(let id) = type, let position = guest.position(ofTransfer: id, from: scope) else {
                throw .notRepresentable("\(type)", "expected a stream or a future of a function")
            }
            return entry(
                guest.model.graph.isStream(id) ? .stream : .future, layout, module: UInt32(position))
        default: break
        }
        guard case .defined(let id) = type else { throw .notRepresentable("\(type)", "expected a type with parts") }
        return try words(id, layout, scope)
    }

    private func kind(of scalar: ValueLayout.Scalar) -> Kind {
        switch scalar {
        case .bool: .bool
        case .s8: .s8
        case .u8: .u8
        case .s16: .s16
        case .u16: .u16
        case .s32: .s32
        case .u32: .u32
        case .s64: .s64
        case .u64: .u64
        case .f32: .f32
        case .f64: .f64
        case .char: .char
        }
    }

    private mutating func words(
        _ id: TypeID, _ layout: ValueLayout, _ scope: Scope
    ) throws(BindgenError) -> [UInt32] {
        let definition = guest.model.graph.types[id]
        let place = guest.place(of: id, from: scope)
        let module = name(place.map { guest.path(of: $0.module) } ?? "")
        let class_ = place?.name ?? definition.name ?? ""
        switch (definition.kind, layout.kind) {
        case (.list(let element), _):
            return entry(.list, layout, parts: [(try self.type(element, from: scope), 0, "")])
        case (.fixedLengthList(let element, let count), _):
            return entry(.array, layout, module: count, parts: [(try self.type(element, from: scope), 0, "")])
        case (.map(let key, let value), .map(let pair, let keyField, let valueField)):
            let parts: [Part] = [
                (try self.type(key, from: scope), keyField.offset(false), ""),
                (try self.type(value, from: scope), valueField.offset(false), ""),
            ]
            let index = UInt32(types.count)
            types.append(entry(.tuple, pair, parts: parts))
            return entry(.map, layout, parts: [(index, 0, "")])
        case (.record(let fields), .record(let places)):
            var parts: [Part] = []
            for (field, place) in zip(fields, places) {
                let type = try self.type(field.type, from: scope)
                parts.append((type, place.offset(false), PythonNames.member(field.name)))
            }
            return entry(.record, layout, module: module, name: class_, parts: parts)
        case (.tuple(let elements), .tuple(let places)):
            var parts: [Part] = []
            for (element, place) in zip(elements, places) {
                parts.append((try self.type(element, from: scope), place.offset(false), ""))
            }
            return entry(.tuple, layout, parts: parts)
        case (.variant(let cases), .variant(let layouts)):
            let payloads = cases.map { (guest.caseClass(class_, $0.name), $0.type) }
            return entry(
                .variant, layout, module: module, name: class_, parts: try parts(payloads, layouts, scope))
        case (.option(let some), .option(let layouts)):
            return entry(
                guest.isOption(some) ? .nestedOption : .option, layout,
                parts: try parts([("", nil), ("", some)], layouts, scope))
        case (.result(let ok, let error), .result(let layouts)):
            return entry(.result, layout, parts: try parts([("", ok), ("", error)], layouts, scope))
        case (.enum(let labels), _):
            let parts = labels.map { (Self.none, 0, PythonNames.constant($0.name)) }
            return entry(.enum, layout, module: module, name: class_, parts: parts)
        case (.flags, _): return entry(.flags, layout, module: module, name: class_)
        case (.own(let resource), _): return entry(.own, layout, module: try index(of: resource, scope))
        case (.borrow(let resource), _): return entry(.borrow, layout, module: try index(of: resource, scope))
        default: throw .notRepresentable(class_, "this type has no form in Python yet")
        }
    }

    private mutating func parts(
        _ cases: [(name: String, type: ValueType?)], _ layouts: ValueLayout.Cases, _ scope: Scope
    ) throws(BindgenError) -> [Part] {
        var parts: [Part] = []
        for item in cases {
            let type = try item.type.map { type throws(BindgenError) in try self.type(type, from: scope) }
            parts.append((type ?? Self.none, layouts.payloadOffset(false), item.name))
        }
        return parts
    }

    private func index(of resource: TypeID, _ scope: Scope) throws(BindgenError) -> UInt32 {
        let key = ResourceKey(
            id: guest.model.facts.resource(resource), side: guest.model.implementer(of: resource, from: scope))
        guard let index = resourceIndices[key] else {
            throw .notRepresentable(guest.model.graph.types[key.id].name ?? "", "the world has no such resource")
        }
        return index
    }

    private mutating func entry(
        _ kind: Kind, _ layout: ValueLayout, module: UInt32 = 0, name: String = "", parts: [Part] = []
    ) -> [UInt32] {
        var words = [
            kind.rawValue, UInt32(layout.size(false)), UInt32(layout.alignment(false)), UInt32(layout.flatCount),
            module,
            self.name(name), UInt32(parts.count),
        ]
        for part in parts { words += [part.type, UInt32(part.offset), self.name(part.name)] }
        return words
    }

    /// Enters the types of streams and futures.
    ///
    /// - Throws: ``BindgenError`` when an element has no form.
    mutating func addTransfers() throws(BindgenError) {
        for transfer in guest.transfers {
            let element = try transfer.element.map { type throws(BindgenError) in
                try self.type(type, from: transfer.scope)
            }
            let holdsHandles = transfer.element.map(guest.model.facts.holdsHandles) ?? false
            transfers.append([transfer.isStream ? 0 : 1, element ?? Self.none, holdsHandles ? 1 : 0])
        }
    }

    // MARK: The whole

    /// The bytes of the table.
    ///
    /// - Parameter app: the module of the app.
    mutating func encoded(app: String) -> [UInt8] {
        let (app, package) = (name(app), name(guest.package))
        let entries = types + imports + exports + resources + transfers
        let headerCount = 12
        var offset = headerCount + entries.count
        var offsets: [UInt32] = []
        for entry in entries {
            offsets.append(UInt32(offset))
            offset += entry.count
        }
        let header: [UInt32] = [
            Self.magic, Self.format, UInt32(types.count), UInt32(imports.count), UInt32(exports.count),
            UInt32(resources.count), UInt32(transfers.count), guest.isAsync ? 1 : 0, UInt32(offset * 4), app, package,
            UInt32(headerCount),
        ]
        let words = header + offsets + entries.flatMap { $0 }
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } } + pool
    }
}

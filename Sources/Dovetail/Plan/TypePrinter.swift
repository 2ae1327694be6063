// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Writes a plan's items in WIT syntax.
///
/// A type is named where the interface at hand exports it, and written out where it is anonymous.
package struct TypePrinter {
    /// Deeper types are cut short: shared hostile ones could be exponentially long.
    private static let maximumDepth = 16

    private let plan: ComponentPlan
    private var names: [TypeID: String] = [:]
    /// How much may still be written, where that is limited.
    private var room: Room?

    private final class Room {
        var left: Int
        init(_ left: Int) { self.left = left }
    }

    /// Makes a printer for the items of `plan`.
    package init(plan: ComponentPlan) {
        self.plan = plan
        for root in plan.imports.roots { name(root.item, root.name) }
        for name in plan.exports.names { plan.exports[name].map { self.name($0, name) } }
    }

    /// The lines of a declaration: `name: func(…);`, an interface with its items, or a type.
    package func declaration(_ name: String, _ item: Item) -> [String] {
        switch item {
        case .function(let function): ["\(label(name)): \(self.function(function.type));"]
        case .instance(let items): interface(name, items)
        case .module: ["\(label(name)): core module;"]
        case .component: ["\(label(name)): component;"]
        case .type(let type): [self.type(name, type)]
        }
    }

    /// Lets a type be called by its name; the first name counts.
    private mutating func name(_ item: Item, _ name: String) {
        switch item {
        case .type(.value(.defined(let id))), .type(.resource(let id)): if names[id] == nil { names[id] = name }
        default: return
        }
    }

    private func interface(_ name: String, _ items: InstanceItems) -> [String] {
        var inner = self
        for name in items.names {
            if case .type(.resource(let id)) = items[name] {
                inner.names[id] = name
            } else if let item = items[name] {
                inner.name(item, name)
            }
        }
        let lines = items.names.flatMap { name in
            items[name].map { inner.declaration(name, $0) } ?? []
        }
        if lines.isEmpty { return ["\(label(name)): interface {}"] }
        return ["\(label(name)): interface {"] + lines.map { "  " + $0 } + ["}"]
    }

    /// Only plain labels can be names in WIT; others are shown in quotes.
    private func label(_ name: String) -> String { name.hasPrefix("[") ? "\"\(name)\"" : name }

    /// A function type of about `length` characters at most; what does not fit is cut.
    func function(_ type: FunctionType, within length: Int) -> String {
        var printer = self
        printer.room = Room(length)
        return printer.function(type)
    }

    /// Parts of a type, as many as there is room for.
    private func list<Part>(_ parts: [Part], _ text: (Part) -> String) -> String {
        var texts: [String] = []
        for part in parts {
            if let room {
                guard room.left > 0 else {
                    texts.append("…")
                    break
                }
                let text = text(part)
                // What lies deep is counted more than once, which only cuts it earlier.
                room.left -= text.utf8.count + 2
                texts.append(text)
            } else {
                texts.append(text(part))
            }
        }
        return texts.joined(separator: ", ")
    }

    /// A function type: `func(a: u32) -> string`.
    package func function(_ type: FunctionType) -> String {
        let parameters = list(type.parameters) { "\($0.name): \(value($0.type, 0))" }
        let result = type.result.map { " -> \(value($0, 0))" } ?? ""
        return "\(type.isAsync ? "async " : "")func(\(parameters))\(result)"
    }

    private func type(_ name: String, _ item: TypeItem) -> String {
        switch item {
        case .resource: return "resource \(name);"
        case .function(let type): return "type \(name) = \(function(type));"
        case .instance: return "type \(name) = interface;"
        case .component: return "type \(name) = component;"
        case .value(let type):
            guard case .defined(let id) = type else { return "type \(name) = \(value(type, 0));" }
            // The first name is the definition, a later one another name for it.
            if let known = names[id], known != name { return "type \(name) = \(known);" }
            switch plan.types[id].kind {
            case .record(let fields): return "record \(name) \(braces(fields) { field($0, 1) })"
            case .variant(let cases): return "variant \(name) \(braces(cases) { self.case($0, 1) })"
            case .enum(let labels): return "enum \(name) \(braces(labels) { $0.name })"
            case .flags(let labels): return "flags \(name) \(braces(labels) { $0.name })"
            case let kind: return "type \(name) = \(structure(kind, 0));"
            }
        }
    }

    private func field(_ field: Field, _ depth: Int) -> String { "\(field.name): \(value(field.type, depth))" }

    private func `case`(_ item: Case, _ depth: Int) -> String {
        item.name + (item.type.map { "(\(value($0, depth)))" } ?? "")
    }

    private func braces<Part>(_ parts: [Part], _ text: (Part) -> String) -> String {
        parts.isEmpty ? "{}" : "{ \(list(parts, text)) }"
    }

    private func value(_ type: ValueType, _ depth: Int) -> String {
        guard case .defined(let id) = type else { return type.primitiveName ?? "" }
        if let name = names[id] { return name }
        guard depth < Self.maximumDepth, room.map({ $0.left > 0 }) ?? true else { return "…" }
        return structure(plan.types[id].kind, depth + 1)
    }

    private func structure(_ kind: TypeKind, _ depth: Int) -> String {
        func optional(_ type: ValueType?) -> String { type.map { value($0, depth) } ?? "_" }
        switch kind {
        case .record(let fields): return "record \(braces(fields) { field($0, depth) })"
        case .variant(let cases): return "variant \(braces(cases) { self.case($0, depth) })"
        case .enum(let labels): return "enum \(braces(labels) { $0.name })"
        case .flags(let labels): return "flags \(braces(labels) { $0.name })"
        case .tuple(let types): return "tuple<\(list(types) { value($0, depth) })>"
        case .option(let type): return "option<\(value(type, depth))>"
        case .result(nil, nil): return "result"
        case .result(let ok, nil): return "result<\(optional(ok))>"
        case .result(let ok, let error): return "result<\(optional(ok)), \(optional(error))>"
        case .list(let type): return "list<\(value(type, depth))>"
        case .fixedLengthList(let type, let count): return "list<\(value(type, depth)), \(count)>"
        case .map(let key, let item): return "map<\(value(key, depth)), \(value(item, depth))>"
        case .stream(let type): return type.map { "stream<\(value($0, depth))>" } ?? "stream"
        case .future(let type): return type.map { "future<\(value($0, depth))>" } ?? "future"
        case .own(let id): return resource(id)
        case .borrow(let id): return "borrow<\(resource(id))>"
        case .resource: return "resource"
        case .alias(let type): return value(type, depth)
        }
    }

    private func resource(_ id: TypeID) -> String {
        let target = plan.types.resource(id)
        if let name = names[id] ?? names[target] ?? plan.types[target].name { return name }
        guard let index = plan.resourceIndex[target], plan.resources.indices.contains(index) else { return "resource" }
        return plan.resources[index].name
    }
}

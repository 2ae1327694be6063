// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
package import DovetailValidation

/// Writes what a component imports and exports in WIT syntax.
///
/// What is large and occurs several times is written once, so that the text grows with the component and not with its
/// types written out: large anonymous types get names of the form `$1`, larger functions, interfaces and components
/// refer to the place where they were written first.
package struct ComponentText {
    /// An import or export.
    package struct Item: Sendable {
        /// The name.
        package var name: String
        /// What it is, in a word.
        package var kind: String
        /// Its declaration, in lines.
        package var lines: [String]
    }

    /// What is made of more parts is written only once.
    private static let smallWeight = 64

    /// The imports, in order.
    package private(set) var imports: [Item] = []
    /// The exports, in order.
    package private(set) var exports: [Item] = []
    /// The declarations of large anonymous types, in order of dependence.
    package private(set) var types: [String] = []

    /// The names of types: of those that interfaces and components export, and of large anonymous ones.
    private var names: [ObjectIdentifier: String] = [:]
    private var resources: [Int: String] = [:]
    /// Where a function, interface or component was written.
    private var places: [ObjectIdentifier: String] = [:]

    /// Writes the imports and exports of `component`.
    package init(_ component: ValidComponent) {
        for entry in component.type.imports.entries { imports.append(item(entry)) }
        for entry in component.type.exports.entries { exports.append(item(entry)) }
    }

    private mutating func item(_ entry: NamedList<ExternNode>.Entry) -> Item {
        let kind =
            switch entry.value {
            case .function: "function"
            case .instance: "instance"
            case .module: "module"
            case .component: "component"
            case .type: "type"
            case .value: "value"
            }
        return Item(name: entry.name, kind: kind, lines: declaration(entry, in: ""))
    }

    // MARK: - Declarations

    /// The lines of a declaration; `path` is that of what it stands in.
    private mutating func declaration(_ entry: NamedList<ExternNode>.Entry, in path: String) -> [String] {
        // Only plain labels and interface names can be names in WIT; others are shown in quotes.
        let label = entry.name.hasPrefix("[") ? "\"\(entry.name)\"" : entry.name
        let place = path.isEmpty ? entry.name : "\(path)#\(entry.name)"
        switch entry.value {
        case .function(let node):
            if let first = first(node, node.facts, place) { return ["\(label): func as `\(first)`;"] }
            return ["\(label): \(function(node));"]
        case .instance(let node):
            if let first = first(node, node.facts, place) { return ["\(label): interface as `\(first)`;"] }
            return block("\(label): interface", node.exports.entries.flatMap { declaration($0, in: place) })
        case .component(let node):
            if let first = first(node, node.facts, place) { return ["\(label): component as `\(first)`;"] }
            return block("\(label): component", body(of: node, place))
        case .module: return ["\(label): core module;"]
        case .value(let type): return ["\(label): value \(value(type));"]
        case .type(let type): return self.type(entry.name, type, place)
        }
    }

    private mutating func body(of node: ComponentNode, _ place: String) -> [String] {
        var lines: [String] = []
        for (keyword, entries) in [("import", node.imports.entries), ("export", node.exports.entries)] {
            for entry in entries {
                for (index, line) in declaration(entry, in: place).enumerated() {
                    lines.append(index == 0 ? "\(keyword) \(line)" : line)
                }
            }
        }
        return lines
    }

    private func block(_ head: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? ["\(head) {}"] : ["\(head) {"] + lines.map { "  " + $0 } + ["}"]
    }

    /// Where something large was written before; it is remembered otherwise.
    private mutating func first(_ node: AnyObject, _ facts: TypeFacts, _ place: String) -> String? {
        guard facts.weight > Self.smallWeight else { return nil }
        let key = ObjectIdentifier(node)
        if let known = places[key] { return known }
        places[key] = place
        return nil
    }

    private mutating func type(_ name: String, _ type: TypeNode, _ place: String) -> [String] {
        switch type {
        case .resource(let reference):
            if let known = resources[reference.identity], known != name { return ["type \(name) = \(known);"] }
            resources[reference.identity] = name
            return ["resource \(name);"]
        case .value(let node):
            if let known = self.name(node) {
                names[ObjectIdentifier(node)] = name
                if known != name { return ["type \(name) = \(known);"] }
            }
            // What uses the type under its former name means this one.
            var unnamed: DefinedNode? = node
            while let other = unnamed, names[ObjectIdentifier(other)] == nil {
                names[ObjectIdentifier(other)] = name
                unnamed = other.origin
            }
            return [definition(name, node)]
        case .function(let node):
            if let first = first(node, node.facts, place) { return ["type \(name) = func as `\(first)`;"] }
            return ["type \(name) = \(function(node));"]
        case .instance(let node):
            if let first = first(node, node.facts, place) { return ["type \(name) = interface as `\(first)`;"] }
            return block("type \(name) = interface", node.exports.entries.flatMap { declaration($0, in: place) })
        case .component(let node):
            if let first = first(node, node.facts, place) { return ["type \(name) = component as `\(first)`;"] }
            return block("type \(name) = component", body(of: node, place))
        }
    }

    private mutating func definition(_ name: String, _ node: DefinedNode) -> String {
        switch node.shape {
        case .record(let fields): "record \(name) \(braces(fields.map { field($0.label, $0.type) }))"
        case .variant(let cases): "variant \(name) \(braces(cases.map { `case`($0.label, $0.type) }))"
        case .enum(let labels): "enum \(name) \(braces(labels))"
        case .flags(let labels): "flags \(name) \(braces(labels))"
        default: "type \(name) = \(structure(node.shape));"
        }
    }

    private mutating func function(_ node: FunctionNode) -> String {
        let parameters = node.parameters.map { field($0.label, $0.type) }.joined(separator: ", ")
        let result = node.result.map { " -> \(value($0))" } ?? ""
        return "\(node.isAsync ? "async " : "")func(\(parameters))\(result)"
    }

    // MARK: - Types

    private mutating func field(_ label: String, _ type: ValueNode) -> String { "\(label): \(value(type))" }

    private mutating func `case`(_ label: String, _ type: ValueNode?) -> String {
        label + (type.map { "(\(value($0)))" } ?? "")
    }

    private func braces(_ items: [String]) -> String { items.isEmpty ? "{}" : "{ \(items.joined(separator: ", ")) }" }

    private mutating func value(_ type: ValueNode) -> String {
        guard case .defined(let node) = type else { return type.primitive?.primitiveName ?? "" }
        if let name = name(node) { return name }
        let text = structure(node.shape)
        guard node.facts.weight > Self.smallWeight else { return text }
        let name = "$\(types.count + 1)"
        types.append("type \(name) = \(text);")
        names[ObjectIdentifier(node)] = name
        return name
    }

    /// The name of a type, or of the one that it is another name of.
    private func name(_ node: DefinedNode) -> String? {
        var current: DefinedNode? = node
        while let node = current {
            if let name = names[ObjectIdentifier(node)] { return name }
            current = node.origin
        }
        return nil
    }

    private mutating func optional(_ type: ValueNode?) -> String { type.map { value($0) } ?? "_" }

    private mutating func structure(_ shape: DefinedShape) -> String {
        switch shape {
        case .primitive(let type): return type.primitiveName ?? ""
        case .record(let fields): return "record \(braces(fields.map { field($0.label, $0.type) }))"
        case .variant(let cases): return "variant \(braces(cases.map { `case`($0.label, $0.type) }))"
        case .enum(let labels): return "enum \(braces(labels))"
        case .flags(let labels): return "flags \(braces(labels))"
        case .tuple(let elements): return "tuple<\(elements.map { value($0) }.joined(separator: ", "))>"
        case .option(let payload): return "option<\(value(payload))>"
        case .result(nil, nil): return "result"
        case .result(let ok, nil): return "result<\(optional(ok))>"
        case .result(let ok, let error):
            let success = optional(ok)
            return "result<\(success), \(optional(error))>"
        case .list(let element): return "list<\(value(element))>"
        case .fixedLengthList(let element, let count): return "list<\(value(element)), \(count)>"
        case .map(let key, let element):
            let first = value(key)
            return "map<\(first), \(value(element))>"
        case .stream(let payload): return payload.map { "stream<\(value($0))>" } ?? "stream"
        case .future(let payload): return payload.map { "future<\(value($0))>" } ?? "future"
        case .own(let reference): return resource(reference)
        case .borrow(let reference): return "borrow<\(resource(reference))>"
        }
    }

    private func resource(_ reference: ResourceReference) -> String { resources[reference.identity] ?? "resource" }
}

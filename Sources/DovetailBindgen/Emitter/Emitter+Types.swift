// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Declarations of the named types of a namespace.
extension Emitter {
    /// All of them, in order; resources are the business of others.
    func typeDeclarations() throws -> [SwiftDeclaration] {
        try namespace.types.flatMap { try declarations($0.id, $0.name) }
    }

    private func declarations(_ id: TypeID, _ name: String) throws -> [SwiftDeclaration] {
        let definition = graph.types[id]
        let documentation = Self.lines(definition.documentation, definition.stability)
        func alias(_ target: String) -> [SwiftDeclaration] {
            [SwiftDeclaration("\(access)typealias \(name) = \(target)", documentation: documentation)]
        }
        if definition.kind == .resource { return [] }
        // What an interface says that is imported and exported is one type, unless handles make it two.
        if let twin = model.importedTwin(of: index), !model.holdsHandles(.defined(id)),
            let shared = model.namespaces[twin].typeNames[id]
        {
            if let external = model.namespaces[twin].external { return alias("\(external).\(shared)") }
            return alias("\(model.name).\(model.namespaces[twin].name).\(shared)")
        }
        switch definition.kind {
        case .record(let fields): return [try record(id, name, fields, documentation)]
        case .variant(let cases): return [try variant(id, name, cases, documentation)]
        case .enum(let labels): return [enumeration(id, name, labels, documentation)]
        case .flags(let labels): return [flags(id, name, labels, documentation)]
        case .alias(.defined(let target)):
            if graph.types[graph.types.resource(target)].kind == .resource {
                // Whatever the alias of a protocol is called, it must not be the protocol's own name here.
                let found = model.resource(target, direction, from: index)
                return found == name ? [] : alias(found)
            }
            return alias(model.type(.defined(target), direction, from: index))
        case let kind: return alias(model.structure(kind, direction, from: index))
        }
    }

    /// The protocols a type conforms to.
    func conformances(_ id: TypeID, first: String = "ComponentConvertible") -> String {
        var names = [library(first)]
        if !model.holdsHandles(.defined(id)) {
            if first == "ComponentConvertible" { names += [library("Hashable")] }
            names.append(library("Sendable"))
            if model.errorTypes.contains(id) { names.append(library("Error")) }
            names += model.options.conformances
        }
        return names.joined(separator: ", ")
    }

    func layout(_ id: TypeID, _ name: String) throws -> ValueLayout {
        do {
            return try model.layouts.layout(of: .defined(id))
        } catch {
            throw BindgenError.notRepresentable(graph.types[id].name ?? name, error.message)
        }
    }

    // MARK: Records

    private func record(
        _ id: TypeID, _ name: String, _ fields: [Field], _ documentation: [String]
    ) throws -> SwiftDeclaration {
        let layout = try layout(id, name)
        guard case .record(let places) = layout.kind, places.count == fields.count else {
            throw BindgenError.notRepresentable(name, "expected a record")
        }
        var scope = NameScope(reserved: ["init"])
        let names = fields.map { scope.claim(Self.fieldName($0.name)) }
        let types = fields.map { type($0.type) }
        var members = zip(fields, zip(names, types)).map { field, pair in
            SwiftDeclaration(
                "\(access)var \(SwiftNames.escaped(pair.0)): \(pair.1)", documentation: Self.lines(field.documentation))
        }
        members.append(
            SwiftDeclaration(
                SwiftHead(
                    "\(access)init",
                    zip(names, types).map { (["let", "var"].contains($0) ? "`\($0)`" : $0) + ": \($1)" }, ""),
                documentation: ["Makes a value of all its fields."], attributes: inlinable,
                body: .statements(names.map { .line("self.\($0) = \(SwiftNames.escaped($0))") })))
        members.append(abi(id, layout))
        let shapes = zip(fields, types).map {
            "\(library("FieldShape"))(\(Self.literal($0.name)), \(Self.callable($1)).shape)"
        }
        members.append(
            SwiftDeclaration(
                "\(access)static var shape: \(library("TypeShape"))",
                body: .statements([.broken(".record([", shapes, "])")])))
        // A list of labels, for messages only.
        let single = fields.count == 1
        let path = single ? ".field(\(Self.literal(fields[0].name)))" : ".field(Self.fieldLabels[field])"
        func steps(_ step: (Int) -> String, _ last: [SwiftStatement] = []) -> [SwiftStatement] {
            var body: [SwiftStatement] = []
            for position in fields.indices {
                if position > 0 { body.append(.line("field = \(position)")) }
                body.append(.line(step(position)))
            }
            let tried = within(path, body + last)
            return single ? [tried] : [.line("var field = 0"), tried]
        }
        if !single {
            members.append(
                SwiftDeclaration(
                    "\(model.options.access == .public ? "" : "private ")static var fieldLabels: [\(library("String"))]",
                    attributes: model.options.access == .public ? ["@usableFromInline"] : [],
                    body: .statements([
                        .broken("[", fields.map { Self.literal($0.name) }, "]")
                    ])))
        }
        func place(_ position: Int) -> String {
            Self.place(places[position].offset(false), places[position].offset(true))
        }
        let arguments = names.enumerated().map { "\($1): v\($0)" }
        members.append(lower(steps { "try self.\(names[$0]).lower(&cx, into: &flat)" }))
        members.append(store(steps { "try self.\(names[$0]).store(&cx, at: \(place($0)))" }))
        members.append(
            lift(
                name,
                steps(
                    { "let v\($0) = try \(Self.callable(types[$0])).lift(&cx, from: &flat)" },
                    [.call("return \(name)", arguments, "")])))
        members.append(
            load(
                name,
                steps(
                    { "let v\($0) = try \(Self.callable(types[$0])).load(&cx, at: \(place($0)))" },
                    [.call("return \(name)", arguments, "")])))
        return SwiftDeclaration(
            "\(access)struct \(name): \(conformances(id))", documentation: documentation, body: .members(members))
    }

    /// The name of a field; what cannot be a property's name gets an underscore.
    static func fieldName(_ label: String) -> String {
        let name = SwiftNames.member(label)
        return ["self", "init", "inout", "hashValue"].contains(name) ? name + "_" : name
    }

    // MARK: Enums and flags

    /// The name of a case or flag.
    static func caseName(_ label: String) -> String {
        let name = SwiftNames.member(label)
        return reservedCases.contains(name) ? name + "_" : name
    }

    private static let reservedCases: Set<String> = [
        "self", "init", "abi", "shape", "labels", "allCases", "caseLabels", "flagLabels", "flagCount", "caseCount",
        "rawValue", "hashValue", "discriminant",
    ]

    private func enumeration(
        _ id: TypeID, _ name: String, _ labels: [Label], _ documentation: [String]
    ) -> SwiftDeclaration {
        var scope = NameScope()
        let raw = library(labels.count <= 256 ? "UInt8" : labels.count <= 65_536 ? "UInt16" : "UInt32")
        var members = labels.map { label in
            SwiftDeclaration(
                "case \(SwiftNames.escaped(scope.claim(Self.caseName(label.name))))",
                documentation: Self.lines(label.documentation))
        }
        members.append(labelList("caseLabels", labels.map(\.name)))
        members.append(
            SwiftDeclaration(
                "\(access)static var caseCount: \(library("Int"))", attributes: inlinable,
                body: .statements([.line("\(labels.count)")])))
        var names = [raw, library("ComponentEnum"), library("Sendable")]
        if model.errorTypes.contains(id) { names.append(library("Error")) }
        names += model.options.conformances
        return SwiftDeclaration(
            "\(access)enum \(name): \(names.joined(separator: ", "))", documentation: documentation,
            body: .members(members))
    }

    private func flags(_ id: TypeID, _ name: String, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration {
        var scope = NameScope()
        let raw = library(labels.count <= 8 ? "UInt8" : labels.count <= 16 ? "UInt16" : "UInt32")
        var members = labels.enumerated().map { position, label in
            SwiftDeclaration(
                "\(access)static let \(SwiftNames.escaped(scope.claim(Self.caseName(label.name)))) = "
                    + "\(name)(rawValue: 1 << \(position))",
                documentation: Self.lines(label.documentation))
        }
        members.append(SwiftDeclaration("\(access)let rawValue: \(raw)"))
        members.append(
            SwiftDeclaration(
                SwiftHead("\(access)init", ["rawValue: \(raw)"], ""),
                documentation: ["Makes a set of the flags whose bits are set."], attributes: inlinable,
                body: .statements([.line("self.rawValue = rawValue")])))
        members.append(labelList("flagLabels", labels.map(\.name)))
        members.append(
            SwiftDeclaration(
                "\(access)static var flagCount: \(library("Int"))", attributes: inlinable,
                body: .statements([.line("\(labels.count)")])))
        var names = [library("ComponentFlags"), library("Hashable"), library("Sendable")]
        if model.errorTypes.contains(id) { names.append(library("Error")) }
        names += model.options.conformances
        return SwiftDeclaration(
            "\(access)struct \(name): \(names.joined(separator: ", "))", documentation: documentation,
            body: .members(members))
    }

    /// A static list of labels.
    func labelList(_ property: String, _ labels: [String]) -> SwiftDeclaration {
        SwiftDeclaration(
            "\(access)static var \(property): [\(library("String"))]",
            body: .statements([.broken("[", labels.map(Self.literal), "]")]))
    }
}

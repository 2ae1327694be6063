// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension WITPrinter {
    private struct Import {
        var from: InterfaceID
        var type: TypeDefinition
        var names: [String]
    }

    /// The types of an interface or world: those that come from `use`, then declarations.
    mutating func print(
        types: [(String, TypeID)], owner: TypeOwner, package: PackageID?, functions: [FunctionDefinition]
    ) {
        var imports: [Import] = []
        var declared: [TypeID] = []
        for (name, id) in types {
            let type = graph.types[id]
            guard case .alias(.defined(let target)) = type.kind, graph.types[target].owner != owner,
                case .interface(let from) = graph.types[target].owner
            else {
                declared.append(id)
                continue
            }
            let original = graph.types[target].name ?? ""
            let text =
                name == original
                ? Self.escaped(name) : "\(Self.escaped(original)) as \(Self.escaped(name))"
            // No copy of the last one may be alive when its names grow: that would copy them all.
            let isSame =
                imports.last.map {
                    $0.from == from && $0.type.stability == type.stability && $0.type.externalID == type.externalID
                } ?? false
            if isSame {
                imports[imports.count - 1].names.append(text)
            } else {
                imports.append(Import(from: from, type: type, names: [text]))
            }
        }
        for item in imports {
            hasItems = true
            write(item.type.stability)
            write(externalID: item.type.externalID)
            line("use \(path(to: item.from, from: package)).{\(item.names.joined(separator: ", "))};")
        }
        var members: [TypeID: [FunctionDefinition]] = [:]
        for function in functions {
            if let resource = function.owner.resource { members[resource, default: []].append(function) }
        }
        for id in declared {
            newItem()
            let type = graph.types[id]
            write(documentation: type.documentation)
            write(type.stability)
            write(externalID: type.externalID)
            declare(type, members[id] ?? [])
        }
    }

    private mutating func declare(_ type: TypeDefinition, _ functions: [FunctionDefinition]) {
        let name = Self.escaped(type.name ?? "")
        switch type.kind {
        case .record(let fields):
            write("record \(name)")
            open()
            for field in fields {
                write(documentation: field.documentation)
                line("\(Self.escaped(field.name)): \(text(of: field.type)),")
            }
            close()
        case .variant(let cases):
            write("variant \(name)")
            open()
            for item in cases {
                write(documentation: item.documentation)
                let payload = item.type.map { "(\(text(of: $0)))" } ?? ""
                line("\(Self.escaped(item.name))\(payload),")
            }
            close()
        case .enum(let labels): declare("enum \(name)", labels)
        case .flags(let labels): declare("flags \(name)", labels)
        case .resource:
            write("resource \(name)")
            guard !functions.isEmpty else { return line(";") }
            open()
            for function in functions {
                write(documentation: function.documentation)
                write(function.stability)
                write(externalID: function.externalID)
                switch function.owner {
                case .constructor, .none: break
                case .method: write("\(Self.escaped(function.itemName)): ")
                case .static: write("\(Self.escaped(function.itemName)): static ")
                }
                line(signature(function) + ";")
            }
            close()
        case .own(let id): line("type \(name) = own<\(Self.escaped(graph.types[id].name ?? ""))>;")
        default: line("type \(name) = \(text(of: type.kind));")
        }
    }

    private mutating func declare(_ head: String, _ labels: [Label]) {
        write(head)
        open()
        for label in labels {
            write(documentation: label.documentation)
            line(Self.escaped(label.name) + ",")
        }
        close()
    }

    func signature(_ function: FunctionDefinition) -> String {
        var text = function.isAsync ? "async " : ""
        var parameters = function.parameters[...]
        var isShort = false
        switch (function.owner, function.role) {
        case (.constructor(let id), _):
            text += "constructor"
            if case .defined(let result)? = function.result, case .own(let resource) = graph.types[result].kind {
                isShort = resource == id
            }
        case (_, .plain): text += "func"
        case (_, .getter): text += "get"
        case (_, .setter): text += "set"
        }
        if case .method = function.owner { parameters = parameters.dropFirst() }
        let list = parameters.map { "\(Self.escaped($0.name)): \(self.text(of: $0.type))" }
        text += "(\(list.joined(separator: ", ")))"
        if !isShort, let result = function.result { text += " -> \(self.text(of: result))" }
        return text
    }

    /// A type where one is used: its name, or what an anonymous type consists of.
    package func text(of type: ValueType) -> String {
        guard case .defined(let id) = type else { return type.primitiveName ?? "" }
        let definition = graph.types[id]
        if let name = definition.name { return Self.escaped(name) }
        return text(of: definition.kind)
    }

    private func text(of kind: TypeKind) -> String {
        switch kind {
        case .alias(let type): return text(of: type)
        case .own(let id): return Self.escaped(graph.types[id].name ?? "")
        case .borrow(let id): return "borrow<\(Self.escaped(graph.types[id].name ?? ""))>"
        case .tuple(let elements): return "tuple<\(elements.map { text(of: $0) }.joined(separator: ", "))>"
        case .option(let type): return "option<\(text(of: type))>"
        case .result(nil, nil): return "result"
        case .result(let ok?, nil): return "result<\(text(of: ok))>"
        case .result(nil, let error?): return "result<_, \(text(of: error))>"
        case .result(let ok?, let error?): return "result<\(text(of: ok)), \(text(of: error))>"
        case .list(let type): return "list<\(text(of: type))>"
        case .fixedLengthList(let type, let count): return "list<\(text(of: type)), \(count)>"
        case .map(let key, let value): return "map<\(text(of: key)), \(text(of: value))>"
        case .stream(let type): return type.map { "stream<\(text(of: $0))>" } ?? "stream"
        case .future(let type): return type.map { "future<\(text(of: $0))>" } ?? "future"
        case .record, .variant, .flags, .enum, .resource: return "_"
        }
    }
}

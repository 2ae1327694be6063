// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

extension PythonModule {
    /// Writes the classes of the types that a namespace declares.
    mutating func addTypes(of namespace: Int) {
        let model = guest.model
        let scope = model.scope(namespace)
        for id in model.namespaces[namespace].types where model.twin(of: id, in: namespace) == nil {
            guard let name = guest.types[namespace][id] else { continue }
            let documentation = Documentation.lines(model.graph.types[id].documentation)
            switch model.graph.types[id].kind {
            case .record(let fields): add(record: name, fields, scope, documentation)
            case .variant(let cases): add(variant: name, cases, scope, documentation)
            case .enum(let labels):
                add(constants: name, "Enum", labels, documentation) { "\($0)" }
            case .flags(let labels):
                add(constants: name, "Flag", labels, documentation) { "\(UInt64(1) << UInt64($0))" }
            default: break
            }
        }
    }

    private mutating func add(record name: String, _ fields: [Field], _ scope: Scope, _ documentation: [String]) {
        let names = fields.map { PythonNames.member($0.name) }
        let types = fields.map { annotation($0.type, from: scope) }
        var body: [PythonCode] = slots(names)
        for (index, field) in fields.enumerated() {
            let lines = Documentation.lines(field.documentation)
            guard !lines.isEmpty else { continue }
            body += [.line("\(names[index]): \(types[index])"), .documentation(lines)]
        }
        var scope = NameScope(reserved: Set(names))
        let this = scope.claim("self")
        body.append(
            .function(
                "__init__", [this] + zip(names, types).map { "\($0): \($1)" }, "None",
                names.map { .line("\(this).\($0) = \($0)") }))
        code.append(.type(name, [helper("Record")], documentation: documentation, body))
    }

    private func slots(_ names: [String]) -> [PythonCode] {
        let list = names.map(PythonCode.literal)
        let suffix = names.count == 1 ? ",)" : ")"
        return [.list("__slots__ = (", list, suffix), .list("__match_args__ = (", list, suffix)]
    }

    private mutating func add(variant name: String, _ cases: [Case], _ scope: Scope, _ documentation: [String]) {
        for item in cases {
            let lines = Documentation.lines(item.documentation)
            let fields = item.type.map { [Field(name: "value", type: $0)] } ?? []
            if fields.isEmpty {
                code.append(
                    .type(guest.caseClass(name, item.name), [helper("Record")], documentation: lines, slots([])))
            } else {
                add(record: guest.caseClass(name, item.name), fields, scope, lines)
            }
        }
        let union = cases.map { guest.caseClass(name, $0.name) }
        let needsBrackets = union.joined(separator: " | ").count + name.count > 116
        var lines: [PythonCode] = [
            .list("\(name) = \(needsBrackets ? "(" : "")", union, separator: " | ", needsBrackets ? ")" : "")
        ]
        if !documentation.isEmpty { lines.append(.documentation(documentation)) }
        code.append(.definition(lines))
    }

    private mutating func add(
        constants name: String, _ base: String, _ labels: [Label], _ documentation: [String], value: (Int) -> String
    ) {
        var body: [PythonCode] = []
        for (index, label) in labels.enumerated() {
            body.append(.line("\(PythonNames.constant(label.name)) = \(value(index))"))
            let lines = Documentation.lines(label.documentation)
            if !lines.isEmpty { body.append(.documentation(lines)) }
        }
        code.append(.type(name, [helper(base)], documentation: documentation, body))
    }
}

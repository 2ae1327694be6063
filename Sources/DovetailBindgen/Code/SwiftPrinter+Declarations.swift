// SPDX-License-Identifier: Apache-2.0

extension SwiftPrinter {
    package mutating func declaration(_ declaration: SwiftDeclaration) {
        for text in declaration.documentation { line(text.isEmpty ? "///" : "/// " + text) }
        for text in declaration.attributes { line(text) }
        let modifiers = declaration.modifiers.map { $0 + " " }.joined()
        switch declaration.kind {
        case .type(let type): self.type(modifiers, type)
        case .extension(let type, let inherits, let conditions, let members):
            let head = "extension \(type.text)\(Self.inheritance(inherits))"
            let items = conditions.map(\.text)
            list(head + (items.isEmpty ? "" : " where "), items, members.isEmpty ? " {}" : " {")
            self.members(members)
        case .function(let function): self.function(modifiers, function)
        case .variable(let variable): self.variable(modifiers, variable)
        case .alias(let name, let type): line("\(modifiers)typealias \(name) = \(type.text)")
        case .enumCase(let name, let payload):
            line("\(modifiers)case \(name)" + (payload.isEmpty ? "" : SwiftType.tuple(payload).text))
        case .deinitializer(let body):
            if let value = body.singleExpression { return line("\(modifiers)deinit { \(value.text) }") }
            line("\(modifiers)deinit {")
            block(body)
        case .associatedType(let name, let bound): line("\(modifiers)associatedtype \(name): \(bound.text)")
        }
    }

    private static func inheritance(_ types: [SwiftType]) -> String {
        types.isEmpty ? "" : ": " + types.map(\.text).joined(separator: ", ")
    }

    private mutating func type(_ modifiers: String, _ type: SwiftTypeDeclaration) {
        let head = "\(modifiers)\(type.keyword.rawValue) \(type.name)"
        let tail = Self.inheritance(type.inherits) + (type.members.isEmpty ? " {}" : " {")
        if type.generics.isEmpty {
            line(head + tail)
        } else {
            list(head + "<", type.generics.map(\.text), ">" + tail)
        }
        members(type.members)
    }

    /// Writes the members and the closing brace; nothing when there are none.
    private mutating func members(_ members: [SwiftDeclaration]) {
        guard !members.isEmpty else { return }
        indented { printer in
            for (index, member) in members.enumerated() {
                if index > 0, !(member.isCompact && members[index - 1].isCompact) { printer.line("") }
                printer.declaration(member)
            }
        }
        line("}")
    }

    private mutating func function(_ modifiers: String, _ function: SwiftFunction) {
        let generics =
            function.generics.isEmpty ? "" : "<\(function.generics.map(\.text).joined(separator: ", "))>"
        let keyword = function.isInitializer ? "" : "func "
        let result = function.result.map { " -> \($0.text)" } ?? ""
        let opening =
            switch function.body {
            case nil: ""
            case let body?: body.isEmpty ? " {}" : " {"
            }
        list(
            "\(modifiers)\(keyword)\(function.name)\(generics)(", function.parameters.map(\.text),
            ")\(function.effects.text)\(result)\(opening)")
        if let body = function.body, !body.isEmpty { block(body) }
    }

    private mutating func variable(_ modifiers: String, _ variable: SwiftVariable) {
        let keyword = if case .let = variable.storage { "let" } else { "var" }
        let type = variable.type.map { ": \($0.text)" } ?? ""
        let value = variable.initial.map { " = \($0.text)" } ?? ""
        let head = "\(modifiers)\(keyword) \(variable.name)\(type)\(value)"
        guard case .computed(let effects, let body) = variable.storage else { return line(head) }
        guard let body else { return line("\(head) { get\(effects.text) }") }
        if !effects.text.isEmpty {
            line("\(head) {")
            indented { printer in
                printer.line("get\(effects.text) {")
                printer.block(body)
            }
            return line("}")
        }
        if let value = body.singleExpression, fits("\(head) { \(value.text) }") {
            return line("\(head) { \(value.text) }")
        }
        line("\(head) {")
        block(body)
    }
}

extension SwiftDeclaration {
    /// Whether it may stand beside others of its kind without an empty line: it takes one line.
    package var isCompact: Bool {
        guard attributes.isEmpty else { return false }
        switch kind {
        case .alias, .associatedType, .enumCase: return true
        case .function(let function): return function.body == nil
        case .variable(let variable):
            guard case .computed(_, let body) = variable.storage else { return true }
            return body == nil
        case .type, .extension, .deinitializer: return false
        }
    }
}

extension SwiftParameter {
    /// The text in a declaration.
    package var text: String {
        let label =
            switch label {
            case .name: ""
            case .none: "_ "
            case .word(let word): word + " "
            }
        // Here, and only here, these would be taken for something else.
        let written = ["let", "var"].contains(name) ? "`\(name)`" : name
        let modifiers = modifiers.map { $0 + " " }.joined()
        return "\(label)\(written): \(modifiers)\(type.text)" + (initial.map { " = \($0.text)" } ?? "")
    }
}

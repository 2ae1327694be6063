// SPDX-License-Identifier: Apache-2.0

/// Lays out the code model: four spaces, 120 columns, the same bytes for the same model.
struct SwiftPrinter {
    private static let width = 120
    private var text = ""
    private var level = 0

    private init() {}

    /// The text of `file`.
    static func print(_ file: SwiftFile) -> String {
        var printer = SwiftPrinter()
        for line in file.header { printer.line(line.isEmpty ? "//" : "// " + line) }
        if !file.imports.isEmpty {
            printer.line("")
            file.imports.forEach { printer.line($0) }
        }
        for declaration in file.declarations {
            printer.line("")
            printer.declaration(declaration)
        }
        return printer.text
    }

    private mutating func line(_ content: String) {
        if !content.isEmpty {
            for _ in 0..<level { text += "    " }
            text += content
        }
        text += "\n"
    }

    private func fits(_ content: String) -> Bool { level * 4 + content.count <= Self.width }

    /// Prints `prefix items suffix` in one line, or broken after the prefix with as many items in a line as fit.
    private mutating func broken(_ prefix: String, _ items: [String], _ suffix: String) {
        let whole = prefix + items.joined(separator: ", ") + suffix
        guard !items.isEmpty, !fits(whole) else { return line(whole) }
        line(prefix.hasSuffix(" ") ? String(prefix.dropLast()) : prefix)
        level += 1
        var current = ""
        for (index, item) in items.enumerated() {
            let piece = index == items.count - 1 ? item : item + ","
            if current.isEmpty {
                current = piece
            } else if fits(current + " " + piece) {
                current += " " + piece
            } else {
                line(current)
                current = piece
            }
        }
        // An opening bracket is closed on a line of its own; other lists end where they end.
        let isBracketed = prefix.hasSuffix("(") || prefix.hasSuffix("[")
        line(isBracketed ? current : current + suffix)
        level -= 1
        if isBracketed { line(suffix) }
    }

    private mutating func declaration(_ declaration: SwiftDeclaration) {
        for text in declaration.documentation { line(text.isEmpty ? "///" : "/// " + text) }
        for text in declaration.attributes { line(text) }
        let head = declaration.head
        switch declaration.body {
        case nil: broken(head.prefix, head.items, head.suffix)
        case .members(let members) where members.isEmpty: broken(head.prefix, head.items, head.suffix + " {}")
        case .statements(let statements) where statements.isEmpty:
            broken(head.prefix, head.items, head.suffix + " {}")
        case .members(let members):
            broken(head.prefix, head.items, head.suffix + " {")
            level += 1
            self.members(members)
            level -= 1
            line("}")
        case .statements(let statements):
            if let inline = inline(statements), !head.prefix.contains("func "), !head.prefix.contains("init(") {
                let whole =
                    head.prefix + head.items.joined(separator: ", ") + head.suffix + " { " + inline + " }"
                if fits(whole) { return line(whole) }
            }
            broken(head.prefix, head.items, head.suffix + " {")
            level += 1
            self.statements(statements)
            level -= 1
            line("}")
        }
    }

    private func inline(_ statements: [SwiftStatement]) -> String? {
        guard statements.count == 1 else { return nil }
        switch statements[0] {
        case .line(let text): return text
        case .broken(let prefix, let items, let suffix): return prefix + items.joined(separator: ", ") + suffix
        default: return nil
        }
    }

    private mutating func members(_ members: [SwiftDeclaration]) {
        for (index, member) in members.enumerated() {
            if index > 0, !(member.isCompact && members[index - 1].isCompact) { line("") }
            declaration(member)
        }
    }

    private mutating func statements(_ statements: [SwiftStatement]) {
        for statement in statements { self.statement(statement) }
    }

    private mutating func statement(_ statement: SwiftStatement) {
        switch statement {
        case .line(let text): line(text)
        case .broken(let prefix, let items, let suffix): broken(prefix, items, suffix)
        case .closureCall(let prefix, let arguments, let parameters, let body):
            broken(prefix + "(", arguments, ") {\(parameters.isEmpty ? "" : " " + parameters + " in")")
            level += 1
            statements(body)
            level -= 1
            line("}")
        case .group(let body): statements(body)
        case .label(let label, let body):
            level -= 1
            line(label)
            level += 1
            statements(body)
        case .block(let head, let body, let rest):
            broken(head.prefix, head.items, head.suffix + " {")
            level += 1
            // Labels of a switch stand at the level of their switch.
            statements(body)
            level -= 1
            for (text, body) in rest {
                line("} \(text) {")
                level += 1
                statements(body)
                level -= 1
            }
            line("}")
        }
    }
}
